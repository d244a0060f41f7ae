"""Themes: seven yes-or-no questions about technology, each with its own calibrated probability."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.codebook import THEMES
from nlp.head import Head, read_head, sigmoid
from nlp.step import Step

LIKELY = 0.35
"""Probability from which a theme counts as there: the best threshold for F1 is half of the F1 in reach, and on the
development posts as many themes are then found as there are (at 0.5 a quarter too few)."""


def present(themes_p: Sequence[float]) -> list[tuple[str, float]]:
    """List the themes that are likely enough there, with their probability."""
    return [(theme, p) for theme, p in zip(THEMES, themes_p, strict=True) if p >= LIKELY]


class ThemesStep(Step):
    """Sets `doc._.themes_p`, in the codebook's order."""

    def __init__(self) -> None:
        self.head: Head | None = None

    def fill(self, docs: Sequence[Doc]) -> None:
        """Score all at once."""
        if self.head is None:
            raise ValueError("the themes head is not trained: load the pipeline from disk")
        features = np.stack([doc._.features for doc in docs])
        for doc, row in zip(docs, sigmoid(self.head.scores(features)).tolist(), strict=True):
            doc._.themes_p = row

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Save the head."""
        if self.head is not None:
            self.head.save(Path(path))

    def from_disk(self, path: str | Path, **_: object) -> "ThemesStep":
        """Read the head and check that it speaks of this codebook."""
        self.head = read_head(Path(path))
        if self.head.labels != THEMES:
            raise ValueError("the themes head was trained for another codebook")
        return self


@Language.factory("etalage_themes", requires=["doc._.features"], assigns=["doc._.themes_p"])
def make_themes(nlp: Language, name: str) -> ThemesStep:  # noqa: ARG001 - spaCy passes both
    """Build the component."""
    return ThemesStep()
