"""The `etalage` command as a person runs it: a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ENTRY = "from flows.start import main; main()"
FOREIGN = ("ETALAGE_", "PREFECT_")


class Etalage:
    """`etalage` in the folder `place`, whose `home` is its data directory; no settings of the caller count."""

    def __init__(self, place: Path, variables: dict[str, str] | None = None) -> None:
        self.place, self.home = place, place / "data"
        clean = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        self.environment = {**clean, "COLUMNS": "120", "NO_PROXY": "127.0.0.1", **(variables or {})}
        self.first: subprocess.CompletedProcess[str] | None = None
        self.prefect_home: Path | None = None

    def __call__(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run to the end and return exit code, standard output and standard error."""
        return subprocess.run(
            self.command(*arguments),
            cwd=self.place,
            env=self.environment | variables,
            capture_output=True,
            text=True,
            timeout=240,
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

    @staticmethod
    def command(*arguments: str) -> list[str]:
        """The command line, without a search of the path."""
        return [sys.executable, "-c", ENTRY, *arguments]

    def configure(self, text: str) -> None:
        """Write `etalage.toml`."""
        (self.place / "etalage.toml").write_text(text, encoding="utf-8")

    def sql(self, query: str) -> list[dict[str, Any]]:
        """Ask the published file."""
        answer = self("sql", query, "--json")
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)
