"""The runs: when each began, how it ended, and what it did."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from warehouse.vault import Connection, transaction


def start_run(con: Connection, kind: str) -> str:
    """Enter a run and return its id; a run that a crash left `running` is marked `interrupted`."""
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%dT%H%M%S}-{token_hex(3)}"
    with transaction(con):
        con.execute(
            "update runs set outcome = 'interrupted', ended_at = $now, message = 'stopped before its end' "
            "where outcome = 'running'",
            {"now": now},
        ).fetchall()
        con.execute(
            "insert into runs (run_id, kind, started_at, outcome) values ($run_id, $kind, $now, 'running')",
            {"run_id": run_id, "kind": kind, "now": now},
        ).fetchall()
    return run_id


def finish_run(
    con: Connection, run_id: str, outcome: str, counts: Mapping[str, Any] | None = None, message: str | None = None
) -> None:
    """Close a run with its outcome, its counts and one line for a person (no personal data: it is published)."""
    with transaction(con):
        con.execute(
            "update runs set outcome = $outcome, ended_at = $now, counts = $counts, message = $message "
            "where run_id = $run_id",
            {
                "outcome": outcome,
                "now": datetime.now(UTC),
                "counts": json.dumps(dict(counts or {})),
                "message": message,
                "run_id": run_id,
            },
        ).fetchall()


def last_run(con: Connection, kind: str) -> tuple[datetime, str] | None:
    """Return when the last run of a kind that came to its end did so, and its outcome; None when none did.

    One that a clock ahead has dated would stay the last until that date.
    """
    row = con.execute(
        "select ended_at, outcome from runs where kind = $kind and ended_at <= $now order by ended_at desc limit 1",
        {"kind": kind, "now": datetime.now(UTC)},
    ).fetchone()
    return (row[0], row[1]) if row else None
