"""Asking a platform about stored posts again: what became of them, how their counts stand, and what that cost.

The deletion sweep and the nightly refresh ask the same endpoints, so each takes along what the other wants to know.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from math import ceil, inf
from typing import Final

from connectors.errors import CostStopped, SourceError
from connectors.presence import Askable, Look
from connectors.source import Source
from flows.budget import SWEEP_SHARE, limits_of, refusal, sweep_budget
from flows.settings import Budget, Settings
from flows.sources import prices
from warehouse import budget, refreshing, sweeping
from warehouse.vault import Connection, transaction

PAID: Final = {"x": "post"}
"""Sources that bill every post they still find when asked, with the resource that the price list names."""
BATCH: Final = 100
"""Posts at most whose answers are judged and entered together."""
AT_ONCE: Final = {"x": 100, "reddit": 100, "bluesky": 25, "mastodon": 1}
"""Posts that a source asks about in one request."""
DOUBT_FROM: Final = 20
DOUBT_SHARE: Final = 0.5
"""When at least so many posts, and this share of those asked about, are gone at once, they are asked about again
an hour later before they are erased: a platform's bad hour may not cost us everything."""
_SERVER: Final = re.compile(r"https?://([^/]+)/")
"""A post's id begins with its server where a platform is many servers."""


def askable(sources: Mapping[str, Source]) -> dict[str, Askable]:
    """Return the sources that can be asked about their posts, by name, which is their platform's.

    Feeds cannot: that an entry left its feed proves nothing.
    """
    return {name: source for name, source in sources.items() if isinstance(source, Askable)}


def ask(
    con: Connection,
    settings: Settings,
    name: str,
    source: Askable,
    ids: Sequence[str],
    run_id: str,
    asked: Callable[[int], None],
    stop: threading.Event,
    *,
    is_sweep: bool = False,
) -> str | None:
    """Ask about posts, a batch at a time, within the budget; return why not all were asked about, if they were not.

    A sweep keeps to what sweeps may spend of it. `asked` is told the number of each batch that was answered; `stop`
    ends it after one. A server of several that fails is asked no more this time, and keeps nobody from asking the
    others. Raises `CostStopped` when no more may be spent, another `SourceError` when the platform itself fails.
    """
    silent: dict[str, str] = {}
    for server, batch in _batches(ids, _size_within(settings, name) if is_sweep else BATCH):
        if stop.is_set():
            break
        if server in silent:
            continue
        if (reason := _refusal(con, settings, name, len(batch), run_id, is_sweep=is_sweep)) is not None:
            raise CostStopped("; ".join([*silent.values(), reason]))
        try:
            looks = source.look_again(batch)
        except SourceError as error:
            if not server:
                raise
            silent[server] = str(error)
            continue
        _record(con, settings, name, looks, run_id)
        asked(len(batch))
    return "; ".join(silent.values()) or None


def requests_for(name: str, ids: Sequence[str]) -> int:
    """Return in how many requests a source is asked about these posts."""
    return sum(ceil(len(batch) / AT_ONCE[name]) for _, batch in _batches(ids))


def _batches(ids: Sequence[str], size: int = BATCH) -> Iterator[tuple[str, list[str]]]:
    """Yield (server, ids) in the order given: a batch is of one server, "" where the platform is one.

    Batches of a server are of one size: a small rest that is gone as a whole would be too few to be doubted.
    """
    by_server: dict[str, list[str]] = {}
    for post_id in ids:
        match = _SERVER.match(post_id)
        by_server.setdefault(match[1] if match else "", []).append(post_id)
    for server, mine in by_server.items():
        count = ceil(len(mine) / size)
        edges = [len(mine) * number // count for number in range(count + 1)]
        for start, end in pairwise(edges):
            yield server, mine[start:end]


def _limits(settings: Settings, name: str) -> Budget | None:
    """Return the limits on asking a source, None where it costs nothing."""
    return limits_of(settings).get(name) if name in PAID else None


def _size_within(settings: Settings, name: str) -> int:
    """Return how many posts a batch of a sweep may have, so that the least limit pays for one.

    A batch that may cost more would never be asked about; half of a smaller one would be too few to be doubted.
    """
    limits = _limits(settings, name)
    price = prices(settings)[name, PAID[name]] if limits else 0.0
    if not limits or not price:
        return BATCH
    least = min(sweep_budget(limits).periods().values(), default=inf)
    return max(2 * DOUBT_FROM, int(min(BATCH, least / price)))


def _refusal(con: Connection, settings: Settings, name: str, count: int, run_id: str, *, is_sweep: bool) -> str | None:
    """Say why so many posts may not be asked about, or None."""
    limits, price = _limits(settings, name), prices(settings)
    if limits is None:
        return None
    most = count * price[name, PAID[name]]
    reason = refusal(name, limits, budget.spent(con, name, run_id, price), most)
    if reason or not is_sweep:
        return reason
    reason = refusal(name, sweep_budget(limits), budget.spent(con, name, run_id, price, kind="sweep"), most)
    return reason and f"sweeps may spend {SWEEP_SHARE:.0%}, and of that {reason}"


def _record(con: Connection, settings: Settings, name: str, looks: Mapping[str, Look], run_id: str) -> None:
    """Enter what was said and what it cost; what is gone with too many others is doubted first."""
    now = datetime.now(UTC)
    said: dict[str, str] = {post_id: look.presence for post_id, look in looks.items()}
    gone = [post_id for post_id, outcome in said.items() if outcome in sweeping.GONE]
    if len(gone) >= DOUBT_FROM and len(gone) >= DOUBT_SHARE * len(said):
        before = sweeping.doubted(con, name)
        said |= {post_id: sweeping.DOUBTED for post_id in gone if post_id not in before}
    found = sum(outcome == "found" for outcome in said.values())
    if name in PAID and found:
        with transaction(con):
            budget.enter(con, name, [(PAID[name], found)], now, run_id, prices(settings))
    sweeping.looked(con, name, said, now)
    counts = {post_id: look.counts for post_id, look in looks.items() if look.counts is not None}
    refreshing.recount(con, name, counts, getattr(settings, name).refresh_days, now)
