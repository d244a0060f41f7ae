"""The deletion sweep: ask whether stored posts are still there, and erase those that are not, or are kept too long.

Every hour, the longest ago looked at first, within each source's limit a run and its budget. What a platform says is
gone is erased in the same run: well within the day that X gives after notice, and the two of Reddit.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

from prefect import flow

from connectors.cutting import EMPTY
from connectors.errors import SourceError
from connectors.presence import Presence
from connectors.source import Source
from flows.alerts import tell
from flows.backlog import write_backlog
from flows.budget import limits_of, refusal
from flows.erasing import erase_in, republish
from flows.failures import remember_failure
from flows.lock import AlreadyRunning, run_lock
from flows.opening import opened
from flows.settings import Settings, load_settings
from flows.sources import build_sources, prices
from flows.stopping import Stop, stop_on_signal
from warehouse import budget, runs, sweeping
from warehouse.keys import Keys
from warehouse.vault import Connection, transaction

PLATFORMS: Final = {"x": "x", "reddit": "reddit", "bluesky": "bluesky", "mastodon": "mastodon"}
"""Sources that can be asked, with their platform. That an entry has left its feed proves nothing."""
PAID: Final = {"x": "post"}
"""What a post that is found costs, by the price's name."""
PAGES_OF: Final = {"twarc": "x"}
"""The platform of a page's format where the two have different names; a table may hold any platform's."""
BATCH: Final = 100
DOUBT_FROM: Final = 20
DOUBT_SHARE: Final = 0.5
"""When at least so many posts, and this share of those asked about, are gone at once, they are asked about again
an hour later before they are erased: a platform's bad hour may not cost us everything."""
PUBLISH_AFTER: Final = timedelta(hours=6)


class Asked(Protocol):
    """A source that can be asked about its posts."""

    def still_there(self, ids: Sequence[str]) -> dict[str, Presence]:
        """Return one outcome an id."""
        ...


@dataclass(slots=True)
class Swept:
    """What a sweep did, by platform and in all."""

    asked: dict[str, int] = field(default_factory=dict)
    erased: dict[str, int] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return plain counts."""
        return {
            **{f"asked_{name}": number for name, number in self.asked.items()},
            **{f"erased_{reason}": number for reason, number in self.erased.items()},
        }


@flow(
    name="sweep",
    flow_run_name="sweep",
    persist_result=False,
    validate_parameters=False,
    on_failure=[remember_failure],
    on_crashed=[remember_failure],
)
def sweep(home: str | None = None, config: str | None = None) -> dict[str, Any]:
    """Ask, erase, and say how far behind; skipped while another run works."""
    settings = load_settings(Path(config) if config else None, Path(home) if home else None)
    try:
        result = sweep_now(settings)
    except AlreadyRunning:
        return {"outcome": "skipped", "counts": {}, "refusals": []}
    tell(settings, "sweep", result)
    return result


def sweep_now(settings: Settings) -> dict[str, Any]:
    """Sweep once; raises `AlreadyRunning` or a `WarehouseError`."""
    now = datetime.now(UTC)
    with run_lock(settings.home), opened(settings) as (con, keys), stop_on_signal() as stop:
        run_id = runs.start_run(con, "sweep")
        swept = Swept()
        try:
            sources = build_sources(settings, sample_anchor=now.date(), stop=stop)
            _ask_all(con, settings, sources, run_id, swept, stop)
            _erase(con, keys, settings, swept, now)
            outcome = "interrupted" if stop.is_set() else "partial" if swept.refusals else "ok"
            runs.finish_run(con, run_id, outcome, swept.counts(), "; ".join(swept.refusals) or None)
            since = sweeping.unpublished_since(con)
            if since is not None and now - since >= PUBLISH_AFTER and not stop.is_set():
                republish(con, keys, settings)
            write_backlog(con, settings, now)
        except BaseException as error:
            with suppress(Exception):
                runs.finish_run(con, run_id, "failed", swept.counts(), type(error).__name__)
            raise
    return {"outcome": outcome, "counts": swept.counts(), "refusals": swept.refusals, "signal": stop.signal}


def _ask_all(
    con: Connection, settings: Settings, sources: Mapping[str, Source], run_id: str, swept: Swept, stop: Stop
) -> None:
    for name, platform in PLATFORMS.items():
        source: Any = sources.get(name)
        if source is None or not hasattr(source, "still_there"):
            continue
        hours = getattr(settings.sweep, f"{name}_hours")
        waiting = sweeping.due(con, platform, hours, datetime.now(UTC), settings.sweep.per_run)
        try:
            for start in range(0, len(waiting), BATCH):
                batch = waiting[start : start + BATCH]
                if stop.is_set():
                    return
                if (reason := _refusal(con, settings, name, len(batch), run_id)) is not None:
                    swept.refusals.append(f"{name}: {reason}")
                    break
                outcomes = source.still_there(batch)
                _record(con, settings, name, outcomes, run_id)
                swept.asked[name] = swept.asked.get(name, 0) + len(batch)
        except SourceError as error:
            swept.refusals.append(f"{name}: {error}")


def _refusal(con: Connection, settings: Settings, name: str, count: int, run_id: str) -> str | None:
    """Say why so many posts may not be asked about, or None."""
    limits, price = limits_of(settings).get(name), prices(settings)
    if limits is None or name not in PAID:
        return None
    return refusal(name, limits, budget.spent(con, name, run_id, price), count * price[name, PAID[name]])


def _record(con: Connection, settings: Settings, name: str, outcomes: Mapping[str, Presence], run_id: str) -> None:
    """Enter what was said and what it cost; what is gone with too many others is doubted first."""
    now = datetime.now(UTC)
    said: dict[str, str] = dict(outcomes)
    gone = [post_id for post_id, outcome in said.items() if outcome in sweeping.GONE]
    if len(gone) >= DOUBT_FROM and len(gone) >= DOUBT_SHARE * len(said):
        before = sweeping.doubted(con, PLATFORMS[name])
        said |= {post_id: sweeping.DOUBTED for post_id in gone if post_id not in before}
    found = sum(outcome == "found" for outcome in said.values())
    if name in PAID and found:
        with transaction(con):
            budget.enter(con, name, [(PAID[name], found)], now, run_id, prices(settings))
    sweeping.looked(con, PLATFORMS[name], said, now)


def _erase(con: Connection, keys: Keys, settings: Settings, swept: Swept, now: datetime) -> None:
    for reason, request in sweeping.noticed(con):
        swept.erased[reason] = erase_in(con, keys, settings.home, request, reason).posts
    days = settings.retention.model_dump()
    while (request_ := sweeping.expired(con, days, now)) is not None:
        done = erase_in(con, keys, settings.home, request_, "retention")
        swept.erased["retention"] = swept.erased.get("retention", 0) + done.posts
    sweeping.empty_pages(con, {name: (_days(name, days), empty) for name, empty in EMPTY.items()}, now)


def _days(page_format: str, days: Mapping[str, int]) -> int:
    """Return how long pages of a format are kept: as long as any of the posts that they may hold."""
    first = page_format.partition("/")[0]
    if first == "table":
        return 0 if 0 in days.values() else max(days.values())
    return days[PAGES_OF.get(first, first)]
