"""Heads for themes, learnt and measured on posts whose themes were judged: of the others nobody knows them."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from nlp.codebook import THEMES
from nlp.corpus_files import LabelledPost
from nlp.head import Floats, Head
from nlp.themes import LIKELY
from nlp.training.regression import fit_sigmoids

PENALTY: Final = 1e-5


def judged(posts: Sequence[LabelledPost]) -> npt.NDArray[np.bool_]:
    """Tell of each post whether its themes were judged."""
    return np.array([post.judged for post in posts], np.bool_)


def theme_table(posts: Sequence[LabelledPost]) -> Floats:
    """Table (posts, themes) of 0 and 1, of the judged posts alone."""
    return np.array([[theme in post.themes for theme in THEMES] for post in posts if post.judged], np.float32)


def themes_head(vectors: Floats, posts: Sequence[LabelledPost]) -> Head:
    """Seven regressions."""
    return fit_sigmoids(vectors[judged(posts)], theme_table(posts), THEMES, PENALTY)


def shifted(head: Head, unseen: Floats, dev: Sequence[LabelledPost]) -> Head:
    """One slope and one shift for each theme, from posts that the head has not seen."""
    scores, right = head.scores(unseen[judged(dev)]), theme_table(dev)
    weight, bias = head.weight.copy(), head.bias.copy()
    for at, theme in enumerate(THEMES):
        if 0 < right[:, at].sum() < len(right):
            shift = fit_sigmoids(scores[:, at : at + 1], right[:, at : at + 1], (theme,), 1e-3)
            slope = max(0.05, float(shift.weight[0, 0]))
            weight[at], bias[at] = weight[at] * slope, bias[at] * slope + float(shift.bias[0])
    return Head(THEMES, weight, bias)


def themes_f1(dev: Sequence[LabelledPost], p: Floats) -> float:
    """Mean F1 of the themes that are present with these probabilities (posts, themes)."""
    present, table = p[judged(dev)] >= LIKELY, theme_table(dev) > 0
    return float((2 * (present & table).sum(0) / np.maximum(1, present.sum(0) + table.sum(0))).mean())
