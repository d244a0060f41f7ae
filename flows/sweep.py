"""The deletion sweep: ask whether stored posts are still there, and erase those that are not, or are kept too long.

Every hour, the longest ago looked at first, within each source's limit a run and its budget. What a platform says is
gone is erased in the same run: well within the day that X gives after notice, and the two of Reddit.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from prefect import flow

from connectors.cutting import EMPTY
from connectors.errors import CostStopped, SourceError
from connectors.source import Source
from flows.alerts import tell
from flows.asking import ask, askable
from flows.backlog import write_backlog
from flows.budget import run_warnings
from flows.erasing import erase_in, forget_queries, republish
from flows.failures import remember_failure
from flows.faults import safe_reason
from flows.loading import load_waiting
from flows.lock import AlreadyRunning, run_lock
from flows.opening import opened
from flows.settings import Settings, load_settings
from flows.sources import build_sources
from flows.stopping import Stop, stop_on_signal
from warehouse import runs, sweeping
from warehouse.keys import Keys
from warehouse.vault import Connection

PAGES_OF: Final = {"twarc": "x"}
"""The platform of a page's format where the two have different names; a table may hold any platform's."""
PUBLISH_AFTER: Final = timedelta(hours=5)
"""What was erased by then is out of the published file one sweep, an hour, later: within six."""


@dataclass(slots=True)
class Swept:
    """What a sweep did, by platform and in all."""

    asked: dict[str, int] = field(default_factory=dict)
    erased: dict[str, int] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    cost_stopped: list[str] = field(default_factory=list)
    """Those of the refusals that are about money."""

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
        return {"outcome": "skipped", "counts": {}, "refusals": [], "cost_stopped": []}
    tell(settings, "sweep", result)
    return result


def sweep_now(settings: Settings) -> dict[str, Any]:
    """Sweep once; raises `AlreadyRunning` or a `WarehouseError`."""
    now = datetime.now(UTC)
    with run_lock(settings.home), opened(settings, stop := Stop()) as (con, keys), stop_on_signal(stop):
        run_id = runs.start_run(con, "sweep")
        swept = Swept()
        try:
            sources = build_sources(settings, sample_anchor=now.date(), stop=stop, asking=True)
            _ask_all(con, settings, sources, run_id, swept, stop)
            warned = run_warnings(settings, con, run_id)
            _erase(con, keys, settings, swept, now, stop)
            outcome = "interrupted" if stop.is_set() else "partial" if swept.refusals else "ok"
            message = "; ".join(swept.refusals) or None
            runs.finish_run(con, run_id, outcome, swept.counts(), message)
            since = sweeping.unpublished_since(con)
            is_due = since is not None and now - since >= PUBLISH_AFTER
            if is_due and not stop.is_set() and not republish(con, keys, settings, stop):
                outcome = "interrupted"
                runs.finish_run(con, run_id, outcome, swept.counts(), message)
            # not by when the sweep began: looks after that would count as dated ahead, its own among them
            write_backlog(con, settings, datetime.now(UTC))
        except BaseException as error:
            with suppress(Exception):
                runs.finish_run(con, run_id, "failed", swept.counts(), safe_reason(error))
            raise
    return {
        "outcome": outcome,
        "counts": swept.counts(),
        "refusals": swept.refusals,
        "cost_stopped": swept.cost_stopped,
        "warnings": list(warned),
        "signal": stop.signal,
    }


def _ask_all(
    con: Connection, settings: Settings, sources: Mapping[str, Source], run_id: str, swept: Swept, stop: Stop
) -> None:
    for name, source in askable(sources).items():
        hours = getattr(settings.sweep, f"{name}_hours")
        waiting = sweeping.due(con, name, hours, datetime.now(UTC), settings.sweep.per_run)

        def asked(number: int, name: str = name) -> None:
            swept.asked[name] = swept.asked.get(name, 0) + number

        try:
            reason = ask(con, settings, name, source, waiting, run_id, asked, stop, is_sweep=True)
        except SourceError as error:
            reason = str(error)
            if isinstance(error, CostStopped):
                swept.cost_stopped.append(f"{name}: {reason}")
        if reason:
            swept.refusals.append(f"{name}: {reason}")


def _erase(con: Connection, keys: Keys, settings: Settings, swept: Swept, now: datetime, stop: Stop) -> None:
    """Erase some thousands of posts at a time; what is left when the sweep is to stop waits for the next one."""
    load_waiting(con, keys.pseudonym, stop)
    for reason, request in sweeping.noticed(con):
        if stop.is_set():
            return
        swept.erased[reason] = erase_in(con, keys, settings.home, request, reason).posts
    days = settings.retention.model_dump()
    while not stop.is_set() and (request_ := sweeping.expired(con, days, now)) is not None:
        done = erase_in(con, keys, settings.home, request_, "retention")
        swept.erased["retention"] = swept.erased.get("retention", 0) + done.posts
    if not stop.is_set():
        sweeping.empty_pages(con, {name: (_days(name, days), empty) for name, empty in EMPTY.items()}, now)
        forget_queries(con, settings)


def _days(page_format: str, days: Mapping[str, int]) -> int:
    """Return how long pages of a format are kept: as long as any of the posts that they may hold."""
    first = page_format.partition("/")[0]
    if first == "table":
        return 0 if 0 in days.values() else max(days.values())
    return days[PAGES_OF.get(first, first)]
