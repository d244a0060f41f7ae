"""The vault: everything that was collected, in one encrypted DuckDB file that one process opens at a time.

A connection is used by one thread; another thread asks for its own with `cursor`. Everything that writes goes
through `transaction`, which lets one thread in at a time: DuckDB would refuse the second of two writers to the
same rows, and there is nothing to gain from two.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Lock, RLock
from typing import Final

import duckdb
from duckdb.sqltypes import VARCHAR

from nlp.cleaning import usual
from warehouse.errors import Busy, DiskFull, ReadOnly, WrongKey, clear_errors, translate
from warehouse.migrate import migrate
from warehouse.sqlfiles import OFFLINE, QUIET, literal

Connection = duckdb.DuckDBPyConnection

MEMORY: Final = "512MB"
"""What DuckDB may keep in memory; the rest waits on disk, encrypted. Twice as much is hardly faster."""

CONFIG: Final = OFFLINE | {"temp_file_encryption": "true"}
"""What every connection to a vault is opened with."""

_OPEN: Final[set[Path]] = set()
_OPEN_GUARD: Final = Lock()
_WRITING: Final = RLock()


@contextmanager
def open_vault(path: Path, key: str, *, memory: str = MEMORY, threads: int | None = None) -> Iterator[Connection]:
    """Open the vault at `path`, made and migrated when needed, for the length of a `with` block.

    Raises a `WarehouseError`: wrong key, newer vault, busy, not writable, disk full.
    """
    if not key:
        raise WrongKey(f"{path}: no key given: set ETALAGE_VAULT_KEY or let keys/vault.key be made")
    path = path.absolute()
    _claim(path)
    try:
        with clear_errors(path):
            _make_private(path)
            con = _connect(path, memory, threads)
        try:
            with clear_errors(path):
                _attach(con, path, key)
                migrate(con, path, key)
            yield con
        finally:
            _close(con)
    finally:
        with _OPEN_GUARD:
            _OPEN.discard(path)


def cursor(con: Connection) -> Connection:
    """Give another thread its own connection to the same vault."""
    own = con.cursor()
    _settle(own)
    own.execute("use vault")
    return own


@contextmanager
def transaction(con: Connection) -> Iterator[None]:
    """Run the block as one transaction, alone; all of it is stored or nothing."""
    with _WRITING:
        place = _file(con)
        with clear_errors(place):
            con.begin()
            try:
                yield
                con.commit()
            except BaseException as error:
                # A full disk may already have ended the transaction, or the whole instance.
                with suppress(duckdb.Error):
                    con.rollback()
                if isinstance(error, duckdb.FatalException):
                    raise (
                        translate(error, place) or DiskFull(f"{place}: writing failed: {_first_line(error)}")
                    ) from error
                raise


def _claim(path: Path) -> None:
    # The system's file locks are per process: inside one, two openings would not see each other.
    with _OPEN_GUARD:
        if path in _OPEN:
            raise Busy(f"{path}: this process has it open already")
        _OPEN.add(path)


def _make_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not os.access(path.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise ReadOnly(
            f"{path.parent}: the folder may not be written: give this user write permission, or choose another --home"
        )
    if path.exists():
        path.chmod(0o600)


def _connect(path: Path, memory: str, threads: int | None) -> Connection:
    spill = path.with_name(f"{path.name}.tmp")
    config = CONFIG | {"temp_directory": str(spill), "memory_limit": memory}
    if threads is not None:
        config["threads"] = str(threads)
    con = duckdb.connect(":memory:", config=config)
    _settle(con)
    con.create_function("usual", usual, [VARCHAR], VARCHAR)
    con.execute(f"load {literal(str(extension('httpfs')))}")
    return con


def _settle(con: Connection) -> None:
    # Every connection's own, cursors too: in the machine's time zone a day ends, and `Z` is written, at the wrong hour.
    con.execute(QUIET)
    con.execute("set timezone = 'UTC'")


def extension(name: str) -> Path:
    """Find an extension's file in its wheel, so that it loads without a network."""
    spec = find_spec(f"duckdb_extension_{name}")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"duckdb-extension-{name} is not installed: run `uv sync`")
    return Path(spec.origin).parent / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"


def _attach(con: Connection, path: Path, key: str) -> None:
    # ATTACH takes no parameters; the key and the path are quoted as literals and shown in no message of ours.
    con.execute(f"attach {literal(str(path))} as vault (encryption_key {literal(key)}, encryption_cipher 'GCM')")
    path.chmod(0o600)
    con.execute("use vault")


def _close(con: Connection) -> None:
    # What is not checkpointed waits in the (encrypted) write-ahead log and is read at the next opening.
    with suppress(duckdb.Error):
        con.execute("checkpoint vault")
    with suppress(duckdb.Error):
        con.execute("use memory")
        con.execute("detach vault")
    con.close()


@contextmanager
def bare() -> Iterator[Connection]:
    """Open a connection that has no file yet but can read encrypted ones."""
    con = _connect(Path("vault.duckdb").absolute(), MEMORY, 1)
    try:
        yield con
    finally:
        con.close()


def _file(con: Connection) -> Path:
    try:
        row = con.execute("select path from duckdb_databases() where database_name = 'vault'").fetchone()
    except duckdb.Error:
        row = None
    return Path(row[0]) if row and row[0] else Path("vault.duckdb")


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
