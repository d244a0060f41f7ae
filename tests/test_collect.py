"""How a window ends: what is tried again at once, what waits for the next run, and what is not asked for twice."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from etalage_command import IMPATIENTLY
from fake_x import FakeX, series
from loopback import Told, serving
from prefect.states import Completed, Failed
from stocked import KEY, START, WINDOW

from connectors.errors import Refused, Transient
from connectors.source import Page
from flows.collect import STOPPED, Collecting, collect_window, may_pass
from warehouse import ledger
from warehouse.keys import read_keys
from warehouse.vault import open_vault

ATTEMPTS = 4
"""How often a connector sends one request before it leaves it to the task's retry."""


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


def test_every_page_that_a_run_stored_is_counted(etalage):
    """Those before a retry, and those of a window that failed in the end: they are in the vault, and paid for."""
    now = datetime.now(UTC).replace(microsecond=0)
    x = FakeX(series(120, newest=now - timedelta(hours=3), step=timedelta(minutes=1)))
    second: list[str] = []
    much_later = {
        "x-rate-limit-limit": "15",
        "x-rate-limit-remaining": "0",
        "x-rate-limit-reset": f"{time.time():.0f}0",
    }

    def answer(asked):
        if "pagination_token" not in asked.query:
            return x(asked)
        if asked.path.startswith("/2/lists"):
            return Told({"title": "Too Many Requests", "status": 429}, 429, much_later)
        second.append(asked.path)
        return Told({"status": 503}, 503) if len(second) <= ATTEMPTS else x(asked)

    with serving(answer) as platform:
        etalage.configure(
            f'[x]\nbearer_token = "token-of-noor"\nbase_url = "{platform.base_url}"\n'
            'queries = ["timeline:noor_vdberg_hr", "list:7"]\n[nightly]\nfirst_days = 1\n'
        )
        etalage.before = IMPATIENTLY
        run = etalage("nightly", "--json")

    with open_vault(etalage.home / "vault.duckdb", read_keys(etalage.home / "keys", None).vault) as con:
        stored = con.execute("select query, count(*) from pages group by all order by all").fetchall()
    assert stored == [("list:7", 1), ("timeline:noor_vdberg_hr", 2)], run.stderr
    assert json.loads(run.stdout)["counts"]["pages"] == 3
    assert json.loads(etalage.sql("select counts from ops.runs")[0]["counts"])["pages"] == 3
