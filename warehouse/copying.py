"""The whole vault into another encrypted file: for compacting, another key, a backup."""

import os
from contextlib import suppress
from pathlib import Path
from threading import Event

import duckdb

from warehouse.errors import clear_errors
from warehouse.sqlfiles import literal
from warehouse.stopping import stoppable


def copy_vault(
    con: duckdb.DuckDBPyConnection, target: Path, key: str, *, is_compacting: bool = False, stop: Event | None = None
) -> None:
    """Write everything in the open vault to a new encrypted file at `target`, complete and on disk.

    With `is_compacting` the copy notes that what was erased is in it no more. Raises `Stopped` once `stop` is set.
    Whatever it raises, nothing stays at `target`.
    """
    forget(target)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with clear_errors(target):
            _write(con, target, key, is_compacting=is_compacting, stop=stop)
            on_disk(target)
    except BaseException:
        forget(target)
        raise


def forget(path: Path) -> None:
    """Remove a half-made file and its log."""
    for one in (path, path.with_name(f"{path.name}.wal")):
        one.unlink(missing_ok=True)


def on_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(con: duckdb.DuckDBPyConnection, target: Path, key: str, *, is_compacting: bool, stop: Event | None) -> None:
    con.execute(f"attach {literal(str(target))} as copied (encryption_key {literal(key)}, encryption_cipher 'GCM')")
    try:
        target.chmod(0o600)
        with stoppable(con, stop):
            con.execute("copy from database vault to copied")
            if is_compacting:
                con.execute("update copied.erasures set compacted_at = now() where compacted_at is null")
            con.execute("checkpoint copied")
    finally:
        with suppress(duckdb.Error):  # copying has a transaction of its own, which stays open when it is broken off
            con.rollback()
        con.execute("detach copied")
