"""Backups: the vault in another encrypted file, with counts and hashes by which it is checked when made and put back.

The pseudonym key goes along inside the encrypted file: without it every author would be a new person after a restore.
"""

import hashlib
import json
import os
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from warehouse import journal
from warehouse.budget import all_reads, carry
from warehouse.compaction import put
from warehouse.copying import copy_vault
from warehouse.erasure_places import with_rows
from warehouse.errors import BadArgument, Busy, Damaged, WarehouseError, clear_errors
from warehouse.keys import Keys, write_key
from warehouse.migrate import COPIES
from warehouse.personal import tables
from warehouse.private import write_private
from warehouse.sqlfiles import literal, statement
from warehouse.tombstones import all_tombstones
from warehouse.tombstones import put as put_tombstones
from warehouse.vault import Connection, bare, open_vault, transaction

VAULT: Final = "vault.duckdb"
MANIFEST: Final = "manifest.json"
_KEYS: Final = "kept_keys"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made or put back: where it is, and how many rows its tables hold.

    `is_spending_known` tells of one that was put back whether paid reads made since then count on.
    """

    folder: Path
    rows: dict[str, int]
    is_spending_known: bool = True


def make_backup(con: Connection, folder: Path, keys: Keys) -> Backup:
    """Write a backup into a new folder under `folder` and read it back; raise `Damaged` when it differs."""
    place = folder / f"etalage-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    partial = place.with_name(f"{place.name}.partial")
    with clear_errors(folder):
        partial.mkdir(mode=0o700, parents=True)
    try:
        rows = _fill(con, partial, keys)
        partial.rename(place)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)  # nothing else would: each try has a name of its own
        raise
    return Backup(place, rows)


def newest(folder: Path) -> Path:
    """Return the backup that `folder` is, or the newest one in it."""
    if (folder / MANIFEST).is_file():
        return folder
    made = (one.parent for one in folder.glob(f"etalage-*/{MANIFEST}"))
    found = sorted(one for one in made if not one.name.endswith(".partial"))
    if not found:
        raise BadArgument(f"{folder}: no backup here; `etalage backup DIR` makes one")
    return found[-1]


def check_backup(folder: Path, key: str) -> dict[str, Any]:
    """Read a backup whole and return its manifest; raise `Damaged` when a count or a hash differs, `WrongKey`."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        digest, expected = manifest["sha256"], manifest["tables"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{folder / MANIFEST}: cannot be read: take another backup") from error
    with clear_errors(folder / VAULT):
        if _sha256(folder / VAULT) != digest:
            raise Damaged(f"{folder / VAULT}: not the file that was written: take another backup")
    if manifest.get("duckdb") == duckdb.__version__:  # another version may hash differently; the file's hash stands
        _compare(folder / VAULT, key, expected)
    return manifest


def restore(folder: Path, home: Path, key: str) -> tuple[Path, bool]:
    """Put a checked backup beside the vault as `vault.duckdb.new`, with what is known here and must not be forgotten.

    That is every tombstone, every paid read, and which names erasures took out of which texts.

    Returns that file, and whether the ledger of reads here could be read: else limits count the backup's alone.
    The caller erases what the tombstones name (`_bury_again` in `flows/keeping.py`) and then calls `replace_vault`.
    """
    check_backup(folder, key)
    fresh = home / f"{VAULT}.new"
    stones = journal.read(home)
    reads = names = None
    if (home / VAULT).exists():
        try:
            with open_vault(home / VAULT, key) as con:
                stones += all_tombstones(con)
                reads = all_reads(con)
                names = con.execute("from erased_names").to_arrow_table()
        except Busy:
            raise  # it is in use: its newest tombstones are not known, and it may not be replaced under somebody
        except (WarehouseError, duckdb.Error):  # DuckDB's own: of a migration that its rows do not fit
            pass  # a vault that does not open is why somebody restores; the journal has its tombstones
    with bare() as con:
        con.execute(f"attach {literal(str(folder / VAULT))} as vault (encryption_key {literal(key)}, read_only)")
        copy_vault(con, fresh, key)
        con.execute("detach vault")
    with open_vault(fresh, key) as con:
        _take_pseudonym_key(con, home / "keys")
        with transaction(con):
            put_tombstones(con, stones)
            carry(con, reads or [])
            if names:
                with_rows(con, names, statement("carry_erased_names"))
    return fresh, reads is not None


