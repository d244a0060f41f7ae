"""The ledger: windows that are planned once, resumed where they stopped, and closed with a reason."""

from datetime import UTC, datetime, timedelta

import pytest
from stocked import START, WINDOW, collect, vault

from connectors.source import Page, Window
from warehouse import ledger, pages
from warehouse.budget import spent

NEXT = Window("x", "search:#hr", START + timedelta(days=1), START + timedelta(days=2))
OTHER = Window("reddit", "r/HR/new", START - timedelta(days=3), START)


def states(con):
    """List the states of all windows, oldest first."""
    return [row[0] for row in con.execute("select state from windows order by since").fetchall()]


def test_plans_once(tmp_path):
    """Planning the same windows again, in one call or two, adds nothing."""
    with vault(tmp_path) as con:
        assert ledger.plan(con, [WINDOW, NEXT, WINDOW]) == 2
        assert ledger.plan(con, [NEXT, OTHER]) == 1
        assert ledger.plan(con, []) == 0


def test_horizon(tmp_path):
    """The horizon is the end of the newest night of a query, and nothing for a new one."""
    with vault(tmp_path) as con:
        ledger.plan(con, [NEXT, WINDOW])

        assert ledger.horizon(con, "x", "search:#hr", NEXT.until) == NEXT.until
        assert ledger.horizon(con, "x", "search:#peo", NEXT.until) is None


def test_open_windows(tmp_path):
    """What is not complete or capped is listed oldest first, for one source or all."""
    with vault(tmp_path) as con:
        ledger.plan(con, [NEXT, WINDOW, OTHER])
        ledger.finish(con, NEXT, "complete")

        assert [item.window for item in ledger.open_windows(con)] == [OTHER, WINDOW]


def test_windows_of_a_query(tmp_path):
    """All that it was ever given, the closed ones too, oldest first; another source's or query's are not among them."""
    with vault(tmp_path) as con:
        ledger.plan(con, [NEXT, WINDOW, OTHER])
        ledger.finish(con, WINDOW, "complete")

        assert list(ledger.windows_of(con, "x", "search:#hr").items()) == [(WINDOW, "complete"), (NEXT, "planned")]
        assert ledger.windows_of(con, "reddit", "search:#hr") == {}


@pytest.mark.parametrize("state", ["refused", "cost-stopped", "failed"])
def test_a_stopped_window_is_taken_up_again(tmp_path, state):
    """A window that was set aside stays open, with its position; how often it was taken up is counted."""
    with vault(tmp_path) as con:
        ledger.plan(con, [WINDOW])
        ledger.begin(con, WINDOW, "run")
        pages.store_page(con, WINDOW, Page("x/posts", "{}", START, "more", "next-1"), "run")
        ledger.finish(con, WINDOW, state, "the platform's reason")

        assert ledger.open_windows(con) == [ledger.OpenWindow(WINDOW, "next-1", state)]
        assert con.execute("select attempts from windows").fetchall() == [(1,)]
        assert ledger.begin(con, WINDOW, "run-2") == "next-1"
        assert states(con) == ["running"]


@pytest.mark.parametrize("end", ledger.CLOSED)
def test_a_window_that_was_read_to_its_end_stays_closed(tmp_path, end):
    """What fails after its last page is stored leaves nothing to read: begun again it would be paid for again."""
    with vault(tmp_path) as con:
        pages.store_page(con, WINDOW, Page("x/posts", "{}", START, end), "run")
        ledger.finish(con, WINDOW, "failed", "the time limit")

        assert states(con) == [end]


def test_a_window_that_was_not_planned(tmp_path):
    """Beginning a window that the ledger does not know enters it."""
    with vault(tmp_path) as con:
        assert ledger.begin(con, WINDOW, "run") is None
        assert states(con) == ["running"]


def test_spent(tmp_path):
    """Money is counted by run, UTC day and month; a resource without a price costs nothing."""
    with vault(tmp_path) as con:
        run_id = collect(con)
        now = datetime.now(UTC)
        page = Page("x/posts", "{}", now, "more", "2", reads=(("post", 100), ("user", 10), ("other", 5)))
        pages.store_page(con, NEXT, page, "another-run")

        dollars = spent(con, "x", run_id, {("x", "post"): 0.005, ("x", "user"): 0.01})

        assert dollars["run"] == pytest.approx(10 * 0.005 + 2 * 0.01)
        assert dollars["day"] == pytest.approx(0.6)
        assert spent(con, "reddit", run_id, {}) == {"run": 0, "day": 0, "month": 0}
