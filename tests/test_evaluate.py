"""Figures of evaluation, and what a labelled file must be."""

import json

import numpy as np
import pytest
from trained import pipeline

from nlp.corpus_files import CorpusError, read_posts
from nlp.evaluate import calibration, class_figures, evaluate, macro_f1, task
from nlp.goal import ORDER

ROWS = [
    {"id": "1", "text": "Solliciteer nu op deze vacature!", "goal": "recruitment", "themes": []},
    {"id": "2", "text": "Eindelijk weekend. Barbecue aan!", "goal": "none", "purpose": "other", "themes": []},
]
ADOPTION = "Ons sociaal intranet staat er een jaar en nog steeds gebruikt niemand het."


def written(path, rows):
    """Write rows as JSON Lines."""
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), "utf-8")
    return path


def test_evaluates_a_file(tmp_path):
    """A labelled file gives figures for purpose, goal and themes."""
    found = evaluate(pipeline(), written(tmp_path / "a.jsonl", ROWS), rounds=20)
    assert found.posts == 2
    assert sum(map(sum, found.goal.confusion)) == 2
    assert 0 <= found.purpose.macro_f1_interval[0] <= found.purpose.macro_f1 <= found.purpose.macro_f1_interval[1] <= 1
    assert len(found.themes) == 7


def test_themes_are_measured_on_the_posts_whose_themes_were_judged(tmp_path):
    """A theme found where nobody judged them is no false one; its goal counts all the same."""
    judged = [*ROWS, {"text": ADOPTION, "goal": "collaboration", "themes": ["adoption"]}]
    goal_only = {"text": ADOPTION, "goal": "collaboration", "themes": None}
    some = evaluate(pipeline(), written(tmp_path / "judged.jsonl", judged), rounds=20)
    more = evaluate(pipeline(), written(tmp_path / "more.jsonl", [*judged, goal_only]), rounds=20)

    assert next(one for one in some.themes if one.label == "adoption").precision == 1
    assert (more.themes, more.themes_macro_f1) == (some.themes, some.themes_macro_f1)
    assert (more.posts, more.themes_posts) == (4, 3)
    assert sum(map(sum, more.goal.confusion)) == 4


def test_where_no_themes_were_judged_none_are_measured(tmp_path):
    """Goals have their figures; themes have none, rather than that of a model that finds nothing."""
    file = written(tmp_path / "goals.jsonl", [row | {"themes": None} for row in ROWS])
    found = evaluate(pipeline(), file, rounds=20)

    assert (found.themes, found.themes_posts, found.themes_macro_f1) == ((), 0, None)
    assert found.themes_macro_f1_interval is None
    assert sum(map(sum, found.goal.confusion)) == 2


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{not json", r"a.jsonl:2: not a JSON object"),
        ("[1]", r"a.jsonl:2: not a JSON object"),
        ({"text": "x", "goal": "sales"}, r"a.jsonl:2: field 'goal' is 'sales'; it should be one of showcase"),
        ({"goal": "none"}, r"a.jsonl:2: field 'text' is None"),
        ({"text": "x", "goal": "none", "purpose": "personal"}, r"a.jsonl:2: goal 'none' falls under 'other'"),
        ({"text": "x", "goal": "none", "themes": ["fun"]}, r"a.jsonl:2: field 'themes'"),
    ],
)
def test_malformed_line_is_named(tmp_path, row, message):
    """A wrong line gets its place and the remedy."""
    with pytest.raises(CorpusError, match=message):
        read_posts(written(tmp_path / "a.jsonl", [ROWS[0], row]))


def test_missing_empty_and_binary_files_are_refused(tmp_path):
    """So do files that are not there, hold nothing, or are no text."""
    with pytest.raises(CorpusError, match="does not exist"):
        evaluate(pipeline(), tmp_path / "none.jsonl")
    with pytest.raises(CorpusError, match="holds no posts"):
        evaluate(pipeline(), written(tmp_path / "empty.jsonl", []))
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CorpusError, match="not UTF-8"):
        read_posts(tmp_path / "binary.jsonl")


