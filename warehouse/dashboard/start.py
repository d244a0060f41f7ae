"""Start Streamlit on 127.0.0.1 for one home directory."""

import contextlib
import os
import subprocess
import sys
import threading
import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from warehouse.errors import WarehouseError

APP: Final = Path(__file__).with_name("app.py")
_OPTIONS: Final = {
    "server.address": "127.0.0.1",
    "server.headless": "true",  # else it asks for an e-mail address
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "browser.serverAddress": "127.0.0.1",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "theme.primaryColor": "#0b5c7a",
}
_PATIENCE: Final = 10
"""Seconds that Streamlit gets to close after Ctrl-C."""


def command(home: Path, port: int) -> list[str]:
    """Give the command line of the server."""
    options = [f"--{name}={value}" for name, value in {**_OPTIONS, "server.port": str(port)}.items()]
    return [sys.executable, "-m", "streamlit", "run", str(APP), *options, "--", str(home.absolute())]


def serve(home: Path, port: int, *, open_browser: bool = True) -> int:
    """Serve until Ctrl-C; raise `WarehouseError` when Streamlit or the published file is missing."""
    if find_spec("streamlit") is None:
        raise WarehouseError("the dashboard needs Streamlit: run `uv sync --inexact --extra dashboard`")
    if not (home / "etalage.duckdb").is_file():
        raise WarehouseError(f"{home / 'etalage.duckdb'}: there is no published file yet: run `etalage nightly` first")
    root = str(Path(__file__).parents[2])
    paths = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    with subprocess.Popen(  # noqa: S603 -- our own command
        command(home, port), env=os.environ | {"PYTHONPATH": paths}, stdout=subprocess.DEVNULL
    ) as server:
        timer = threading.Timer(3, webbrowser.open, (f"http://127.0.0.1:{port}",))
        timer.daemon = True
        if open_browser:
            timer.start()
        try:
            return server.wait()
        except KeyboardInterrupt:
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(_PATIENCE)
            return 130
        finally:
            timer.cancel()
            if server.poll() is None:
                server.kill()
