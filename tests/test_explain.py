"""Explanations: the words that spoke for the label, the labelled posts that look like the text."""

from trained import pipeline

from nlp.explain import cut, explain

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
