"""Asking many servers about stored posts: one that is gone keeps nobody from asking the others."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from collecting import patience
from fake_mastodon import status
from loopback import Told, serving
from stocked import post as stored

from connectors.errors import Transient
from connectors.mastodon.source import MastodonSource
from connectors.presence import Look
from connectors.source import Mapped
from flows.asking import ask, requests_for
from flows.opening import opened
from flows.settings import Settings
from warehouse import sweeping
from warehouse.load import merge_posts

NOW = datetime.now(UTC)
GONE = [f"https://weg.example/users/noor/statuses/{number}" for number in range(1, 4)]
THERE = [f"https://hr.example/users/noor/statuses/{number}" for number in range(4, 6)]


@contextmanager
def vault(home, ids):
    """The vault of a home with these posts, the first looked at the longest ago."""
    with opened(Settings(home=home, _env_file=None)) as (con, keys):
        days = [NOW - timedelta(days=60 - number) for number in range(len(ids))]
        posts = tuple(
            stored(number, platform="mastodon", post_id=post_id, created_at=day, collected_at=day)
            for number, (post_id, day) in enumerate(zip(ids, days, strict=True))
        )
        merge_posts(con, [(0, Mapped(posts))], keys.pseudonym)
        yield con


@pytest.fixture
def source():
    """Two servers, of which one has closed its port and the other shows one of its statuses no more."""
    with serving(lambda _: Told({})) as closed:
        pass

    def answer(asked):
        return Told({"error": "Record not found"}, 404) if asked.path.endswith("/4") else Told(status(5))

    with serving(answer) as hr:
        instances = {"weg.example": closed.base_url, "hr.example": hr.base_url}
        yield MastodonSource(instances=instances, waiting=patience())


def test_a_server_that_is_gone_keeps_nobody_from_asking_the_others(tmp_path, source):
    """What the others say is on record; of the silent one nothing is, and the reason is told once."""
    asked: list[int] = []
    with vault(tmp_path, GONE + THERE) as con:
        settings = Settings(home=tmp_path, _env_file=None)
        due = sweeping.due(con, "mastodon", 36, NOW, 10)
        reason = ask(con, settings, "mastodon", source, due, "r1", asked.append, threading.Event())
        looks = con.execute("select post_id, outcome from looks order by post_id").fetchall()

    assert set(due) == {*GONE, *THERE}
    assert looks == [(THERE[0], "deleted"), (THERE[1], "found")]
    assert (asked, reason) == ([2], "weg.example could not be reached: ConnectionError")


def test_a_platform_that_is_one_server_fails_as_a_whole(tmp_path, source):
    """Its ids name no server, so there is nobody else to ask."""
    source.look_again = lambda _ids: (_ for _ in ()).throw(Transient("nobody answers"))
    with vault(tmp_path, []) as con, pytest.raises(Transient):
        ask(con, Settings(), "bluesky", source, ["at://a/b/1"], "r1", lambda _: None, threading.Event())


def test_a_server_whose_posts_stay_the_oldest_leaves_room_for_the_others(tmp_path):
    """It gets a quarter of a sweep while others wait, and the rest of the room when nobody does."""
    with vault(tmp_path, GONE + THERE) as con:
        few, more = (sweeping.due(con, "mastodon", 36, NOW, limit) for limit in (2, 8))

    assert few == [GONE[0], THERE[0]]
    assert more == [*GONE[:2], *THERE, GONE[2]]


@pytest.mark.parametrize("limit", [7, 15, 40])
def test_every_post_is_asked_about_once_whatever_the_limit(tmp_path, source, monkeypatch, limit):
    """Sweep after sweep, where the limit is no multiple of a batch: nobody is passed over, and nobody asked twice."""
    monkeypatch.setattr("flows.asking.BATCH", 4)
    ids = [f"https://{host}.example/users/noor/statuses/{number}" for host in "ab" for number in range(11)]
    seen: list[str] = []
    source.look_again = lambda batch: seen.extend(batch) or {post_id: Look("found") for post_id in batch}
    with vault(tmp_path, ids) as con:
        settings = Settings(home=tmp_path, _env_file=None)
        for _ in ids:
            due = sweeping.due(con, "mastodon", 36, datetime.now(UTC), limit)
            ask(con, settings, "mastodon", source, due, "r1", lambda _: None, threading.Event(), is_sweep=True)

    assert sorted(seen) == sorted(ids)


def test_the_number_of_requests_is_that_of_the_batches():
    """115 posts of one server are two batches of one size, of which Bluesky asks about 25 posts at a time."""
    ids = [f"at://noor/post/{number}" for number in range(115)]

    assert [requests_for(name, ids) for name in ("x", "bluesky", "mastodon")] == [2, 6, 115]
    assert requests_for("mastodon", GONE + THERE) == 5
    assert requests_for("x", []) == 0
