"""Counts of young posts are read again once a day, each time a dated snapshot, within limits; old posts are left."""

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from collecting import same_day
from fake_reddit import FakeReddit, submission
from fake_x import FakeX, post
from loopback import Told, serving
from stocked import post as stored

from connectors.presence import Counts
from connectors.reddit.source import RedditSource
from connectors.source import Mapped
from connectors.waiting import Waiting
from connectors.x.source import XSource
from flows.refresh import refresh
from flows.settings import Settings
from flows.sources import build_sources
from flows.sweep import sweep_now
from warehouse import refreshing
from warehouse.keys import read_keys
from warehouse.load import merge_posts
from warehouse.vault import open_vault

NOW = datetime.now(UTC).replace(microsecond=0)
BEFORE = NOW - timedelta(hours=30)
"""On another UTC day than today, whatever the hour."""


@contextmanager
def opened(home):
    """The vault of a home."""
    with open_vault(home / "vault.duckdb", read_keys(home / "keys").vault) as con:
        yield con


def fill(home, ids, **changed):
    """Store posts of the day before yesterday as they were then."""
    posts = tuple(
        stored(number, **({"post_id": post_id, "created_at": BEFORE, "collected_at": BEFORE} | changed))
        for number, post_id in enumerate(ids)
    )
    with opened(home) as con:
        merge_posts(con, [(0, Mapped(posts))], read_keys(home / "keys").pseudonym)


def settings(home, x, days=3, budget=None, **sections):
    """Settings for X at a loopback address."""
    section = {"bearer_token": "token-of-noor", "base_url": x.base_url, "queries": ("search:#hr",)}
    return Settings(home=home, x=section | {"refresh_days": days, "budget": budget or {}}, **sections, _env_file=None)


def refreshed(given, stop=None):
    """Run the step by itself."""
    with opened(given.home) as con:
        return refresh.fn(con, given, build_sources(given, NOW.date()), "r1", stop or threading.Event())


def snapshots(home):
    """Likes of every snapshot, by post and in the order of time."""
    with opened(home) as con:
        return con.execute(
            "select post_id, list(likes order by collected_at) from metrics group by all order by 1"
        ).fetchall()


@pytest.fixture
def ids():
    """Three posts at X."""
    return ["2001", "2002", "2003"]


def test_collecting_again_is_a_look_when_the_post_has_changed(tmp_path, ids):
    """One that comes again as it was is read again on the same day, one with other counts is not."""
    fill(tmp_path, ids)
    fill(tmp_path, ids[:1], collected_at=NOW)
    changed = stored(1, post_id=ids[1], created_at=BEFORE, collected_at=NOW, likes=900)
    with opened(tmp_path) as con:
        merge_posts(con, [(0, Mapped((changed,)))], read_keys(tmp_path / "keys").pseudonym)

        assert refreshing.due(con, "x", 3, NOW, 10) == [ids[0], ids[2]]


def test_each_refresh_is_a_dated_snapshot_and_the_post_carries_it(tmp_path, ids):
    """Moved or not; a second run of the same day asks nothing, and the reads stand in the ledger."""
    same_day(60)
    fill(tmp_path, ids, likes=4)
    metrics = {"like_count": 9, "reply_count": 1, "retweet_count": 2, "quote_count": 0, "impression_count": 5}
    there = [post(id=ids[0]), post(id=ids[1], public_metrics=metrics), post(id=ids[2])]
    with serving(FakeX(there)) as x:
        first = refreshed(settings(tmp_path, x))
        second = refreshed(settings(tmp_path, x))

    assert (first, second, x.paths) == ({"refreshed": 3}, {}, ["/2/tweets"])
    assert snapshots(tmp_path) == [("2001", [4, 4]), ("2002", [4, 9]), ("2003", [4, 4])]
    with opened(tmp_path) as con:
        assert con.execute("select likes, views from posts order by post_id").fetchall() == [(4, 90), (9, 5), (4, 90)]
        assert con.execute("select resource, sum(amount) from reads group by all").fetchall() == [("post", 3)]


