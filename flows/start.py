"""Where the `etalage` command begins, before anything is imported."""

import io
import os
import sys


def main() -> None:
    """Let Python keep its bytecode, also where the environment says otherwise, and run the command line.

    Container images often set PYTHONDONTWRITEBYTECODE. A run imports thousands of files, and so does the Prefect
    server that it may start: to compile them again each time takes longer than an idle night's work.
    """
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    _have_streams()
    try:
        from flows.cli import main as command_line  # noqa: PLC0415 - after the lines above
    except KeyboardInterrupt:
        sys.exit(130)
    command_line()


def _have_streams() -> None:
    """Let a stream that the caller closed be an empty one, and write what a terminal's encoding lacks as an escape."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - as long as we run
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
