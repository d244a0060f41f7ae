"""A flow in the foreground of a terminal: its progress on the screen, Prefect's own noise in a file."""

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from rich.console import Console

from flows import prefect_api, progress
from flows.failures import note_failure
from flows.faults import safe_reason
from flows.lock import AlreadyRunning, running_process
from flows.sources import build_sources, chosen
from nlp.artefact import model_version

if TYPE_CHECKING:
    from flows.settings import Settings


def run_in_foreground(settings: "Settings", name: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Run the flow `name` (a module and function of `flows`) and return its result.

    Uses the Prefect server that answers, else a temporary one.
    """
    if holder := running_process(settings.home):
        raise AlreadyRunning(f"a run is already working in {settings.home} (process {holder}); this one did not start")
    noted = partial(_noted, settings, name, is_watched=sys.stderr.isatty())  # below, standard error is a file
    with noted():
        _check(settings, parameters.get("source"), asking=name == "sweep")
        address = prefect_api.prepare(
            settings.home, settings.prefect.api_url, settings.prefect.start_seconds, in_terminal=True
        )
    # Until the run itself listens to signals: end in order, so that the temporary server ends too.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    with noise_to(Path(os.environ["PREFECT_HOME"]) / "run.log") as console:
        show = progress.show_on(console)
        token = progress.current.set(show)
        try:
            with noted():
                api = address or prefect_api.start_temporary(show)
            # The temporary server needs one core for seconds: import, and read the language pipeline, on the other.
            if address is None:
                # Waited for at the end: one that is cut off amid a library's own code takes the whole process with it.
                threading.Thread(target=_warm_up, args=(settings.model,)).start()
            flow = getattr(import_module(f"flows.{name}"), name)
            prefect_api.ready(api)
            result: dict[str, Any] = flow(**parameters)
        except httpx.HTTPError as error:  # no platform's: those are met where they are asked
            # Prefect's log handler cannot reach the server either; its traceback about that tells nothing new.
            logging.raiseExceptions = False
            where = f"the Prefect server at {address}" if address else "Prefect's temporary server"
            raise prefect_api.ApiError(
                f"{where} stopped answering as it should ({_first_line(error)}); everything stored stays: run again"
            ) from error
        finally:
            progress.current.reset(token)
    return result


@contextmanager
def _noted(settings: "Settings", flow: str, *, is_watched: bool) -> Iterator[None]:
    """Tell what fails before the flow begins as its own failures are told, unless somebody watches it in a terminal."""
    try:
        yield
    except Exception as error:
        if settings.home.is_dir() and not is_watched:
            note_failure(settings, flow, safe_reason(error))
        raise


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _check(settings: "Settings", source: str | None, *, asking: bool) -> None:
    """Meet what is wrong with the settings at once, rather than after the server's slow start."""
    sources = build_sources(settings, sample_anchor=datetime.now(UTC).date(), asking=asking)
    if source is not None:
        chosen(sources, source)
    model_version(settings.model)


def _warm_up(model: Path | None) -> None:
    from nlp.pipeline import load  # noqa: PLC0415 - the point is to import it here

    try:
        load(model)
    except Exception:  # noqa: BLE001 - the run itself will meet the error and name it
        return


@contextmanager
def noise_to(file: Path) -> Iterator[Console]:
    """Send standard error to `file` for the length of the block; yield a console on the real one.

    Prefect's server is a child process that inherits standard error and ends with tracebacks of no consequence.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sys.stderr.flush()
    kept = os.dup(2)
    log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 2)
    try:
        with os.fdopen(os.dup(kept), "w", encoding="utf-8", errors="replace") as real:
            yield Console(file=real)
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)
        os.close(log)
