"""What a night or a backfill would read and cost: said, and nothing of it read."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import typer

from connectors.errors import CostStopped, Refused
from connectors.gone import Gone
from connectors.priced import Forecast, Priced
from connectors.source import Source, Window
from flows.asking import PAID, askable, requests_for
from flows.budget import limits_of, refusal
from flows.commands.options import print_json
from flows.errors import PARTIAL
from flows.fiction import refuse_sample
from flows.forecast import batches, counted, known_already
from flows.known import known
from flows.lock import run_lock
from flows.opening import opened
from flows.plans import backfill_windows, nightly_windows, sample_anchor, would_wait
from flows.settings import Settings
from flows.sources import build_sources, chosen, prices
from flows.tables import print_table
from warehouse import refreshing, tombstones
from warehouse.budget import enter, spent
from warehouse.ledger import OpenWindow
from warehouse.past import past
from warehouse.vault import Connection

COLUMNS = ("source", "query", "windows", "since", "until", "posts", "requests", "dollars", "note")
FIGURES = ("windows", "posts", "requests", "dollars")

Row = dict[str, Any]


def print_night(settings: Settings, *, as_json: bool) -> int:
    """Print what the next night would read; return its exit code."""
    now = datetime.now(UTC).replace(microsecond=0)
    with _looking(settings, now) as (con, gone, sources):
        planned = nightly_windows(con, sources, now, settings.nightly)
        turns = would_wait(con, sources, planned, gone)
        rows = [row for name in sources for row in _rows(con, settings, sources[name], turns)]
        rows += _refreshed(con, settings, sources, now)
    return _print(rows, as_json=as_json)


def print_backfill(
    settings: Settings, name: str, since: datetime, until: datetime, step: timedelta | None, *, as_json: bool
) -> int:
    """Print what a backfill would read of its period; a window that was read to its end is not read again."""
    chosen(build_sources(settings, sample_anchor=until.date()), name)  # before a vault is made for it
    with _looking(settings, datetime.now(UTC)) as (con, gone, sources):
        source = chosen(sources, name)
        planned = set(backfill_windows(con, source, since, until, step))
        turns = [one for one in would_wait(con, sources, planned, gone) if one.window in planned]
        rows = list(_rows(con, settings, source, turns))
    return _print(rows, as_json=as_json)


@contextmanager
def _looking(settings: Settings, now: datetime) -> Iterator[tuple[Connection, Gone | None, dict[str, Source]]]:
    """Open the vault as a run does; only what the counts cost is entered."""
    with run_lock(settings.home), opened(settings) as (con, keys):
        sources = build_sources(settings, sample_anchor=sample_anchor(con, now), known=known(con))
        refuse_sample(con, settings, sources)  # as the run would
        yield con, tombstones.gone(con, keys.pseudonym), sources


def _rows(con: Connection, settings: Settings, source: Source, turns: Sequence[OpenWindow]) -> Iterator[Row]:
    """Yield a row for each window, or for windows that are counted together; once refused, a source is not asked on."""
    mine = [one for one in turns if one.window.source == source.name]
    lately = past(con, source.name)
    if not isinstance(source, Priced):
        for one in mine:
            yield _row([one.window], known_already(settings, source, [one.window], lately))
        return
    refused = ""
    for batch, before in batches(source, mine):
        why = refused or before or _too_dear(con, settings, source, batch)
        expected, failed = None, False
        if not why:
            expected, why, failed = _asked(con, settings, source, batch)
            refused = why if failed else ""
        expected = expected or known_already(settings, source, batch, lately, why)
        yield _row(batch, expected) | {"refused": failed}


def _asked(
    con: Connection, settings: Settings, source: Priced, batch: Sequence[Window]
) -> tuple[Forecast | None, str, bool]:
    """Count, and enter what that costs; else return why it was not counted, and whether the whole source refuses."""
    try:
        return *counted(source, batch), False
    except (Refused, CostStopped) as error:
        return None, str(error), True
    finally:
        enter(con, source.name, source.unbilled(), datetime.now(UTC), None, prices(settings))


def _too_dear(con: Connection, settings: Settings, source: Priced, batch: Sequence[Window]) -> str:
    asking = source.asking_cost(batch)
    if not asking:
        return ""
    dollars = spent(con, source.name, None, prices(settings))
    return refusal(source.name, limits_of(settings)[source.name], dollars, asking) or ""


def _refreshed(con: Connection, settings: Settings, sources: Mapping[str, Source], now: datetime) -> Iterator[Row]:
    """Yield a row for each source whose young posts a night looks at again."""
    for name in askable(sources):
        days, most = getattr(settings, name).refresh_days, settings.nightly.refresh_posts
        if young := refreshing.due(con, name, days, now, most):
            dollars = len(young) * prices(settings).get((name, PAID.get(name, "")), 0.0)
            expected = Forecast(len(young), requests_for(name, young), dollars)
            where = {"source": name, "query": "counts of young posts, again", "windows": 0}
            yield dict.fromkeys(COLUMNS) | where | _figures(expected)


def _row(batch: Sequence[Window], expected: Forecast) -> Row:
    query = batch[0].query if len(batch) == 1 else f"{len(batch)} timelines"
    first, last = min(window.since for window in batch), max(window.until for window in batch)
    where = {"source": batch[0].source, "query": query, "windows": len(batch), "since": first, "until": last}
    return where | _figures(expected)


def _figures(expected: Forecast) -> Row:
    asked = f"counting cost ${expected.asked:.3f}" if expected.asked else ""
    return {
        "posts": expected.posts,
        "requests": expected.requests,
        "dollars": expected.dollars,
        "note": "; ".join(note for note in (expected.note, asked) if note),
    }


def _print(rows: Sequence[Row], *, as_json: bool) -> int:
    refused = any(row.pop("refused", False) for row in rows)
    names = list(dict.fromkeys(row["source"] for row in rows))
    totals = {name: _total([row for row in rows if row["source"] == name]) for name in names}
    if as_json:
        print_json({"windows": rows, "sources": totals, "total": _total(rows)})
    else:
        print_table(COLUMNS, [[row[column] for column in COLUMNS] for row in rows], title="nothing was read")
        for name, total in totals.items():
            typer.echo(f"{name}: {_said(total, [row for row in rows if row['source'] == name])}")
        if not rows:
            typer.echo("nothing is left to read")
    return PARTIAL if refused else 0


def _said(total: Row, rows: Sequence[Row]) -> str:
    known = sum(row["windows"] for row in rows if row["posts"] is not None)
    windows = f"{total['windows']:,} windows, {known:,} with figures"
    if all(row["posts"] is None for row in rows):
        return f"{windows}; free"
    return f"{windows}: at most {total['posts']:,} posts in {total['requests']:,} requests for ${total['dollars']:,.2f}"


def _total(rows: Sequence[Row]) -> Row:
    return {name: round(sum(row[name] or 0 for row in rows), 6) for name in FIGURES}
