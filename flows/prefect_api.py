"""Prefect's surroundings: which API, no telemetry, noise in a file. Import this before `prefect` itself.

A run uses a Prefect server that answers, else Prefect's own temporary (ephemeral) one, whose slow start is
announced and bounded.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from importlib.util import find_spec
from pathlib import Path

from flows.progress import Show

LOCAL_SERVER = "http://127.0.0.1:4200/api"
SERVER = "prefect.server.api.server:create_app"


class ApiError(Exception):
    """Prefect's API cannot be reached or started; the message says what to do."""


def prepare(home: Path, api_url: str | None, start_seconds: int, *, in_terminal: bool) -> str | None:
    """Set Prefect's environment and return the API's address, None for a temporary one.

    Has to run before `prefect` is imported, which reads its settings once.
    """
    os.umask(0o077)  # what Prefect writes is for this user alone
    prefect_home = (home / "prefect").absolute()
    prefect_home.mkdir(parents=True, exist_ok=True)
    quiet = {
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(start_seconds),
        "PREFECT_CLI_PROMPT": "false",
    }
    os.environ.update(quiet)
    os.environ.setdefault("PREFECT_HOME", str(prefect_home))
    if in_terminal:
        os.environ.setdefault("PREFECT_LOGGING_SETTINGS_PATH", str(Path(__file__).with_name("logging.yml")))
    address = api_url or os.environ.get("PREFECT_API_URL") or (LOCAL_SERVER if answers(LOCAL_SERVER) else None)
    if address:
        os.environ["PREFECT_API_URL"] = address
    return address


@dataclass(frozen=True, slots=True)
class Temporary:
    """A temporary server that was started and may not answer yet."""

    process: "subprocess.Popen[bytes]"
    address: str


def start_temporary(show: Show) -> Temporary:
    """Start Prefect's ephemeral server, as Prefect does it, and name it as the API of this process; it ends with us.

    Prefect's own starter would import the whole server here too: 1.3 processor seconds and 76 MB.
    Has to run before `prefect` is imported, like `prepare`.
    """
    seconds = os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"]
    show.note(f"Starting Prefect's temporary server (10 to 30 s, at most {seconds} s; `etalage serve` keeps one) ...")
    server_file = Path(os.environ["PREFECT_HOME"]) / "server.pid"
    others = _end_orphans(server_file)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--app-dir", _folder_of("prefect"), "--factory", SERVER]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error", "--lifespan", "on"]
    ephemeral = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
    server = subprocess.Popen(command, env=os.environ | ephemeral)  # noqa: S603 - our own interpreter
    atexit.register(_end, server, seconds=5)  # registered before Prefect's own, so that it may still say its last
    server_file.write_text("\n".join([*others, f"{server.pid} {os.getpid()}"]), encoding="ascii")
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    return Temporary(server, os.environ["PREFECT_API_URL"])


def ready(api: str | Temporary) -> None:
    """Wait until a temporary server answers; refuse the address of a server that does not, or is another version."""
    if isinstance(api, Temporary):
        seconds = int(os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"])
        _wait_for(api.process, api.address, seconds, "see prefect/run.log in the home, or raise prefect.start_seconds")
        return
    _refuse_silent(api)
    _refuse_foreign(api)


def _folder_of(package: str) -> str:
    spec = find_spec(package)  # where it lies, without importing it
    return str(Path(str(spec and spec.origin)).parents[1])


def _end_orphans(server_file: Path) -> list[str]:
    """End the temporary servers of runs that were killed; without its parent nobody else would.

    Returns the lines ("server parent") of those that another command uses now.
    """
    used = []
    for line in server_file.read_text(encoding="ascii").splitlines() if server_file.exists() else ():
        with suppress(OSError, ValueError):
            server, parent = map(int, line.split())
            place = Path(f"/proc/{server}")
            if SERVER.encode() not in (place / "cmdline").read_bytes():
                continue
            if f"\nPPid:\t{parent}\n" in (place / "status").read_text():
                used.append(line)
            else:
                os.kill(server, signal.SIGTERM)
    return used


@contextmanager
def own_server(address: str | None, start_seconds: int) -> Iterator[str]:
    """Yield the address of a server that answers: the given one, or a new one on this machine for the block."""
    if address:
        _refuse_silent(address)
        yield address
        return
    # Until what is served listens to signals itself: end in order, so that the server ends too.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", "4200"]
    with (Path(os.environ["PREFECT_HOME"]) / "server.log").open("ab") as log:
        # Our own interpreter; a session of its own, so that Ctrl-C reaches us first and it ends with the block.
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603
    try:
        _wait_for(server, LOCAL_SERVER, start_seconds, "is port 4200 taken by another program?")
        yield LOCAL_SERVER
    finally:
        _end(server, seconds=10)


def _end(server: "subprocess.Popen[bytes]", seconds: int) -> None:
    server.terminate()
    try:
        server.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _wait_for(server: "subprocess.Popen[bytes]", address: str, seconds: int, remedy: str) -> None:
    until = time.monotonic() + seconds
    while not answers(address):
        if server.poll() is not None:
            raise ApiError(f"the Prefect server ended at once (code {server.returncode}); {remedy}")
        if time.monotonic() > until:
            raise ApiError(f"the Prefect server did not start within {seconds} s; {remedy}")
        time.sleep(0.1)


def _refuse_silent(address: str) -> None:
    if not answers(address):
        raise ApiError(
            f"the Prefect server at {address} does not answer; start it, or clear prefect.api_url (or PREFECT_API_URL)"
        )


def _refuse_foreign(address: str) -> None:
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - Prefect reads its settings at import

    try:
        with get_client(sync_client=True) as client:
            client.raise_for_api_version_mismatch_once()
    except RuntimeError as error:  # no API there, or one of another version
        reason = str(error).splitlines()[0].rstrip(".")
        raise ApiError(f"the Prefect server at {address} cannot be used: {reason}; clear prefect.api_url") from None


def answers(address: str) -> bool:
    """Ask a Prefect API whether it is well."""
    try:
        with urllib.request.urlopen(f"{address.rstrip('/')}/health", timeout=1) as reply:  # noqa: S310 - the user's own
            return bool(reply.status == 200)  # noqa: PLR2004 - OK
    except (OSError, ValueError, HTTPException):  # of urllib's own errors each is an OSError
        return False
