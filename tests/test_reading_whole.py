"""Whatever a window, a page and a cap are, and wherever a run is killed: a search and a timeline have no hole."""

import itertools
from datetime import timedelta

import fake_bluesky as bluesky
import fake_mastodon as mastodon
import mastodon_source
from collecting import ids_of
from hypothesis import example, given, settings
from hypothesis import strategies as st
from loopback import serving

from connectors.source import Window


def read(make, window, kills):
    """Read a window in runs that are killed after so many pages each; the last one is left alone."""
    stored, position = [], None
    for pages in [*kills, None]:
        stored += itertools.islice(make().pages(window, position), pages)
        if stored and stored[-1].end != "more":
            break
        position = stored[-1].position if stored else None
    return stored


@settings(max_examples=20)
@given(
    gaps=st.lists(st.sampled_from([0, 0, 1, 1, 7, 60, 3600]), max_size=90),
    cap=st.integers(12, 60),
    size=st.integers(6, 30),
    since=st.integers(1, 4000),
    kills=st.lists(st.integers(1, 3), max_size=4),
    forged=st.none() | st.integers(0, 89),
)
@example(gaps=[0] * 90, cap=12, size=6, since=4000, kills=[], forged=None)
def test_a_search_is_sliced_without_a_hole(gaps, cap, size, since, kills, forged):
    """A complete window holds all its posts; a capped one all that are newer than what it says it reached."""
    seconds = list(itertools.accumulate(gaps))
    posts = []
    for number, ago in enumerate(seconds):
        one = bluesky.view(0, bluesky.NOON - timedelta(seconds=ago))
        posts.append(one | {"uri": f"at://{bluesky.ANNA}/app.bsky.feed.post/{number:04}"})
    if forged is not None and forged < len(posts):
        posts[forged]["indexedAt"] = "2011-01-01T00:00:00Z"
    begin = bluesky.NOON - timedelta(seconds=since)
    window = bluesky.window("search:planner", begin)
    with serving(bluesky.FakeBluesky(posts, cap=cap)) as server:
        pages = read(lambda: bluesky.source(server.base_url, page_size=size, cap=cap), window, kills)

    reached = begin if pages[-1].end == "complete" else pages[-1].reached
    wanted = {
        post["uri"]
        for post, ago in zip(posts, seconds, strict=True)
        if bluesky.NOON - timedelta(seconds=ago) > reached or (pages[-1].end == "complete" and ago < since)
    }
    assert wanted <= set(ids_of(pages))
    assert pages[-1].end != "more"


@settings(max_examples=20)
@given(
    gaps=st.lists(st.integers(1, 300), max_size=70),
    size=st.integers(2, 20),
    first=st.integers(0, 3000),
    length=st.integers(1, 6000),
    kills=st.lists(st.integers(1, 3), max_size=4),
)
def test_a_timeline_is_read_once_without_a_hole(gaps, size, first, length, kills):
    """Every status of the window arrives once, and its end is complete."""
    minutes = list(itertools.accumulate(gaps))
    until = mastodon.NOON - timedelta(minutes=first)
    window = Window("mastodon", "tag:hr@hr.example", until - timedelta(minutes=length), until)
    with serving(mastodon.FakeMastodon([mastodon.status(ago) for ago in minutes])) as server:
        pages = read(lambda: mastodon_source.source(server.base_url, page_size=size), window, kills)

    ids = ids_of(pages)
    assert {mastodon.status(ago)["uri"] for ago in minutes if first < ago <= first + length} <= set(ids)
    assert len(ids) == len(set(ids))
    assert pages[-1].end == "complete"
