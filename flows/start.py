"""Where the `etalage` command begins, before anything is imported."""

import os
import sys


def main() -> None:
    """Let Python keep its bytecode, also where the environment says otherwise, and run the command line.

    Container images often set PYTHONDONTWRITEBYTECODE. A run imports thousands of files, and so does the Prefect
    server that it may start: to compile them again each time takes longer than an idle night's work.
    """
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    from flows.cli import main as command_line  # noqa: PLC0415 - after the line above

    command_line()
