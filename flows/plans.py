"""Which windows a run wants: the nightly ones up to now, or a backfill's."""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from connectors.gone import Gone
from connectors.source import Source, Window
from flows.forgetting import may_ask
from flows.listening import listened_to
from flows.settings import Nightly
from warehouse import ledger
from warehouse.vault import Connection

MOST_WINDOWS = 10_000
"""Of one query in one backfill: more are a typing error, and each is a task."""


def nightly_windows(
    con: Connection, sources: Mapping[str, Source], now: datetime, nightly: Nightly
) -> Iterator[Window]:
    """Yield what lies between each query's last night and now, reaching back by the source's lag.

    Platforms show posts late and with forged times; what a window reads again is merged.
    """
    until = now - timedelta(minutes=nightly.settle_minutes)
    for name, source in sources.items():
        for query in source.queries():
            horizon = ledger.horizon(con, name, query, now)
            if horizon is None:
                since = until - timedelta(days=max(nightly.first_days, getattr(source, "first_days", 0)))
            else:
                since = min(horizon, until) - timedelta(hours=source.lag)
            if since < until:
                yield from source.windows(query, since, until)


def backfill_windows(
    con: Connection, source: Source, since: datetime, until: datetime, step: timedelta | None
) -> Iterator[Window]:
    """Yield a source's windows over [since, until), cut by `step` and by the platform's limits.

    One that was planned from the same moment is taken up again: a period that ends in the future ends at another
    moment each time it is asked for, and begun anew it would be paid for again.
    """
    for query in source.queries():
        ends: defaultdict[datetime, list[datetime]] = defaultdict(list)
        for window in ledger.windows_of(con, source.name, query):
            ends[window.since].append(window.until)
        start = since
        while start < until:
            end = min(start + step, until) if step else until
            begun = max((one for one in ends[start] if one <= end), default=None)
            if begun:
                yield Window(source.name, query, start, begun)
            else:
                yield from source.windows(query, start, end)
            start = begun or end


def waiting(con: Connection, sources: Mapping[str, Source], gone: Gone | None) -> list[ledger.OpenWindow]:
    """List the open windows of these sources that are still listened to and may be, in the order of their turns.

    What was refused comes last: by then its query's newest window has told whether that still holds. The rest goes by
    age, and windows of one age by lot: in an order of names the first would always have the budget, and the times of
    collecting, which are published, would tell each account's place among the names.
    """
    wanted = _wanted(ledger.open_windows(con), sources, gone)
    random.SystemRandom().shuffle(wanted)
    return sorted(wanted, key=_turn)


def would_wait(
    con: Connection, sources: Mapping[str, Source], planned: Iterable[Window], gone: Gone | None
) -> list[ledger.OpenWindow]:
    """List what would wait if `planned` were planned, windows of one age by their names; the ledger stays as it is."""
    new = [ledger.OpenWindow(window, None, "planned") for window in ledger.unplanned(con, planned)]
    wanted = _wanted([*ledger.open_windows(con), *new], sources, gone)
    return sorted(wanted, key=lambda one: (_turn(one), one.window.source, one.window.query, one.window.until))


def _wanted(
    windows: Iterable[ledger.OpenWindow], sources: Mapping[str, Source], gone: Gone | None
) -> list[ledger.OpenWindow]:
    return [
        one
        for one in windows
        if (source := sources.get(one.window.source)) is not None
        and listened_to(one.window, source)
        and may_ask(one.window, gone)
    ]


def _turn(one: ledger.OpenWindow) -> tuple[bool, datetime]:
    return one.state == "refused", one.window.since


def sample_anchor(con: Connection, now: datetime) -> date:
    """Return the day after the sample's newest post: today at its first run, and that same day ever after."""
    return (ledger.first_planned(con, "sample") or now).date()


def parse_period(
    since: str, until: str, step: str | None, now: datetime
) -> tuple[datetime, datetime, timedelta | None]:
    """Read a backfill's period and step; what lies in the future is left out. Raises ValueError with one clear line."""
    start, end = parse_moment(since), min(parse_moment(until), now)
    width = None if step is None else parse_step(step)
    if start >= end:
        raise ValueError(f"--since {since} is not before --until {until} (or lies in the future); swap or mend them")
    if width and (end - start) / width > MOST_WINDOWS:
        raise ValueError(f"--step {step} cuts this period in more than {MOST_WINDOWS:,} windows; take a longer step")
    return start, end, width


def parse_moment(text: str) -> datetime:
    """Read an ISO date or time; without a zone it is UTC. Raises ValueError with one clear line."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a date; write 2026-03-01 or 2026-03-01T06:00") from None


def parse_step(text: str) -> timedelta:
    """Read "1d", "12h" or "2w". Raises ValueError with one clear line."""
    units = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
    found = re.fullmatch(r"([1-9][0-9]{0,3})([hdw])", text)
    if found is None:
        raise ValueError(f"{text!r} is not a step; write a number and h, d or w, for instance 1d")
    return int(found[1]) * units[found[2]]
