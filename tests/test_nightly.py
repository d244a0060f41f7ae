"""The nightly run, whole, through Prefect, on the sample panel."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from etalage_command import COMMAND_SECONDS, Etalage, wait_until_said
from loopback import Told, serving
from test_nothing_readable import found, known

from connectors.sample import FOLDER
from flows import prefect_api


def test_the_first_run_prints_what_it_found(sample_run):
    """Run, headline with interval, goals, and where report and file are; plainly labelled as fiction."""
    shown = sample_run.first.stdout

    for words in ("FICTION", "HR people, last twelve months", "95% intervals", "peer_exchange", "report.html"):
        assert words in shown
    assert "Traceback" not in shown + sample_run.first.stderr


def test_progress_is_plain_lines_when_nobody_watches(sample_run):
    """Standard error has a line a step, with counts, and no control codes."""
    told = sample_run.first.stderr

    assert "\x1b" not in told
    assert [
        step for step in ("Collecting", "Loading", "Annotating", "Publishing", "Reporting") if step not in told
    ] == []


def test_every_sample_post_is_published_or_accounted_for(sample_run):
    """As many posts as the wire files hold, from four platforms, all annotated."""
    (row,) = sample_run.sql(
        "select count(*) as posts, count(distinct platform) as platforms, count(*) filter (where is_annotated) as done"
        " from core.posts"
    )
    shipped = int(
        next(word for word in (FOLDER / "README.md").read_text().split() if word.startswith("1,")).replace(",", "")
    )

    assert {"posts": shipped, "platforms": 4, "done": shipped} == row


def test_the_newest_sample_post_is_of_yesterday(sample_run):
    """The panel's dates are shifted so that its newest post is a day old."""
    (row,) = sample_run.sql("select date_diff('day', max(created_at)::date, current_date) as days from core.posts")

    assert row["days"] in {0, 1, 2}  # yesterday, seen from either side of midnight in UTC and Amsterdam


def test_foreign_posts_are_kept_apart(sample_run):
    """English and German posts are in core.posts, flagged, and in no share."""
    (row,) = sample_run.sql("select count(*) filter (where not is_dutch) as foreign_posts from core.posts")

    assert 60 <= row["foreign_posts"] <= 200


def test_files_are_private(sample_run):
    """Directory and files are for their owner alone."""
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) & 0o077 for path in [sample_run.home, *sample_run.home.iterdir()]
    }

    assert {name: oct(mode) for name, mode in modes.items() if mode} == {}


def test_status_and_json(sample_run):
    """`status --json` tells the run and that the figures are fiction."""
    status = json.loads(sample_run.here("status", "--json").stdout)

    assert status["published"]["about"]["is_fiction"] == "true"
    assert [run["outcome"] for run in status["published"]["runs"]] == ["ok"]
    assert status["running_process"] is None


def test_a_second_run_has_nothing_new(etalage):
    """The same panel twice gives the same posts, once; a run while another works does not start."""
    first = etalage("nightly", "--json")
    again = etalage("nightly", "--json")
    counts, stored = json.loads(again.stdout)["counts"], json.loads(first.stdout)["summary"]["counts"]

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert (counts["inserted"], counts["annotated"]) == (0, 0)
    assert (counts["published"], counts["labels_refused"]) == (stored["posts"], 0)
    assert json.loads(first.stdout)["summary"]["counts"] == json.loads(again.stdout)["summary"]["counts"]


@pytest.mark.parametrize("after", ["Collecting", "Loading", "Annotating", "Publishing"])
def test_a_killed_run_is_finished_by_the_next(etalage, sample_run, after):
    """SIGKILL in the step after this one loses, doubles and shows nothing; in collecting, test_crash.py has it so."""
    process = etalage.start("nightly")
    wait_until_said(process, after)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    left = found(etalage.home, *known())

    answer = etalage("nightly")
    query = (
        "select count(*) as posts, count(distinct post_key) as keys, md5(string_agg(text, '' order by text)) as texts"
    )

    assert left == []
    assert answer.returncode == 0, answer.stderr
    assert sample_run.sql(f"{query} from core.posts") == etalage.sql(f"{query} from core.posts")