def test_macro_f1_by_hand():
    """The mean runs over labels that occur among the right answers."""
    assert macro_f1(np.array([0, 0, 1]), np.array([0, 1, 1]), 3) == pytest.approx(2 / 3)


def test_class_figures_by_hand():
    """Two claims of which one is right, one of two found."""
    one = class_figures("a", np.array([True, True, False]), np.array([True, False, True]), 20, np.random.default_rng(1))
    assert (one.precision, one.recall, one.f1, one.support) == (0.5, 0.5, 0.5, 2)


def test_a_class_has_the_intervals_of_resampled_posts():
    """Drawn as counts they are those of posts that are drawn one by one, of the label and of the others apart."""
    chance = np.random.default_rng(3)
    right, found = chance.random(200) < 0.3, chance.random(200) < 0.1
    found = found | (right & (chance.random(200) < 0.7))
    one = class_figures("a", right, found, 20_000, chance)

    with_it, others = np.flatnonzero(right), np.flatnonzero(~right)
    hits = found[chance.choice(with_it, (20_000, len(with_it)))].sum(axis=1)
    false = found[chance.choice(others, (20_000, len(others)))].sum(axis=1)
    by_hand = {
        "precision": hits / (hits + false),
        "recall": hits / len(with_it),
        "f1": 2 * hits / (hits + false + len(with_it)),
    }
    for name, values in by_hand.items():
        assert getattr(one, f"{name}_interval") == pytest.approx(np.quantile(values, [0.025, 0.975]), abs=0.011)
        assert one.f1_interval[0] < one.f1 < one.f1_interval[1]


def test_a_class_that_nobody_bears_or_that_is_read_without_fault():
    """There is nothing to draw: an interval of no width, and no division by nothing."""
    none, every = np.zeros(5, bool), np.ones(5, bool)
    assert class_figures("a", none, none, 20, np.random.default_rng(1)).f1_interval == (0, 0)
    assert class_figures("a", every, every, 20, np.random.default_rng(1)).f1_interval == (1, 1)


def test_the_mean_of_the_themes_has_an_interval(tmp_path):
    """It holds the figure itself, of the themes that occur."""
    rows = [ROWS[1], *[{"text": f"{ADOPTION} {i}", "goal": "none", "themes": ["adoption"][: i % 2]} for i in range(8)]]
    found = evaluate(pipeline(), written(tmp_path / "a.jsonl", rows), rounds=50)
    low, high = found.themes_macro_f1_interval
    assert low <= found.themes_macro_f1 <= high
    assert low < high


def test_calibration_by_hand():
    """Sure and half right is off by a half."""
    error, bins = calibration(np.array([1.0, 1.0]), np.array([True, False]))
    assert error == pytest.approx(0.5)
    assert bins == ((1.0, 0.5, 2),)


def test_confusion_runs_from_right_to_found():
    """Rows are what is right, columns what was found."""
    figures = task(("a", "b"), ["a", "a"], ["a", "b"], [1.0, 1.0], 5, np.random.default_rng(1))
    assert figures.confusion == ((1, 1), (0, 0))


def test_the_interval_of_macro_f1_is_of_all_labels():
    """Six rare goals, all read wrong, stay in the mean of every resample; those of the others give it width."""
    often, rare = ORDER[:4], ORDER[4:]
    right = [*(goal for goal in often for _ in range(13)), *rare]
    found = [*right[:-8], *[often[0]] * 8]  # and two of the last frequent goal

    figures = task(ORDER, right, found, [1.0] * len(right), 1_000, np.random.default_rng(20))

    low, high = figures.macro_f1_interval
    assert low < figures.macro_f1 < high < 0.5
    assert np.ptp(figures.accuracy_interval) > 0.1
