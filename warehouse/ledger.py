"""The window ledger: what was planned, how far it came, and why it stopped."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from connectors.source import Window
from warehouse.sqlfiles import statement
from warehouse.vault import Connection, transaction

State = Literal["planned", "running", "complete", "capped", "refused", "cost-stopped", "failed"]

CLOSED: Final[tuple[State, ...]] = ("complete", "capped")
"""States in which nothing is left to collect; every other window is taken up again by the next run."""


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A window with something left to collect, and where to go on."""

    window: Window
    position: str | None
    state: State


def plan(con: Connection, windows: Iterable[Window], kind: str = "nightly") -> int:
    """Enter the windows that the ledger does not hold yet and return how many those were; `kind` is the run's."""
    rows = [_key(window) for window in dict.fromkeys(windows)]
    if not rows:
        return 0
    with transaction(con):
        return len(con.execute(statement("plan_windows"), {"windows": rows, "kind": kind}).fetchall())


def unplanned(con: Connection, windows: Iterable[Window]) -> list[Window]:
    """Return the windows that `plan` would enter, oldest first, and enter none."""
    rows = [_key(window) for window in dict.fromkeys(windows)]
    if not rows:
        return []
    return [Window(*row) for row in con.execute(statement("unplanned_windows"), {"windows": rows}).fetchall()]


def horizon(con: Connection, source: str, query: str, now: datetime) -> datetime | None:
    """Say until when a query's nights have been planned, without a hole; None when it had none.

    A backfill counts where it lies against a night: what it has collected is not asked for again. What was planned
    beyond `now` was planned by a clock that ran ahead, and says nothing about what came since.
    """
    row = con.execute(statement("horizon"), {"source": source, "query": query, "now": now}).fetchone()
    return row[0] if row else None


def first_planned(con: Connection, source: str) -> datetime | None:
    """Say when a source was first planned for; None when it never was."""
    row = con.execute("select min(planned_at) from windows where source = $source", {"source": source}).fetchone()
    return row[0] if row else None


def open_windows(con: Connection) -> list[OpenWindow]:
    """List what is left to collect, oldest first."""
    rows = con.execute(statement("open_windows"), {"closed": list(CLOSED)}).fetchall()
    return [OpenWindow(Window(*row[:4]), *row[4:]) for row in rows]


def windows_of(con: Connection, source: str, query: str) -> dict[Window, State]:
    """Return every window that a query was ever given, the oldest first, with how it stands."""
    rows = con.execute(statement("windows_of"), {"source": source, "query": query}).fetchall()
    return {Window(*row[:4]): row[4] for row in rows}


def begin(con: Connection, window: Window, run_id: str) -> str | None:
    """Mark the window as running and return the position to go on from; None is its beginning."""
    with transaction(con):
        _enter(con, window)
        row = con.execute(statement("begin_window"), _key(window) | {"run_id": run_id}).fetchone()
    return row[0] if row else None


def finish(con: Connection, window: Window, state: State, reason: str | None = None) -> None:
    """Close, or set aside, the window with the reason; its position stays."""
    with transaction(con):
        _enter(con, window)
        con.execute(statement("finish_window"), _key(window) | {"state": state, "reason": reason}).fetchall()


def _enter(con: Connection, window: Window) -> None:
    con.execute(statement("plan_windows"), {"windows": [_key(window)], "kind": None}).fetchall()


def _key(window: Window) -> dict[str, Any]:
    return {"source": window.source, "query": window.query, "since": window.since, "until": window.until}
