"""The nightly run, whole, through Prefect: once on the sample panel, and on a few posts where that tells as much."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from threading import Event

import pytest
import small_night
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


def test_a_second_run_has_nothing_new(small):
    """The same posts twice are stored once, and the second run says as much as the first."""
    first = small("nightly", "--json")
    again = small("nightly", "--json")
    counts, stored = json.loads(again.stdout)["counts"], json.loads(first.stdout)["summary"]["counts"]

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert (counts["inserted"], counts["annotated"]) == (0, 0)
    assert (counts["published"], counts["labels_refused"]) == (stored["posts"], 0)
    assert json.loads(first.stdout)["summary"]["counts"] == json.loads(again.stdout)["summary"]["counts"]


@pytest.fixture
def small(etalage):
    """The command, set up to collect three dozen posts; what interrupts a night interrupts a small one as well."""
    with small_night.platform() as x:
        small_night.configure(etalage.place, x.base_url)
        yield etalage


@pytest.mark.parametrize("after", ["Collecting", "Loading", "Publishing"])
def test_a_killed_run_is_finished_by_the_next(small, after):
    """SIGKILL in the step after this one loses, doubles and shows nothing; in collecting, test_crash.py has it so.

    In publishing, which takes its time on many posts alone, the sample is killed below.
    """
    process = small.start("nightly")
    wait_until_said(process, after)
    kill(process)
    left = found(small.home, *small_night.KNOWN)

    answer = small("nightly")

    assert left == []
    assert answer.returncode == 0, answer.stderr
    assert small.sql("select text from core.posts order by text") == [{"text": text} for text in small_night.TEXTS]


def kill(process):
    """Kill a command and wait until it is gone."""
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()


def test_a_second_run_at_the_same_time_does_not_start(etalage):
    """It says who works, and exits with its own code; the first is not disturbed."""
    x, asked, go_on = small_night.people_and_posts(), Event(), Event()

    def answer(request):
        asked.set()
        go_on.wait(COMMAND_SECONDS)
        return x(request)

    with serving(answer) as platform:
        small_night.configure(etalage.place, platform.base_url)
        first = etalage.start("nightly")
        try:
            assert asked.wait(COMMAND_SECONDS)
            second = etalage("nightly")
            go_on.set()
            first.communicate(timeout=COMMAND_SECONDS)
        finally:
            go_on.set()
            first.kill()

    assert second.returncode == 4
    assert f"process {first.pid}" in second.stderr
    assert first.returncode == 0


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


def stopped(command, after):
    """Ask a night to stop as soon as it has said this; return how many seconds it took."""
    process = command.start("nightly")
    wait_until_said(process, after)
    began = time.monotonic()
    process.terminate()
    _, told = process.communicate(timeout=COMMAND_SECONDS)
    took = time.monotonic() - began

    assert process.returncode == 143, told
    assert not (command.home / "etalage.duckdb").exists()
    return took


def in_time(etalage, tmp_path, after):
    """Stop nights until one was in time, and return its command.

    Beside other work it may wait for the processor: one of three, each in a home of its own, has to be.
    """
    took = []
    while len(took) < 3 and not any(seconds < 10 for seconds in took):
        place = tmp_path / f"home-{len(took)}"
        place.mkdir()
        command = Etalage(place, etalage.environment)
        if (settings := etalage.place / "etalage.toml").exists():
            shutil.copy(settings, place)
        took.append(stopped(command, after))

    assert min(took) < 10
    return command


def test_sigterm_stops_within_ten_seconds(small, tmp_path):
    """The run ends after the page or batch at hand, and says so; the next one goes on."""
    command = in_time(small, tmp_path, "Loading")
    answer = command("nightly")

    assert answer.returncode == 0, answer.stderr
    assert command.sql("select count(*) as posts from core.posts") == [{"posts": small_night.POSTS}]


def test_publishing_the_sample_is_broken_off_killed_and_done(etalage, sample_run, tmp_path):
    """SIGTERM breaks publishing off within ten seconds, SIGKILL ends it at once: nothing is shown, lost or doubled."""
    command = in_time(etalage, tmp_path, "Annotating: 1,600 posts")
    process = command.start("nightly")
    until = time.monotonic() + COMMAND_SECONDS
    while not (command.home / "etalage.duckdb.new").exists():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)
    kill(process)
    left = found(command.home, *known())

    answer = command("nightly")
    query = (
        "select count(*) as posts, count(distinct post_key) as keys, md5(string_agg(text, '' order by text)) as texts"
    )

    assert left == []
    assert answer.returncode == 0, answer.stderr
    assert sample_run.sql(f"{query} from core.posts") == command.sql(f"{query} from core.posts")
