"""Whether posts have moved away from what the model was trained on and audited with: labels, confidence, words.

A difference counts when it is large enough to matter and larger than chance makes it: what each author adds to it gets
a random sign a few hundred times, because authors, not posts, are what differs from month to month.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

import duckdb
import numpy as np
from numpy.typing import NDArray

from nlp import codebook
from warehouse.answers import as_dicts
from warehouse.sql import reading
from warehouse.sqlfiles import statement

Verdict = Literal["steady", "moved", "unknown"]
Floats = NDArray[np.float64]
ROUNDS: Final = 400
SEED: Final = 2013
REFERENCE_MONTHS: Final = 6
LEAST_POSTS: Final = 50
LEAST_AUTHORS: Final = 10
LABELS_MOVED: Final = 0.10
"""Half the sum of differences between shares of goals: at least so many posts changed place."""
CONFIDENCE_MOVED: Final = 0.05
"""Difference between mean probabilities of the goal."""
WORDS_MOVED: Final = 0.05
"""Rise in the share of words that the reference does not know."""
OLDEST_AUDIT_MONTHS: Final = 6
_WORD: Final = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison: its value in the month and in the reference, how far apart, and how far chance alone goes."""

    what: str
    verdict: Verdict
    month: float | None
    reference: float | None
    distance: float | None
    chance: float | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Drift:
    """What was compared with what, and whether a new audit sample is due, with the reason."""

    month: date | None
    reference: str
    findings: tuple[Finding, ...]
    audit_due: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Posts:
    author: NDArray[np.int64]
    goal: NDArray[np.int64]
    confidence: Floats
    is_month: NDArray[np.bool_]
    texts: list[str | None]


def measure_drift(published: Path, month: date | None = None, corpus: Iterable[str] | None = None) -> Drift:
    """Compare a month (the newest whole one, unless said) with the six before it, and its words with `corpus`.

    `corpus` are the texts that the model was trained on; without them words are compared with the six months too.
    Raises `WarehouseError` as `reading` does.
    """
    with reading(published) as con:
        first = month or _newest_month(con)
        posts = _read(con, first) if first else None
        audit = _audit(con, first) if first else {}
    if first is None or posts is None:
        missing = "there are no Dutch posts yet" if first is None else f"there are no Dutch posts of {first:%Y-%m}"
        return Drift(None, "nothing", (), audit_due=False, reasons=(missing,))
    findings = (*_compared(posts), _words(posts, corpus))
    reasons = [finding.sentence for finding in findings if finding.verdict == "moved"]
    if audit["count_month"] >= audit["minimum"]:
        reasons = []  # this month is audited already: the figures know
    reasons += _audit_reasons(audit)
    reference = f"the {REFERENCE_MONTHS} months before" + ("" if corpus is None else ", words: the training corpus")
    return Drift(first, reference, findings, bool(reasons), tuple(reasons))


def _compared(posts: _Posts) -> Sequence[Finding]:
    now, before = posts.is_month, ~posts.is_month
    fewest = min(int(now.sum()), int(before.sum()))
    authors = min(len(np.unique(posts.author[now])), len(np.unique(posts.author[before]))) if fewest else 0
    if fewest < LEAST_POSTS or authors < LEAST_AUTHORS:
        few = f"too little to compare: {fewest} posts by {authors} authors on the smaller side"
        return [Finding(what, "unknown", None, None, None, None, few) for what in ("labels", "confidence")]
    goals = np.eye(len(codebook.PURPOSE_OF))[posts.goal]
    labels = _distances(posts, goals, lambda shift: np.abs(shift).sum(axis=-1) / 2)
    sure = _distances(posts, posts.confidence[:, None], lambda shift: np.abs(shift)[..., 0])
    mean_now, mean_before = float(posts.confidence[now].mean()), float(posts.confidence[before].mean())
    names = list(codebook.PURPOSE_OF)
    shift = goals[now].mean(axis=0) - goals[before].mean(axis=0)
    most = int(np.argmax(np.abs(shift)))
    return [
        _finding(
            "labels",
            (None, None),
            labels,
            LABELS_MOVED,
            f"goals moved by {100 * labels[0]:.0f} points in all, {names[most]} most ({100 * shift[most]:+.0f})",
        ),
        _finding(
            "confidence",
            (mean_now, mean_before),
            sure,
            CONFIDENCE_MOVED,
            f"the model's mean confidence went from {mean_before:.2f} to {mean_now:.2f}",
        ),
    ]


def _finding(
    what: str,
    values: tuple[float | None, float | None],
    measured: tuple[float, float],
    limit: float,
    sentence: str,
) -> Finding:
    distance, chance = measured
    moved = distance >= limit and distance > chance
    tail = f"; chance alone reaches {chance:.3f}, and under {limit:.2f} it does not matter"
    return Finding(what, "moved" if moved else "steady", *values, distance, chance, sentence + tail)


