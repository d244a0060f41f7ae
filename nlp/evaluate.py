"""Figures of a pipeline on labelled posts: per class, confusion, calibration, with bootstrap intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from nlp.annotate import annotate
from nlp.codebook import GOALS, THEMES
from nlp.corpus_files import CorpusError, LabelledPost, read_posts
from nlp.goal import ORDER

if TYPE_CHECKING:
    from spacy.language import Language

PURPOSES: Final = tuple(GOALS)
BINS: Final = 10
Numbers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Precision, recall and F1 of one label with 95 percent intervals; `support` is how often it is right."""

    label: str
    precision: float
    precision_interval: Interval
    recall: float
    recall_interval: Interval
    f1: float
    f1_interval: Interval
    support: int


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """One classification: figures by class, confusion[right][found], calibration, 95 percent intervals.

    `reliability` holds (mean probability, share right, posts) for each bin of probability that has posts.
    """

    classes: tuple[ClassFigures, ...]
    macro_f1: float
    macro_f1_interval: Interval
    accuracy: float
    accuracy_interval: Interval
    calibration_error: float
    reliability: tuple[tuple[float, float, int], ...]
    confusion: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of a file; `themes` has one line a theme, over the `themes_posts` posts whose themes were judged.

    Where those are none, there are no figures of themes.
    """

    posts: int
    purpose: TaskFigures
    goal: TaskFigures
    themes: tuple[ClassFigures, ...]
    themes_posts: int
    themes_macro_f1: float | None
    themes_macro_f1_interval: Interval | None
    review_share: float
    accuracy_without_review: float
    model_version: str


def evaluate(nlp: "Language", file: Path, *, rounds: int = 1_000, seed: int = 20) -> Evaluation:
    """Annotate a labelled file and compare; refuses an empty one."""
    posts = read_posts(file)
    if not posts:
        raise CorpusError(f"{file} holds no posts: nothing to evaluate")
    return compare(nlp, posts, rounds=rounds, seed=seed)


def compare(nlp: "Language", posts: Sequence[LabelledPost], *, rounds: int = 1_000, seed: int = 20) -> Evaluation:
    """Annotate labelled posts and compare; intervals resample posts `rounds` times, those of macro-F1 within labels."""
    found = list(annotate(nlp, [(post.text, post.bio) for post in posts]))
    chance = np.random.default_rng(seed)
    purpose = task(
        PURPOSES,
        [post.purpose for post in posts],
        [one.purpose for one in found],
        [one.purpose_p for one in found],
        rounds,
        chance,
    )
    goal = task(
        ORDER,
        [post.goal for post in posts],
        [one.goal for one in found],
        [one.goal_p for one in found],
        rounds,
        chance,
    )
    kept = [one.purpose == post.purpose for one, post in zip(found, posts, strict=True) if not one.needs_review]
    judged = [(post.themes, one.themes) for one, post in zip(found, posts, strict=True) if post.judged]
    right, named = (marks([pair[side] for pair in judged], THEMES) for side in (0, 1))
    themes = each_class(THEMES, right, named, rounds, chance) if judged else ()
    return Evaluation(
        posts=len(posts),
        purpose=purpose,
        goal=goal,
        themes=themes,
        themes_posts=len(judged),
        themes_macro_f1=float(np.mean([one.f1 for one in themes if one.support] or [0.0])) if judged else None,
        themes_macro_f1_interval=macro_f1_of_several(right, named, rounds, chance) if judged else None,
        review_share=1 - len(kept) / len(posts),
        accuracy_without_review=float(np.mean(kept)) if kept else 0.0,
        model_version=found[0].model_version,
    )


def task(
    labels: Sequence[str],
    right: Sequence[str],
    found: Sequence[str],
    p: Sequence[float],
    rounds: int,
    chance: np.random.Generator,
) -> TaskFigures:
    """Compare one label a post; `chance` draws the `rounds` resamples of the intervals."""
    at = {label: i for i, label in enumerate(labels)}
    a, b = (np.array([at[label] for label in some]) for some in (right, found))
    confusion = np.zeros((len(labels), len(labels)), np.int64)
    np.add.at(confusion, (a, b), 1)
    hit, every = a == b, np.arange(len(labels))
    drawn = chance.integers(0, len(a), (rounds, len(a)))
    error, reliability = calibration(np.array(p), hit)
    return TaskFigures(
        classes=each_class(labels, a[:, None] == every, b[:, None] == every, rounds, chance),
        macro_f1=macro_f1(a, b, len(labels)),
        macro_f1_interval=macro_f1_interval(a, b, len(labels), rounds, chance),
        accuracy=float(hit.mean()),
        accuracy_interval=interval(hit[drawn].mean(axis=1)),
        calibration_error=error,
        reliability=reliability,
        confusion=tuple(tuple(row) for row in confusion.tolist()),
    )


def marks(rows: Sequence[Sequence[str]], labels: Sequence[str]) -> Marks:
    """Tell of each row which labels it holds, as (rows, labels)."""
    return np.array([[label in row for label in labels] for row in rows], bool).reshape(-1, len(labels))


def each_class(
    labels: Sequence[str], right: Marks, found: Marks, rounds: int, chance: np.random.Generator
) -> tuple[ClassFigures, ...]:
    """Figures of every label from what is right and what was found, both (posts, labels)."""
    return tuple(class_figures(label, right[:, i], found[:, i], rounds, chance) for i, label in enumerate(labels))


def class_figures(label: str, right: Marks, found: Marks, rounds: int, chance: np.random.Generator) -> ClassFigures:
    """Figures of one label; a ratio of nothing is 0.

    Its intervals resample the posts that bear the label and those that do not, each among themselves. So the counts are
    binomial, and are drawn as such.
    """
    hit, false, there = int((right & found).sum()), int((found & ~right).sum()), int(right.sum())
    precision, recall, f1 = (float(one) for one in ratios(np.array(hit), np.array(false), there))
    others = len(right) - there
    drawn = ratios(
        chance.binomial(there, hit / max(1, there), rounds),
        chance.binomial(others, false / max(1, others), rounds),
        there,
    )
    of_precision, of_recall, of_f1 = (interval(one) for one in drawn)
    return ClassFigures(label, precision, of_precision, recall, of_recall, f1, of_f1, there)


def ratios(hit: Numbers, false: Numbers, there: int) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1; of nothing they are 0."""
    return hit / np.maximum(1, hit + false), hit / max(1, there), 2 * hit / np.maximum(1, hit + false + there)


