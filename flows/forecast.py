"""What a backfill would read and cost, before anything is bought."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import typer

from connectors.errors import Refused
from connectors.source import Window
from flows.budget import limits_of, refusal
from flows.commands.options import print_json
from flows.lock import run_lock
from flows.opening import opened
from flows.plans import backfill_windows
from flows.settings import Settings
from flows.sources import build_sources, chosen, prices
from flows.tables import print_table
from warehouse.budget import enter, spent

COLUMNS = ("query", "windows", "since", "until", "posts", "requests", "dollars", "note")


def print_forecast(
    settings: Settings, name: str, since: datetime, until: datetime, step: timedelta | None, *, as_json: bool
) -> int:
    """Print a row for each window, or for timelines that are counted together, and a total.

    Where a source cannot count beforehand the figures stay empty.

    A count is a paid request: it keeps to the limits and stands in the ledger of reads like any other.
    """
    source: Any = chosen(build_sources(settings, sample_anchor=until.date()), name)
    windows = backfill_windows(source, since, until, step)
    rows = list(_counted(settings, source, list(windows)) if hasattr(source, "forecast") else map(_free, windows))
    total = {name: sum(row[name] or 0 for row in rows) for name in ("posts", "requests", "dollars")}
    if as_json:
        print_json({"windows": rows, "total": total})
        return 0
    print_table(COLUMNS, [[row[column] for column in COLUMNS] for row in rows], title=f"{name}: nothing was read")
    number = sum(row["windows"] for row in rows)
    known = sum(row["windows"] for row in rows if row["posts"] is not None)
    typer.echo(
        f"{number} windows, {known} with figures: at most {total['posts']:,} posts in {total['requests']:,} requests"
        f" for ${total['dollars']:,.2f}"
    )
    return 0


def _counted(settings: Settings, source: Any, windows: Sequence[Window]) -> Iterator[dict[str, Any]]:
    name, price = source.name, prices(settings)
    budget = limits_of(settings)[name]
    with run_lock(settings.home), opened(settings) as (con, _):
        for batch in source.countable(windows):
            if reason := refusal(name, budget, spent(con, name, None, price), source.asking_cost(batch)):
                yield _row(batch) | {"note": reason}
                continue
            try:
                yield _row(batch) | _expected(source, batch)
            finally:
                enter(con, name, source.unbilled(), datetime.now(UTC), None, price)


def _expected(source: Any, batch: Sequence[Window]) -> dict[str, Any]:
    try:
        found = source.forecast(batch)
    except Refused as error:
        if error.whole_source:
            raise
        return {"note": str(error)}
    notes = [found.note, f"counting cost ${found.asked_cost:.3f}" if found.asked else ""]
    return {
        "posts": found.posts,
        "requests": found.requests,
        "dollars": found.cost,
        "note": "; ".join(note for note in notes if note),
    }


def _free(window: Window) -> dict[str, Any]:
    return _row([window]) | {"dollars": 0.0, "note": "free; cannot be counted beforehand"}


def _row(batch: Sequence[Window]) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    query = batch[0].query if len(batch) == 1 else f"{len(batch)} timelines"
    return row | {"query": query, "windows": len(batch), "since": batch[0].since, "until": batch[0].until}
