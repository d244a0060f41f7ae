"""What the pages ask of the published file: read-only, away from files and network, a new connection a page."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Final
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types

from warehouse.answers import as_dicts, distinct
from warehouse.sql import open_published
from warehouse.sqlfiles import script

PERIODS = {"year": "laatste twaalf maanden", "all": "alles wat verzameld is"}
EVERYTHING = "alle"
ZONE: Final = ZoneInfo("Europe/Amsterdam")
"""Of the days that the pages know, so that a post is shown on the day it is found and counted by."""
ALONE: Final = RLock()
"""DuckDB opens a file once a process, with one configuration: pages in two tabs ask after each other."""


@contextmanager
def asked(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published file for one page."""
    with ALONE:
        con = open_published(home / "etalage.duckdb", memory="512MB")
        try:
            yield con
        finally:
            con.close()


def rows(con: duckdb.DuckDBPyConnection, name: str, values: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Answer `dashboard/queries/<name>.sql` as dicts."""
    return as_dicts(con.execute(script("dashboard/queries", name), dict(values or {})))


def labels(con: duckdb.DuckDBPyConnection, dimension: str) -> dict[str, str]:
    """Map the labels of a dimension to their Dutch names, in the codebook's order."""
    found = con.execute(
        "select label, dutch from core.labels where dimension = $dimension order by position", {"dimension": dimension}
    ).fetchall()
    return {label: f"{dutch[:1].upper()}{dutch[1:]}" for label, dutch in found}


def settings(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Map the thresholds of the figures to their values."""
    return dict(con.execute("select name, value from ops.settings").fetchall())


def notice(con: duckdb.DuckDBPyConnection) -> str:
    """Tell what has to stand beside every figure."""
    [[words]] = con.execute("select value from ops.about where name = 'notice'").fetchall()
    return str(words)


def table(columns: tuple[str, ...], found: list[tuple[Any, ...]]) -> pa.Table:
    """Make an Arrow table of an answer; what has no one type becomes text."""
    arrays = []
    for at in range(len(columns)):
        values = [row[at] for row in found]
        try:
            arrays.append(pa.array(values))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError):
            arrays.append(pa.array([None if value is None else str(value) for value in values], pa.string()))
    return pa.table(arrays, names=distinct(columns))
