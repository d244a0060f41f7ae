"""Agreement between two labellers."""

import pytest

from nlp.agreement import agreement
from nlp.corpus_files import LabelledPost
from nlp.krippendorff import alpha


def test_alpha_by_hand():
    """Krippendorff's own small example: 12 units, two observers, nominal."""
    pairs = [(1, 1), (2, 2), (3, 3), (3, 3), (2, 2), (1, 2), (4, 4), (1, 1), (2, 2), (5, 5), (1, 1), (3, 3)]
    counts = {1: 7, 2: 7, 3: 6, 4: 2, 5: 2}
    expected = 1 - sum(n * (n - 1) for n in counts.values()) / (24 * 23)

    assert alpha(pairs) == pytest.approx(1 - (1 / 12) / expected)


def test_alpha_of_equal_labels_is_one():
    """Full agreement is 1, with one label or several."""
    one, other = (LabelledPost(goal, "", None, goal, ()) for goal in ("learning", "collaboration"))

    assert agreement([(one, one), (other, other)])["goal"] == 1
    assert agreement([(one, one), (one, one)])["goal"] == 1


def test_opposite_labels_are_below_nothing():
    """Who always differs agrees less than chance."""
    assert alpha([("a", "b"), ("b", "a")]) < 0


def test_purpose_may_agree_where_goal_does_not():
    """Two goals of one purpose differ in goal alone."""
    one = LabelledPost("1", "", None, "learning", ())
    other = LabelledPost("1", "", None, "collaboration", ("privacy",))
    found = agreement([(one, other), (one, one)])

    assert (found["purpose"], found["same goal"]) == (1.0, 0.5)
