"""How far annotators agree: Krippendorff's alpha for labels without an order, with a bootstrap interval over posts."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlp import codebook
from warehouse.vault import Connection

ROUNDS: Final = 1_000
SEED: Final = 2013


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha (1: always agree, 0: no better than chance) with its 95% interval, over posts labelled twice or more.

    `alpha` is None when no post was, or when only one label was ever used: then there is nothing to agree about.
    """

    posts: int
    alpha: float | None = None
    low: float | None = None
    high: float | None = None


def krippendorff(answers: Mapping[str, Sequence[Hashable]], rounds: int = ROUNDS) -> Agreement:
    """Compare the answers to each post; posts with fewer than two count for nothing."""
    paired = [given for given in answers.values() if len(given) > 1]
    labels = {label: place for place, label in enumerate(dict.fromkeys(label for given in paired for label in given))}
    counts = np.zeros((len(paired), len(labels)))
    for place, given in enumerate(paired):
        for label in given:
            counts[place, labels[label]] += 1
    if len(labels) < 2:  # noqa: PLR2004 - one label tells nothing about telling labels apart
        return Agreement(len(paired))
    alpha = float(_alpha(np.ones((1, len(paired))), counts)[0])
    chance = np.random.default_rng(SEED)
    weights = chance.multinomial(len(paired), np.full(len(paired), 1 / len(paired)), rounds).astype(np.float64)
    drawn = _alpha(weights, counts)
    low, high = np.nanquantile(drawn, (0.025, 0.975))
    return Agreement(len(paired), alpha, min(float(low), alpha), max(float(high), alpha))


def add_agreement(con: Connection) -> None:
    """Fill ops.agreement from the audit's labels before adjudication: purpose, goal, and each theme by itself."""
    rows = con.execute(
        "select post_key, purpose, goal, themes from answers semi join core.posts using (post_key) where kind = 'audit'"
    ).fetchall()
    purposes, goals = defaultdict(list), defaultdict(list)
    themes: dict[str, dict[str, list[bool]]] = {theme: defaultdict(list) for theme in codebook.THEMES}
    for post, purpose, goal, held in rows:
        purposes[post].append(purpose)
        goals[post].append(goal)
        for theme, answers in themes.items():
            if held is not None:
                answers[post].append(theme in held)
    found: list[tuple[str, str | None, Agreement]]
    found = [("purpose", None, krippendorff(purposes)), ("goal", None, krippendorff(goals))]
    found += [("theme", theme, krippendorff(answers)) for theme, answers in themes.items()]
    for dimension, label, agreement in found:
        values = (dimension, label, agreement.posts, agreement.alpha, agreement.low, agreement.high)
        con.execute("insert into ops.agreement values (?, ?, ?, ?, ?, ?)", values).fetchall()


def _alpha(weights: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Work alpha out for each row of `weights`: how often each post counts."""
    size = counts.sum(axis=1)
    seen = (counts * (size[:, None] - counts)).sum(axis=1) / (size - 1)
    totals = weights @ counts
    total = totals.sum(axis=1)
    expected = (totals * (total[:, None] - totals)).sum(axis=1) / (total - 1)
    # A resample in which one label alone is left has nothing to disagree about.
    return np.asarray(1 - np.divide(weights @ seen, expected, out=np.zeros(len(total)), where=expected > 0))
