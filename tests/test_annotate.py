"""Annotating: any text gets its row, in order, whatever the batch."""

import dataclasses
import math

import pytest
from trained import pipeline, read

from nlp.annotate import annotate
from nlp.annotation import hash_text
from nlp.codebook import GOALS, PURPOSE_OF, ROLES, THEMES

POSTS = [
    "Kom jij ons team P&O versterken? Reageren kan tot vrijdag.",
    "",
    "Eindelijk weekend. Barbecue aan!",
    "Wie heeft ervaring met een nieuw verzuimpakket? Tips welkom.",
    "kort",
    "Vandaag de aftrap van ons leiderschapstraject. " * 12,
    "🎉🎉🎉",
    "Bij ons heeft iedereen op zijn verjaardag vrij. #werkenbij",
]
AWKWARD = {
    "empty": "",
    "whitespace": " \t\n\u00a0 ",
    "link": "https://voorbeeld.example/a?b=c",
    "emoji": "👍🏽🎉👩‍👩‍👧‍👦",
    "handles": "@anna @bert",
    "very long": "werken " * 15_000,
    "long word": "a" * 100_000,
    "control characters": "\x00\x01Wij\x07 zoeken\x1b[31m een collega\x7f",
    "lone surrogate": "Wij zoeken \ud83d een collega \udfff",
    "broken UTF-8": "Caf\ufffd\ufffd vacature",
    "decoded Latin-1": "vacatÃºre Ã©Ã©n",
    "right to left": "مرحبا بكم في العمل \u202eabc",
    "mixed scripts": "Wij 我们 zoeken ищем collega's συνάδελφοι",
    "Chinese": "我们正在招聘人力资源顾问",
    "combining": "e\u0301" * 500,
    "zero width": "\u200b\u200d\ufeff",
    "markup": "<script>alert('x')</script> {{ }} %s \\n \\u0000",
}


def assert_close(one, other):
    """See that two annotations are equal but for the last digits of probabilities."""
    a, b = dataclasses.asdict(one), dataclasses.asdict(other)
    for name in a:
        if name == "themes_p":
            assert a[name] == pytest.approx(b[name], abs=1e-4)
        elif isinstance(a[name], float):
            assert a[name] == pytest.approx(b[name], abs=1e-4), name
        else:
            assert a[name] == b[name], name


def test_every_row_comes_back_in_order():
    """Each annotation carries the hash of its own text and bio, in the order given."""
    found = read(*[(text, "HR-adviseur") for text in POSTS])
    assert [one.text_hash for one in found] == [hash_text(text, "HR-adviseur") for text in POSTS]


def test_batch_equals_single():
    """A post gets the same annotation alone as among others."""
    for one, other in zip(read(*POSTS), [read(text)[0] for text in POSTS], strict=True):
        assert_close(one, other)


def test_batch_size_does_not_matter():
    """Batches of three give what one batch gives, but for rounding."""
    for one, other in zip(read(*POSTS), read(*POSTS, batch_size=3), strict=True):
        assert_close(one, other)


def test_annotates_lazily():
    """The first annotation is there before the stream is at its end."""

    def endless():
        while True:
            yield "Wij zoeken een collega.", None

    assert next(annotate(pipeline(), endless(), batch_size=4)).goal in PURPOSE_OF


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD.keys())
def test_awkward_text_gets_a_row(text):
    """Nothing that a platform may hand over stops the pipeline or loses its row."""
    (one,) = read((text, text))
    assert one.text_hash == hash_text(text, text)
    assert one.goal in GOALS[one.purpose]
    assert one.role in ROLES
    assert set(one.themes) <= set(THEMES)
    assert all(math.isfinite(p) and 0 <= p <= 1 for p in (one.purpose_p, one.goal_p, one.language_p, one.role_p))


@pytest.mark.parametrize("name", ["empty", "whitespace", "link", "emoji", "handles", "zero width"])
def test_text_without_words_is_other_and_unsure(name):
    """A post without words is `other`, in no known language, and asks for a person."""
    (one,) = read(AWKWARD[name])
    assert (one.purpose, one.goal, one.language, one.needs_review) == ("other", "none", "unknown", True)
    assert one.goal_p <= 0.5


def test_labels_agree_with_the_hierarchy():
    """A goal always falls under its purpose and is never likelier than it."""
    for one in read(*POSTS):
        assert PURPOSE_OF[one.goal] == one.purpose
        assert one.goal_p <= one.purpose_p + 1e-6


def test_two_processes_give_the_same():
    """The pipeline may be spread over processes."""
    texts = [text for text in POSTS if text]
    alone = [doc._.goal_p for doc in pipeline().pipe(texts)]
    shared = [doc._.goal_p for doc in pipeline().pipe(texts, n_process=2, batch_size=3)]
    for one, other in zip(alone, shared, strict=True):
        assert one == pytest.approx(other, abs=1e-4)
