"""Commands forked from a process that has imported already what every one of them would import for itself.

Each is a process of its own, as in `crash.py`, with its own folder, environment and files. The process that they are
forked from has opened nothing, and knows no Prefect, which reads its settings at import.
"""

import gc
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from flows.start import main
from warehouse import vault

OURS = (
    "flows.cli",
    "flows.drifting",
    "flows.foreground",
    "flows.opening",
    "flows.sources",
    "flows.summary",
    "nlp.annotate",
    "nlp.components",
    "warehouse.annotations",
    "warehouse.publish",
    "warehouse.report",
    "warehouse.sample_labels",
    "warehouse.summary",
)
LIBRARIES = (
    *("anyio", "griffe", "httpcore", "jsonschema", "opentelemetry.trace", "pendulum", "websockets"),  # Prefect's
    *("altair", "praw", "rich.progress", "spacy.lang.nl", "tokenizers", "tweepy"),
)
"""What is imported where it is needed first, as pandas is by DuckDB, where the dashboard has brought it."""
LIGHT = {"threads": "1", "allow_unsigned_extensions": "true"}
"""How vaults are opened here: on one core, as two processes test at once, and hashing no extension of 21 MB each time.

Commands that are started, and those that are run afresh, take all cores, and check that extension's signature.
"""


class Unlike(Exception):
    """The process that commands would be forked from is no beginning for them."""


def prepare() -> None:
    """Import what commands import, and let the forks share it; their vaults are as light as those of `conftest.py`."""
    for name in (*OURS, *LIBRARIES, *(["pandas"] if find_spec("pandas") else [])):
        import_module(name)
    if "prefect" in sys.modules:
        raise Unlike("Prefect has read its settings: those of no command")
    vault.CONFIG.update(LIGHT)
    gc.freeze()


def serve() -> None:
    """Fork a command for each line that comes, and say its number and how it ended."""
    for line in sys.stdin:
        command = get_context("fork").Process(target=be, kwargs=json.loads(line))
        command.start()
        print(command.pid, flush=True)  # noqa: T201 - the answer
        command.join()
        print(command.exitcode, flush=True)  # noqa: T201 - same


def be(arguments: list[str], before: str, folder: str, environment: dict[str, str], out: str, error: str) -> None:
    """Do what the command's own process would have done."""
    for number, (file, flags) in enumerate([(os.devnull, os.O_RDONLY), (out, os.O_WRONLY), (error, os.O_WRONLY)]):
        os.dup2(os.open(file, flags), number)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv, sys.path[0] = ["etalage", *arguments], ""
    exec(before, {})  # noqa: S102 - a test's own
    main()


@cache
def forking() -> "subprocess.Popen[bytes]":
    """Start the process that commands are forked from; it ends with this one, whose end of the pipe closes."""
    return subprocess.Popen([sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)


def run(arguments: tuple[str, ...], seconds: float, **more: Any) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, as `subprocess.run` does; `more` is what `be` takes."""
    parent = forking()
    with tempfile.TemporaryDirectory() as place:
        out, error = Path(place, "out"), Path(place, "error")
        out.touch()
        error.touch()
        asked = {"arguments": arguments, "out": str(out), "error": str(error), **more}
        parent.stdin.write(f"{json.dumps(asked)}\n".encode())
        pid = int(parent.stdout.readline())
        if not select.select([parent.stdout], [], [], seconds)[0]:
            os.kill(pid, signal.SIGKILL)
            parent.stdout.readline()
            raise subprocess.TimeoutExpired(arguments, seconds, out.read_text(), error.read_text())
        code = int(parent.stdout.readline())
        return subprocess.CompletedProcess(arguments, code, out.read_text(), error.read_text())


if __name__ == "__main__":
    prepare()
    serve()
