"""One run at a time in a home directory."""

import os
import signal
import subprocess
import sys

import pytest

from flows.lock import AlreadyRunning, run_lock, running_process

HOLD = """
import sys, time
from pathlib import Path
from flows.lock import run_lock
with run_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_a_second_run_does_not_start(tmp_path, holder):
    """The refusal names the process that works."""
    with pytest.raises(AlreadyRunning, match=str(holder.pid)), run_lock(tmp_path):
        pass

    assert running_process(tmp_path) == holder.pid


def test_a_killed_run_leaves_no_lock(tmp_path, holder):
    """The system lets the lock go with its process, so nobody has to clean up."""
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()

    assert running_process(tmp_path) is None
    with run_lock(tmp_path):
        assert running_process(tmp_path) == os.getpid()


def test_no_home_means_no_run(tmp_path):
    """Asking makes nothing."""
    assert running_process(tmp_path / "nowhere") is None
    assert not (tmp_path / "nowhere").exists()