def test_a_second_run_at_the_same_time_does_not_start(etalage):
    """It says who works, and exits with its own code; the first is not disturbed."""
    first = etalage.start("nightly")
    try:
        lock = etalage.home / "run.lock"
        until = time.monotonic() + COMMAND_SECONDS
        while not (lock.exists() and lock.read_text()):
            assert time.monotonic() < until
            time.sleep(0.05)

        second = etalage("nightly")

        assert second.returncode == 4
        assert f"process {first.pid}" in second.stderr
        first.communicate(timeout=COMMAND_SECONDS)
        assert first.returncode == 0
    finally:
        first.kill()


@pytest.mark.parametrize(
    ("version", "words"),
    [(None, "cannot be used"), ('"2.0.0"', "cannot be used"), ('"3.8.8"', "stopped answering")],
    ids=["no Prefect", "another Prefect", "gone in the middle"],
)
def test_a_prefect_server_that_does_not_do_is_one_line(tmp_path, version, words):
    """It answers at the start and no more: exit code 1, what to do, no traceback."""

    def answer_of(asked):
        known = {"health": "true", "version": version}.get(asked.path.rpartition("/")[2])
        return Told(known or "", 200 if known else 404)

    with serving(answer_of) as server:
        answer = Etalage(tmp_path, {"PREFECT_API_URL": f"{server.base_url}/api"})("nightly")

    assert answer.returncode == 1
    assert answer.stderr.startswith(f"etalage: the Prefect server at {server.base_url}/api {words}")
    assert answer.stderr.count("\n") == 1


def test_a_program_that_speaks_no_http_is_no_prefect_server():
    """Whatever else listens at the port is passed over, as silence is."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        thread = threading.Thread(target=lambda: other.accept()[0].sendall(b"SSH-2.0-OpenSSH_9.2\r\n"))
        thread.start()
        assert not prefect_api.answers(f"http://127.0.0.1:{other.getsockname()[1]}/api")
        thread.join()


def test_a_server_that_another_command_uses_is_left_to_it(tmp_path):
    """Only the temporary server whose command is gone is ended; the other's line stays for who comes after it."""
    code = f"import time; time.sleep(60)  # {prefect_api.SERVER}"
    parent = (
        "import os, subprocess, sys\n"
        f"print(subprocess.Popen([sys.executable, '-c', {code!r}], stdout=2).pid, os.getpid())"
    )
    used = subprocess.Popen([sys.executable, "-c", code])
    left = subprocess.check_output([sys.executable, "-c", parent], text=True).strip()
    orphan = Path("/proc", left.split()[0], "cmdline")
    file = tmp_path / "server.pid"
    file.write_text(f"{left}\n{used.pid} {os.getpid()}\n")
    try:
        assert prefect_api._end_orphans(file) == [f"{used.pid} {os.getpid()}"]
        assert used.poll() is None
        until = time.monotonic() + 20
        while orphan.exists() and orphan.read_bytes():
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        used.kill()
        used.wait()


def test_a_run_imports_no_server():
    """Prefect's server lives in a process of its own: here it would cost time and memory."""
    asked = "import sys, flows.foreground, flows.nightly; print([m for m in sys.modules if 'prefect.server' in m])"
    printed = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout

    assert printed == "[]\n"


@pytest.mark.parametrize("after", ["Loading", "Annotating: 1,600 posts"])
def test_sigterm_stops_within_ten_seconds(etalage, tmp_path, after):
    """The run ends after the page or batch at hand, or breaks off publishing, and says so; the next one goes on.

    Beside other work it may wait for the processor: one of three, each in a home of its own, has to be in time.
    """
    took = []
    while len(took) < 3 and not any(seconds < 10 for seconds in took):
        place = tmp_path / f"home-{len(took)}"
        place.mkdir()
        command = Etalage(place, etalage.environment)
        process = command.start("nightly")
        wait_until_said(process, after)
        began = time.monotonic()
        process.terminate()
        _, told = process.communicate(timeout=COMMAND_SECONDS)
        took.append(time.monotonic() - began)

        assert process.returncode == 143, told
        assert not (command.home / "etalage.duckdb").exists()
        assert command("nightly").returncode == 0

    assert min(took) < 10
