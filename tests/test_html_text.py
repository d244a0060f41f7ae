"""HTML to the words that a reader sees."""

import time

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
        ("een <b en 1 <2", "een <b en 1 <2"),
        ('een <a href="https://a.nl>twee</a> <b>drie</b> &amp; vier', "een twee drie & vier"),
        ("een<!-- twee <p>drie</p>", "een<!-- twee drie"),
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


@pytest.mark.parametrize(
    "piece", ["<a ", '<a x="', "<a y='>'", "</a", "<?", "<!x", "<!--", "<!--x>", "<![CDATA[>", "<p>"]
)
@pytest.mark.parametrize("end", ["", ">"])
def test_markup_that_never_ends_is_read_in_one_go(piece, end):
    """Python's parser goes over all the rest again from each tag or comment that it finds no end of."""

    def seconds(characters):
        begun = time.process_time()
        text_of(piece * (characters // len(piece)) + end)
        return time.process_time() - begun

    assert seconds(20_000) < 30 * max(seconds(2_000), 0.01)
