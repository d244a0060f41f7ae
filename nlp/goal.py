"""Purpose and goal: one head over the codebook's ten goals; a purpose is the sum of its goals."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.codebook import GOALS, PURPOSE_OF
from nlp.examples import Examples, read_examples
from nlp.head import Head, read_head, softmax
from nlp.step import Step

ORDER = tuple(PURPOSE_OF)


@dataclass(frozen=True, slots=True)
class Decision:
    """The likeliest purpose, and the likeliest goal within it."""

    purpose: str
    purpose_p: float
    goal: str
    goal_p: float


def decide(goal_p: Sequence[float]) -> Decision:
    """Decide from probabilities in the codebook's order; consistent by construction."""
    by_goal = dict(zip(ORDER, goal_p, strict=True))
    sums = {purpose: sum(by_goal[goal] for goal in goals) for purpose, goals in GOALS.items()}
    purpose = max(sums, key=sums.__getitem__)
    goal = max(GOALS[purpose], key=by_goal.__getitem__)
    return Decision(purpose, min(1.0, sums[purpose]), goal, by_goal[goal])


UNTOLD: Final = Decision("other", 0.5, "none", 0.5)
"""Of a text without words: `other`, for lack of anything else (codebook, rule 16)."""


class GoalStep(Step):
    """Sets `doc._.goal_p` and spaCy's own `doc.cats`, goals and purposes alike."""

    def __init__(self) -> None:
        self.head: Head | None = None
        self.examples: Examples | None = None

    def fill(self, docs: Sequence[Doc]) -> None:
        """Score all at once."""
        if self.head is None:
            raise ValueError("the goal head is not trained: load the pipeline from disk")
        features = np.stack([doc._.features for doc in docs])
        for doc, row in zip(docs, softmax(self.head.scores(features)).tolist(), strict=True):
            doc._.goal_p = row
            doc.cats.update(zip(ORDER, row, strict=True))
            for purpose, goals in GOALS.items():
                doc.cats[purpose] = sum(doc.cats[goal] for goal in goals)

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Save the head and the posts it learned from."""
        if self.head is not None:
            self.head.save(Path(path))
        if self.examples is not None:
            self.examples.save(Path(path))

    def from_disk(self, path: str | Path, **_: object) -> "GoalStep":
        """Read the head and check that it speaks of this codebook."""
        self.head = read_head(Path(path))
        if self.head.labels != ORDER:
            raise ValueError("the goal head was trained for another codebook")
        self.examples = read_examples(Path(path))
        return self


@Language.factory("etalage_goal", requires=["doc._.features"], assigns=["doc.cats", "doc._.goal_p"])
def make_goal(nlp: Language, name: str) -> GoalStep:  # noqa: ARG001 - spaCy passes both
    """Build the component."""
    return GoalStep()
