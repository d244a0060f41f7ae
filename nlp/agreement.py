"""How far two labellers of the corpus agree."""

from collections.abc import Hashable, Sequence

from nlp.codebook import PURPOSE_OF, THEMES
from nlp.corpus_files import LabelledPost
from nlp.krippendorff import alpha


def agreement(pairs: Sequence[tuple[LabelledPost, LabelledPost]]) -> dict[str, float]:
    """Alpha for purpose and goal, its mean over the themes, and the share of equal goals."""
    themes = [_alpha([(theme in one.themes, theme in other.themes) for one, other in pairs]) for theme in THEMES]
    return {
        "purpose": _alpha([(PURPOSE_OF[one.goal], PURPOSE_OF[other.goal]) for one, other in pairs]),
        "goal": _alpha([(one.goal, other.goal) for one, other in pairs]),
        "themes": sum(themes) / len(themes),
        "same goal": sum(one.goal == other.goal for one, other in pairs) / len(pairs),
    }


def _alpha(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    found = alpha(pairs)
    return 1.0 if found is None else found  # both gave the one label there is
