"""Krippendorff's alpha for labels without an order, any number of answers a unit, with a bootstrap interval."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

ROUNDS: Final = 1_000
SEED: Final = 2013


@dataclass(frozen=True, slots=True)
class Agreement:
    """Alpha (1: always agree, 0: no better than chance) with its 95% interval, over units answered twice or more.

    `alpha` is None when none was, or when only one label was ever used: then there is nothing to agree about.
    """

    units: int
    alpha: float | None = None
    low: float | None = None
    high: float | None = None


def alpha(answers: Iterable[Sequence[Hashable]]) -> float | None:
    """Compare the answers to each unit, without an interval."""
    counts = _counts(answers)
    return float(_alphas(np.ones((1, len(counts))), counts)[0]) if _can_differ(counts) else None


def krippendorff(answers: Iterable[Sequence[Hashable]], rounds: int = ROUNDS) -> Agreement:
    """Compare the answers to each unit; units with fewer than two count for nothing."""
    counts = _counts(answers)
    if not _can_differ(counts):
        return Agreement(len(counts))
    found = float(_alphas(np.ones((1, len(counts))), counts)[0])
    chance = np.random.default_rng(SEED)
    weights = chance.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), rounds).astype(np.float64)
    low, high = np.nanquantile(_alphas(weights, counts), (0.025, 0.975))
    return Agreement(len(counts), found, min(float(low), found), max(float(high), found))


def _counts(answers: Iterable[Sequence[Hashable]]) -> NDArray[np.float64]:
    """Count how often each unit, a row, has each label, a column."""
    paired = [given for given in answers if len(given) > 1]
    labels = {label: place for place, label in enumerate(dict.fromkeys(label for given in paired for label in given))}
    counts = np.zeros((len(paired), len(labels)))
    for place, given in enumerate(paired):
        for label in given:
            counts[place, labels[label]] += 1
    return counts


def _can_differ(counts: NDArray[np.float64]) -> bool:
    return bool(counts.shape[1] > 1)  # one label tells nothing about telling labels apart


def _alphas(weights: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Work alpha out for each row of `weights`: how often each unit counts."""
    size = counts.sum(axis=1)
    seen = (counts * (size[:, None] - counts)).sum(axis=1) / (size - 1)
    totals = weights @ counts
    total = totals.sum(axis=1)
    expected = (totals * (total[:, None] - totals)).sum(axis=1) / (total - 1)
    # A resample in which one label alone is left has nothing to disagree about.
    return np.asarray(1 - np.divide(weights @ seen, expected, out=np.zeros(len(total)), where=expected > 0))
