"""`etalage serve`: the schedules, kept by one long process on this machine."""

import os
from typing import TYPE_CHECKING

from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.schedules import Cron

from flows.nightly import nightly
from flows.sweep import sweep

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

    from flows.settings import Settings

NIGHTLY = Cron("30 3 * * *", timezone="Europe/Amsterdam")
"""Inside one UTC day in summer (01:30) and winter (02:30): X bills per UTC day."""

SWEEP = Cron("50 * * * *", timezone="Europe/Amsterdam")
"""Every hour, away from the night's beginning; a sweep that finds a run at work lets it be and waits an hour."""


def deployments(settings: "Settings", config: str | None) -> list["RunnerDeployment"]:
    """Return what is scheduled; a run that finds another at work is cancelled, not queued."""
    parameters = {"home": str(settings.home.absolute()), "config": config}
    one = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    return [
        nightly.to_deployment(
            name="nightly",
            schedule=NIGHTLY,
            parameters=parameters,
            concurrency_limit=one,
            description="Everything new since last night, to the analysts' file and the report.",
        ),  # type: ignore[list-item] # to_deployment is typed for its async form too
        sweep.to_deployment(
            name="sweep",
            schedule=SWEEP,
            parameters=parameters,
            concurrency_limit=one,
            description="Erases what its platform no longer shows, and what is kept too long.",
        ),  # type: ignore[list-item] # same
    ]


def keep_serving(settings: "Settings", config: str | None) -> None:
    """Run the schedules until stopped; needs a Prefect server, whose address is in PREFECT_API_URL."""
    os.environ.setdefault("PREFECT_RUNNER_SERVER_HOST", "127.0.0.1")
    serve(*deployments(settings, config), pause_on_shutdown=False, limit=1)
