"""Shares of posts corrected for the classifier's errors by an audited random sample.

Prediction-powered inference (docs/decisions/0010-corrected-shares.md): the share that the model finds in all posts,
plus what people found different in the audited ones. Posts of one author resemble each other, so all spread is
taken between authors; audited posts count by the inverse of the chance they had to be drawn, within strata.
Arrays have one row an audited post (n), stratum (h) or author of an audited post (g), and one column a label (k).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

Z: Final = 1.959964
STRATUM_AUDITED: Final = 10
"""A stratum with fewer audited posts is pooled with others: too few to tell its own errors."""
FEW: Final = 10.0
"""With fewer audited posts that differ, the spread that was seen says too little and is not believed alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What the model says of all posts of a cell, and how many of its authors' posts that rests on."""

    share: Floats
    """(k) share of the cell's posts that the model gives the label."""
    variance: Floats
    """(k) variance of `share` between samples of authors."""
    stratum_posts: Floats
    """(h) posts of the cell in each stratum."""
    author_posts: Floats
    """(g) posts of the cell by each author of an audited post."""
    author_guess: Floats
    """(g, k) of them, with the label, by the model."""


@dataclass(frozen=True, slots=True)
class Audited:
    """The audited posts of a cell."""

    truth: Floats
    """(n, k) 1 where people gave the label; between 0 and 1 where they differ."""
    guess: Floats
    """(n, k) 1 where the model gave it."""
    weight: Floats
    """(n) one over the chance to be drawn."""
    stratum: Indices
    """(n) row in `stratum_posts`."""
    author: Indices
    """(n) row in `author_posts`."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A corrected share a label, with its 95% interval and the independent posts that would be as uncertain."""

    share: Floats
    low: Floats
    high: Floats
    effective: Floats


def correct(
    cell: Cell, audited: Audited, groups: Indices | None = None, parents: Indices | None = None, z: float = Z
) -> Corrected:
    """Correct the model's shares in `cell` by its audited posts, of which there has to be at least one.

    `groups` (k) says which labels belong together, such as the goals and their purposes: they lean on the model
    equally, so that their corrected shares add up as the naive ones do. Without it each label leans by itself.
    `parents` (k) says which label each is a part of, -1 where it is a part of all posts: what is cut off at nought or
    one is taken from the others of that parent.
    """
    together = np.arange(len(cell.share)) if groups is None else groups
    stratum, sizes = pool_strata(audited.stratum, cell.stratum_posts)
    weight = _calibrated(audited.weight, stratum, sizes)
    authors = len(cell.author_posts)
    found = _by_author(weight, _centred(audited.truth, weight, stratum), audited.author, authors)
    guessed = _by_author(weight, _centred(audited.guess, weight, stratum), audited.author, authors)
    # What an author adds to the model's own share; authors without an audited post are in `cell.variance` alone.
    held = (cell.author_guess - np.outer(cell.author_posts, cell.share)) / sizes.sum()
    others = np.maximum(cell.variance - (held**2).sum(axis=0), 0)

    # How far to lean on the model: as far as its labels explain what people found, and no further (power tuning).
    spread = held - guessed
    error = np.abs(audited.truth - audited.guess)
    differing = error.sum(axis=0)
    total = np.bincount(together, others + (spread**2).sum(axis=0))
    joint = np.bincount(together, -(found * spread).sum(axis=0))
    lean = np.clip(np.divide(joint, total, out=np.ones_like(total), where=total > 0), 0, 1)
    # A post with another goal than the model gave differs in two labels, with its purpose in four: it counts once.
    worst = np.zeros((len(total), len(error)))
    np.maximum.at(worst, together, error.T)
    lean = np.where(worst.sum(axis=1) < FEW, 1.0, lean)[together]

    mean_found = (weight[:, None] * audited.truth).sum(axis=0)
    mean_guessed = (weight[:, None] * audited.guess).sum(axis=0)
    share = _adding_up(np.clip(mean_found + lean * (cell.share - mean_guessed), 0, 1), parents)

    clusters = 1 / (np.bincount(audited.author, weight, authors) ** 2).sum()
    small = clusters / max(clusters - 2, 1)  # two were spent: the mean, and how far to lean on the model
    rows = ((found + lean * spread) ** 2).sum(axis=0)
    seen = 1 / (weight**2).sum()
    variance = np.maximum(small * rows, _floor(differing, seen, len(weight))) + lean**2 * others
    t = t_quantile(z, clusters)
    effective = _effective(share, variance, seen, t)
    low, high = wilson(share, effective, t)
    return Corrected(share, low, high, effective)


