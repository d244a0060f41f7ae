"""From a page's format to the function that reads it."""

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mapping import map_page
from connectors.source import Page

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


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


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
ROW = st.dictionaries(
    st.sampled_from(
        ["id", "text", "body", "title", "created_at", "created_utc", "data", "author", "_meta", "uri", "post"]
    )
    | st.sampled_from(
        ["record", "account", "content", "reblog", "referenced_tweets", "values", "line", "wrong", "reason"]
    ),
    JSON,
    max_size=6,
)
FORMATS = ["bluesky/feed", "bluesky/posts", "mastodon/statuses", "feed/entries", "linkedin/shares", "linkedin/comments"]


def assert_sound(mapped):
    """Every post names its account's platform, itself and a moment; what is none keeps its raw text and says why."""
    assert all(post.platform and post.post_id and post.created_at.tzinfo for post in mapped.posts)
    assert all(reject.reason and isinstance(reject.raw, str) for reject in mapped.rejects)


@given(st.sampled_from([*FORMATS, "table/rows"]), st.lists(ROW | JSON, max_size=3), JSON)
def test_no_stored_page_makes_the_mapping_fail(format_, items, other):
    """Whatever a platform or a file holds, a page becomes posts and rejects."""
    columns = {"platform": "=x", "created_at": "created_at", "text": "text"}
    document = {"feed": items, "posts": items, "rows": items, "owner": {"id": "a"}, "file": "f", "columns": columns}
    for payload in (document, items, other, {"page": other}, {"url": "https://a.example", "text": other}):
        assert_sound(map_page(Page(format_, json.dumps(payload), NOON, "complete"), source="s", query="q"))


@given(st.sampled_from(["twarc/lines", "reddit/archive"]), st.lists(ROW | JSON, max_size=4))
def test_no_stored_line_makes_the_mapping_fail(format_, items):
    """The same for lines, each of which is a post, a reject or nothing."""
    payload = "\n".join(json.dumps(item) for item in ({"file": "f", "line": 1}, *items))
    assert_sound(map_page(Page(format_, payload, NOON, "complete"), source="s", query="q"))
