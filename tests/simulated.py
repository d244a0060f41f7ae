"""Posts by authors who resemble themselves, read by a classifier of known errors: for test and benchmark."""

from dataclasses import dataclass

import numpy as np

from warehouse.prediction_powered import Audited, Cell, Corrected, correct

BUSY = 0.3
"""Share of authors who post much, and about other things than the quiet ones."""
MEAN_BUSY, MEAN_QUIET = 18.0, 3.0
STRATA = 4


@dataclass(frozen=True)
class Role:
    """How one role posts, and how the classifier errs on it: differently by author, around these means."""

    authors: int
    audited: int
    busy: float
    quiet: float
    sensitivity: float
    specificity: float

    @property
    def truth(self) -> float:
        """The share of all posts that such authors would ever write."""
        busy, quiet = BUSY * (1 + MEAN_BUSY), (1 - BUSY) * (1 + MEAN_QUIET)
        return (busy * self.busy + quiet * self.quiet) / (busy + quiet)


@dataclass(frozen=True)
class Found:
    """One night's figures: the naive share with the half width of its interval, and the corrected one."""

    naive: float
    naive_half: float
    corrected: Corrected


def night(chance: np.random.Generator, role: Role) -> Found:
    """Let a role's authors post, a classifier read all of it and people a random sample."""
    busy = chance.random(role.authors) < BUSY
    mean = np.where(busy, MEAN_BUSY, MEAN_QUIET)
    posts = 1 + chance.poisson(mean / 2 * chance.gamma(2, 1, role.authors))
    author = np.repeat(np.arange(role.authors), posts)
    own = around(chance, np.where(busy, role.busy, role.quiet), 8)
    truth = chance.random(len(author)) < own[author]
    right = np.where(
        truth,
        around(chance, np.full(role.authors, role.sensitivity), 20)[author],
        around(chance, np.full(role.authors, role.specificity), 20)[author],
    )
    guess = np.where(chance.random(len(author)) < right, truth, ~truth)
    stratum = chance.integers(0, STRATA, len(author))
    drawn = chance.choice(len(author), role.audited, replace=False)
    return estimate(author, truth.astype(float), guess.astype(float), stratum, drawn)


def estimate(author, truth, guess, stratum, drawn) -> Found:
    """Work out what the warehouse would publish of it."""
    authors = author.max() + 1
    posts = np.bincount(author, minlength=authors).astype(float)
    held = np.bincount(author, guess, authors)
    share = guess.mean()
    variance = authors / (authors - 1) * (((held - posts * share) / len(author)) ** 2).sum()
    asked, place = np.unique(author[drawn], return_inverse=True)
    cell = Cell(
        np.array([share]),
        np.array([variance]),
        np.bincount(stratum, minlength=STRATA).astype(float),
        posts[asked],
        held[asked][:, None],
    )
    audited = Audited(
        truth[drawn][:, None],
        guess[drawn][:, None],
        np.full(len(drawn), len(author) / len(drawn)),
        stratum[drawn],
        place,
    )
    return Found(float(share), 1.97 * float(np.sqrt(variance)), correct(cell, audited))


def around(chance: np.random.Generator, mean, like: float):
    """Give each author a rate of their own around `mean`; the larger `like`, the closer."""
    return chance.beta(mean * like, (1 - mean) * like)
