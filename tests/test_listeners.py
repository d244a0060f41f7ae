"""What listens while Etalage is at work: nothing that another machine could reach."""

import signal
import socket
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from etalage_command import Etalage

LISTENS = "0A"
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}  # 127.0.0.1 and ::1, as the kernel writes them

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's tables are Linux's")


def family(pid):
    """A process and all that it started."""
    children = [
        int(stat.parent.name)
        for stat in Path("/proc").glob("[0-9]*/stat")
        if int(stat.read_text().rpartition(")")[2].split()[1]) == pid
    ]
    return [pid, *(one for child in children for one in family(child))]


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


def seen(process, count, seconds=90):
    """All listeners that were seen until there were `count`."""
    found, until = set(), time.monotonic() + seconds
    while len(found) < count and process.poll() is None and time.monotonic() < until:
        with suppress(FileNotFoundError, ProcessLookupError):  # one of them ended while it was looked at
            found |= listeners(process.pid)
        time.sleep(0.2)
    return found


@pytest.mark.parametrize("command", ["nightly", "serve"])
def test_only_this_machine_is_answered(tmp_path, command):
    """The temporary server of a run, and the one that `serve` keeps, listen on 127.0.0.1 alone."""
    if command == "serve" and _answers_on_4200():
        pytest.skip("port 4200 is taken by another program")
    process = Etalage(tmp_path).start(command)
    try:
        found = seen(process, 1)
        if command == "serve":
            time.sleep(5)  # what starts after the server
            found |= seen(process, len(found) + 1, seconds=3)
    finally:
        process.terminate()
        _, told = process.communicate(timeout=60)

    assert found, told
    assert {address for address, _ in found} <= LOOPBACK


def test_a_server_ends_with_a_serve_that_is_stopped_while_it_starts(tmp_path):
    """The server answers before what it is for is imported: who is stopped then takes it along."""
    if _answers_on_4200():
        pytest.skip("port 4200 is taken by another program")
    process = Etalage(tmp_path).start("serve")
    until = time.monotonic() + 100
    while not _answers_on_4200():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    process.terminate()
    process.communicate(timeout=60)

    assert process.returncode == 128 + signal.SIGTERM
    assert not _answers_on_4200()


def _answers_on_4200():
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", 4200)) == 0
