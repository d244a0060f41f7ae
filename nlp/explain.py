"""Why a label: what each word contributed, and the labelled posts that the text resembles most."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from nlp.cleaning import readable, wordless
from nlp.codebook import GOALS
from nlp.corpus_files import CORPUS, LabelledPost, training_posts
from nlp.goal import ORDER, UNTOLD, Decision, decide
from nlp.head import Floats, softmax

if TYPE_CHECKING:
    from spacy.language import Language

WORD = re.compile(r"\S+")
MOST_WORDS: Final = 80  # of a longer text, stretches of words are left out together


@dataclass(frozen=True, slots=True)
class Influence:
    """A word or stretch of the text, and how much of the purpose's and the goal's probability goes without it."""

    words: str
    purpose: float
    goal: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A labelled post of the training corpus and its cosine with the text."""

    post: LabelledPost
    cosine: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """What `etalage explain` shows; influences run with the text, neighbours from near to far.

    Of a text without words there is the decision alone: it comes of a rule.
    """

    decision: Decision
    goals: tuple[tuple[str, float], ...]
    influences: tuple[Influence, ...]
    neighbours: tuple[Neighbour, ...]


def explain(nlp: "Language", text: str, *, neighbours: int = 3, corpus: Path = CORPUS) -> Explanation:
    """Explain purpose and goal of one text; neighbours come from the posts the model was trained on."""
    clean = readable(text)
    if wordless(clean):
        return Explanation(UNTOLD, (), (), ())
    stretches = cut(clean)
    shorter = [(clean[:start] + clean[end:]).strip() for start, end in stretches]
    goal_p = probabilities(nlp, [clean, *shorter])
    decision = decide(goal_p[0].tolist())
    within = [ORDER.index(goal) for goal in GOALS[decision.purpose]]
    label_p = np.stack([goal_p[:, within].sum(axis=1), goal_p[:, ORDER.index(decision.goal)]], axis=1)
    influences = [
        Influence(clean[start:end], *lost)
        for (start, end), lost in zip(stretches, (label_p[0] - label_p[1:]).tolist(), strict=True)
    ]
    ranked = sorted(zip(ORDER, goal_p[0].tolist(), strict=True), key=lambda pair: -pair[1])
    near = nearest(nlp, clean, neighbours, corpus) if neighbours else ()
    return Explanation(decision, tuple(ranked), tuple(influences), near)


def cut(text: str) -> list[tuple[int, int]]:
    """Start and end of each word, or of equal stretches of words when there are many."""
    words = [match.span() for match in WORD.finditer(text)]
    width = -(-len(words) // MOST_WORDS) or 1
    groups = [words[i : i + width] for i in range(0, len(words), width)]
    return [(group[0][0], group[-1][1]) for group in groups]


def probabilities(nlp: "Language", texts: Sequence[str]) -> Floats:
    """Goal probabilities (texts, goals), after as many layers as the first text takes."""
    _, features = nlp.get_pipe("encoder").encoder.read(texts, alike=True)  # type: ignore[attr-defined]
    return softmax(nlp.get_pipe("goal").head.scores(features))  # type: ignore[attr-defined]


def nearest(nlp: "Language", text: str, count: int, corpus: Path) -> tuple[Neighbour, ...]:
    """Find the training posts with the highest cosine; none where the corpus or their vectors do not ship."""
    examples, file = nlp.get_pipe("goal").examples, corpus / "posts-train.jsonl"  # type: ignore[attr-defined]
    if examples is None or not file.exists():
        return ()
    posts = {post.id: post for post in training_posts(corpus)}
    (vector,) = nlp.get_pipe("encoder").encoder.encode([text])  # type: ignore[attr-defined]
    cosines = examples.cosines(vector)
    there = [i for i in np.argsort(-cosines).tolist() if examples.ids[i] in posts]
    return tuple(Neighbour(posts[examples.ids[i]], float(cosines[i])) for i in there[:count])
