"""`etalage serve`: the schedules, kept by one long process on this machine."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from prefect import serve
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import DeploymentStatus
from prefect.exceptions import ObjectNotFound
from prefect.schedules import Cron

from flows.nightly import nightly
from flows.prefect_api import ApiError
from flows.sweep import sweep

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

    from flows.settings import Settings

NIGHTLY = Cron("30 3 * * *", timezone="Europe/Amsterdam")
"""Inside one UTC day in summer (01:30) and winter (02:30): X bills per UTC day."""

SWEEP = Cron("50 * * * *", timezone="Europe/Amsterdam")
"""Every hour, away from the night's beginning; a sweep that finds a run at work lets it be and waits an hour."""


def deployments(settings: "Settings", config: str | None) -> list["RunnerDeployment"]:
    """Return what is scheduled.

    Without a concurrency limit of Prefect's: it survives a server that is killed during a run, and then nothing starts.
    """
    parameters = {"home": str(settings.home.absolute()), "config": config}
    return [
        nightly.to_deployment(
            name="nightly",
            schedule=NIGHTLY,
            parameters=parameters,
            description="Everything new since last night, to the analysts' file and the report.",
        ),  # type: ignore[list-item] # to_deployment is typed for its async form too
        sweep.to_deployment(
            name="sweep",
            schedule=SWEEP,
            parameters=parameters,
            description="Erases what its platform no longer shows, and what is kept too long.",
        ),  # type: ignore[list-item] # same
    ]


def keep_serving(settings: "Settings", config: str | None, *, has_own_server: bool = False) -> None:
    """Run the schedules until stopped; needs a Prefect server, whose address is in PREFECT_API_URL.

    Raises an `ApiError` when that server is used for another home; `has_own_server` says that it was started just now,
    so that nobody else can use it, whatever its records say of a home that was moved.
    """
    os.environ.setdefault("PREFECT_RUNNER_SERVER_HOST", "127.0.0.1")
    if not has_own_server:
        _refuse_another_home(settings.home)
    serve(*deployments(settings, config), pause_on_shutdown=False, limit=1)


def _refuse_another_home(home: Path) -> None:
    """Ours would replace its schedules, which have the same names, and nobody would collect it again."""
    with get_client(sync_client=True) as client:
        try:
            night = client.read_deployment_by_name("nightly/nightly")
        except ObjectNotFound:
            return
    other = night.parameters.get("home")
    is_polled = night.status == DeploymentStatus.READY  # until a minute after its process has asked for runs
    if other and is_polled and Path(other).resolve() != home.resolve():
        raise ApiError(
            f"this Prefect server already serves {other}; give this home a server of its own (prefect.api_url), or let"
            " timers start its runs; when the other one has been stopped, try again after two minutes"
        )
