"""Bring a vault forward: numbered SQL files, each in one transaction with the record that it ran.

A copy of the vault is kept beforehand in `copies/` beside it: encrypted under the same key, and for a short time
only, because what is erased from the vault is not erased there (`tidy_copies`). A migration that fails is tried by
every run: its copy takes the place of the one before.
"""

import time
from pathlib import Path
from typing import Final

import duckdb

from warehouse.copying import copy_vault
from warehouse.errors import NewerVault
from warehouse.sqlfiles import scripts

COPIES: Final = "copies"
COPIES_HOURS: Final = 24.0
"""How long a copy made before a migration or a restore stays: as long as X gives for erasing."""


def migrate(con: duckdb.DuckDBPyConnection, path: Path, key: str) -> int:
    """Run what this vault has not had yet and return how many that were; raise `NewerVault` when it has had more."""
    con.execute(
        "create table if not exists migrations (number integer not null, name varchar not null, "
        "applied_at timestamptz not null default now())"
    )
    done = {number for (number,) in con.execute("select number from migrations").fetchall()}
    waiting = [(int(name[:4]), name, text) for name, text in scripts("migrations")]
    newest = max(number for number, _, _ in waiting)
    if max(done, default=0) > newest:
        raise NewerVault(
            f"{path}: the vault has schema {max(done)}, this program knows {newest}: "
            "update Etalage; the vault is untouched"
        )
    todo = [migration for migration in waiting if migration[0] not in done]
    if done and todo:
        tidy_copies(path.parent)  # here too: no opening comes to its end while a migration fails
        copy_vault(con, path.with_name(COPIES) / f"{path.name}-before-{todo[0][1]}.duckdb", key)
    for number, name, text in todo:
        con.begin()
        try:
            con.execute(text)
            con.execute(
                "insert into migrations (number, name) values ($number, $name)", {"number": number, "name": name}
            )
        except BaseException:
            con.rollback()
            raise
        con.commit()
    return len(todo)


def tidy_copies(home: Path, hours: float = COPIES_HOURS) -> int:
    """Remove copies older than this, or dated further ahead by a clock that was wrong; return how many those were."""
    files = [file for file in (home / COPIES).glob("*") if file.is_file()]
    old = [file for file in files if abs(time.time() - file.stat().st_mtime) > hours * 3600]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)
