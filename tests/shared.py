"""What is dear to make and only read: made once, by whichever of the test processes comes first, for all of them."""

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def folder(factory: pytest.TempPathFactory) -> Path:
    """The folder of this test run that all of its processes see."""
    own = factory.getbasetemp()
    whole = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    (shared := whole / "shared").mkdir(mode=0o700, exist_ok=True)
    return shared


def made_once(shared: Path, name: str, make: Callable[[Path], Any]) -> tuple[Path, Any]:
    """Return the folder of this name, filled by `make`, and what that returned, which is plain values.

    The others wait. What was not made to its end is made again by the next.
    """
    place, notes = shared / name, shared / f"{name}.json"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not notes.exists():
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir(mode=0o700)
            notes.write_text(json.dumps(make(place)), encoding="utf-8")
    return place, json.loads(notes.read_text(encoding="utf-8"))
