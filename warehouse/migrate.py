"""Bring a vault forward: numbered SQL files, each in one transaction with the record that it ran."""

from pathlib import Path

import duckdb

from warehouse.errors import NewerVault
from warehouse.sqlfiles import scripts


def migrate(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Run what this vault has not had yet and return how many that were; raise `NewerVault` when it has had more."""
    con.execute(
        "create table if not exists migrations (number integer not null, name varchar not null, "
        "applied_at timestamptz not null default now())"
    )
    row = con.execute("select coalesce(max(number), 0) from migrations").fetchone()
    done = int(row[0]) if row else 0
    waiting = [(int(name[:4]), name, text) for name, text in scripts("migrations")]
    newest = waiting[-1][0]
    if done > newest:
        raise NewerVault(
            f"{path}: the vault has schema {done}, this program knows {newest}: update Etalage; the vault is untouched"
        )
    todo = [migration for migration in waiting if migration[0] > done]
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
