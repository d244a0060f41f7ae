"""Hashtags become words."""

import time

import pytest
from trained import pipeline, read

from nlp.hashtags import split

COST = {"werken": 5.0, "bij": 4.0, "de": 3.0, "gemeente": 7.0, "werk": 4.5, "en": 3.0, "plezier": 8.0, "hr": 6.0}


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("werkenbijdegemeente", ["werken", "bij", "de", "gemeente"]),
        ("WerkenBijDeGemeente", ["werken", "bij", "de", "gemeente"]),
        ("HRcafé", ["hr", "café"]),
        ("werk_plezier", ["werk", "plezier"]),
        ("hr2024", ["hr", "2024"]),
        ("HR", ["hr"]),
        ("Xqzxwv", ["xqzxwv"]),
    ],
)
def test_splits(tag, words):
    """Capitals, underscores and digits cut first, known words after that; a strange word stays whole."""
    assert split(tag, COST) == words


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("#werkenbijdegemeente", "werken bij de gemeente"),
        ("#wijzoekencollegas", "wij zoeken collegas"),
        ("#trotsopmijnteam", "trots op mijn team"),
        ("#lerenenontwikkelen", "leren en ontwikkelen"),
        ("#DuurzameInzetbaarheid", "duurzame inzetbaarheid"),
    ],
)
def test_shipped_word_list_knows_the_trade(tag, words):
    """The word list that ships splits the tags that HR people use."""
    assert read(f"Fijn! {tag}")[0].hashtags == (words,)


def test_each_tag_once_in_order():
    """A repeated tag counts once, order is that of the text; an address with a fragment is no tag."""
    (one,) = read("#vacature en #hr en #vacature https://voorbeeld.example/x#hoofd")
    assert one.hashtags == ("vacature", "hr")


def test_a_tag_that_begins_or_ends_in_an_underscore_is_a_handle():
    """Its words alone would not tell that it is one."""
    (one,) = read("Dank #fleurtje_ en #_fleurtje voor #werk_geluk")
    assert one.hashtags == ("werk geluk",)


def test_the_longest_tag_is_read_whole():
    """Sixty letters are a tag, and so is what stands among hundreds."""
    doc = pipeline()("#" + "werken" * 10 + " #a1" * 300)
    assert doc._.hashtags == [" ".join(["werken"] * 10), "a 1"]


@pytest.mark.parametrize("piece", ["werken", "WerkenBij", "HR", "aB", "é", "a1", "x_"])
def test_splitting_is_linear(piece):
    """Ten times as many letters take about ten times as long, with capitals, digits and strange words alike."""

    def seconds(letters):
        begun = time.process_time()
        split(piece * (letters // len(piece)), COST)
        return time.process_time() - begun

    assert seconds(20_000) < 30 * max(seconds(2_000), 0.01)
