"""HTML to the words that a reader sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.html_text import text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Eerste</p><p>Tweede<br>regel</p>", "Eerste\n\nTweede\nregel"),
        ("Werk &amp; priv&eacute; &lt;3", "Werk & privé <3"),
        ('<p><a href="https://a.nl"><span class="invisible">https://</span>a.nl</a> #hr</p>', "https://a.nl #hr"),
        ("<script>weg()</script>blijft<style>p{}</style>", "blijft"),
        ("  veel \n\t wit  ", "veel wit"),
        ("<ul><li>een<li>twee</ul>", "een\ntwee"),
        ("kapot <b>en <i>niet gesloten", "kapot en niet gesloten"),
        ("a<![ x>b<![foo[ y]]>c<!doctype html>d", "abcd"),
        ("<![if !mso]>Werk<![endif]>", "Werk"),
        ("", ""),
        ("شكراً <b>👩🏽‍💼</b>", "شكراً 👩🏽‍💼"),
    ],
)
def test_words_are_kept_and_tags_are_not(html, text):
    """Paragraphs and breaks are kept as lines, entities resolved, scripts left out."""
    assert text == text_of(html)


@given(st.text() | st.text("<![]?-/>x='\"&#; "))
def test_no_text_breaks_it(html):
    """Any text can be read, and white space never piles up."""
    text = text_of(html)

    assert text == text.strip()
    assert "\n\n\n" not in text
