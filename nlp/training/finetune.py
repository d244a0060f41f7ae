"""Fine-tuning: the encoder learns goals, themes and the roles of bios together; the best epoch on dev wins.

It learns to answer at each of its stops: after its first layers, for what is clear by then, to after all of them.
"""

import copy
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from nlp.cleaning import readable
from nlp.codebook import ROLES
from nlp.corpus_files import LabelledBio
from nlp.evaluate import macro_f1
from nlp.goal import ORDER
from nlp.training.batches import Posts, batches, tokens
from nlp.training.checkpoint import Checkpoint
from nlp.training.network import as_batch
from nlp.training.noise import noisy, thinned
from nlp.training.tuned import Tuned

Say = Callable[[str], None]
TOLD_EVERY = 50  # batches
KEPT_EVERY = 100  # batches: minutes of work, where a checkpoint takes a second or two
HAS_BFLOAT16 = any(torch.cpu.get_capabilities().get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))
"""Whether the processor multiplies in bfloat16 itself; where it does not, that is forty times slower than 32 bits."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to fine-tune; the defaults are those of the shipped model (docs/model-card.md says why)."""

    epochs: int = 3
    batch: int = 24
    rate: float = 1.5e-4
    head_rate: float = 2e-3
    decay: float = 0.01
    smoothing: float = 0.1
    theme_share: float = 1.0
    early_share: float = 0.5
    bio_share: float = 0.3
    bio_batch: int = 8
    noise: float = 0.5
    thinning: float = 0.05
    average: float = 0.99
    longest: int = 256
    patience: int = 1
    seed: int = 20
    prefix: str = ""


class Trainer:
    """Holds what a run of fine-tuning changes: weights, their running average and the best so far, rate, chance."""

    def __init__(self, model: Tuned, tokenizer: Tokenizer, settings: Settings, steps: int) -> None:
        torch.manual_seed(settings.seed)
        self.model, self.tokenizer, self.settings = model, tokenizer, settings
        self.average = copy.deepcopy(model)
        self.dice = random.Random(settings.seed)  # noqa: S311 - noise, not secrets
        self.chance = np.random.default_rng(settings.seed)
        model.encoder.word.weight.requires_grad_(requires_grad=False)
        heads = [one for part in (model.goal, model.themes, model.role) for one in part.parameters()]
        body = [one for one in model.encoder.parameters() if one.requires_grad]
        groups = [{"params": body, "lr": settings.rate}, {"params": heads, "lr": settings.head_rate}]
        self.optimizer = torch.optim.AdamW(groups, weight_decay=settings.decay, fused=True)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, lambda step: warm_then_down(step, steps))
        self.best, self.best_score, self.since = copy.deepcopy(self.average.state_dict()), -1.0, 0
        self.epochs, self.losses = 0, list[float]()  # done: whole epochs, and a loss a batch of the one at hand
        self.begun = self.chances()

    def chances(self) -> dict[str, Any]:
        """Where every source of chance is."""
        return {
            "dice": self.dice.getstate(),
            "chance": self.chance.bit_generator.state,
            "torch": torch.get_rng_state(),
        }

    def take(self, chances: dict[str, Any]) -> None:
        """Put every source of chance where it was."""
        self.dice.setstate(chances["dice"])
        self.chance.bit_generator.state = chances["chance"]
        torch.set_rng_state(chances["torch"])

    def state(self) -> dict[str, Any]:
        """All that training changes."""
        parts = {name: getattr(self, name).state_dict() for name in PARTS}
        return {**parts, **{name: getattr(self, name) for name in COUNTS}, "chances": self.chances()}

    def go_on(self, state: dict[str, Any]) -> None:
        """Be as `state` was."""
        for name in PARTS:
            getattr(self, name).load_state_dict(state[name])
        for name in COUNTS:
            setattr(self, name, state[name])
        self.take(state["chances"])

    def epoch(self, posts: Posts, bios: Sequence[LabelledBio], say: Say, keep: Callable[[], None]) -> float:
        """See every post once, freshly noisy, with some bios beside each batch; return the mean loss."""
        settings = self.settings
        rows, parts = self.parts(posts)
        bio_rows = tokens(self.tokenizer, [readable(one.bio) for one in bios], settings.longest, settings.prefix)
        self.model.train()
        for number, chosen in enumerate(parts[len(self.losses) :], len(self.losses) + 1):
            thin = [thinned(rows[i], settings.thinning, self.dice) for i in chosen]
            loss = self.loss(thin, posts.goals[chosen], posts.themes[chosen])
            if bios:
                picked = self.chance.integers(0, len(bios), settings.bio_batch).tolist()
                roles = torch.tensor([ROLES.index(bios[i].role) for i in picked])
                loss = loss + settings.bio_share * self.bio_loss([bio_rows[i] for i in picked], roles)
            self.step(loss)
            self.losses.append(loss.item())
            if number % TOLD_EVERY == 0:
                lately = np.mean(self.losses[-TOLD_EVERY:])
                say(f"  {number * settings.batch:,} of {len(rows):,} posts, loss {lately:.3f}")
            if number % KEPT_EVERY == 0:
                keep()
        return float(np.mean(self.losses))

    def parts(self, posts: Posts) -> tuple[list[list[int]], list[list[int]]]:
        """Token rows of freshly noisy posts, and row numbers in batches: of an epoch that was begun, the same again."""
        now = self.chances()
        if self.losses:
            self.take(self.begun)
        self.begun = self.chances()
        dice, noise = self.dice, self.settings.noise
        texts = [noisy(text, dice) if dice.random() < noise else text for text in posts.texts]
        rows = tokens(self.tokenizer, texts, self.settings.longest, self.settings.prefix)
        parts = list(batches(rows, self.settings.batch, self.chance))
        if self.losses:
            self.take(now)
        return rows, parts

    def loss(self, rows: Sequence[Sequence[int]], goals: Tensor, themes: Tensor) -> Tensor:
        """Cross-entropy of the goal plus a share of that of the judged themes, an early stop counting for less."""
        with torch.autocast("cpu", torch.bfloat16, enabled=HAS_BFLOAT16):
            found = self.model(*as_batch(rows))
        total, judged = torch.zeros(()), ~themes.isnan()
        for stop, (goal, theme) in enumerate(found, 1):
            loss = functional.cross_entropy(goal.float(), goals, label_smoothing=self.settings.smoothing)
            missed = functional.binary_cross_entropy_with_logits(theme.float(), themes.nan_to_num(), reduction="none")
            loss = loss + self.settings.theme_share * (missed * judged).sum(1).mean()
            total = total + (1.0 if stop == len(found) else self.settings.early_share) * loss
        return total

    def bio_loss(self, rows: Sequence[Sequence[int]], roles: Tensor) -> Tensor:
        """Cross-entropy of the role."""
        with torch.autocast("cpu", torch.bfloat16, enabled=HAS_BFLOAT16):
            found = self.model.role(self.model.wide(*as_batch(rows))[-1])
        return functional.cross_entropy(found.float(), roles, label_smoothing=self.settings.smoothing)

    def step(self, loss: Tensor) -> None:
        """Change the weights once, and let the average follow."""
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        with torch.no_grad():
            for slow, fast in zip(self.average.parameters(), self.model.parameters(), strict=True):
                slow.lerp_(fast, 1 - self.settings.average)

    def judge(self, scores: Sequence[float]) -> None:
        """End an epoch whose averaged weights have these scores at the stops; keep them when they are the best."""
        self.epochs, self.losses, self.since = self.epochs + 1, [], self.since + 1
        if scores[-1] > self.best_score:
            self.best, self.best_score, self.since = copy.deepcopy(self.average.state_dict()), scores[-1], 0


