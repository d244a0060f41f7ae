"""Language of short, noisy posts."""

import pytest
from trained import read

from nlp.cleaning import plain, readable


def bold(text):
    """Write a text in the mathematical letters that look bold."""
    starts = {"A": 0x1D5D4, "a": 0x1D5EE}
    shapes = {ord(first) + i: start + i for first, start in starts.items() for i in range(26)}
    return text.translate(shapes)


DUTCH = [
    "Wij zoeken een nieuwe collega voor ons team",
    "Goesting om bij ons te komen werken? Amai, dat treft!",
    "ff vraagje: wie heeft er ervaring met dit systeem?",
    "Vergadering loopt weer uit, zucht",
    "Great teams maak je samen, dat is mijn leadership in een notendop",
    bold("Wij zoeken een HR-adviseur! Solliciteer voor vrijdag."),
]
OTHER = [
    ("What a great day with the team! #trotsopmijnteam #werkgeluk", "en"),
    ("Wir suchen ab sofort eine neue Kollegin für unser Team", "de"),
    ("Nous cherchons un nouveau collègue pour notre équipe", "fr"),
]


@pytest.mark.parametrize("text", DUTCH)
def test_dutch_and_flemish_are_dutch(text):
    """Dutch stays Dutch, with English jargon, Flemish words, chat spelling or letters that look bold."""
    assert read(text)[0].language == "nl"


@pytest.mark.parametrize(("text", "language"), OTHER)
def test_neighbours_are_told_apart(text, language):
    """Running text decides, not the Dutch hashtags that hang on it."""
    assert read(text)[0].language == language


@pytest.mark.parametrize("text", ["", "https://voorbeeld.example", "@anna", "#hr", "😀", "12:30", "ok"])
def test_too_little_is_unknown(text):
    """Without words to go on the language is unknown."""
    one = read(text)[0]
    assert (one.language, one.language_p) == ("unknown", 0.0)


def test_plain_text_has_no_marks():
    """Addresses, handles and tags are no language; an e-mail address and a plain # stay."""
    assert plain("RT @anna: kijk op https://a.example #hr, C# en a@b.example") == ": kijk op , C# en a@b.example"


def test_readable_text_is_valid_and_bounded():
    """Broken code points and control characters go, accents are composed, length has a limit."""
    assert readable("a\x00b\ud800c  e\u0301") == "a b c é"
    assert len(readable("x" * 100_000)) == 4_000
    assert readable("regel\nregel") == "regel\nregel"


@pytest.mark.parametrize(
    ("shaped", "usual"),
    [
        (bold("HR"), "HR"),
        (bold("e") + "\u0301", "é"),
        ("\u24d7\u24e1", "hr"),
        ("\U0001f137\U0001f141", "HR"),
        ("\uff28\uff32", "HR"),
        ("b\u0133", "bij"),
    ],
)
def test_letters_are_read_in_their_usual_shape(shaped, usual):
    """Bold, encircled, boxed, full-width and joined letters are the letters they show."""
    assert readable(shaped) == usual


@pytest.mark.parametrize("text", ["foto\u00b4s", "½ jaar", "10 m²", "en toen…", "Omega™"])
def test_signs_stay_as_they_are(text):
    """What is no letter is not taken apart, and an accent that serves as apostrophe cuts no word in two."""
    assert readable(text) == text
