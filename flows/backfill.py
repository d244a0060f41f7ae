"""The backfill flow: the same operation as the nightly one, over a period that a person names."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from prefect import flow

from connectors.source import Source, Window
from flows.alerts import tell
from flows.failures import remember_failure
from flows.plans import backfill_windows, parse_moment, parse_step
from flows.record import record
from flows.run import run
from flows.settings import load_settings
from flows.sources import chosen
from warehouse.vault import Connection


@flow(
    name="backfill",
    flow_run_name="backfill {source}",
    persist_result=False,
    validate_parameters=False,
    on_failure=[remember_failure],
    on_crashed=[remember_failure],
)
def backfill(
    source: str,
    since: str,
    until: str,
    step: str | None = None,
    home: str | None = None,
    config: str | None = None,
) -> dict[str, Any]:
    """Collect `source` over [since, until), then annotate, publish and report as every night."""
    settings = load_settings(Path(config) if config else None, Path(home) if home else None)
    start, end = parse_moment(since), parse_moment(until)

    def plan(con: Connection, sources: Mapping[str, Source], now: datetime) -> Iterator[Window]:
        # A window that ended in the future would say one day that it had been looked at.
        width = parse_step(step) if step else None
        return backfill_windows(con, chosen(sources, source), start, min(end, now), width)

    result = run(settings, "backfill", plan)
    record(f"backfill {source}", settings.home, result)
    tell(settings, "backfill", result.as_dict())
    return result.as_dict()
