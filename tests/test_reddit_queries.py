"""What Reddit can be asked for, and reading it whole whatever happens in between."""

import itertools
from datetime import timedelta

import pytest
from fake_reddit import NOON, FakeReddit, series
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import serving

from connectors.mapping import map_page
from connectors.reddit.queries import Query, read_query
from connectors.reddit.source import RedditSource
from connectors.source import Window
from connectors.waiting import Waiting


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("r/werkplein/new", Query("new", "werkplein")),
        ("r/werkplein+hrhulp/comments", Query("comments", "werkplein+hrhulp")),
        ("r/u2/new", Query("new", "u2")),
        ("search:hr dag@werkplein", Query("search", "werkplein", "hr dag")),
        ("search:mail a@b.nl@werkplein", Query("search", "werkplein", "mail a@b.nl")),
        ("search:hr dag", Query("search", "all", "hr dag")),
        ("user:saskia_hrm", Query("user", "saskia_hrm")),
        ("user:u/saskia-hrm", Query("user", "saskia-hrm")),
    ],
)
def test_a_query_is_read(text, query):
    """Subreddits, searches and users each have their way of writing."""
    assert query == read_query(text)


@pytest.mark.parametrize(
    "text", ["", "r/werkplein", "r/a b/new", "r/../new", "search:", "search:@werkplein", "user:a/b", "x:y"]
)
def test_a_wrong_query_is_refused_before_anything_is_sent(text):
    """A source with a query that Reddit cannot answer is not made, and the message shows how to write one."""
    with pytest.raises(ValueError, match=r"^reddit query .* write"):
        RedditSource(client_id="a", client_secret="b", user_agent="test agent", queries=[text])


@pytest.mark.parametrize("text", ["r/u_anna/new", "/r/U_Anna/comments", "r/hr+u_anna/new", "search:hr@u_anna"])
def test_somebodys_own_page_is_asked_for_by_name(text):
    """As user:anna, which logs do not show and an erasure closes."""
    with pytest.raises(ValueError, match="user:NAME"):
        read_query(text)


@settings(max_examples=20)
@given(
    number=st.integers(1, 45),
    size=st.integers(3, 15),
    hours=st.integers(1, 60),
    kill=st.integers(1, 4),
    gone=st.sets(st.integers(0, 44), max_size=8),
)
def test_any_window_is_read_whole_though_items_vanish_meanwhile(number, size, hours, kill, gone):
    """Whatever is deleted between a crash and the next run: all that is left in the window is read."""
    things = series(number)
    since = NOON - timedelta(hours=hours)
    window = Window("reddit", "r/werkplein/new", since, NOON + timedelta(hours=1))
    left = [thing for index, thing in enumerate(things) if index not in gone] or things
    stored, position, now = [], None, things
    while not stored or stored[-1].end == "more":
        with serving(FakeReddit(now, size=size)) as reddit:
            source = RedditSource(
                client_id="a",
                client_secret="b",
                user_agent="test agent",
                base_url=reddit.base_url,
                waiting=Waiting(sleep=lambda _seconds: False),
            )
            stored += list(itertools.islice(source.pages(window, position), kill))
        position, now = stored[-1].position, left

    ids = {post.post_id for page in stored for post in map_page(page, source="reddit", query="q").posts}
    wanted = {thing["data"]["name"] for thing in left if thing["data"]["created_utc"] >= since.timestamp()}
    assert wanted <= ids
    assert stored[-1].end == "complete"
