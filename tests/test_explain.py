"""Explanations: the words that spoke for the label, the labelled posts that look like the text."""

from trained import pipeline, read

from nlp.explain import cut, explain
from nlp.goal import Decision

TEXT = "Kom jij ons team versterken? Solliciteer voor vrijdag op deze vacature."


def test_influences_cover_the_text():
    """Each word has its share; the most telling ones are those about applying."""
    found = explain(pipeline(), TEXT, neighbours=0)
    assert [one.words for one in found.influences] == TEXT.split()
    assert found.decision.goal == "recruitment"
    assert found.goals[0][0] == "recruitment"


def test_neighbours_are_labelled_posts():
    """Neighbours come near to far from the posts that the model was trained on; most share the goal."""
    found = explain(pipeline(), TEXT, neighbours=5).neighbours
    assert [one.cosine for one in found] == sorted((one.cosine for one in found), reverse=True)
    assert [one.post.goal for one in found].count("recruitment") >= 3


def test_no_neighbours_without_a_corpus(tmp_path):
    """Where the corpus does not ship, an explanation goes without neighbours."""
    assert explain(pipeline(), TEXT, corpus=tmp_path).neighbours == ()


def test_long_text_is_cut_in_stretches():
    """However long the text, the number of stretches is bounded."""
    assert len(cut("woord " * 1_000)) <= 80


def test_empty_text_has_no_influences(tmp_path):
    """An empty text is explained by nothing."""
    found = explain(pipeline(), "", corpus=tmp_path)
    assert found.influences == ()
    assert found.neighbours == ()


def test_what_cannot_be_read_is_explained_as_it_is_stored():
    """The label of a text without words is the one that annotating gives it."""
    (stored,) = read("🎉🎉")
    assert explain(pipeline(), "🎉🎉").decision == Decision(
        stored.purpose, stored.purpose_p, stored.goal, stored.goal_p
    )
