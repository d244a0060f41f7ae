"""The vault written anew: without what was erased, under the same key or another, and put in place in one move.

DuckDB marks what is deleted as free and overwrites it some day; a new file never had it.
"""

from pathlib import Path
from threading import Event

from warehouse.copying import copy_vault, forget, on_disk
from warehouse.errors import WarehouseError, clear_errors
from warehouse.sqlfiles import statement
from warehouse.vault import Connection, open_vault


def compact(path: Path, key: str, *, new_key: str | None = None, stop: Event | None = None) -> None:
    """Replace the vault at `path`, which nobody has open, by a new file with the same content.

    `new_key` is the new file's key. Whatever happens, either the old file or the whole new one is there.
    Raises `Stopped` when `stop` is set before the new one is whole.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        with open_vault(path, key) as con:
            copy_vault(con, fresh, new_key or key, is_compacting=True, stop=stop)
    except BaseException:
        forget(fresh)
        raise
    put(fresh, path)


def is_owed(con: Connection) -> bool:
    """Tell whether something was erased that has to leave the vault's file when it is closed."""
    row = con.execute(statement("compaction_owed")).fetchone()
    return bool(row and row[0])


def put(fresh: Path, path: Path) -> None:
    """Move a complete new vault to its place. The old one's log must be gone: it would be read into the new file."""
    log = path.with_name(f"{path.name}.wal")
    with clear_errors(path):
        if log.exists():
            raise WarehouseError(f"{log}: the vault was not closed in order: run `etalage nightly` and try again")
        fresh.replace(path)
        on_disk(path.parent)
