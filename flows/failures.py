"""What is kept of a run that failed, for `etalage status` and `etalage doctor`."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow

from flows.alerts import failure_alert, send
from flows.settings import load_settings

FILE = "last_failure.json"


def remember_failure(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Write which flow failed, when and why (one line, no traceback) into the home directory."""
    given = flow_run.parameters or {}
    settings = load_settings(
        Path(given["config"]) if given.get("config") else None, Path(given["home"]) if given.get("home") else None
    )
    reason = (state.message or state.name or "unknown").splitlines()[0]
    failure = {"flow": flow.name, "at": datetime.now(UTC).isoformat(timespec="seconds"), "reason": reason[:500]}
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = settings.home / FILE
    new = file.with_suffix(".new")
    new.write_text(json.dumps(failure) + "\n", encoding="utf-8")
    new.replace(file)
    send(settings, [failure_alert(flow.name, reason[:500])])
