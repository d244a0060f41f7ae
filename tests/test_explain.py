"""Explanations: the words that spoke for the label, the labelled posts that look like the text."""

import numpy as np
import pytest
from trained import pipeline, read

from nlp.explain import cut, explain
from nlp.goal import Decision
from nlp.head import softmax

TEXT = "Kom jij ons team versterken? Solliciteer voor vrijdag op deze vacature."


def test_influences_cover_the_text():
    """Each word has its share; the most telling ones are those about applying."""
    found = explain(pipeline(), TEXT, neighbours=0)
    assert [one.words for one in found.influences] == TEXT.split()
    assert found.decision.goal == "recruitment"
    assert found.goals[0][0] == "recruitment"


def test_purpose_and_goal_are_told_apart():
    """What speaks for an organisation need not speak for this goal; of `other` there is one goal alone."""
    several, one = (explain(pipeline(), text, neighbours=0) for text in (TEXT, "Eindelijk weekend. Barbecue aan!"))
    assert [word.purpose for word in several.influences] != [word.goal for word in several.influences]
    assert one.decision.purpose == "other"
    assert [word.purpose for word in one.influences] == [word.goal for word in one.influences]


def test_a_word_is_weighed_at_the_depth_at_which_the_text_is_read(monkeypatch):
    """A shorter text that could stop earlier is no other reading: its words would be told for its depth."""
    encoder = pipeline().get_pipe("encoder").encoder
    text = "Moeten we nu echt ook op TikTok? Bel die sollicitant gewoon eens op."
    passed = encoder.run([text], [np.inf] * 3)[0]
    clear = float(softmax(encoder.early[1].scores(np.concatenate(passed[:2], axis=1))).max())

    def shares(clear_from):
        monkeypatch.setattr(encoder, "clear_from", clear_from)
        return [one.goal for one in explain(pipeline(), text, neighbours=0).influences]

    assert shares([np.inf, clear + 1e-4]) == pytest.approx(shares([np.inf, np.inf]), abs=1e-4)


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


def test_a_bare_link_is_not_explained_by_its_words():
    """Its label comes of a rule: no goal, word or post had a part in it."""
    found = explain(pipeline(), "https://lumenzorg.example/vacature/hr-adviseur")
    assert (found.goals, found.influences, found.neighbours) == ((), (), ())


def test_what_cannot_be_read_is_explained_as_it_is_stored():
    """The label of a text without words is the one that annotating gives it."""
    (stored,) = read("🎉🎉")
    assert explain(pipeline(), "🎉🎉").decision == Decision(
        stored.purpose, stored.purpose_p, stored.goal, stored.goal_p
    )