@pytest.mark.parametrize(
    "changed",
    [lambda _: {"created_at": BEFORE - timedelta(days=9)}, lambda now: {"collected_at": now}],
    ids=["old", "seen today"],
)
def test_old_posts_and_those_seen_today_are_left(tmp_path, ids, changed):
    """No request is made for them."""
    fill(tmp_path, ids, **changed(same_day(60)))  # today is that of the test, not of its import
    with serving(FakeX([post(id=key) for key in ids])) as x:
        assert refreshed(settings(tmp_path, x)) == {}

    assert x.asked == []


def test_nothing_is_refreshed_at_x_unless_it_is_asked_for(tmp_path, ids):
    """Each look is a paid read, so the default is 0 days."""
    fill(tmp_path, ids)
    with serving(FakeX([post(id=key) for key in ids])) as x:
        refreshed(settings(tmp_path, x, days=Settings().x.refresh_days))

    assert x.asked == []


def test_limits_hold(tmp_path, ids):
    """So many posts a run, and no more than the budget pays for."""
    fill(tmp_path, ids)
    with serving(FakeX([post(id=key) for key in ids])) as x:
        poor = refreshed(settings(tmp_path, x, budget={"per_day": 0.01}))
        none = len(x.asked)
        some = refreshed(settings(tmp_path, x, nightly={"refresh_posts": 2}))

    assert (poor, none, some) == ({}, 0, {"refreshed": 2})


def test_a_platform_that_fails_ends_nothing(tmp_path, ids):
    """The step says what it could not do, and stores nothing."""
    fill(tmp_path, ids)
    with serving(lambda _: Told({"detail": "no"}, 401)) as x:
        assert refreshed(settings(tmp_path, x)) == {}

    assert [len(seen) for _, seen in snapshots(tmp_path)] == [1, 1, 1]


def test_a_run_that_stops_asks_nothing(tmp_path, ids):
    """The stop is looked at before every batch."""
    stop = threading.Event()
    stop.set()
    fill(tmp_path, ids)
    with serving(FakeX([post(id=key) for key in ids])) as x:
        assert refreshed(settings(tmp_path, x), stop) == {}

    assert x.asked == []


def test_what_is_gone_goes_the_way_of_the_sweep(tmp_path, ids):
    """The refresh notices it, the next sweep erases it without asking again."""
    fill(tmp_path, ids)
    with serving(FakeX([post(id=key) for key in ids], gone={ids[1]: "Not Found Error"})) as x:
        refreshed(settings(tmp_path, x))
        swept = sweep_now(settings(tmp_path, x))

    assert (swept["counts"], len(x.asked)) == ({"erased_deleted": 1}, 1)
    assert [post_id for post_id, _ in snapshots(tmp_path)] == [ids[0], ids[2]]


def test_the_sweep_takes_the_counts_of_young_posts_along(tmp_path, ids):
    """One request serves both; an old post gets no snapshot, for it would get one for ever."""
    fill(tmp_path, ids[:2], likes=1)
    fill(tmp_path, ids[2:], likes=1, created_at=BEFORE - timedelta(days=90))
    with serving(FakeX([post(id=key) for key in ids])) as x:
        given = settings(tmp_path, x, sweep={"x_hours": 24})
        sweep_now(given)
        assert refreshed(given) == {}

    assert len(x.asked) == 1
    assert snapshots(tmp_path) == [("2001", [1, 4]), ("2002", [1, 4]), ("2003", [1])]


def test_a_night_refreshes_and_says_so(etalage):
    """The step is part of the run: after loading, shown with its number, published as dated counts."""
    fill(etalage.home, ["2001"], likes=1)
    with serving(FakeX([post(id="2001")])) as x:
        etalage.configure(
            f'[x]\nbearer_token = "token-of-noor"\nbase_url = "{x.base_url}"\nqueries = ["search:niets"]\n'
            "refresh_days = 3\n"
        )
        answer = etalage("nightly")

    assert answer.returncode == 0, answer.stderr
    assert "Refreshing counts, x: 1 post " in answer.stderr
    assert [row["likes"] for row in etalage.sql("select likes from core.metrics order by collected_at")] == [1, 4]


