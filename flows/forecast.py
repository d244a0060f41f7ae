"""What a backfill would read and cost, before anything is bought."""

from datetime import datetime, timedelta
from typing import Any

import typer

from connectors.errors import Refused
from connectors.source import Source, Window
from flows.commands.options import print_json
from flows.plans import backfill_windows
from flows.settings import Settings
from flows.sources import build_sources, chosen
from flows.tables import print_table

COLUMNS = ("query", "since", "until", "posts", "requests", "dollars", "note")


def print_forecast(
    settings: Settings, name: str, since: datetime, until: datetime, step: timedelta | None, *, as_json: bool
) -> int:
    """Print a row a window and a total; where a source cannot count beforehand the figures stay empty."""
    source = chosen(build_sources(settings, sample_anchor=until.date()), name)
    rows = [_row(source, window) for window in backfill_windows(source, since, until, step)]
    total = {name: sum(row[name] or 0 for row in rows) for name in ("posts", "requests", "dollars")}
    if as_json:
        print_json({"windows": rows, "total": total})
        return 0
    print_table(COLUMNS, [[row[column] for column in COLUMNS] for row in rows], title=f"{name}: nothing was read")
    counted = sum(row["posts"] is not None for row in rows)
    typer.echo(
        f"{len(rows)} windows, {counted} counted: at most {total['posts']:,} posts in {total['requests']:,} requests"
        f" for ${total['dollars']:,.2f}"
    )
    return 0


def _row(source: Source, window: Window) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {"query": window.query, "since": window.since, "until": window.until}
    forecast = getattr(source, "forecast", None)
    if forecast is None:
        return row | {"dollars": 0.0, "note": "free; cannot be counted beforehand"}
    try:
        expected = forecast(window)
    except Refused as error:
        if error.whole_source:
            raise
        return row | {"note": str(error)}
    note = f"counting cost ${expected.asked_cost:.3f}"
    return row | {"posts": expected.posts, "requests": expected.requests, "dollars": expected.cost, "note": note}
