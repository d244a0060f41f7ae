"""What the terminal shows of the published file, read in one go: figures, coverage, runs, budget."""

from pathlib import Path
from typing import Any

import duckdb

from warehouse.sql import open_published
from warehouse.sqlfiles import scripts


def read_summary(published: Path) -> dict[str, Any]:
    """Read the published file: a list of rows (dicts) a name of summary/*.sql, and `about` as one dict."""
    con = open_published(published)
    try:
        summary: dict[str, Any] = {name: _rows(con, sql) for name, sql in scripts("summary")}
    finally:
        con.close()
    summary["about"] = {row["name"]: row["value"] for row in summary["about"]}
    summary["counts"] = summary["counts"][0]
    return summary


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    cursor = con.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
