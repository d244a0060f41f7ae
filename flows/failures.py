"""What is kept of a run that failed, for `etalage status` and `etalage doctor`."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.alerts import failure_alert, send
from flows.backlog import last_sweep
from flows.faults import safe_reason
from flows.settings import Settings, SettingsError, load_settings
from flows.state import read_state, write_state

if TYPE_CHECKING:  # `status` reads this module without Prefect
    from prefect.client.schemas.objects import FlowRun, State
    from prefect.flows import Flow

FILE = "last_failure.json"
MENDING = {"backfill": {"backfill", "nightly"}}
"""Which kinds of run make a flow's failure good, where not its own alone: a night goes on with a backfill's windows."""
MADE_GOOD = {"ok", "partial"}
"""How a run ends that made a failure good; one that failed itself, or was stopped, made nothing good."""


def remember_failure(flow: "Flow[..., Any]", flow_run: "FlowRun", state: "State[Any]") -> None:
    """Write which flow failed, when and why (one line that names nobody) into the home directory, and send an alert."""
    given = flow_run.parameters or {}
    home, config = (Path(given[name]) if given.get(name) else None for name in ("home", "config"))
    reason = _reason(state)
    try:
        settings = load_settings(config, home)
    except SettingsError:  # perhaps they are why the run failed; whom to tell stands in them
        _write(home or Path(Settings.model_fields["home"].default), flow.name, reason)
        return
    note_failure(settings, flow.name, reason)


def note_failure(settings: Settings, flow: str, reason: str) -> None:
    """Write a failure into the home directory and send an alert: one a day, however often it is noted."""
    _write(settings.home, flow, reason)
    send(settings, [failure_alert(flow, reason)])


def last_failure(home: Path, runs: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the failure that no later run of its kind has made good; `runs` are the published ones.

    A sweep publishes only when it has erased something, so the last one is asked of the home as well. A run that is
    dated ahead of now says nothing: its clock was wrong, and it may have ended before the failure.
    """
    failure = read_state(home, FILE)
    swept = last_sweep(home)
    try:
        failed, mending = datetime.fromisoformat(failure["at"]), MENDING.get(failure["flow"], {failure["flow"]})
        later = [*runs, swept] if swept else runs
        well = (run for run in later if run["kind"] in mending and run["outcome"] in MADE_GOOD)
        ends = (run["ended_at"] for run in well if run["ended_at"] is not None)
        known = (ended if ended.tzinfo else ended.replace(tzinfo=UTC) for ended in ends)
        is_mended = any(failed < ended <= datetime.now(UTC) for ended in known)
    except (KeyError, ValueError, TypeError):  # nothing failed, or what is kept of it is damaged
        return None
    return None if is_mended else failure | {"at": failed.isoformat(timespec="seconds")}


def _reason(state: "State[Any]") -> str:
    """Say why, without the words that Prefect has of an error: those may name an account."""
    error = state.result(raise_on_failure=False)
    return safe_reason(error) if isinstance(error, BaseException) else state.name or "unknown"


def _write(home: Path, flow: str, reason: str) -> None:
    failure = {"flow": flow, "at": datetime.now(UTC).isoformat(), "reason": reason}
    with suppress(OSError):  # a full disk, which may be why the run failed: the message goes out all the same
        write_state(home, FILE, failure)
