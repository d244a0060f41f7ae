"""The `etalage` command as a person runs it: a process of its own, or all of it but that process."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import forked

from flows.start import main

ENTRY = "import sys; sys.argv[0] = 'etalage'; from flows.start import main; main()"
FOREIGN = ("ETALAGE_", "PREFECT_")
START_SECONDS = 120
COMMAND_SECONDS = 240
"""How long a Prefect server and a command may take on a machine that has other work."""

IMPATIENTLY = """
from connectors.waiting import Waiting
Waiting.pause_after = lambda *_: 0.02
"""
"""Code `before` a command: what may pass is tried again as often as ever, in a request and after it, but at once."""


def written(stream: io.TextIOWrapper) -> str:
    """Return what a stream holds, its line ends as `subprocess` gives them."""
    stream.seek(0)
    return stream.read()


def read_by_python(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what the interpreter and its libraries read when they start."""
    return {name: value for name, value in environment.items() if name.startswith("PYTHON")}


class Etalage:
    """`etalage` in the folder `place`, whose `home` is its data directory; no settings of the caller count.

    `before` is code that what is run to its end runs first, for what a test cannot reach from outside.
    """

    before = ""

    def __init__(self, place: Path, variables: dict[str, str] | None = None) -> None:
        self.place, self.home = place, place / "data"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        self.environment = {**clean, "COLUMNS": "120", "NO_PROXY": "127.0.0.1", **(variables or {})}
        self.first: subprocess.CompletedProcess[str] | None = None
        self.prefect_home: Path | None = None

    def __call__(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run to the end and return exit code, standard output and standard error.

        In a fork that has its imports behind it, unless it has to read at its start what we did not.
        """
        environment = self.environment | variables
        if read_by_python(environment) != read_by_python(os.environ):
            return self.afresh(*arguments, **variables)
        return forked.run(
            arguments, COMMAND_SECONDS, before=self.before, folder=str(self.place), environment=environment
        )

    def afresh(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Do so with an interpreter of its own, as a person's shell does."""
        return subprocess.run(
            [sys.executable, "-c", f"{self.before}{ENTRY}", *arguments],
            cwd=self.place,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def start(self, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
        """Start and do not wait."""
        return subprocess.Popen(
            self.command(*arguments),
            cwd=self.place,
            env=self.environment | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def here(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Do the same within the test's process: for what needs none of its own to be seen.

        A flow does: Prefect reads its settings once a process.
        """
        out, error = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
        os.umask(mask := os.umask(0o077))
        with (
            contextlib.chdir(self.place),
            mock.patch.dict(os.environ, self.environment | variables, clear=True),
            mock.patch.object(sys, "argv", ["etalage", *arguments]),
            mock.patch.object(sys.modules["__main__"], "__package__", None),  # else it is `python -m pytest.etalage`
            mock.patch.object(sys, "stdin", io.StringIO()),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(error),
        ):
            try:
                main()
            except SystemExit as ended:
                code = int(ended.code or 0)
            finally:
                os.umask(mask)
        return subprocess.CompletedProcess(arguments, code, written(out), written(error))

    @staticmethod
    def command(*arguments: str) -> list[str]:
        """The command line, without a search of the path."""
        return [sys.executable, "-c", ENTRY, *arguments]

    def configure(self, text: str) -> None:
        """Write `etalage.toml`."""
        (self.place / "etalage.toml").write_text(text, encoding="utf-8")

    def sql(self, query: str) -> list[dict[str, Any]]:
        """Ask the published file."""
        answer = self.here("sql", query, "--json")
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)


def wait_until_said(process: "subprocess.Popen[str]", words: str) -> None:
    """Read the standard error of a started command up to a line with these words; fail when it is over by then."""
    for line in process.stderr or ():
        if words in line:
            break
    else:
        raise AssertionError(f"the command ended ({process.wait()}) and never said: {words}")
    assert process.poll() is None, f"the command had ended when it said: {words}"
