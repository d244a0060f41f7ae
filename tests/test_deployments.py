"""Schedules: what is deployed, when it runs, and one scheduled run through server and worker."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import small_night
import yaml
from etalage_command import COMMAND_SECONDS, FOREIGN, START_SECONDS

from warehouse.sql import query

POOL = "local"
WAIT_SECONDS = 240
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


@pytest.fixture(scope="module")
def prefect(prefect_server, quick_model, tmp_path_factory, root):
    """The `prefect` command on the session's server; what it runs reads with a quick model.

    It works in a checkout without the `etalage.toml`, `.env` and `data` of the person who tests.
    """
    home, checkout = tmp_path_factory.mktemp("worker"), tmp_path_factory.mktemp("checkout")
    for name in ("connectors", "flows", "nlp", "warehouse", "prefect.yaml"):
        (checkout / name).symlink_to(root / name)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)},
        "PREFECT_API_URL": prefect_server,
        "PREFECT_HOME": str(home),
        "PWD": str(checkout),
        "DO_NOT_TRACK": "1",
        "NO_PROXY": "127.0.0.1",
        "ETALAGE_MODEL": str(quick_model),
    }

    def run(*arguments, start=False):
        command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
        if start:
            with (home / "worker.log").open("wb") as log:
                return subprocess.Popen(command, cwd=checkout, env=environment, stdout=log, stderr=log)
        return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)

    run.log, run.checkout = home / "worker.log", checkout
    return run


@pytest.fixture(scope="module")
def deployed(prefect):
    """A process work pool with the deployments of prefect.yaml."""
    for arguments in (["work-pool", "create", POOL, "--type", "process"], ["deploy", "--all"]):
        answer = prefect(*arguments)
        assert answer.returncode == 0, answer.stdout + answer.stderr


def ask(server, route, body):
    """Ask the server's API."""
    request = urllib.request.Request(
        f"{server}/{route}", json.dumps(body).encode(), {"content-type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or "null")


def planned(server, name):
    """The runs of a deployment that the server has planned."""
    states = {"deployments": {"name": {"any_": [name]}}, "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    return ask(server, "flow_runs/filter", states)


@pytest.fixture
def paused(deployed, prefect_server):
    """The deployments without their schedules for the test: a worker takes whatever is due, and what is late."""
    ids = [one["id"] for one in ask(prefect_server, "deployments/filter", {})]
    for one in ids:
        ask(prefect_server, f"deployments/{one}/pause_deployment", {})
    yield
    for one in ids:
        ask(prefect_server, f"deployments/{one}/resume_deployment", {})


def test_the_schedules_of_serve_are_those_of_prefect_yaml(root, tmp_path):
    """`etalage serve` and a work pool run the same flows at the same times, without a limit of Prefect's."""
    from flows.serving import deployments  # noqa: PLC0415 - Prefect reads its settings at import
    from flows.settings import Settings  # noqa: PLC0415 - same

    written = {
        (deployment["name"], schedule["cron"], schedule["timezone"], deployment.get("concurrency_limit"))
        for deployment in yaml.safe_load((root / "prefect.yaml").read_text())["deployments"]
        for schedule in deployment["schedules"]
    }
    served = {
        (deployment.name, schedule.schedule.cron, schedule.schedule.timezone, deployment.concurrency_limit)
        for deployment in deployments(Settings(home=tmp_path), None)
        for schedule in deployment.schedules
    }

    assert written == served


def test_the_timers_are_the_schedules_of_serve(root):
    """What docs/operations.md has systemd start begins when `etalage serve` would begin it."""
    from flows.serving import NIGHTLY, SWEEP  # noqa: PLC0415 - Prefect reads its settings at import

    page = (root / "docs/operations.md").read_text(encoding="utf-8")
    minute, hour, *_ = NIGHTLY.cron.split()

    assert re.findall(r"^OnCalendar=(.*)$", page, re.MULTILINE) == [
        f"*-*-* {int(hour):02}:{minute}:00 {NIGHTLY.timezone}",
        f"*:{SWEEP.cron.split()[0]}",
    ]


@pytest.mark.parametrize("month", [1, 7])
def test_the_night_lies_inside_one_utc_day(month):
    """03:30 in Amsterdam is after midnight UTC in winter and in summer."""
    moment = datetime(2026, month, 15, 3, 30, tzinfo=ZoneInfo("Europe/Amsterdam")).astimezone(UTC)

    assert (15, {1: 2, 7: 1}[month]) == (moment.day, moment.hour)


def test_a_test_may_take_as_long_as_what_it_waits_for(pytestconfig):
    """The limit of time is for a test that hangs, with its fixtures: a server, a night for all, one of its own."""
    assert float(pytestconfig.getini("timeout")) >= START_SECONDS + 2 * COMMAND_SECONDS + WAIT_SECONDS


def test_the_server_plans_the_coming_nights(deployed, prefect_server):
    """The scheduler enters runs for half past three, Amsterdam time."""
    until = time.monotonic() + WAIT_SECONDS
    nights = []
    while not nights and time.monotonic() < until:
        nights = planned(prefect_server, "nightly")
        time.sleep(1)
    times = {
        datetime.fromisoformat(run["expected_start_time"]).astimezone(ZoneInfo("Europe/Amsterdam")).strftime("%H:%M")
        for run in nights
    }

    assert times == {"03:30"}


def test_a_worker_does_a_scheduled_run(paused, prefect, prefect_server, tmp_path):
    """Server, worker and a run scheduled for a moment ahead: it completes, and the published file is there.

    It is the only run that the worker does.
    """
    assert [planned(prefect_server, name) for name in ("nightly", "sweep")] == [[], []]
    with small_night.platform() as x:
        small_night.configure(prefect.checkout, x.base_url)
        worker = prefect("worker", "start", "--pool", POOL, "--limit", "1", start=True)
        try:
            entered = prefect(
                "deployment", "run", "nightly/nightly", "--start-in", "2 seconds", "--param", f"home={tmp_path}"
            )
            assert entered.returncode == 0, entered.stdout + entered.stderr
            states = ended_states(prefect_server)
        finally:
            worker.terminate()
            worker.wait(timeout=30)

    assert states == ["COMPLETED"], prefect.log.read_text()[-3000:]
    assert query(tmp_path / "etalage.duckdb", "select count(*) from core.posts").rows == [(small_night.POSTS,)]


def ended_states(server):
    """How the runs that began have ended, once one has."""
    until = time.monotonic() + WAIT_SECONDS
    states = []
    while time.monotonic() < until and not set(states) & {*ENDED}:
        runs = ask(server, "flow_runs/filter", {"deployments": {"name": {"any_": ["nightly", "sweep"]}}})
        states = [run["state"]["type"] for run in runs if run["state"]["type"] != "SCHEDULED"]
        time.sleep(1)
    return states
