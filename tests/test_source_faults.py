"""Bluesky, Mastodon and feeds through their real clients against recorded answers, with faults on any page.

Here are those that depend on what a page holds; `test_faults_anywhere.py` has every other one.
"""

import json
from datetime import UTC, datetime
from itertools import product

import pytest
from collecting import IMPATIENT, collected, ids_of, patience, posts_of, presences, rejects_of
from replay import needs_replay

from connectors.bluesky.source import BlueskySource
from connectors.errors import CostStopped, Refused, Transient
from connectors.feeds.source import FeedsSource
from connectors.mastodon.source import MastodonSource
from connectors.source import Window

pytestmark = needs_replay

SINCE, UNTIL = datetime(2007, 1, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
FAULTS = ["truncated", "empty"]
FINAL = {"401": Refused, "403": Refused, "404": Refused, "402": CostStopped}


def bluesky(base_url):
    """Read the feed of the recorded author."""
    return BlueskySource(base_url=base_url, page_size=30, waiting=patience(), **IMPATIENT)


def bluesky_search(base_url):
    """Search, logged in."""
    return BlueskySource(
        handle="replay.test", app_password="pw-1", base_url=base_url, page_size=45, waiting=patience(), **IMPATIENT
    )


def mastodon(base_url):
    """Read a hashtag timeline with a token."""
    return MastodonSource(
        instances={"here": base_url}, tokens={"here": "tok-1"}, page_size=20, waiting=patience(), **IMPATIENT
    )


CASES = {
    "author feed": (bluesky, "author:chriskenny.bsky.social", "bluesky", "getAuthorFeed", 50),
    "search": (bluesky_search, "search:*", "bluesky", "searchPosts", 82),
    "hashtag": (mastodon, "tag:any@here", "mastodon", "timelines", 34),
}


@pytest.fixture(scope="module", params=CASES)
def case(request, recorded):
    """Give one way of collecting: its source, query, fault target and path, and the ids it has to find."""
    make, query, target, path, number = CASES[request.param]
    recorded.reset()
    window = Window("s", query, SINCE, UNTIL)
    expected = ids_of(make(recorded.base_url).pages(window))
    assert len(set(expected)) == number
    return make, window, {"target": target, "path": path}, expected


@pytest.mark.parametrize("skip", [0, 1], ids=["first page", "second page"])
@pytest.mark.parametrize("mode", FAULTS)
def test_a_passing_fault_costs_nothing(case, replay, mode, skip):
    """A fault that hits one request is got over within the page, and every post arrives once."""
    make, window, where, expected = case
    replay.fault(mode=mode, skip=skip, **where)
    assert ids_of(make(replay.base_url).pages(window)) == expected
    assert [entry["fault"] for entry in replay.log()].count(mode) == 1


@pytest.mark.parametrize(("mode", "skip"), [*product(FAULTS, (0, 1)), *product(FINAL, (1,))])
def test_a_lasting_fault_keeps_what_came_before(case, replay, mode, skip):
    """Under a fault that stays, the pages before it stand, and a later run reads the rest once."""
    make, window, where, expected = case
    replay.fault(mode=mode, skip=skip, count=0, **where)
    stored, error = collected(make(replay.base_url).pages(window))
    assert isinstance(error, FINAL.get(mode, Transient))
    assert len(stored) == skip
    assert "pw-1" not in str(error)
    assert "tok-1" not in str(error)
    replay.fault("all", "none")
    position = stored[-1].position if stored else None
    stored += make(replay.base_url).pages(window, position)
    assert ids_of(stored) == expected


@pytest.mark.parametrize("skip", [0, 1], ids=["first page", "second page"])
def test_a_malformed_item_is_set_aside_with_its_raw_text(case, replay, skip):
    """One broken item costs itself alone."""
    make, window, where, expected = case
    replay.fault(mode="malformed", skip=skip, **where)
    pages = list(make(replay.base_url).pages(window))
    assert len(expected) - 1 <= len(ids_of(pages)) <= len(expected)  # the broken one may have been a hidden one
    (reject,) = rejects_of(pages)
    assert json.loads(reject.raw).keys() & {"uri", "id"}


def test_killed_between_any_two_pages_nothing_is_lost_or_read_twice(case, replay):
    """Another process that goes on from a stored position reads the rest and only the rest."""
    make, window, _, expected = case
    pages = list(make(replay.base_url).pages(window))
    assert len(pages) > 1
    for stop in range(1, len(pages)):
        rest = list(make(replay.base_url).pages(window, pages[stop - 1].position))
        assert ids_of(pages[:stop]) + ids_of(rest) == expected


def test_recorded_items_map_without_a_reject(case, replay):
    """Every recorded post has an author and a time in UTC."""
    make, window, _, _ = case
    pages = list(make(replay.base_url).pages(window))
    assert rejects_of(pages) == []
    assert all(post.author_id and post.handle and post.created_at.tzinfo is UTC for post in posts_of(pages))


def test_no_hidden_requests(replay):
    """Bluesky: a page and its bios. Mastodon: a page. Search: one login. Nothing else is asked for."""
    for make, query, *_ in CASES.values():
        list(make(replay.base_url).pages(Window("s", query, SINCE, UNTIL)))
    asked = [(entry["path"].rsplit(".", 1)[-1].rsplit("/", 1)[-1], entry["auth"]) for entry in replay.log()]
    feeds = [("getAuthorFeed", ""), ("getProfiles", ""), ("getAuthorFeed", "")]
    searches = [("createSession", ""), *[("searchPosts", "Bearer"), ("getProfiles", "")] * 2]
    assert asked == [*feeds, *searches, *[("any", "Bearer")] * 3]


def test_a_limited_platform_is_waited_for(replay):
    """After a 429 the announced reset is waited for, not guessed."""
    waits = []
    replay.fault("mastodon", "429", reset=7)
    source = MastodonSource(instances={"here": replay.base_url}, waiting=patience(waits))
    list(source.pages(Window("s", "tag:any@here", SINCE, UNTIL)))
    waits = [wait for wait in waits if wait]
    assert waits
    assert all(5 < wait < 9 for wait in waits)


def test_deleted_posts_are_found_out(replay):
    """What was deleted since is told apart from what is still there."""
    source = bluesky(replay.base_url)
    ids = ids_of(source.pages(Window("s", "author:chriskenny.bsky.social", SINCE, UNTIL)))
    reposts = [post_id for post_id in ids if "#reposted-by=" in post_id]
    replay.delete(ids[0], reposts[0].partition("#")[0])
    outcomes = presences(source.look_again([*ids, "no id"]))
    gone = {ids[0], reposts[0]}
    assert {post_id for post_id, outcome in outcomes.items() if outcome == "deleted"} == gone
    assert outcomes["no id"] == "unknown"
    assert list(outcomes.values()).count("found") == len(ids) - 2


def test_deleted_statuses_are_found_out_at_their_own_server(replay):
    """A status is asked for where it comes from; other servers are left alone."""
    source = MastodonSource(instances={"localhost:3000": replay.base_url}, waiting=patience())
    ids = ids_of(source.pages(Window("s", "tag:any@localhost:3000", SINCE, UNTIL)))
    local = [uri for uri in ids if "localhost:3000" in uri][:3]
    replay.delete(local[1].rsplit("/", 1)[1])
    outcomes = presences(source.look_again([*local, "https://far.example/users/anna/statuses/5"]))
    assert list(outcomes.values()) == ["found", "deleted", "found", "unknown"]


@pytest.mark.parametrize("mode", FAULTS)
def test_a_passing_fault_costs_a_feed_nothing(replay, mode):
    """A feed arrives whole after each fault that passes."""
    url = f"{replay.base_url}/rss/AmazonWebServicesBlog.xml"
    replay.fault("rss", mode)
    source = FeedsSource(urls=[url], waiting=patience(), **IMPATIENT)
    assert len(ids_of(source.pages(Window("feeds", url, SINCE, UNTIL)))) == 10


@pytest.mark.parametrize("mode", [*FAULTS, *FINAL])
def test_a_lasting_fault_of_a_feed_is_named(replay, mode):
    """A feed that stays away is transient or refused, and never an empty success."""
    url = f"{replay.base_url}/rss/AmazonWebServicesBlog.xml"
    replay.fault("rss", mode, count=0)
    stored, error = collected(FeedsSource(urls=[url], waiting=patience()).pages(Window("feeds", url, SINCE, UNTIL)))
    assert stored == []
    assert isinstance(error, FINAL.get(mode, Transient))


def test_recorded_feeds_map_with_dates_texts_and_languages(replay):
    """RSS 1.0, RSS 2.0 and Atom all give posts; the blog is the author."""
    names = ["AmazonWebServicesBlog", "FeedBurnerXHTML", "HREFConsideredHarmful", "HuffPostCanada", "youtube_atom"]
    urls = [f"{replay.base_url}/rss/{name}.xml" for name in names]
    source = FeedsSource(urls=urls, waiting=patience())
    found = [posts_of(source.pages(Window("feeds", url, SINCE, UNTIL))) for url in urls]
    assert [len(posts) for posts in found] == [10, 10, 10, 2, 15]
    assert all(post.author_id == url for url, posts in zip(urls, found, strict=True) for post in posts)
    assert not [post for posts in found for post in posts if "<p>" in post.text or not post.display_name]
