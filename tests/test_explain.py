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


def test_neighbours_are_labelled_posts(tmp_path):
    """Neighbours come near to far from the training posts given."""
    lines = [
        '{"id": "a", "text": "Solliciteer nu op onze vacature recruiter!", "goal": "recruitment"}',
        '{"id": "b", "text": "Wat een regen vandaag.", "goal": "none"}',
    ]
    (tmp_path / "posts-train.jsonl").write_text("\n".join(lines), "utf-8")
    found = explain(pipeline(), TEXT, neighbours=2, corpus=tmp_path)
    assert [one.post.id for one in found.neighbours] == ["a", "b"]
    assert found.neighbours[0].cosine > found.neighbours[1].cosine


def test_long_text_is_cut_in_stretches():
    """However long the text, the number of stretches is bounded."""
    assert len(cut("woord " * 1_000)) <= 80


def test_empty_text_has_no_influences(tmp_path):
    """An empty text is explained by nothing."""
    found = explain(pipeline(), "", corpus=tmp_path)
    assert found.influences == ()
    assert found.neighbours == ()
