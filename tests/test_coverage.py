"""What was collected of what was planned stands beside every estimate: a dip in posts may be a dip in collecting."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest
from stocked import START, WINDOW, annotate, collect, load, post, vault
from test_report import page_of

from connectors.source import Page, Window
from warehouse import ledger, pages, runs
from warehouse.answers import as_dicts
from warehouse.publish import publish
from warehouse.sql import query
from warehouse.sqlfiles import script
from warehouse.summary import read_summary

BESIDE = [
    "agenda_quarters",
    "engagement",
    "goal_mix",
    "organisation_agenda",
    "purpose_share",
    "role_comparison",
    "survey_2013",
    "themes",
    "trend",
]
DAY = timedelta(days=1)
SECOND = Window("x", WINDOW.query, WINDOW.until, WINDOW.until + DAY)
QUARTERS = (datetime(2025, 11, 3, tzinfo=UTC), datetime(2026, 2, 3, tzinfo=UTC), datetime(2026, 5, 3, tzinfo=UTC))


def plan(con, window, state):
    """Enter a window that ended so."""
    ledger.plan(con, [window])
    ledger.finish(con, window, state, None if state == "complete" else "no credentials")


def beside(path, mart, where="true"):
    """Return what a mart says of the collecting, each share once."""
    return query(path, f"select distinct share_covered from mart.{mart} where {where}").rows


def year(folder, fell_short):
    """Publish quarters of two planned days each, by number those of which one day or both were not collected."""
    with vault(folder) as con:
        for at, first in enumerate(QUARTERS):
            state = fell_short.get(at)
            plan(con, Window("x", WINDOW.query, first, first + DAY), "refused" if state == "missed" else "complete")
            plan(con, Window("x", WINDOW.query, first + DAY, first + 2 * DAY), "refused" if state else "complete")
            if state != "missed":
                load(con, *(post(10 * at + number, created_at=first) for number in range(7)))
        annotate(con)
        publish(con, folder / "etalage.duckdb")
    return folder / "etalage.duckdb"


@pytest.fixture(scope="module")
def half(tmp_path_factory):
    """Return a file of 40 posts of May, of which one day of two was collected."""
    folder = tmp_path_factory.mktemp("half")
    with vault(folder, 40) as con:
        plan(con, SECOND, "refused")
        publish(con, folder / "etalage.duckdb")
    return folder / "etalage.duckdb"


@pytest.fixture(scope="module")
def unplanned(tmp_path_factory):
    """Return a file of 40 posts that nobody planned to collect."""
    folder = tmp_path_factory.mktemp("unplanned")
    with vault(folder) as con:
        load(con, *(post(number) for number in range(40)))
        annotate(con)
        publish(con, folder / "etalage.duckdb")
    return folder / "etalage.duckdb"


@pytest.fixture(scope="module")
def platforms(tmp_path_factory):
    """Return a file of posts of X, collected on one day of two, and of Bluesky, collected on its one day."""
    folder = tmp_path_factory.mktemp("platforms")
    with vault(folder) as con:
        collect(con)
        plan(con, SECOND, "refused")
        plan(con, Window("bluesky", "search:#hr", WINDOW.since, WINDOW.until), "complete")
        load(
            con,
            *(post(number) for number in range(20)),
            *(post(number, platform="bluesky", source="bluesky") for number in range(20, 40)),
        )
        annotate(con)
        publish(con, folder / "etalage.duckdb")
    return folder / "etalage.duckdb"


@pytest.fixture(scope="module")
def quarters(tmp_path_factory):
    """Return a file of three quarters, of which the middle one was collected by half."""
    return year(tmp_path_factory.mktemp("quarters"), {1: "half"})


def test_gaps_show_in_coverage(half):
    """A window that was not collected is a gap in its month."""
    sql = "select count_windows, count_complete, count_open, hours_planned, hours_gap, share_covered from mart.coverage"

    assert query(half, sql).rows == [(2, 1, 1, 48.0, 24.0, 0.5)]


@pytest.mark.parametrize("mart", BESIDE)
def test_gaps_stand_beside_every_estimate(half, mart):
    """Half of the planned hours were collected: every row of every mart with estimates says so, withheld or not."""
    assert beside(half, mart) == [(0.5,)]


@pytest.mark.parametrize("mart", BESIDE)
def test_where_nothing_was_planned_nothing_is_covered(unplanned, mart):
    """Estimates without any planned collecting are there all the same, and say nothing of it."""
    assert beside(unplanned, mart) == [(None,)]


@pytest.mark.parametrize("mart", ["engagement", "purpose_share", "role_comparison"])
def test_a_platform_has_its_own_coverage(platforms, mart):
    """Half of X and all of Bluesky was collected: each says its own, and all together two days of three."""
    found = {
        platform: beside(platforms, mart, f"platform = '{platform}'").pop() for platform in ("x", "bluesky", "all")
    }

    assert found == {"x": (0.5,), "bluesky": (1.0,), "all": (2 / 3,)}


@pytest.mark.parametrize("mart", ["agenda_quarters", "organisation_agenda"])
def test_a_quarter_has_its_own_coverage(quarters, mart):
    """A quarter that was collected whole says so beside one that was not."""
    assert query(quarters, f"select distinct quarter, share_covered from mart.{mart} order by all").rows == [
        (date(2025, 10, 1), 1.0),
        (date(2026, 1, 1), 0.5),
        (date(2026, 4, 1), 1.0),
    ]


def test_2013_is_beside_the_least_collected_quarter(quarters):
    """A year of which one quarter was collected by half says so, whatever the other quarters were."""
    assert beside(quarters, "survey_2013") == [(0.5,)]


@pytest.mark.parametrize("missed", [0, 1])
def test_a_quarter_that_was_missed_counts_in_the_year(tmp_path, missed):
    """Where nothing of a quarter was collected it has no posts and no estimates, and the year says so all the same."""
    path = year(tmp_path, {missed: "missed"})

    assert beside(path, "agenda_quarters") == [(1.0,)]
    assert beside(path, "survey_2013") == [(0.0,)]


@pytest.mark.parametrize(("read_back_to", "share"), [(-12, 1.0), (12, 0.5), (36, 0.0)])
def test_a_capped_window_covers_no_more_than_itself(tmp_path, read_back_to, share):
    """However far a platform's answer goes, before a window's beginning or not even to its end, it covers 0 to 100%."""
    path = tmp_path / "etalage.duckdb"
    with vault(tmp_path) as con:
        run_id = runs.start_run(con, "nightly")
        for day in range(3):
            window = Window("x", WINDOW.query, START + day * DAY, START + (day + 1) * DAY)
            reached = window.since + timedelta(hours=read_back_to)
            ledger.plan(con, [window])
            ledger.begin(con, window, run_id)
            pages.store_page(con, window, Page("x/posts", "{}", window.until, "capped", reached=reached), run_id)
        load(con, *(post(number) for number in range(20)))
        annotate(con)
        publish(con, path)
    with duckdb.connect(str(path)) as con:
        con.execute("update ops.about set value = $at where name = 'published_at'", {"at": START + 4 * DAY})
        [week, _] = as_dicts(con.execute(script("page/queries", "weeks")))

    assert query(path, "select distinct share_covered from core.covered").rows == [(share,)]
    assert query(path, "select distinct share_covered from mart.coverage").rows == [(share,)]
    assert [row["share_covered"] for row in read_summary(path)["coverage"]] == [share]
    assert week["share_covered"] == share


def test_the_report_says_it_beside_2013(half, unplanned):
    """The organisations of now carry the note that the shares of posts carry, and only when something is missing."""
    note = "van wat er over het minst volledige van deze kwartalen verzameld moest worden, is 50% verzameld."

    assert note in page_of(half).words
    assert "minst volledige" not in page_of(unplanned).words