def _distances(posts: _Posts, values: Floats, length: Callable[[Floats], Floats]) -> tuple[float, float]:
    """Give the distance between month and reference, and the one that 95 of 100 deals of random signs stay under.

    The difference is a sum over authors, and without drift each one's part might as well have been the other way round.
    Who posted on both sides is so compared with themselves.
    """
    now = posts.is_month
    weight = np.where(now, 1 / now.sum(), -1 / (~now).sum())
    parts = np.zeros((posts.author.max() + 1, values.shape[1]))
    np.add.at(parts, posts.author, weight[:, None] * (values - values.mean(axis=0)))
    signs = np.random.default_rng(SEED).choice((-1.0, 1.0), (ROUNDS, len(parts)))
    return float(length(parts.sum(axis=0))), float(np.quantile(length(signs @ parts), 0.95))


def _words(posts: _Posts, corpus: Iterable[str] | None) -> Finding:
    known = Counter(word for text in corpus for word in _split(text)) if corpus is not None else None
    chosen = [list(_split(text)) if text else [] for text in posts.texts]
    if not any(chosen):
        return Finding(
            "words", "unknown", None, None, None, None, "post text is not published, so words are not compared"
        )
    is_month = posts.is_month.tolist()
    before = [words for words, now in zip(chosen, is_month, strict=True) if not now]
    now = [words for words, now in zip(chosen, is_month, strict=True) if now]
    if min(len(before), len(now)) < LEAST_POSTS:
        return Finding("words", "unknown", None, None, None, None, "too few posts to compare words")
    if known is None:
        # Half of the reference learns, so that the other half is a fair measure of what is always new.
        known = Counter(word for words in before[::2] for word in words)
        before = before[1::2]
    unknown_now, unknown_before = _unknown(now, known), _unknown(before, known)
    rise = unknown_now - unknown_before
    examples = ", ".join(_newest_words(posts, known))
    sentence = f"{100 * unknown_now:.0f}% of words are new against {100 * unknown_before:.0f}% before"
    return Finding(
        "words",
        "moved" if rise >= WORDS_MOVED else "steady",
        unknown_now,
        unknown_before,
        rise,
        None,
        f"{sentence}; most: {examples}" if examples else sentence,
    )


def _newest_words(posts: _Posts, known: Mapping[str, int]) -> list[str]:
    """Name the new words that most authors use, and only those in small letters: a name helps nobody here."""
    users: dict[str, set[int]] = defaultdict(set)
    for text, author, is_month in zip(posts.texts, posts.author.tolist(), posts.is_month.tolist(), strict=True):
        for word in _WORD.findall(text or "") if is_month else ():
            if word.islower() and word not in known:
                users[word].add(author)
    shared = [(-len(authors), word) for word, authors in users.items() if len(authors) > 1]
    return [word for _, word in sorted(shared)[:5]]


def _unknown(texts: Sequence[Sequence[str]], known: Mapping[str, int]) -> float:
    words = [word for text in texts for word in text]
    return sum(word not in known for word in words) / max(len(words), 1)


def _split(text: str) -> Iterable[str]:
    return (word.lower() for word in _WORD.findall(text))


def _audit_reasons(audit: Mapping[str, Any]) -> list[str]:
    if not audit["count_labelled"]:
        return ["nothing is audited yet: etalage audit draw 300"]
    if audit["count_recent"] < audit["minimum"]:
        return [
            (
                f"only {audit['count_recent']} audited posts are of the last {OLDEST_AUDIT_MONTHS} months,"
                f" and corrected figures need {audit['minimum']:.0f}"
            )
        ]
    return []


def _newest_month(con: duckdb.DuckDBPyConnection) -> date | None:
    row = con.execute(statement("drift_month")).fetchone()
    return row[0] if row else None


def _read(con: duckdb.DuckDBPyConnection, month: date) -> _Posts | None:
    rows = con.execute(statement("drift_posts"), {"month": month, "months": REFERENCE_MONTHS}).fetchall()
    if not rows:
        return None
    goals = {goal: place for place, goal in enumerate(codebook.PURPOSE_OF)}
    authors: dict[str, int] = {}
    return _Posts(
        np.array([authors.setdefault(row[0], len(authors)) for row in rows], dtype=np.int64),
        np.array([goals[row[1]] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.float64),
        np.array([row[3] for row in rows], dtype=np.bool_),
        [row[4] for row in rows],
    )


def _audit(con: duckdb.DuckDBPyConnection, month: date) -> dict[str, Any]:
    [audit] = as_dicts(con.execute(statement("drift_audit"), {"month": month, "months": OLDEST_AUDIT_MONTHS}))
    return audit