def test_a_repost_of_x_keeps_the_likes_of_its_original(tmp_path):
    """Alone it has zeros that mean nothing, and its original would be another paid read."""
    repost = post(id="2001", referenced_tweets=[{"type": "retweeted", "id": "1999"}])
    with serving(FakeX([repost])) as x:
        [look] = XSource(bearer_token="token-of-noor", base_url=x.base_url).look_again(["2001"]).values()

    assert (look.presence, look.counts.likes, look.counts.reposts) == ("found", None, 2)


def test_an_edited_post_keeps_the_counts_of_its_newest_version(tmp_path):
    """It is asked about by its first id: X answers with that version, whose counts stand still since the edit."""
    nothing = dict.fromkeys(post()["public_metrics"], 0)
    first = post(BEFORE, id="2001", edit_history_tweet_ids=["2001", "2002"], public_metrics=nothing)
    fill(tmp_path, ["2001"], likes=32, edited_at=BEFORE + timedelta(minutes=20))
    with serving(FakeX([first])) as x:
        given = settings(tmp_path, x, sweep={"x_hours": 24})
        sweep_now(given)

    assert [asked.query["ids"] for asked in x.asked] == ["2001"]
    assert snapshots(tmp_path) == [("2001", [32])]
    with opened(tmp_path) as con:
        assert con.execute("select likes, outcome from posts join looks using (platform, post_id)").fetchall() == [
            (32, "found")
        ]


@pytest.mark.parametrize("strange", ["20260310120000000000", "-1", "", "2001,2002", "\u0662", "2001\n"])
def test_what_x_reads_as_no_id_is_unknown_and_costs_nobody_a_look(strange):
    """X refuses a whole request over one id that it cannot read: that one is not asked about."""
    posts = FakeX([post(id="2001")])

    def answer(asked):
        ids = asked.query["ids"].split(",")
        return Told({"title": "Invalid Request"}, 400) if ids != ["2001"] else posts(asked)

    with serving(answer) as x:
        looks = XSource(bearer_token="token-of-noor", base_url=x.base_url).look_again([strange, "2001"])

    assert {key: look.presence for key, look in looks.items()} == {strange: "unknown", "2001": "found"}


def test_reddit_gives_counts_with_its_answer():
    """The same mapping as for a listing; what is gone has none."""
    things = [submission(1), submission(2, selftext="[removed]")]
    with serving(FakeReddit(things)) as reddit:
        source = RedditSource(
            client_id="id",
            client_secret="secret",
            user_agent="linux:nl.etalage:0.1 (test)",
            base_url=reddit.base_url,
            waiting=Waiting(sleep=lambda _seconds: False),
        )
        looks = list(source.look_again([thing["data"]["name"] for thing in things]).values())

    data = things[0]["data"]
    assert (looks[0].counts.likes, looks[0].counts.replies) == (data["score"], data["num_comments"])
    assert (looks[1].presence, looks[1].counts) == ("deleted", None)


def test_a_count_that_fits_no_column_is_left_out(tmp_path):
    """The post keeps its counts of before and gets no snapshot; the others' looks are stored."""
    fill(tmp_path, ["1", "2"], likes=5)
    counts = {"1": Counts(10**25, 0, 0, 0, 0), "2": Counts(6, 0, 0, 0, 0)}
    with opened(tmp_path) as con:
        refreshing.recount(con, "x", counts, 7, NOW)

        assert con.execute("select post_id, likes from posts order by all").fetchall() == [("1", 5), ("2", 6)]
        snapshots = con.execute("select post_id from metrics where collected_at = $now", {"now": NOW}).fetchall()
        assert snapshots == [("2",)]
