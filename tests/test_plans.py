"""Windows: what a night and a backfill want."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.source import Window
from flows.plans import backfill_windows, nightly_windows, parse_moment, parse_step, sample_anchor
from flows.settings import Nightly
from warehouse import ledger
from warehouse.vault import open_vault

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Calm:
    """A source without limits of its own."""

    name = credential = "calm"
    lag = 6.0

    def queries(self):
        return ("a", "b")

    def windows(self, query, since, until):
        yield Window(self.name, query, since, until)

    def pages(self, window, position=None):
        return iter(())


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


@settings(deadline=None)  # a busy machine is no fault of the windows
@given(
    start=st.datetimes(datetime(2010, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC)),
    hours=st.integers(1, 2000),
    step=st.integers(1, 400),
)
def test_backfill_windows_cover_the_period_without_hole_or_overlap(start, hours, step):
    """Whatever the step, the windows of a query lie end to end."""
    end = start + hours * HOUR
    windows = [window for window in backfill_windows(Calm(), start, end, step * HOUR) if window.query == "a"]

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
