"""Reddit through praw itself, against recorded answers.

Of faults here are those that depend on what a page holds; `test_faults_anywhere.py` has every other one.
"""

import threading
from datetime import UTC, datetime
from itertools import product

import pytest
from collecting import collected, ids_of, presences
from reddit_source import source, window
from replay import needs_replay

from connectors.errors import CostStopped, Refused, Transient
from connectors.mapping import map_page
from connectors.waiting import Waiting

TRANSIENT = ["truncated", "empty"]
FINAL = {"401": Refused, "403": Refused, "404": Refused, "402": CostStopped}
EVERYTHING = ("r/all/comments", datetime(2005, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def expected(recorded):
    """Give the ids of all recorded posts of the window, in their order."""
    return ids_of(impatient(recorded.base_url).pages(window(*EVERYTHING)))


def impatient(base_url):
    """Make a source whose limits a test can wait for."""
    return source(base_url, timeout=(2.0, 1.2), total_seconds=2.0)


@needs_replay
@pytest.mark.parametrize("skip", [0, 1], ids=["first page", "second page"])
@pytest.mark.parametrize("mode", TRANSIENT)
def test_a_passing_fault_costs_nothing(expected, replay, mode, skip):
    """A fault that hits one request is got over within the page, and every post arrives once."""
    replay.fault("reddit", mode, skip=skip)

    pages = list(impatient(replay.base_url).pages(window(*EVERYTHING)))
    assert expected == ids_of(pages)
    assert len(pages) + 2 == len(replay.log())  # the token, and the one that failed


@needs_replay
@pytest.mark.parametrize("mode", TRANSIENT)
def test_a_passing_fault_of_the_token_costs_nothing(replay, mode):
    """The token endpoint is given the same patience, which praw does not give it."""
    replay.fault("token", mode)

    assert next(impatient(replay.base_url).pages(window(*EVERYTHING))).end == "more"


@needs_replay
@pytest.mark.parametrize(("mode", "skip"), [*product(TRANSIENT, (0, 1)), *product(FINAL, (1,))])
def test_a_lasting_fault_keeps_what_came_before(expected, replay, mode, skip):
    """Under a fault that stays, the pages before it stand, and a later run reads the rest once."""
    replay.fault("reddit", mode, skip=skip, count=0)
    stored, error = collected(impatient(replay.base_url).pages(window(*EVERYTHING)))
    assert isinstance(error, FINAL.get(mode, Transient))
    assert skip == len(stored)

    replay.fault("reddit", "none")
    position = stored[-1].position if stored else None
    stored += impatient(replay.base_url).pages(window(*EVERYTHING), position)
    assert expected == ids_of(stored)


@needs_replay
@pytest.mark.parametrize("skip", [0, 1], ids=["first page", "second page"])
def test_a_malformed_item_is_set_aside_with_its_raw_text(expected, replay, skip):
    """One broken item costs itself alone, and reading it sends no hidden request."""
    replay.fault("reddit", "malformed", skip=skip)
    pages = list(impatient(replay.base_url).pages(window(*EVERYTHING)))

    rejects = [reject for page in pages for reject in map_page(page, source="reddit", query="q").rejects]
    assert (len(expected) - 1, 1) == (len(ids_of(pages)), len(rejects))
    assert "t1_" in rejects[0].raw
    assert len(pages) + 1 == len(replay.log())


@needs_replay
@pytest.mark.parametrize("query", ["r/all/new", "r/all/comments", "search:the@all"])
def test_recorded_items_map_without_a_reject(replay, query):
    """Every recorded item has a time in UTC, a text and an address."""
    pages = list(impatient(replay.base_url).pages(window(query, *EVERYTHING[1:])))
    mapped = [map_page(page, source="reddit", query=query) for page in pages]

    posts = [item for one in mapped for item in one.posts]
    assert [reject for one in mapped for reject in one.rejects] == []
    assert posts
    assert all(item.text and item.created_at.tzinfo is UTC for item in posts)
    assert all(item.url.startswith("https://www.reddit.com/r/") for item in posts)


@needs_replay
def test_recorded_refusals_concern_one_query(replay):
    """Private, banned, quarantined, unknown and suspended each refuse their own query."""
    one = source(replay.base_url)
    for query in ("r/private/new", "r/banned/new", "r/quarantined/new", "r/nosuchplace/new", "user:suspendeduser"):
        with pytest.raises(Refused) as caught:
            list(one.pages(window(query, *EVERYTHING[1:])))

        assert not caught.value.whole_source


@needs_replay
def test_deleted_items_are_found_out(replay):
    """What was deleted since is told apart from what is still there."""
    names = ids_of([next(impatient(replay.base_url).pages(window(*EVERYTHING)))])[:5]
    replay.delete(names[2])

    outcomes = presences(source(replay.base_url).look_again(names))
    assert list(outcomes.values()) == ["found", "found", "deleted", "found", "found"]


@needs_replay
def test_a_real_limiter_is_got_along_with(replay):
    """Against a limiter that counts, the waits add up and no page is lost."""
    replay.limit("reddit", 2, 0.4)
    waiting = Waiting(sleep=threading.Event().wait, first=0.2, chance=lambda: 0.0)
    pages = list(source(replay.base_url, waiting=waiting).pages(window(*EVERYTHING)))

    assert pages[-1].end == "complete"
