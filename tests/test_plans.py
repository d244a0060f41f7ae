"""Windows: what a night and a backfill want."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.source import Window
from flows.plans import backfill_windows, nightly_windows, parse_moment, parse_step, sample_anchor, waiting
from flows.settings import Nightly
from warehouse import ledger
from warehouse.vault import open_vault

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Calm:
    """A source without limits of its own."""

    name = "calm"
    lag = 6.0

    def __init__(self, *queries):
        self._queries = queries or ("a", "b")

    def queries(self):
        return self._queries

    def windows(self, query, since, until):
        yield Window(self.name, query, since, until)

    def pages(self, window, position=None):
        return iter(())


class Reaching(Calm):
    """A source whose windows are cut where the platform's memory begins."""

    def __init__(self, *queries, reach):
        super().__init__(*queries)
        self.reach = reach

    def windows(self, query, since, until):
        cuts = sorted({since, until, min(max(self.reach, since), until)})
        return (Window(self.name, query, *span) for span in pairwise(cuts))


@pytest.fixture
def con(tmp_path):
    """A new vault."""
    with open_vault(tmp_path / "vault.duckdb", "a key for this test") as vault:
        yield vault


def test_a_new_query_looks_back_its_first_days(con):
    """Without a ledger line a window reaches back `first_days`."""
    windows = list(nightly_windows(con, {"calm": Calm()}, NOW, Nightly(first_days=7)))

    assert [Window("calm", query, NOW - timedelta(days=7), NOW) for query in ("a", "b")] == windows


def test_the_next_night_overlaps_by_the_lag(con):
    """A window begins the source's lag before the last one ended."""
    ledger.plan(con, [Window("calm", "a", NOW - 30 * HOUR, NOW - 24 * HOUR)])

    first, _ = nightly_windows(con, {"calm": Calm()}, NOW, Nightly())

    assert Window("calm", "a", NOW - 30 * HOUR, NOW) == first


def test_the_last_minutes_may_be_left_alone(con):
    """`settle_minutes` ends the window before now."""
    windows = list(nightly_windows(con, {"calm": Calm()}, NOW, Nightly(settle_minutes=15)))

    assert {NOW - timedelta(minutes=15)} == {window.until for window in windows}


def test_a_backfill_does_not_stand_for_the_days_before_it(con):
    """After nine days off and a backfill of the last one, the night still asks for the other eight."""
    ledger.plan(con, [Window("calm", "a", NOW - 240 * HOUR, NOW - 216 * HOUR)])
    ledger.plan(con, [Window("calm", "a", NOW - 24 * HOUR, NOW - HOUR)], "backfill")
    ledger.plan(con, [Window("calm", "b", NOW - 9000 * HOUR, NOW - 8976 * HOUR)], "backfill")

    known, new = nightly_windows(con, {"calm": Calm()}, NOW, Nightly(first_days=7))

    assert known == Window("calm", "a", NOW - 222 * HOUR, NOW)
    assert new == Window("calm", "b", NOW - timedelta(days=7), NOW)


def test_a_backfill_that_goes_on_from_the_last_night_is_not_asked_for_again(con):
    """What a person has collected, and paid, since the last night counts, also when it was cut in steps."""
    ledger.plan(con, [Window("calm", "a", NOW - 240 * HOUR, NOW - 216 * HOUR)])
    ledger.plan(con, backfill_windows(con, Calm(), NOW - 217 * HOUR, NOW - 24 * HOUR, 24 * HOUR), "backfill")

    first, _ = nightly_windows(con, {"calm": Calm()}, NOW, Nightly())

    assert first == Window("calm", "a", NOW - 30 * HOUR, NOW)


def test_a_query_that_was_taken_out_is_asked_for_no_more(con):
    """Its open windows stay in the ledger; only those of queries that are set up have a turn."""
    ledger.plan(con, [kept := Window("calm", "a", NOW - HOUR, NOW), Window("calm", "search:duur", NOW - HOUR, NOW)])

    assert [kept] == [one.window for one in waiting(con, {"calm": Calm()}, None)]
    assert {"a", "search:duur"} == {one.window.query for one in ledger.open_windows(con)}


def test_windows_of_one_age_have_their_turns_by_lot(con):
    """Older ones come first and refused ones last; no run's order is that of the names, nor another run's."""
    names = [f"timeline:{letter}" for letter in "abcdefghijklmnopqrst"]
    source = Calm(*names)
    older = Window("calm", names[-1], NOW - 9 * HOUR, NOW - HOUR)
    ledger.plan(con, [Window("calm", name, NOW - HOUR, NOW) for name in names] + [older])
    ledger.begin(con, refused := Window("calm", names[0], NOW - HOUR, NOW), "r1")
    ledger.finish(con, refused, "refused", "403")

    first, second = ([one.window for one in waiting(con, {"calm": source}, None)] for _ in range(2))

    assert first[0] == second[0] == older
    assert first[-1] == second[-1] == refused
    assert sorted(first, key=str) == sorted(second, key=str)
    assert len({tuple(map(str, one)) for one in (first, second, sorted(first, key=str))}) == 3


