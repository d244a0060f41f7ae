"""Prefect's surroundings: which API, no telemetry, noise in a file. Import this before `prefect` itself.

A run uses a Prefect server that answers, else Prefect's own temporary (ephemeral) one, whose slow start is
announced and bounded.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flows.progress import Show

LOCAL_SERVER = "http://127.0.0.1:4200/api"


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


def ready(address: str | None, show: Show) -> None:
    """Wait until the API answers; start the temporary one when there is no address."""
    if address:
        _refuse_silent(address)
        _refuse_foreign(address)
        return
    from prefect.server.api.server import SubprocessASGIServer  # noqa: PLC0415 - heavy, and not always needed

    seconds = os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"]
    show.note(f"Starting Prefect's temporary server (10 to 30 s, at most {seconds} s; `etalage serve` keeps one) ...")
    server_file = Path(os.environ["PREFECT_HOME"]) / "server.pid"
    _end_orphan(server_file)
    server = SubprocessASGIServer()
    try:
        server.start()
    except RuntimeError as error:
        reason = str(error).splitlines()[0]
        raise ApiError(f"Prefect's temporary server did not start: {reason} Raise prefect.start_seconds.") from None
    if server.server_process:
        server_file.write_text(str(server.server_process.pid), encoding="ascii")


def _end_orphan(server_file: Path) -> None:
    """End the temporary server of a run that was killed; without its parent nobody else would."""
    with suppress(OSError, ValueError):
        orphan = int(server_file.read_text(encoding="ascii"))
        if b"prefect.server.api.server:create_app" in Path(f"/proc/{orphan}/cmdline").read_bytes():
            os.kill(orphan, signal.SIGTERM)
        server_file.unlink()


@contextmanager
def own_server(address: str | None, start_seconds: int) -> Iterator[str]:
    """Yield the address of a server that answers: the given one, or a new one on this machine for the block."""
    if address:
        _refuse_silent(address)
        yield address
        return
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", "4200"]
    with (Path(os.environ["PREFECT_HOME"]) / "server.log").open("ab") as log:
        # Our own interpreter; a session of its own, so that Ctrl-C reaches us first and it ends with the block.
        server = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603
    try:
        _wait_for(server, LOCAL_SERVER, start_seconds)
        yield LOCAL_SERVER
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(server: "subprocess.Popen[bytes]", address: str, seconds: int) -> None:
    until = time.monotonic() + seconds
    while not answers(address):
        if server.poll() is not None or time.monotonic() > until:
            raise ApiError(
                f"the Prefect server did not start within {seconds} s; is port 4200 taken by another program?"
            )
        time.sleep(0.3)


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
    except (OSError, ValueError, urllib.error.URLError):
        return False
