"""How a window ends: what is tried again at once, what waits for the next run, and what is not asked for twice."""

import threading

import pytest
from prefect.states import Completed, Failed
from stocked import KEY, START, WINDOW

from connectors.errors import Refused, Transient
from connectors.source import Page
from flows.collect import STOPPED, Collecting, collect_window, may_pass
from warehouse import ledger
from warehouse.vault import open_vault


class Source:
    """Gives one page, then fails."""

    def __init__(self, error, before=lambda: None):
        self.error, self.before = error, before

    def pages(self, _window, _position):
        """Give a page, then fail."""
        yield Page(format="x/posts", payload="{}", fetched_at=START, end="more", position="p2")
        self.before()
        raise self.error


@pytest.fixture
def con(tmp_path):
    """Give an empty vault."""
    with open_vault(tmp_path / "vault.duckdb", KEY) as opened:
        yield opened


def collecting(con, source, stop=None):
    """Collect from one source without limits."""
    return Collecting(con, "r1", {WINDOW.source: source}, lambda _window: None, stop or threading.Event())


def state_of(con):
    """Return how the ledger has the window."""
    [(state, position, reason)] = con.execute("select state, position, reason from windows").fetchall()
    return state, position, reason


def test_a_stop_while_waiting_leaves_the_window_for_the_next_run(con):
    """What is stopped is planned, with its place, and no failure that would be tried again."""
    stop = threading.Event()
    source = Source(Transient("stopped while waiting"), before=stop.set)

    assert collect_window(collecting(con, source, stop), WINDOW).state == "planned"
    assert state_of(con) == ("planned", "p2", STOPPED)


def test_what_may_pass_is_raised_and_keeps_its_place(con):
    """A failure that may pass is left to the retry, which goes on behind the stored page."""
    with pytest.raises(Transient, match="busy"):
        collect_window(collecting(con, Source(Transient("busy"))), WINDOW)

    assert state_of(con) == ("failed", "p2", "busy")
    assert [one.position for one in ledger.open_windows(con)] == ["p2"]


@pytest.mark.parametrize(
    ("state", "again"),
    [
        (Failed(data=Transient("busy")), True),
        (Failed(data=Transient("come back tomorrow", retry_after=86400)), False),
        (Failed(data=Refused("no")), False),
        (Failed(data=KeyError("a fault of our own")), False),
        (Completed(data={"state": "complete"}), False),
    ],
    ids=["busy", "until tomorrow", "refused", "fault", "done"],
)
def test_only_what_may_pass_tonight_is_tried_again(state, again):
    """A platform that says when to come back is not asked before."""
    assert may_pass(None, None, state) is again