@pytest.mark.parametrize("step", [None, 24 * HOUR])
def test_a_backfill_up_to_now_goes_on_where_it_was_begun(con, step):
    """Asked for again an hour later it wants the hour between, not the period, or a day of it, once more."""
    counts = [
        ledger.plan(con, backfill_windows(con, Calm("a"), NOW - 99 * HOUR, NOW + hours * HOUR, step), "backfill")
        for hours in (0, 1, 2, 2)
    ]
    spans = [(one.since, one.until) for one in ledger.windows_of(con, "calm", "a")]

    assert counts == [5 if step else 1, 1, 1, 0]
    assert spans[-3:] == [(spans[-3][0], NOW), (NOW, NOW + HOUR), (NOW + HOUR, NOW + 2 * HOUR)]


def test_a_backfill_goes_on_whatever_the_platform_reaches_by_then(con):
    """A day later recent search of X reaches a day less far back: what it read before is not read again for that."""
    asked = []
    for now in (NOW, NOW + 24 * HOUR):
        source = Reaching("a", reach=now - 168 * HOUR)
        ledger.plan(con, backfill_windows(con, source, NOW - 300 * HOUR, now, None), "backfill")
        asked.append({one.window.until for one in ledger.open_windows(con)})

    assert asked == [{NOW - 168 * HOUR, NOW}, {NOW - 168 * HOUR, NOW, NOW + 24 * HOUR}]


RUNS = st.tuples(st.sampled_from(("nightly", "backfill")), st.integers(0, 400), st.integers(1, 200))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=st.lists(RUNS, max_size=8))
def test_nights_leave_no_hole_whatever_is_backfilled(con, runs):
    """Everything between the first night and the last one has been planned."""
    con.execute("delete from windows")
    clock = first = NOW
    for kind, start, hours in [("nightly", 0, 1), *runs, ("nightly", 0, 1)]:
        clock += hours * HOUR
        if kind == "nightly":
            ledger.plan(con, nightly_windows(con, {"calm": Calm()}, clock, Nightly(first_days=1)), kind)
        else:
            since = clock - (start + 1) * HOUR
            ledger.plan(con, backfill_windows(con, Calm(), since, min(since + hours * HOUR, clock), 24 * HOUR), kind)
    spans = con.execute("select since, until from windows where query = 'a' order by since").fetchall()
    reached = first
    for since, until in spans:
        assert since <= max(reached, first)
        reached = max(reached, until)

    assert reached == clock


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.datetimes(datetime(2010, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC)),
    hours=st.integers(1, 2000),
    step=st.integers(1, 400),
)
def test_backfill_windows_cover_the_period_without_hole_or_overlap(con, start, hours, step):
    """Whatever the step, the windows of a query lie end to end."""
    end = start + hours * HOUR
    windows = [window for window in backfill_windows(con, Calm(), start, end, step * HOUR) if window.query == "a"]

    assert (start, end) == (windows[0].since, windows[-1].until)
    assert all(before.until == after.since for before, after in pairwise(windows))
    assert all(window.since < window.until <= window.since + step * HOUR for window in windows)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-29", datetime(2026, 3, 29, tzinfo=UTC)),
        ("2026-03-29T06:00", datetime(2026, 3, 29, 6, tzinfo=UTC)),
        ("2026-03-29T06:00+02:00", datetime(2026, 3, 29, 4, tzinfo=UTC)),
    ],
)
def test_times_are_utc_unless_they_say_otherwise(text, moment):
    """A date is its first moment in UTC."""
    assert moment == parse_moment(text)


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", ""])
def test_a_wrong_time_is_one_clear_line(text):
    """The line shows how to write it."""
    with pytest.raises(ValueError, match="is not a date; write 2026-03-01"):
        parse_moment(text)


@pytest.mark.parametrize("text", ["1", "d", "0d", "-1d", "1m", ""])
def test_a_wrong_step_is_one_clear_line(text):
    """The line shows how to write it."""
    with pytest.raises(ValueError, match="for instance 1d"):
        parse_step(text)


def test_the_sample_panel_keeps_the_dates_of_its_first_run(con):
    """Later runs and backfills do not move its posts through time."""
    assert sample_anchor(con, NOW) == NOW.date()

    ledger.plan(con, [Window("sample", "panel", NOW - 400 * HOUR, NOW - 300 * HOUR)])
    today = datetime.now(UTC).date()

    assert sample_anchor(con, NOW + timedelta(days=30)) == today
