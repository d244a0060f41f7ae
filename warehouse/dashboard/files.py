"""Answers as files to download: CSV in which nothing is a formula, and Parquet."""

import csv
import io
from typing import Any

import pyarrow.parquet as pq  # type: ignore[import-untyped]  # it ships no types

from warehouse.dashboard.asking import table
from warehouse.spreadsheets import harmless


def as_csv(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bytes:
    """Write CSV that Excel reads as UTF-8; a text like a formula is prefixed with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_plain(column) for column in columns])
    writer.writerows([[_plain(value) for value in row] for row in rows])
    return out.getvalue().encode("utf-8-sig")


def as_parquet(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> bytes:
    """Write Parquet."""
    out = io.BytesIO()
    pq.write_table(table(columns, rows), out, compression="zstd")
    return out.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        value = ";".join(map(str, value))
    return harmless(value) if isinstance(value, str) else value
