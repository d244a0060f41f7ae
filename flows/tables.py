"""Rows on a terminal, or for another program."""

import csv
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from warehouse.answers import distinct
from warehouse.masking import uncontrolled


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str | None = None) -> None:
    """Print a table as wide as the terminal; nothing in a cell is read as markup."""
    rows = list(rows)
    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        numeric = any(isinstance(row[place], int | float) and not isinstance(row[place], bool) for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(shown(value)) for value in row))
    Console().print(table)


def print_rows(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows that share their names as a table; without rows nothing."""
    if rows:
        print_table([name.replace("_", " ") for name in rows[0]], [list(row.values()) for row in rows], title=title)


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], separator: str) -> None:
    """Print rows for another program, a heading first; an absent value is empty.

    A program gets every character, a terminal none that it would obey.
    """
    writer = csv.writer(sys.stdout, delimiter=separator, lineterminator="\n")
    for_terminal = sys.stdout.isatty()
    writer.writerow(columns)
    writer.writerows([_cell(value, for_terminal=for_terminal) for value in row] for row in rows)


def _cell(value: Any, *, for_terminal: bool) -> Any:
    if value is None:
        return ""
    return uncontrolled(value) if for_terminal and isinstance(value, str) else value


def records(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    """Return rows as objects for JSON, which has no two keys alike, no decimals and nothing infinite."""
    names = distinct(columns)
    return [dict(zip(names, map(_for_json, row), strict=True)) for row in rows]


def _for_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key if isinstance(key, str) else str(key): _for_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_for_json(inner) for inner in value]
    number = float(value) if isinstance(value, Decimal) else value
    return None if isinstance(number, float) and not math.isfinite(number) else number


def shown(value: Any) -> str:
    """Return a value as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return uncontrolled(str(value))
