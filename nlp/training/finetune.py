"""Fine-tuning: the encoder learns goals, themes and the roles of bios together; the best epoch on dev wins.

It learns to answer at each of its stops: after its first layers, for what is clear by then, to after all of them.
"""

import copy
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from nlp.cleaning import readable
from nlp.codebook import ROLES, THEMES
from nlp.corpus_files import LabelledBio, LabelledPost
from nlp.evaluate import macro_f1
from nlp.goal import ORDER
from nlp.training.network import Encoder, as_batch
from nlp.training.noise import noisy, thinned

Say = Callable[[str], None]
TOLD_EVERY = 50  # batches
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
    patience: int = 2
    seed: int = 20
    prefix: str = ""


class Tuned(nn.Module):
    """The encoder with layers for goals and themes over its unit vector at each stop, and for roles at the last."""

    def __init__(self, encoder: Encoder, hidden: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.goal = nn.ModuleList(nn.Linear(hidden, len(ORDER)) for _ in encoder.stops)
        self.themes = nn.ModuleList(nn.Linear(hidden, len(THEMES)) for _ in encoder.stops)
        self.role = nn.Linear(hidden, len(ROLES))
        for layer in self.themes:
            nn.init.constant_(layer.bias, -3.0)

    def wide(self, ids: Tensor, mask: Tensor) -> list[Tensor]:
        """Give unit vectors times the root of their width, so that scores start at a useful size."""
        unit = [functional.normalize(vector.float(), dim=-1) for vector in self.encoder(ids, mask)]
        return [functional.dropout(one, 0.1, self.training) * math.sqrt(one.shape[1]) for one in unit]

    def forward(self, ids: Tensor, mask: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Scores of goals and of themes at each stop."""
        wide = self.wide(ids, mask)
        return [(goal(one), theme(one)) for goal, theme, one in zip(self.goal, self.themes, wide, strict=True)]


@dataclass(frozen=True, slots=True)
class Posts:
    """Texts and label tensors; the themes of a post that nobody judged are NaN."""

    texts: list[str]
    goals: Tensor
    themes: Tensor


def prepare(posts: Sequence[LabelledPost]) -> Posts:
    """Clean the texts and number the labels."""
    goals = torch.tensor([ORDER.index(post.goal) for post in posts])
    themes = torch.tensor(
        [[float(theme in post.themes) if post.judged else math.nan for theme in THEMES] for post in posts]
    )
    return Posts([readable(post.text) for post in posts], goals, themes)


def tokens(tokenizer: Tokenizer, texts: Sequence[str], settings: Settings) -> list[list[int]]:
    """Token rows, cut at the longest."""
    tokenizer.enable_truncation(settings.longest)
    return [one.ids for one in tokenizer.encode_batch([settings.prefix + text for text in texts])]


def batches(rows: Sequence[Sequence[int]], size: int, chance: np.random.Generator) -> Iterator[list[int]]:
    """Row numbers in batches of about equal length, in random order."""
    noisy_lengths = [len(row) * chance.uniform(0.8, 1.25) for row in rows]
    order = np.argsort(noisy_lengths)
    parts = [order[i : i + size].tolist() for i in range(0, len(order), size)]
    for at in chance.permutation(len(parts)):
        yield parts[at]


class Trainer:
    """Holds what a run of fine-tuning changes: weights, their running average, rate, chance."""

    def __init__(self, model: Tuned, tokenizer: Tokenizer, settings: Settings) -> None:
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

    def epoch(self, posts: Posts, bios: Sequence[LabelledBio], schedule: object, say: Say) -> float:
        """See every post once, freshly noisy, with some bios beside each batch; return the mean loss."""
        settings, losses = self.settings, []
        texts = [noisy(text, self.dice) if self.dice.random() < settings.noise else text for text in posts.texts]
        rows = tokens(self.tokenizer, texts, settings)
        bio_rows = tokens(self.tokenizer, [readable(one.bio) for one in bios], settings)
        self.model.train()
        parts = list(batches(rows, settings.batch, self.chance))
        for number, chosen in enumerate(parts, 1):
            thin = [thinned(rows[i], settings.thinning, self.dice) for i in chosen]
            loss = self.loss(thin, posts.goals[chosen], posts.themes[chosen])
            if bios:
                picked = self.chance.integers(0, len(bios), settings.bio_batch).tolist()
                roles = torch.tensor([ROLES.index(bios[i].role) for i in picked])
                loss = loss + settings.bio_share * self.bio_loss([bio_rows[i] for i in picked], roles)
            self.step(loss, schedule)
            losses.append(loss.item())
            if number % TOLD_EVERY == 0:
                say(f"  {number * settings.batch:,} of {len(rows):,} posts, loss {np.mean(losses[-TOLD_EVERY:]):.3f}")
        return float(np.mean(losses))

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

    def step(self, loss: Tensor, schedule: object) -> None:
        """Change the weights once, and let the average follow."""
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        schedule.step()  # type: ignore[attr-defined]
        with torch.no_grad():
            for slow, fast in zip(self.average.parameters(), self.model.parameters(), strict=True):
                slow.lerp_(fast, 1 - self.settings.average)


def finetune(
    model: Tuned,
    tokenizer: Tokenizer,
    data: tuple[Posts, Posts],
    bios: Sequence[LabelledBio],
    settings: Settings,
    say: Say,
) -> Tuned:
    """Train on the first of `data`; return the averaged weights of the best epoch by macro-F1 of goal on the second."""
    train, dev = data
    trainer = Trainer(model, tokenizer, settings)
    total = settings.epochs * math.ceil(len(train.texts) / settings.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(trainer.optimizer, lambda step: warm_then_down(step, total))
    dev_rows = tokens(tokenizer, dev.texts, settings)
    best, best_score, since = copy.deepcopy(trainer.average.state_dict()), -1.0, 0
    for epoch in range(1, settings.epochs + 1):
        loss = trainer.epoch(train, bios, schedule, say)
        scores = [
            macro_f1(dev.goals.numpy(), one.argmax(1).numpy(), len(ORDER))
            for one in scores_of(trainer.average, dev_rows)
        ]
        score, told = scores[-1], ", ".join(f"{one:.3f}" for one in scores)
        say(f"epoch {epoch} of {settings.epochs}: loss {loss:.3f}, goal macro-F1 on dev {told} (at each stop)")
        since += 1
        if score > best_score:
            best, best_score, since = copy.deepcopy(trainer.average.state_dict()), score, 0
        if since >= settings.patience:
            say("no better for a while: stopping early")
            break
    model.load_state_dict(best)
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
