"""Where a credential may be sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base_url import checked_base_url


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://api.x.com", "https://api.x.com"),
        ("https://api.x.com/", "https://api.x.com"),
        ("https://proxy.example.org/x/", "https://proxy.example.org/x"),
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://localhost:1/", "http://localhost:1"),
        ("http://[::1]:8787", "http://[::1]:8787"),
    ],
)
def test_https_and_loopback_are_allowed(url, kept):
    """Https may go anywhere, plain http to this machine; a trailing slash is dropped."""
    assert kept == checked_base_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.x.com",
        "http://127.0.0.1.example.org",
        "http://10.0.0.1",
        "http://0.0.0.0:80",
        "http://localhost.example.org",
        "http://example.org#@127.0.0.1",
        "http://127.0.0.1:80@example.org",
        "https://example.org\\@127.0.0.1",
        "https://example.org/a b",
        "https://example.org/\n",
        "https://example.org?token=x",
        "ftp://127.0.0.1",
        "api.x.com",
        "https://",
        "http://[::1",
        "http://127.0.0.1:port",
        "",
    ],
)
def test_everything_else_is_refused_in_one_line(url):
    """Clear text to another machine, and whatever could be read in two ways, is refused."""
    with pytest.raises(ValueError, match=r"^base_url[^\n]*$"):
        checked_base_url(url)


def test_a_secret_in_the_url_is_not_repeated():
    """The message about credentials in a URL does not show them."""
    for url in ("https://noor:geheim@example.org", "https://example.org?key=geheim"):
        with pytest.raises(ValueError, match="base_url") as caught:
            checked_base_url(url)

        assert "geheim" not in str(caught.value)


@given(st.text())
def test_no_text_breaks_it(text):
    """Any text is either allowed or a ValueError."""
    try:
        kept = checked_base_url(text)
    except ValueError:
        return
    assert kept.startswith(("https://", "http://"))