PARTS = ("model", "average", "optimizer", "schedule")
COUNTS = ("best", "best_score", "since", "epochs", "losses", "begun")


def finetune(
    model: Tuned,
    tokenizer: Tokenizer,
    data: tuple[Posts, Posts],
    bios: Sequence[LabelledBio],
    settings: Settings,
    say: Say,
    checkpoint: Checkpoint | None = None,
) -> Tuned:
    """Train on the first of `data`; return the averaged weights of the best epoch by macro-F1 of goal on the second.

    With a `checkpoint` it goes on where the same training was broken off, and leaves there how it ended.
    """
    train, dev = data
    trainer = Trainer(model, tokenizer, settings, settings.epochs * math.ceil(len(train.texts) / settings.batch))
    if checkpoint and (state := checkpoint.read()):
        trainer.go_on(state)
        seen = len(trainer.losses) * settings.batch
        say(f"going on after {trainer.epochs} epochs and {seen:,} posts: {checkpoint.file} (delete it to begin anew)")

    def keep() -> None:
        if checkpoint:
            checkpoint.write(trainer.state())

    dev_rows = tokens(tokenizer, dev.texts, settings.longest, settings.prefix)
    while trainer.epochs < settings.epochs and trainer.since < settings.patience:
        loss = trainer.epoch(train, bios, say, keep)
        scores = [
            macro_f1(dev.goals.numpy(), one.argmax(1).numpy(), len(ORDER))
            for one in scores_of(trainer.average, dev_rows)
        ]
        trainer.judge(scores)
        told = ", ".join(f"{one:.3f}" for one in scores)
        say(f"epoch {trainer.epochs} of {settings.epochs}: loss {loss:.3f}, goal macro-F1 on dev {told} (at each stop)")
        keep()
    if trainer.epochs < settings.epochs:
        say("no better for a while: stopping early")
    model.load_state_dict(trainer.best)
    model.eval()
    return model


def warm_then_down(step: int, total: int) -> float:
    """Learning rate: up over the first tenth, then straight down to nothing."""
    warm = max(1, total // 10)
    return (step + 1) / warm if step < warm else max(0.0, (total - step) / max(1, total - warm))


def scores_of(model: Tuned, rows: Sequence[Sequence[int]], size: int = 64) -> list[Tensor]:
    """Scores of goals at each stop for all rows, in order."""
    model.eval()
    order = np.argsort([len(row) for row in rows])
    goal = [torch.zeros(len(order), len(ORDER)) for _ in model.encoder.stops]
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=HAS_BFLOAT16):
        for at in range(0, len(order), size):
            chosen = order[at : at + size]
            for stop, (found, _) in enumerate(model(*as_batch([rows[i] for i in chosen]))):
                goal[stop][chosen] = found.float()
    return goal
