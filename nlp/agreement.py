"""How far two labellers agree: Krippendorff's alpha for two nominal labels a unit, none missing."""

from collections import Counter
from collections.abc import Hashable, Sequence

from nlp.codebook import PURPOSE_OF, THEMES
from nlp.corpus_files import LabelledPost


def alpha(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """1 minus observed over expected disagreement; 1.0 where all labels are the same."""
    often = Counter(label for pair in pairs for label in pair)
    total = sum(often.values())
    observed = sum(one != other for one, other in pairs) / len(pairs)
    expected = 1 - sum(count * (count - 1) for count in often.values()) / (total * (total - 1))
    return 1 - observed / expected if expected else 1.0


def agreement(pairs: Sequence[tuple[LabelledPost, LabelledPost]]) -> dict[str, float]:
    """Alpha for purpose and goal, its mean over the themes, and the share of equal labels."""
    themes = [alpha([(theme in one.themes, theme in other.themes) for one, other in pairs]) for theme in THEMES]
    return {
        "purpose": alpha([(PURPOSE_OF[one.goal], PURPOSE_OF[other.goal]) for one, other in pairs]),
        "goal": alpha([(one.goal, other.goal) for one, other in pairs]),
        "themes": sum(themes) / len(themes),
        "same purpose": sum(PURPOSE_OF[one.goal] == PURPOSE_OF[other.goal] for one, other in pairs) / len(pairs),
        "same goal": sum(one.goal == other.goal for one, other in pairs) / len(pairs),
        "same themes": sum(set(one.themes) == set(other.themes) for one, other in pairs) / len(pairs),
    }
