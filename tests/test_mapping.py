"""From a page's format to the function that reads it."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from connectors.mapping import map_page
from connectors.source import Page


def test_an_unknown_format_names_those_known():
    """A page of a format that nobody reads says which formats there are."""
    page = Page(format="gopher/menu", payload="", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), end="complete")
    with pytest.raises(ValueError, match=r"gopher/menu.*reddit/listing.*x/posts"):
        map_page(page, source="x", query="q")


def test_mapping_imports_no_client():
    """Stored pages are mapped without a platform's library."""
    program = (
        "import sys, datetime; from connectors.mapping import map_page; from connectors.source import Page;"
        "[map_page(Page(format=f, payload='{}', fetched_at=datetime.datetime.now(datetime.UTC), end='complete'),"
        " source='s', query='q') for f in ('x/posts', 'reddit/listing')];"
        "print(sorted({'tweepy', 'praw', 'prawcore', 'requests', 'atproto'} & set(sys.modules)))"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert printed.strip() == "[]"
