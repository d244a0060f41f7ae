"""X through tweepy itself against recorded answers.

Of faults here are those that depend on what a page holds; `test_faults_anywhere.py` has every other one.
"""

import json
from datetime import UTC, datetime
from itertools import product

import pytest
from collecting import collected, ids_of, presences
from replay import needs_replay
from x_source import source, window

from connectors.errors import CostStopped, Refused, Transient
from connectors.mapping import map_page

TRANSIENT = ["truncated", "empty"]
FINAL = {"401": Refused, "403": Refused, "404": Refused, "402": CostStopped}
EVERYTHING = ("archive:*", datetime(2021, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC))


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
    replay.fault("x", mode, skip=skip)

    pages = list(impatient(replay.base_url).pages(window(*EVERYTHING)))
    assert expected == ids_of(pages)
    assert len(pages) + 1 == len(replay.log())


@needs_replay
@pytest.mark.parametrize(("mode", "skip"), [*product(TRANSIENT, (0, 1)), *product(FINAL, (1,))])
def test_a_lasting_fault_keeps_what_came_before(expected, replay, mode, skip):
    """Under a fault that stays, the pages before it stand, and a later run reads the rest once."""
    replay.fault("x", mode, skip=skip, count=0)
    stored, error = collected(impatient(replay.base_url).pages(window(*EVERYTHING)))
    assert isinstance(error, FINAL.get(mode, Transient))
    assert skip == len(stored)
    replay.fault("x", "none")
    position = stored[-1].position if stored else None
    stored += impatient(replay.base_url).pages(window(*EVERYTHING), position)
    assert expected == ids_of(stored)


@needs_replay
@pytest.mark.parametrize("skip", [0, 1], ids=["first page", "second page"])
def test_a_malformed_item_is_set_aside_with_its_raw_text(expected, replay, skip):
    """One broken item costs itself alone."""
    replay.fault("x", "malformed", skip=skip)
    pages = list(impatient(replay.base_url).pages(window(*EVERYTHING)))

    rejects = [reject for page in pages for reject in map_page(page, source="x", query="q").rejects]
    assert len(expected) - 1 == len(ids_of(pages))
    assert [json.loads(reject.raw) for reject in rejects] == [{"id": None, "text": None, "created_at": "not a date"}]


@needs_replay
def test_recorded_posts_map_without_a_reject(replay):
    """Every recorded post has an author, a time in UTC and its text."""
    pages = list(impatient(replay.base_url).pages(window(*EVERYTHING)))
    mapped = [map_page(page, source="x", query="q") for page in pages]

    posts = [item for one in mapped for item in one.posts]
    assert [reject for one in mapped for reject in one.rejects] == []
    assert all(item.author_id and item.text and item.created_at.tzinfo is UTC for item in posts)
    assert {"post", "reply", "repost", "quote"} == {item.kind for item in posts}
    assert not [item for item in posts if item.kind == "repost" and item.text.startswith("RT @") and item.likes]


@needs_replay
def test_no_hidden_requests_and_no_other_credential(replay):
    """One request a page, each with the bearer token and no other."""
    pages = list(impatient(replay.base_url).pages(window(*EVERYTHING)))

    log = replay.log()
    assert len(pages) == len(log)
    assert {("Bearer", "GET", "/2/tweets/search/all")} == {(one["auth"], one["method"], one["path"]) for one in log}


@needs_replay
def test_a_bad_token_is_refused_with_the_platforms_reason(replay):
    """The replay server refuses the token `bad` as X does."""
    with pytest.raises(Refused, match="401: Unauthorized") as caught:
        list(source(replay.base_url, bearer_token="bad").pages(window(*EVERYTHING)))

    assert caught.value.whole_source


@needs_replay
def test_recorded_accounts_unknown_or_suspended_are_refused_alone(replay):
    """Unknown by id, unknown by name and suspended: each refuses its own query."""
    for query in ("timeline:1", "timeline:nosuchperson", "timeline:45648666"):
        with pytest.raises(Refused) as caught:
            list(source(replay.base_url).pages(window(query)))

        assert not caught.value.whole_source


@needs_replay
def test_deleted_posts_are_found_out(replay):
    """What was deleted since is told apart from what is still there."""
    keys = list(dict.fromkeys(ids_of([next(impatient(replay.base_url).pages(window(*EVERYTHING)))])))[:5]
    replay.delete(keys[0])

    assert ["deleted", *["found"] * 4] == list(presences(source(replay.base_url).look_again(keys)).values())
