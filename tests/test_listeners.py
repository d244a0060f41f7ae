"""What listens while Etalage is at work, on a server of its own: nothing that another machine could reach."""

import shutil
import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import small_night
from etalage_command import Etalage

WAIT_SECONDS = 200
PATIENT = {"ETALAGE_PREFECT__START_SECONDS": str(WAIT_SECONDS)}
LISTENS = "0A"
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}  # 127.0.0.1 and ::1, as the kernel writes them

on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's tables are Linux's")


@pytest.fixture(autouse=True)
def no_other_server():
    """A server on Prefect's usual port is used and none started: so there has to be none.

    `etalage serve` keeps one there. Tests that start their own stand in this file alone, which one worker runs.
    """
    if _answers_on_4200():
        pytest.skip("port 4200 is taken by another program")


@pytest.fixture
def place(prefect_tables, tmp_path):
    """A folder whose home has Prefect's tables already; who listens does so the same without."""
    (tmp_path / "data").mkdir(mode=0o700)
    shutil.copytree(prefect_tables, tmp_path / "data" / "prefect")
    return tmp_path


def family(pid):
    """A process and all that it started."""
    stats = [stat.read_text().rpartition(")") for stat in Path("/proc").glob("[0-9]*/stat")]
    parents = {int(before.split()[0]): int(after.split()[1]) for before, _, after in stats}
    found, newest = [], [pid]
    while newest:
        found += newest
        newest = [one for one, parent in parents.items() if parent in newest]
    return found


def listeners(pid):
    """The (address, port) on which a process or its children listen."""
    inodes = set()
    for one in family(pid):
        for handle in Path(f"/proc/{one}/fd").iterdir():
            try:
                inodes.add(str(handle.readlink()))
            except OSError:
                continue  # closed meanwhile
    found = set()
    for table in ("tcp", "tcp6"):
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_, inode = row.split()[:10]
            if state == LISTENS and f"socket:[{inode}]" in inodes:
                address, port = local.split(":")
                found.add((address, int(port, 16)))
    return found


def seen(process, seconds, *, first=False):
    """All listeners that were seen within so many seconds or until the process ended; the `first` ones alone."""
    found, until = set(), time.monotonic() + seconds
    while not (first and found) and process.poll() is None and time.monotonic() < until:
        with suppress(FileNotFoundError, ProcessLookupError):  # one of them ended while it was looked at
            found |= listeners(process.pid)
        time.sleep(0.2)
    return found


@on_linux
@pytest.mark.parametrize("command", ["nightly", "serve"])
def test_only_this_machine_is_answered(place, quick_model, command):
    """The temporary server of a run, to its end, and the one that `serve` keeps, listen on 127.0.0.1 alone."""
    with small_night.platform() as x:
        small_night.configure(place, x.base_url)
        process = Etalage(place, PATIENT | {"ETALAGE_MODEL": str(quick_model)}).start(command)
        try:
            found = seen(process, WAIT_SECONDS, first=command == "serve")
            if command == "serve":
                found |= seen(process, 8)  # what starts after the server
        finally:
            process.terminate()
            _, told = process.communicate(timeout=60)

    assert found, told
    assert {address for address, _ in found} <= LOOPBACK


def test_a_server_ends_with_a_serve_that_is_stopped_while_it_starts(place):
    """The server answers before what it is for is imported: who is stopped then takes it along."""
    process = Etalage(place, PATIENT).start("serve")
    until = time.monotonic() + WAIT_SECONDS
    while not _answers_on_4200():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    process.terminate()
    process.communicate(timeout=60)

    assert process.returncode == 128 + signal.SIGTERM
    assert not _answers_on_4200()


def test_a_temporary_server_that_ends_at_its_start_is_one_line(tmp_path):
    """Exit code 1, where to read why, no traceback, and no waiting until the time limit."""
    (tmp_path / "uvicorn.py").write_text("raise SystemExit('no server today')", encoding="utf-8")

    answer = Etalage(tmp_path, {"PYTHONPATH": str(tmp_path)})("nightly")

    assert answer.returncode == 1
    _, told = answer.stderr.splitlines()
    assert told.startswith("etalage: the Prefect server ended at once (code 1); see prefect/run.log in the home")
    assert "no server today" in (tmp_path / "data" / "prefect" / "run.log").read_text("utf-8")


def _answers_on_4200():
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", 4200)) == 0