def macro_f1_of_several(right: Marks, found: Marks, rounds: int, chance: np.random.Generator) -> Interval:
    """Interval of the mean F1 where a post may have several labels; in a resample, of those that occur there."""
    posts = len(right)
    means = []
    for _ in range(rounds):
        draw = chance.integers(0, posts, posts)
        hit, claimed, there = (some[draw].sum(axis=0) for some in (right & found, found, right))
        f1 = 2 * hit / np.maximum(1, claimed + there)
        means.append(f1[there > 0].mean() if there.any() else 0.0)
    return interval(np.array(means))


def macro_f1(right: Numbers, found: Numbers, count: int) -> float:
    """Unweighted mean of F1 over the labels that occur in `right`."""
    there = np.bincount(right, minlength=count)
    claimed = np.bincount(found, minlength=count)
    hit = np.bincount(right[right == found], minlength=count)
    return float((2 * hit / np.maximum(1, there + claimed))[there > 0].mean())


def macro_f1_interval(right: Numbers, found: Numbers, count: int, rounds: int, chance: np.random.Generator) -> Interval:
    """Interval of macro-F1, resampled within each right label.

    A resample of all posts may miss a rare label, which then leaves the mean: most resamples would lie above the
    figure itself. A label with a single post is as well read in every resample: it adds no width.
    """
    draws = within_labels(right, rounds, chance)
    return interval(np.array([macro_f1(right[draw], found[draw], count) for draw in draws]))


def within_labels(right: Numbers, rounds: int, chance: np.random.Generator) -> Numbers:
    """Draw rows of post numbers (rounds, posts) that hold each right label as often as the posts do."""
    of_each = [np.flatnonzero(right == label) for label in np.unique(right)]
    return np.concatenate([chance.choice(posts, (rounds, len(posts))) for posts in of_each], axis=1)


def interval(values: Floats) -> Interval:
    """Take the middle 95 percent of resampled values."""
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def calibration(p: Floats, hit: npt.NDArray[np.bool_]) -> tuple[float, tuple[tuple[float, float, int], ...]]:
    """Give the expected calibration error over ten equal bins, and the bins themselves."""
    which = np.minimum((p * BINS).astype(int), BINS - 1)
    bins = [
        (float(p[which == i].mean()), float(hit[which == i].mean()), int((which == i).sum())) for i in np.unique(which)
    ]
    return sum(abs(mean - share) * count for mean, share, count in bins) / len(p), tuple(bins)
