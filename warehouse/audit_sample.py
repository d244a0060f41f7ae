"""The audit sample as arrays: what people and the model said of each post, and what the cells hold besides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np

from nlp import codebook
from warehouse.prediction_powered import Floats, Indices
from warehouse.sqlfiles import statement
from warehouse.vault import Connection

LABELS: Final = (
    *(("purpose", label) for label in codebook.GOALS),
    *(("goal", label) for label in codebook.PURPOSE_OF),
    *(("theme", label) for label in codebook.THEMES),
)
COLUMN: Final = {label: place for place, label in enumerate(LABELS)}
EXCLUSIVE: Final = len(codebook.GOALS) + len(codebook.PURPOSE_OF)
"""Columns before this one are purposes and goals, of which a post has one each; themes follow."""
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12, "all": 12_000}
Key = tuple[str, date, str, str]
"""A cell: kind of period, its first day, platform, role."""


@dataclass(frozen=True)
class Places:
    """Platform, role (as numbers) and month of some rows, to choose those of a cell from."""

    numbers: dict[str, int]
    platform: Indices
    role: Indices
    month: Indices

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, date]]) -> "Places":
        """Make them from (platform, role, month)."""
        found = list(rows)
        numbers: dict[str, int] = {}
        return cls(
            numbers,
            np.array([numbers.setdefault(row[0], len(numbers)) for row in found], dtype=np.int64),
            np.array([numbers.setdefault(row[1], len(numbers)) for row in found], dtype=np.int64),
            np.array([_month(row[2]) for row in found], dtype=np.int64),
        )

    def within(self, key: Key) -> Any:
        """Tell which rows lie in a cell."""
        kind, period, platform, role = key
        first = _month(period)
        inside = (self.month >= first) & (self.month < first + _MONTHS[kind])
        if platform != "all":
            inside &= self.platform == self.numbers.get(platform, -1)
        return inside if role == "all" else inside & (self.role == self.numbers.get(role, -1))


@dataclass(frozen=True)
class Sample:
    """Rows of four kinds, each with its `Places`; one column a label of `LABELS`."""

    places: Places
    """The audited posts."""
    author: Indices
    weight: Floats
    stratum: Indices
    truth: Floats
    guess: Floats
    is_judged: Any
    """Whether the post's themes were judged."""
    theirs: Places
    """Everything that authors of audited posts wrote, by author, platform, role and month."""
    their_author: Indices
    their_posts: Floats
    their_guess: Floats
    counted: Places
    """All posts, by platform, role and month."""
    counted_posts: Floats
    counted_stratum: Indices
    mended: Places
    """What corrections changed in the numbers of posts by label, by platform, role and month."""
    mended_change: Floats


def read_sample(con: Connection) -> Sample | None:
    """Read the audit sample of the file being built; None when nobody labelled any of it."""
    audited = con.execute(
        "select post_key, cluster_key, platform, role, created_month, inclusion_p, count_themes_answers from audited"
    ).fetchall()
    if not audited:
        return None
    truth, guess = _marks(con, {row[0]: place for place, row in enumerate(audited)})
    authors: dict[str, int] = {}
    for row in audited:
        authors.setdefault(row[1], len(authors))
    theirs, their_posts, their_guess = _pivot(con.execute(statement("audited_authors")).fetchall(), 4)
    mended, _, change = _pivot(con.execute(statement("mended")).fetchall(), 3)
    counted = con.execute(
        "select platform, role, created_month, count(*) from core.posts where is_counted group by all order by all"
    ).fetchall()
    strata: dict[tuple[str, date], int] = {}
    for row in counted:
        strata.setdefault((row[0], row[2]), len(strata))
    return Sample(
        places=Places.of(row[2:5] for row in audited),
        author=np.array([authors[row[1]] for row in audited], dtype=np.int64),
        weight=np.array([1 / row[5] for row in audited]),
        stratum=np.array([strata[row[2], row[4]] for row in audited], dtype=np.int64),
        truth=truth,
        guess=guess,
        is_judged=np.array([row[6] > 0 for row in audited]),
        theirs=Places.of(key[1:] for key in theirs),
        their_author=np.array([authors[key[0]] for key in theirs], dtype=np.int64),
        their_posts=their_posts,
        their_guess=their_guess,
        counted=Places.of(row[:3] for row in counted),
        counted_posts=np.array([row[3] for row in counted], dtype=np.float64),
        counted_stratum=np.array([strata[row[0], row[2]] for row in counted], dtype=np.int64),
        mended=Places.of(mended),
        mended_change=change,
    )


def _marks(con: Connection, posts: dict[str, int]) -> tuple[Floats, Floats]:
    """Read what people (a part each, where they differ) and the model gave each post."""
    truth, guess = np.zeros((len(posts), len(LABELS))), np.zeros((len(posts), len(LABELS)))
    for post, dimension, label, found, guessed in con.execute("from audit_marks").fetchall():
        if (dimension, label) in COLUMN:
            truth[posts[post], COLUMN[dimension, label]] = found
            guess[posts[post], COLUMN[dimension, label]] = guessed
    return truth, guess


def _pivot(rows: Iterable[tuple[Any, ...]], width: int) -> tuple[list[Any], Floats, Floats]:
    """Turn (key of `width`, dimension, label, number) into keys, the numbers without label, and one column a label."""
    places: dict[Any, int] = {}
    cells = [(places.setdefault(row[:width], len(places)), *row[width:]) for row in rows]
    plain, labelled = np.zeros(len(places)), np.zeros((len(places), len(LABELS)))
    for place, dimension, label, number in cells:
        if dimension is None:
            plain[place] = number
        elif (dimension, label) in COLUMN:
            labelled[place, COLUMN[dimension, label]] = number
    return list(places), plain, labelled


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1
