"""Fine-tuning: the encoder learns goals and themes together, the best epoch on the development posts wins."""

import copy
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from nlp.codebook import THEMES
from nlp.corpus_files import LabelledPost
from nlp.goal import ORDER
from nlp.training.network import Encoder, as_batch

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to fine-tune; the defaults are those of the shipped model."""

    epochs: int = 6
    batch: int = 24
    rate: float = 1.5e-4
    head_rate: float = 2e-3
    decay: float = 0.01
    smoothing: float = 0.05
    theme_share: float = 1.0
    longest: int = 192
    patience: int = 3
    seed: int = 20
    prefix: str = ""


class Tuned(nn.Module):
    """The encoder with a layer for goals and one for themes over its unit vector."""

    def __init__(self, encoder: Encoder, hidden: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.goal = nn.Linear(hidden, len(ORDER))
        self.themes = nn.Linear(hidden, len(THEMES))
        nn.init.constant_(self.themes.bias, -3.0)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Scores of goals and of themes."""
        vector = functional.normalize(self.encoder(ids, mask).float(), dim=-1)
        wide = functional.dropout(vector, 0.1, self.training) * math.sqrt(vector.shape[1])
        return self.goal(wide), self.themes(wide)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Posts as token rows and label tensors."""

    rows: list[list[int]]
    goals: Tensor
    themes: Tensor


def prepare(posts: Sequence[LabelledPost], tokenizer: Tokenizer, settings: Settings) -> Prepared:
    """Tokenise and number the labels."""
    tokenizer.enable_truncation(settings.longest)
    rows = [one.ids for one in tokenizer.encode_batch([settings.prefix + post.text for post in posts])]
    goals = torch.tensor([ORDER.index(post.goal) for post in posts])
    themes = torch.tensor([[float(theme in post.themes) for theme in THEMES] for post in posts])
    return Prepared(rows, goals, themes)


def batches(rows: Sequence[Sequence[int]], size: int, chance: np.random.Generator) -> Iterator[list[int]]:
    """Row numbers in batches of about equal length, in random order."""
    noisy = [len(row) * chance.uniform(0.8, 1.25) for row in rows]
    order = np.argsort(noisy)
    parts = [order[i : i + size].tolist() for i in range(0, len(order), size)]
    for at in chance.permutation(len(parts)):
        yield parts[at]


def finetune(model: Tuned, train: Prepared, dev: Prepared, settings: Settings, say: Say) -> Tuned:
    """Train; return the model of the best epoch by macro-F1 of goal on dev."""
    torch.manual_seed(settings.seed)
    chance = np.random.default_rng(settings.seed)
    model.encoder.word.weight.requires_grad_(requires_grad=False)
    heads = [*model.goal.parameters(), *model.themes.parameters()]
    body = [one for one in model.encoder.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": settings.rate}, {"params": heads, "lr": settings.head_rate}],
        weight_decay=settings.decay,
    )
    total = settings.epochs * math.ceil(len(train.rows) / settings.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: warm_then_down(step, total))
    best, best_score, since = copy.deepcopy(model.state_dict()), -1.0, 0
    for epoch in range(settings.epochs):
        model.train()
        losses = []
        for chosen in batches(train.rows, settings.batch, chance):
            loss = loss_of(model, train, chosen, settings)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        score = macro_f1(scores_of(model, dev)[0].argmax(1), dev.goals)
        say(f"epoch {epoch + 1} of {settings.epochs}: loss {np.mean(losses):.3f}, goal macro-F1 on dev {score:.3f}")
        since += 1
        if score > best_score:
            best, best_score, since = copy.deepcopy(model.state_dict()), score, 0
        if since >= settings.patience:
            break
    model.load_state_dict(best)
    model.eval()
    return model


def loss_of(model: Tuned, data: Prepared, chosen: Sequence[int], settings: Settings) -> Tensor:
    """Cross-entropy of the goal plus a share of that of the themes."""
    ids, mask = as_batch([data.rows[i] for i in chosen])
    with torch.autocast("cpu", torch.bfloat16):
        goal, themes = model(ids, mask)
    loss = functional.cross_entropy(goal, data.goals[chosen], label_smoothing=settings.smoothing)
    missed = functional.binary_cross_entropy_with_logits(themes, data.themes[chosen], reduction="none")
    return loss + settings.theme_share * missed.sum(1).mean()


def warm_then_down(step: int, total: int) -> float:
    """Learning rate: up over the first tenth, then straight down to nothing."""
    warm = max(1, total // 10)
    return (step + 1) / warm if step < warm else max(0.0, (total - step) / max(1, total - warm))


def scores_of(model: Tuned, data: Prepared, size: int = 64) -> tuple[Tensor, Tensor]:
    """Scores of goals and themes for all rows, in order."""
    model.eval()
    order = np.argsort([len(row) for row in data.rows])
    goal = torch.zeros(len(order), len(ORDER))
    themes = torch.zeros(len(order), len(THEMES))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(order), size):
            chosen = order[at : at + size]
            goal[chosen], themes[chosen] = (one.float() for one in model(*as_batch([data.rows[i] for i in chosen])))
    return goal, themes


def macro_f1(found: Tensor, right: Tensor) -> float:
    """Unweighted mean of F1 over the goals that occur."""
    scores = []
    for goal in right.unique():
        hit = float(((found == goal) & (right == goal)).sum())
        scores.append(2 * hit / max(1.0, float((found == goal).sum() + (right == goal).sum())))
    return float(np.mean(scores))
