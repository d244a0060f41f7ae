"""How far behind the deletion sweep is: written by every run, read by `status` and the alerts.

What was written ages: when neither sweeps nor nights come, the hours go on counting, so that `status` shows a sweep
which nobody scheduled; the alert comes with the next night that ends.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from flows.settings import Settings
from flows.state import read_state, write_state
from warehouse import sweeping
from warehouse.runs import last_run
from warehouse.vault import Connection

FILE: Final = "sweep.json"
SLACK: Final = 2.0
"""Hours that are not late yet: posts come due between two sweeps, and a sweep is skipped while a run is at work."""


def write_backlog(con: Connection, settings: Settings, now: datetime) -> None:
    """Write beside the published file how far the sweep has come: counts and times only."""
    swept = last_run(con, "sweep")
    platforms = {}
    for one in sweeping.backlog(con, now):
        age = _hours(now - one.oldest_at)
        every = getattr(settings.sweep, f"{one.platform}_hours", None)
        platforms[one.platform] = {
            "posts": one.posts,
            "oldest_look_hours": round(age, 1),
            "every_hours": every,
            "behind_hours": _behind(age, every),
            "gone_not_erased": one.noticed,
        }
    document = {
        "at": now.isoformat(timespec="seconds"),
        "swept_at": swept and swept[0].isoformat(timespec="seconds"),
        "outcome": swept and swept[1],
        "platforms": platforms,
    }
    write_state(settings.home, FILE, document)


def read_backlog(home: Path) -> dict[str, Any] | None:
    """Return what was written last, grown older since; None when nothing was."""
    document = read_state(home, FILE)
    try:
        since = max(0.0, _hours(datetime.now(UTC) - datetime.fromisoformat(document["at"])))
        for one in document["platforms"].values():
            one["oldest_look_hours"] = round(one["oldest_look_hours"] + since, 1)
            one["behind_hours"] = _behind(one["oldest_look_hours"], one["every_hours"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return document


def last_sweep(home: Path) -> dict[str, Any] | None:
    """Return the last sweep that came to its end, in the words of a published run; None when none is on record."""
    document = read_state(home, FILE)
    try:
        ended = datetime.fromisoformat(document["swept_at"])
        return {"kind": "sweep", "ended_at": ended, "outcome": str(document["outcome"])}
    except (ValueError, KeyError, TypeError):
        return None


def _behind(age: float, every: float | None) -> float | None:
    if every is None:
        return None
    late = round(age - every, 1)
    return late if late > SLACK else 0.0


def _hours(span: timedelta) -> float:
    return span / timedelta(hours=1)
