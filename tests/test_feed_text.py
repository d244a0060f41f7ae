"""A feed's bytes to text, and whether all of it has come."""

import pytest

from connectors.feeds.text import decoded, is_whole

FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Het HR-blog</title><link>https://blog.example/</link>'
    "<item><guid>https://blog.example/12</guid><title>Werk</title></item></channel></rss>"
)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_bytes_are_decoded_as_declared(codec):
    """By mark, header or declaration; without any of them a wrong guess still gives text."""
    text = '<?xml version="1.0" encoding="iso-8859-1"?><rss>café</rss>'
    assert "café" in decoded(text.encode(codec), "text/xml; charset=utf-8" if codec == "utf-8" else "text/xml")
    assert decoded(b"caf\xe9", "") == "café"


@pytest.mark.parametrize("charset", ["undefined", "idna", "punycode", "nergens", "rot13"])
def test_a_charset_that_reads_nothing_is_passed_over(charset):
    """Some codecs of Python are none for text, or give up without saying where."""
    assert "café" in decoded("..café..".encode(), f"text/xml; charset={charset}")


def test_the_end_of_a_feed_is_seen():
    """Comments may follow the last tag; a cut anywhere is noticed."""
    assert is_whole(FEED + "\n<!-- gemaakt in 0,2 s -->\n")
    assert is_whole(FEED + "<!-- van --><?cache a?>\n<!-- tot -->")
    assert not any(is_whole(FEED[:stop]) for stop in range(len(FEED) - 20))
    assert not any(is_whole(end) for end in ("", "-->", "?>", "</rss> -->", "</rss><!-- a --> b", "<!-- </rss> -->"))


@pytest.mark.timeout(30)  # one search over tag and comments would take longer than a night
@pytest.mark.parametrize("end", ["<rss></rss>" + "<!---->" * 2_500 + "x", "</rss><!--" * 1_900, "</rss><?" * 2_400])
def test_comments_without_end_take_no_time(end):
    """However many a feed opens or closes after its last tag, each is passed once."""
    assert not is_whole(end)
