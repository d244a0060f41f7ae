"""The nightly flow: everything new since last night, to the analysts' file and the report."""

from pathlib import Path
from typing import Any

from prefect import flow

from flows.alerts import tell
from flows.drifting import drift_alerts
from flows.failures import remember_failure
from flows.plans import nightly_windows
from flows.record import record
from flows.run import run
from flows.settings import load_settings


@flow(
    name="nightly",
    flow_run_name="nightly",
    persist_result=False,
    validate_parameters=False,
    on_failure=[remember_failure],
    on_crashed=[remember_failure],
)
def nightly(home: str | None = None, config: str | None = None) -> dict[str, Any]:
    """Collect what is new, annotate it, publish and report; return keys and counts."""
    settings = load_settings(Path(config) if config else None, Path(home) if home else None)
    result = run(settings, "nightly", lambda con, sources, now: nightly_windows(con, sources, now, settings.nightly))
    record("nightly", settings.home, result)
    # a night that was asked to stop published nothing: the month is the next one's to measure
    more = [] if result.outcome == "interrupted" else drift_alerts(settings)
    tell(settings, "nightly", result.as_dict(), more)
    return result.as_dict()