def replace_vault(home: Path) -> Path | None:
    """Move the restored vault to its place; return where the one it replaces is kept for a while.

    At no moment is there no vault: a run after a crash would make an empty one.
    """
    kept = None
    if (home / VAULT).exists():
        kept = home / COPIES / f"{time.strftime('%Y%m%dT%H%M%S')}-before-restore.duckdb"
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        kept.unlink(missing_ok=True)
        kept.hardlink_to(home / VAULT)
        os.utime(kept)  # it keeps from now, not from when the vault was last written
        log = home / f"{VAULT}.wal"
        if log.exists():  # of a vault that did not open; the new one may never meet it
            os.utime(log.replace(kept.with_name(f"{kept.name}.wal")))
    put(home / f"{VAULT}.new", home / VAULT)
    return kept


def contents(con: Connection, database: str = "vault") -> dict[str, dict[str, Any]]:
    """Return the rows of each table and a hash over them in which their order does not count."""
    found = {}
    for table in tables(con, database).keys() - {_KEYS}:
        row = con.execute(
            f"select count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from {database}.{table} as t"
        ).fetchone()
        found[table] = {"rows": row[0] if row else 0, "hash": row[1] if row else "0"}
    return found


def _fill(con: Connection, partial: Path, keys: Keys) -> dict[str, int]:
    expected = contents(con)
    copy_vault(con, partial / VAULT, keys.vault)
    _add_pseudonym_key(partial / VAULT, keys)
    manifest = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "duckdb": duckdb.__version__,
        "schema": _schema(con),
        "sha256": _sha256(partial / VAULT),
        "tables": expected,
    }
    write_private(partial / MANIFEST, f"{json.dumps(manifest, indent=2)}\n")
    _compare(partial / VAULT, keys.vault, expected)
    return {table: one["rows"] for table, one in expected.items()}


def _compare(file: Path, key: str, expected: dict[str, dict[str, Any]]) -> None:
    with clear_errors(file), bare() as con:
        con.execute(f"attach {literal(str(file))} as backup (encryption_key {literal(key)}, read_only)")
        found = contents(con, "backup")
    wrong = sorted(table for table in expected.keys() | found.keys() if expected.get(table) != found.get(table))
    if wrong:
        raise Damaged(f"{file}: {', '.join(wrong)} differ from what was written: take another backup")


def _add_pseudonym_key(file: Path, keys: Keys) -> None:
    with clear_errors(file), bare() as con:
        con.execute(f"attach {literal(str(file))} as backup (encryption_key {literal(keys.vault)})")
        con.execute(f"create table backup.{_KEYS} as select {literal(keys.pseudonym.decode())} as pseudonym")
        con.execute("checkpoint backup")
        con.execute("detach backup")


def _take_pseudonym_key(con: Connection, directory: Path) -> None:
    row = con.execute(f"select min(pseudonym) from {_KEYS}").fetchone()
    con.execute(f"drop table {_KEYS}")
    key, file = (row[0] if row else None), directory / "pseudonym.key"
    if key is None:
        raise Damaged("the backup lacks its pseudonym key: take another backup")
    if file.exists() and file.read_text(encoding="utf-8").strip() != key:
        raise WarehouseError(f"{file}: this backup is of another home, with other pseudonyms: choose an empty --home")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_key(file, key)


def _schema(con: Connection) -> int:
    row = con.execute("select max(number) from migrations").fetchone()
    return int(row[0]) if row else 0


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
