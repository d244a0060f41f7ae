"""`etalage import`: files that people already have, through the same store, merge, annotation and publishing."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from connectors.files.reading import FORMATS, read_pages
from connectors.source import Page, Window
from flows import progress
from flows.erasing import republish
from flows.errors import InputError
from flows.faults import safe_reason
from flows.fiction import make_room
from flows.forgetting import Forget, forgetting
from flows.listening import keep_panel
from flows.lock import run_lock
from flows.opening import opened
from flows.panel import panel_of
from flows.settings import Settings
from flows.steps import annotate, load
from flows.stopping import Stop, stop_on_signal
from warehouse import ledger, runs, tombstones
from warehouse.fiction import holds_real
from warehouse.load import first_rejects
from warehouse.pages import store_page
from warehouse.vault import Connection

SOURCE: Final = "files"
PAGES_A_LOAD: Final = 20
"""A page of a file is about 2 MB: so many are mapped at once, and memory stays flat whatever the file's size."""
REASONS: Final = 3
_BLOCK: Final = 2**20


@dataclass(slots=True)
class Imported:
    """What became of one file: its window's state, pages stored now, and why it is not complete."""

    file: Path
    state: str
    pages: int = 0
    reason: str | None = None


def check_files(format_: str, paths: list[Path]) -> None:
    """Raise `InputError`, before anything is read, for a format or a file that is none."""
    if format_ not in FORMATS:
        raise InputError(f"{format_!r} is none of the formats {', '.join(FORMATS)}")
    for path in paths:
        if not path.is_file():
            raise InputError(f"{path} is not a file; name the files one by one")


def import_files(
    settings: Settings, format_: str, paths: list[Path], columns: Mapping[Path, Mapping[str, str]], author: str | None
) -> dict[str, Any]:
    """Store, merge, annotate and publish; return outcome, counts, a row a file and the first reasons of rejects.

    A file is a window of the ledger, known by its content: the same file again gives nothing new, and one that was
    broken off goes on behind its last page. The panel's opt-outs are erased first, and kept out of the files.
    """
    panel = panel_of(settings)  # a wrong row, perhaps an opt-out, stops the import before anything is touched
    with run_lock(settings.home), opened(settings, stop := Stop()) as (con, keys), stop_on_signal(stop):
        run_id = runs.start_run(con, "import")
        counts: Counter[str] = Counter()
        try:
            if erased := keep_panel(con, keys, settings, panel):
                counts["opted_out"] = erased
            forget = forgetting(tombstones.gone(con, keys.pseudonym))
            files = []
            for path in paths:
                if stop.is_set():
                    break
                window = _window(con, format_, path, columns.get(path), author)
                pages = _Pages(con, run_id, forget, keys.pseudonym, counts)
                files.append(pages.store(window, path, format_, columns.get(path), author, stop))
            counts.update(pages=sum(one.pages for one in files))
            if holds_real(con):
                counts.update(make_room(con, settings))
            counts.update(annotate.fn(con, settings.model, stop))
            broken = sum(bool(one.reason) for one in files)
            outcome = "interrupted" if stop.is_set() else "partial" if broken else "ok"
            message = f"{broken} files not complete" if broken else None
            runs.finish_run(con, run_id, outcome, dict(counts), message)
            rejects = first_rejects(con, run_id, REASONS)
            if not stop.is_set() and not republish(con, keys, settings, stop):
                outcome = "interrupted"
                runs.finish_run(con, run_id, outcome, dict(counts), message)
        except BaseException as error:
            with suppress(Exception):
                runs.finish_run(con, run_id, "failed", dict(counts), safe_reason(error))
            raise
    return {
        "run_id": run_id,
        "outcome": outcome,
        "signal": stop.signal,
        "counts": dict(counts),
        "files": [
            {"file": str(one.file), "state": one.state, "pages": one.pages, "reason": one.reason} for one in files
        ],
        "rejects": rejects,
    }


@dataclass(slots=True)
class _Pages:
    """Where a file's pages go."""

    con: Connection
    run_id: str
    forget: Forget
    pseudonym: bytes
    counts: Counter[str]

    def store(
        self,
        window: Window,
        path: Path,
        format_: str,
        columns: Mapping[str, str] | None,
        author: str | None,
        stop: Stop,
    ) -> Imported:
        """Store and merge a file's pages from where it was left; what is wrong with the file is its reason."""
        if ledger.windows_of(self.con, window.source, window.query).get(window) in ledger.CLOSED:
            return Imported(path, "already imported")
        position = ledger.begin(self.con, window, self.run_id)
        done = Imported(path, "complete")
        with progress.current.get().step(f"Reading {path.name}", None, "pages") as step:
            try:
                for page in read_pages(format_, path, position=position, columns=columns, author=author):
                    self._keep(window, page, done)
                    step.advance()
                    if page.end == "more" and stop.is_set():
                        done.state, done.reason = "planned", "stopped on request; import it again to go on"
                        ledger.finish(self.con, window, "planned", "stopped on request")
                        break
            except (ValueError, OSError) as error:
                done.state, done.reason = "failed", f"{path}: {error}"
                ledger.finish(self.con, window, "failed", "the file cannot be read")
        self._load()
        return done

    def _keep(self, window: Window, page: Page, done: Imported) -> None:
        store_page(self.con, window, self.forget(page, window.source, window.query), self.run_id)
        done.pages += 1
        if done.pages % PAGES_A_LOAD == 0:
            self._load()

    def _load(self) -> None:
        quiet = progress.current.set(progress.LogShow())
        try:
            self.counts.update(load.fn(self.con, self.pseudonym))
        finally:
            progress.current.reset(quiet)


def _window(con: Connection, format_: str, path: Path, columns: Mapping[str, str] | None, author: str | None) -> Window:
    """Return a file's window, named by its content and by how it is read: a file's name may name a person."""
    digest = hashlib.sha256(json.dumps([format_, sorted((columns or {}).items()), author]).encode())
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    query = f"{format_} {digest.hexdigest()[:16]}"
    for window in ledger.windows_of(con, SOURCE, query):
        return window
    until = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    return Window(SOURCE, query, until - timedelta(seconds=1), until)
