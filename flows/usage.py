"""What a platform says it has billed, beside what the ledger of reads has: compared by every run, told by `status`.

The ledger decides what may be spent, so that it and the platform's own count agree is worth a look. Other programs on
the same account, and a platform that bills what we do not count, show here first.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import BaseModel, TypeAdapter

from connectors.errors import SourceError
from connectors.priced import Priced
from connectors.source import Source
from flows import progress
from flows.budget import limits_of
from flows.settings import Settings
from flows.sources import prices
from flows.state import read_state_as, write_state
from warehouse.budget import reads_by_day
from warehouse.vault import Connection

FILE: Final = "usage.json"
RESOURCE: Final = "post"
"""What usage endpoints count."""
SETTLED: Final = timedelta(hours=6)
"""So long after a UTC day has ended its count is looked at: what was billed shows with a delay that nobody states."""
FRESH: Final = timedelta(days=2)
"""How far the newest day compared may lie behind the last that is settled before a difference is news no more."""


class Reads(BaseModel):
    """A UTC day's reads: those that the platform says it has `billed`, and those in the `ledger`."""

    day: date
    billed: int
    ledger: int


COMPARED: Final = TypeAdapter(dict[str, list[Reads]])


def compare_usage(con: Connection, settings: Settings, sources: Mapping[str, Source], now: datetime) -> None:
    """Ask each paid source what it has billed, a request a source, and write both counts of every UTC day.

    A platform that does not say is a line on the screen, and yesterday's comparison stays.
    """
    compared = read_usage(settings.home)
    last = _last_settled(now)
    for name, source in sources.items():
        if not isinstance(source, Priced):
            continue
        try:
            days = dict(source.usage().days)
        except SourceError as error:
            progress.current.get().note(f"{name}: what was billed could not be compared: {error}")
            continue
        ours = reads_by_day(con, name, RESOURCE)
        first = min(ours, default=last)
        compared[name] = [
            Reads(day=day, billed=billed, ledger=ours.get(day, 0))
            for day, billed in sorted(days.items())
            if first <= day <= last
        ]
    if compared:
        write_state(settings.home, FILE, COMPARED.dump_python(compared, mode="json"))


def read_usage(home: Path) -> dict[str, list[Reads]]:
    """Return what was compared last, by source."""
    return read_state_as(home, FILE, COMPARED)


def usage_lines(settings: Settings, now: datetime | None = None) -> dict[str, tuple[str, bool]]:
    """Return a line for each source about its newest day, and whether the two counts differ by more than they may.

    A day that is old differs no more: nothing newer comes where the source has left the settings or answers no longer.
    """
    oldest = _last_settled(now or datetime.now(UTC)) - FRESH
    lines = {}
    for name, days in read_usage(settings.home).items():
        if days and (budget := limits_of(settings).get(name)):
            newest = days[-1]
            difference = newest.billed - newest.ledger
            dollars = abs(difference) * prices(settings).get((name, RESOURCE), 0.0)
            line = f"{newest.billed:,} {RESOURCE} reads billed on {newest.day}, {newest.ledger:,} in the ledger"
            differs = dollars > budget.differ_at and newest.day >= oldest
            lines[name] = (line if not difference else f"{line} ({difference:+,}, ${dollars:,.2f})", differs)
    return lines


def _last_settled(now: datetime) -> date:
    return (now.astimezone(UTC) - SETTLED).date() - timedelta(days=1)
