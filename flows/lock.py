"""One run at a time: a lock that the system lets go when its process ends, however it ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another run holds the lock; the message names its process."""


@contextmanager
def run_lock(home: Path) -> Iterator[None]:
    """Hold `home`'s lock; raise `AlreadyRunning` at once when another process has it."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(home / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(file, 32, 0).decode().strip() or "unknown"
            raise AlreadyRunning(
                f"a run is already working in {home} (process {holder}); this one did not start"
            ) from None
        os.ftruncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(file)


def running_process(home: Path) -> int | None:
    """Return the process that holds the lock, or None."""
    try:
        file = os.open(home / "run.lock", os.O_RDWR)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(file, 32, 0).decode().strip()
        return int(holder) if holder.isdigit() else None
    finally:
        os.close(file)
    return None
