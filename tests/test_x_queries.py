"""What X can be asked for, and in which windows and from which place."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from fake_x import NOON, FakeX, series
from hypothesis import given, settings
from hypothesis import strategies as st
from loopback import serving

from connectors.mapping import map_page
from connectors.source import Window
from connectors.waiting import Waiting
from connectors.x.queries import Query, cut, read_query
from connectors.x.source import XSource

MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
TEXTS = st.none() | st.text(max_size=20)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("timeline:noor_vdberg_hr", Query("timeline", "noor_vdberg_hr")),
        ("timeline:@12345", Query("timeline", "@12345")),
        ("timeline:abcdefghij_1234", Query("timeline", "abcdefghij_1234")),
        ("timeline:1234567890123456789", Query("timeline", "1234567890123456789")),
        ("list:77", Query("list", "77")),
        ("search:#hr lang:nl", Query("search", "#hr lang:nl")),
        ("archive:(werk OR baan) -is:retweet", Query("archive", "(werk OR baan) -is:retweet")),
    ],
)
def test_a_query_is_read(text, query):
    """The mode stands before the first colon."""
    assert query == read_query(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "hr",
            "search:",
            "search: ",
            "list:abc",
            "timeline:a b",
            "timeline:a/b",
            "stream:hr",
            "search:" + "x" * 513,
        ),
        *("timeline:abcdefghij_12345", "timeline:noël", "timeline:@1234567890123456", "timeline:12345678901234567890"),
    ],
)
def test_a_wrong_query_is_refused_before_anything_is_sent(text):
    """A source with a query that X cannot answer is not made, and the message shows the place."""
    with pytest.raises(ValueError, match=r"^x query"):
        XSource(bearer_token="t", queries=[text])


@given(st.sampled_from(["archive:x", "search:x", "timeline:x", "list:1"]), MOMENTS, MOMENTS, MOMENTS)
def test_windows_cover_a_period_without_hole_or_overlap(query, since, until, now):
    """Windows follow each other from since to until, or to now, and none is longer than its way allows."""
    windows = list(cut("x", query, since, until, now))

    end = min(until, now - timedelta(minutes=1))
    assert bool(windows) == (since < end)
    if windows:
        assert end == windows[-1].until
        assert since <= windows[0].since <= since + timedelta(minutes=71 if query == "search:x" else 0)
    assert all(before.until == after.since for before, after in itertools.pairwise(windows))
    assert all(window.since < window.until for window in windows)
    if query == "archive:x":
        assert all(window.until - window.since <= timedelta(days=30) for window in windows)


def test_what_recent_search_cannot_reach_is_a_window_of_its_own():
    """A hole shows in the ledger; a beginning at the very limit is moved up, so that it does not age in the queue."""
    lost = list(cut("x", "search:hr", NOON - timedelta(days=9), NOON, NOON))
    limit = list(cut("x", "search:hr", NOON - timedelta(days=7), NOON, NOON))

    reachable = NOON - timedelta(days=7) + timedelta(minutes=10)
    assert [NOON - timedelta(days=9), reachable] == [window.since for window in lost]
    assert [reachable] == [window.since for window in limit]


@settings(max_examples=20)
@given(
    number=st.integers(0, 45),
    size=st.integers(10, 20),
    first=st.integers(-3, 45),
    length=st.integers(1, 60),
    kill=st.integers(1, 5),
)
def test_any_window_is_read_whole_whenever_it_is_interrupted(number, size, first, length, kill):
    """Whatever the window, the page size and the moment of the crash: each post once, no other."""
    posts = series(number)
    until = NOON - timedelta(hours=first) + timedelta(minutes=30)
    window = Window("x", "archive:werk", until - timedelta(hours=length), until)
    stored = []
    with serving(FakeX(posts)) as x:
        position = None
        while not stored or stored[-1].end == "more":
            source = XSource(
                bearer_token="token-of-noor",
                base_url=x.base_url,
                page_size=size,
                waiting=Waiting(sleep=lambda _seconds: False),
            )
            stored += list(itertools.islice(source.pages(window, position), kill))
            position = stored[-1].position

    ids = [post.post_id for page in stored for post in map_page(page, source="x", query="q").posts]
    wanted = [item["id"] for item in posts if window.since <= datetime.fromisoformat(item["created_at"]) < window.until]
    assert wanted == ids
    assert len(x.asked) == len(stored)
