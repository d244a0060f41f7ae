"""Clocks that jump and nights of 23 and 25 hours: no hole in what is collected, nothing frozen, one run a night."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from prefect.client.schemas.schedules import CronSchedule
from prefect.server.schemas.schedules import CronSchedule as Served
from stocked import PSEUDONYM, annotation, collect, load, post, vault

from connectors import cutting
from connectors.source import Window
from flows.plans import nightly_windows
from flows.serving import NIGHTLY
from flows.settings import Nightly
from warehouse import ledger, refreshing, runs, sweeping
from warehouse.annotations import merge_annotations, pending
from warehouse.erasure import Request, erase
from warehouse.fiction import drop_sample
from warehouse.page.facts import read_facts
from warehouse.publish import publish
from warehouse.sql import query
from warehouse.summary import read_summary

NIGHT = datetime(2026, 5, 1, 3, 30, tzinfo=ZoneInfo("Europe/Amsterdam"))
JUMPS = {
    "a year ahead": timedelta(days=365),
    "an hour ahead": timedelta(hours=1),
    "two days back": timedelta(days=-2),
}


class Calm:
    """A source without limits of its own."""

    name = "calm"
    lag = 6.0

    def queries(self):
        """Listen to one thing."""
        return ("a",)

    def windows(self, query, since, until):
        """Cut nothing."""
        yield Window(self.name, query, since, until)


def nights(con, clocks):
    """Plan a night at each time that the clock shows and close its windows; return the windows."""
    planned = []
    for clock in clocks:
        windows = list(nightly_windows(con, {"calm": Calm()}, clock.astimezone(UTC), Nightly()))
        ledger.plan(con, windows)
        for window in windows:
            ledger.finish(con, window, "complete")
        planned += windows
    return planned


def holes(windows, until):
    """What lies between the windows, up to a moment."""
    spans = sorted((window.since, min(window.until, until)) for window in windows if window.since < until)
    reached, found = spans[0][1], []
    for since, end in spans[1:]:
        if since > reached:
            found.append((reached, since))
        reached = max(reached, end)
    return found if reached >= until else [*found, (reached, until)]


@pytest.mark.parametrize("jump", JUMPS)
def test_a_clock_that_jumped_leaves_no_hole(tmp_path, jump):
    """One night under a wrong clock, then right ones: what the nights have read lies end to end."""
    clocks = [NIGHT + timedelta(days=day) for day in range(5)]
    wrong = [clocks[0], clocks[1] + JUMPS[jump], *clocks[2:]]
    with vault(tmp_path) as con:
        planned = nights(con, wrong)
    wrong_until, night = wrong[1].astimezone(UTC), clocks[1].astimezone(UTC)
    # Nobody can read what is not written yet: a window of the wrong night ends when that night really was.
    true = [replace(one, until=min(one.until, night)) if one.until == wrong_until else one for one in planned]

    assert holes(true, clocks[-1].astimezone(UTC)) == []
    assert all(window.since < window.until for window in planned)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_nights_on_which_the_clock_is_changed(tmp_path, day):
    """One run a night at half past three, inside one UTC day; its windows lie end to end, 23 or 25 hours apart."""
    before = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("Europe/Amsterdam")) - timedelta(days=1)
    cron = CronSchedule(cron=NIGHTLY.cron, timezone=NIGHTLY.timezone)
    served = Served(cron=cron.cron, timezone=cron.timezone)
    clocks = [datetime.fromisoformat(str(one)) for one in asyncio.run(served.get_dates(n=4, start=before))]

    assert [(one.astimezone(before.tzinfo).hour, one.astimezone(before.tzinfo).minute) for one in clocks] == [
        (3, 30)
    ] * 4
    assert {one.astimezone(UTC).date() for one in clocks} == {before.date() + timedelta(days=n) for n in range(4)}
    steps = [(late.astimezone(UTC) - early.astimezone(UTC)) / timedelta(hours=1) for early, late in pairwise(clocks)]
    assert sorted({round(step) for step in steps}) in ([23, 24], [24, 25])
    with vault(tmp_path) as con:
        assert holes(nights(con, clocks), clocks[-1].astimezone(UTC)) == []


def test_what_a_clock_ahead_has_looked_at_is_looked_at_again(tmp_path):
    """A post that was dated a year ahead takes newer counts and names all the same, and is due for the sweep."""
    now = datetime.now(UTC)
    ahead, made = now + timedelta(days=365), now - timedelta(days=60)
    with vault(tmp_path) as con:
        load(con, post(1, created_at=made, collected_at=ahead, likes=1))
        assert sweeping.due(con, "x", 24.0, now, 10) == [post(1).post_id]
        (backlog,) = sweeping.backlog(con, now)
        counts = load(con, post(1, created_at=made, collected_at=now, likes=7, handle="nieuwe_naam"))
        found = con.execute("select likes, handle from posts join authors using (platform, author_id)").fetchall()

    assert backlog.oldest_at == made
    assert (counts.updated, found) == (1, [(7, "nieuwe_naam")])


def test_posts_that_a_clock_ahead_has_looked_at_are_counted_again(tmp_path):
    """A post whose collecting and look were dated a year ahead is due for the refresh, once that day as ever."""
    now = datetime.now(UTC)
    ahead = now + timedelta(days=365)
    with vault(tmp_path) as con:
        load(con, post(1, created_at=now - timedelta(days=2), collected_at=ahead))
        collected = refreshing.due(con, "x", 3, now, 10)
        sweeping.looked(con, "x", {post(1).post_id: "found"}, ahead)
        looked = refreshing.due(con, "x", 3, now, 10)
        sweeping.looked(con, "x", {post(1).post_id: "found"}, now)

        assert (collected, looked) == ([post(1).post_id], [post(1).post_id])
        assert refreshing.due(con, "x", 3, now, 10) == []


def test_the_last_reading_outdoes_one_of_a_clock_ahead(tmp_path):
    """Posts whose reading was dated ahead are published as they were read since, under the model that read them."""
    with vault(tmp_path) as con:
        load(con, post(1), post(2))
        for model in ("A", "B"):
            rows = pending(con, model, 10)
            merge_annotations(con, [(row, annotation(row.text, row.bio, model_version=model)) for row in rows])
            if model == "A":
                con.execute("update annotations set annotated_at = now() + interval 2 hour")
        publish(con, tmp_path / "etalage.duckdb")

    about = "select value from ops.about where name = 'model_version'"
    found = query(tmp_path / "etalage.duckdb", f"select model_version from core.annotations union all {about}").rows
    assert found == [("B",)] * 3


def test_what_is_erased_after_a_clock_ahead_published_is_excused(tmp_path):
    """Forty posts were published two hours ahead, three erased since: the file is due, and thirty-seven may go in."""
    with vault(tmp_path, 40) as con:
        publish(con, tmp_path / "etalage.duckdb")
        con.execute("update publications set published_at = published_at + interval 2 hour")
        gone = frozenset(("x", post(number).post_id) for number in range(3))
        erase(con, Request("post", posts=gone), "deleted", key=PSEUDONYM, cutting=cutting)

        assert sweeping.unpublished_since(con) is not None
        assert publish(con, tmp_path / "etalage.duckdb").posts == 37


ERASERS = {
    "pages": lambda con: sweeping.empty_pages(con, {"x/posts": (1, "")}, datetime.now(UTC)),
    "sample": drop_sample,
}


@pytest.mark.parametrize("eraser", ERASERS)
def test_whatever_takes_something_away_comes_after_the_publishings_of_a_clock_ahead(tmp_path, eraser):
    """The published file may still hold it; publishings dated ahead keep their order."""
    with vault(tmp_path) as con:
        collect(con)
        con.execute("insert into publications select now() + to_hours(h), h, h from (values (2), (3), (-1)) made (h)")
        ERASERS[eraser](con)
        order = con.execute("select count_posts from publications order by published_at").fetchall()

        assert sweeping.unpublished_since(con) is not None
        assert order == [(-1,), (2,), (3,)]


def test_a_publishing_is_later_than_one_of_a_clock_ahead(tmp_path):
    """What may not be lost is counted from the last file, not from the one with the latest date."""
    with vault(tmp_path, 5) as con:
        con.execute("insert into publications values (now() + interval 365 day, 3, 3)")
        publish(con, tmp_path / "etalage.duckdb")

        assert con.execute("select max_by(count_posts, published_at) from publications").fetchall() == [(5,)]


def enter_run(con, kind, began, ended, outcome):
    """Enter a run that began and ended so many days from now."""
    con.execute(
        "insert into runs by name select uuid() as run_id, $kind as kind, $outcome as outcome,"
        " now() + to_days($began) as started_at, now() + to_days($ended) as ended_at",
        {"kind": kind, "began": began, "ended": ended, "outcome": outcome},
    )


def test_the_last_run_is_the_one_that_ended_last_by_now(tmp_path):
    """What a clock ahead has dated is not the last one until that date; one that only began under it counts."""
    with vault(tmp_path) as con:
        enter_run(con, "sweep", -2, -2, "partial")
        enter_run(con, "sweep", 365, 365, "failed")
        before = runs.last_run(con, "sweep")
        enter_run(con, "sweep", 365, -1, "ok")
        after = runs.last_run(con, "sweep")

    assert (before and before[1], after and after[1]) == ("partial", "ok")


def test_runs_of_a_clock_ahead_are_shown_last(tmp_path):
    """They hide neither the last sweep nor, after as many nights as are shown, any night."""
    with vault(tmp_path) as con:
        for kind, days in {"nightly": range(-10, 0), "sweep": (-1,)}.items():
            for day in days:
                enter_run(con, kind, day, day, f"{kind} {day}")
            enter_run(con, kind, 365, 365, f"{kind} ahead")
        publish(con, tmp_path / "etalage.duckdb")
    shown = [run["outcome"] for run in read_summary(tmp_path / "etalage.duckdb")["runs"]]
    page = [run["outcome"] for run in read_facts(tmp_path / "etalage.duckdb")["runs"]]

    assert sorted(shown) == sorted(["sweep -1", *(f"nightly {day}" for day in range(-10, 0))])
    assert page == [f"nightly {day}" for day in range(-1, -8, -1)]