def _adding_up(share: Floats, parents: Indices | None) -> Floats:
    """Scale the parts of all posts to one, and then the parts of each label to its share."""
    if parents is None:
        return share
    for parent in np.unique(parents):  # all posts, -1, come first
        parts = parents == parent
        whole, total = 1.0 if parent < 0 else share[parent], share[parts].sum()
        share = np.where(parts, share * (whole / total if total > 0 else 1.0), share)
    return share


def pool_strata(stratum: Indices, posts: Floats) -> tuple[Indices, Floats]:
    """Put strata with too few audited posts together, with the smallest other one when even that is too few."""
    audited = np.bincount(stratum, minlength=len(posts))
    alone = np.flatnonzero(audited >= STRATUM_AUDITED)
    rest = np.flatnonzero((audited < STRATUM_AUDITED) & (posts > 0))
    if len(alone) and len(rest) and audited[rest].sum() < STRATUM_AUDITED:
        smallest = alone[np.argmin(audited[alone])]
        alone, rest = alone[alone != smallest], np.append(rest, smallest)
    place = np.full(len(posts), len(alone), dtype=np.int64)
    place[alone] = np.arange(len(alone))
    sizes: Floats = np.bincount(place, posts).astype(np.float64)
    return place[stratum].astype(np.int64), sizes


def t_quantile(z: float, clusters: float) -> float:
    """Student's quantile for a number of clusters, from the normal one; the same as the macro core.t_quantile."""
    freedom = max(clusters - 1, 1)
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)


def wilson(share: Floats, n: Floats, t: float) -> tuple[Floats, Floats]:
    """Return the ends of Wilson's interval for shares of `n` (effective) observations."""
    centre = share + t**2 / (2 * n)
    half = t * np.sqrt(share * (1 - share) / n + t**2 / (4 * n**2))
    scale = 1 + t**2 / n
    return np.clip((centre - half) / scale, 0, share), np.clip((centre + half) / scale, share, 1)


def _calibrated(weight: Floats, stratum: Indices, sizes: Floats) -> Floats:
    """Let the weights of each stratum add up to its part of the cell, and all together to one."""
    part = sizes / sizes.sum() / np.maximum(np.bincount(stratum, weight, len(sizes)), 1e-300)
    return np.asarray(weight * part[stratum], dtype=np.float64)


def _centred(values: Floats, weight: Floats, stratum: Indices) -> Floats:
    """Take from each value the weighted mean of its stratum, and give back the spread that this mean took away."""
    parts = np.zeros((stratum.max() + 1, values.shape[1]))
    np.add.at(parts, stratum, weight[:, None] * values)
    totals = np.bincount(stratum, weight, len(parts))
    counts = np.bincount(stratum)
    scale = np.sqrt(counts / np.maximum(counts - 1, 1))
    return np.asarray((values - (parts / np.maximum(totals, 1e-300)[:, None])[stratum]) * scale[stratum, None])


def _by_author(weight: Floats, values: Floats, author: Indices, authors: int) -> Floats:
    sums = np.zeros((authors, values.shape[1]))
    np.add.at(sums, author, weight[:, None] * values)
    return sums


def _floor(differing: Floats, seen: float, audited: int) -> Floats:
    """Bound the variance from below where few audited posts differ: none in 300 does not mean none at all."""
    rate = (differing / audited * seen + 2) / (seen + 4)
    return np.where(differing < FEW, rate * (1 - rate) / seen, 0.0)


def _effective(share: Floats, variance: Floats, seen: float, t: float) -> Floats:
    # A share of nought or one has no spread of its own; its place within Wilson's interval has.
    inner = (share * seen + t**2 / 2) / (seen + t**2)
    return np.maximum(1.0, inner * (1 - inner) / np.maximum(variance, 1e-12))
