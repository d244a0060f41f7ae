"""Which windows a run wants: the nightly ones up to now, or a backfill's."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from connectors.source import Source, Window
from flows.settings import Nightly
from warehouse import ledger
from warehouse.vault import Connection


def nightly_windows(
    con: Connection, sources: Mapping[str, Source], now: datetime, nightly: Nightly
) -> Iterator[Window]:
    """Yield what lies between each query's last window and now, reaching back by the source's lag.

    Platforms show posts late and with forged times; what a window reads again is merged.
    """
    until = now - timedelta(minutes=nightly.settle_minutes)
    for name, source in sources.items():
        for query in source.queries():
            horizon = ledger.horizon(con, name, query)
            if horizon is None:
                since = until - timedelta(days=max(nightly.first_days, getattr(source, "first_days", 0)))
            else:
                since = min(horizon, until) - timedelta(hours=source.lag)
            if since < until:
                yield from source.windows(query, since, until)


def backfill_windows(source: Source, since: datetime, until: datetime, step: timedelta | None) -> Iterator[Window]:
    """Yield a source's windows over [since, until), cut by `step` and by the platform's limits."""
    for query in source.queries():
        start = since
        while start < until:
            end = min(start + step, until) if step else until
            yield from source.windows(query, start, end)
            start = end


def parse_moment(text: str) -> datetime:
    """Read an ISO date or time; without a zone it is UTC. Raises ValueError with one clear line."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date; write 2026-03-01 or 2026-03-01T06:00") from None
    if len(text) <= len("2026-03-01"):
        moment = datetime.combine(date.fromisoformat(text), time(), UTC)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def parse_step(text: str) -> timedelta:
    """Read "1d", "12h" or "2w". Raises ValueError with one clear line."""
    units = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
    number, unit = text[:-1], text[-1:]
    if unit not in units or not number.isdigit() or int(number) < 1:
        raise ValueError(f"{text!r} is not a step; write a number and h, d or w, for instance 1d")
    return int(number) * units[unit]
