"""What DuckDB answered, as rows that know their columns by name."""

from collections.abc import Sequence
from itertools import count
from typing import Any

import duckdb


def as_dicts(answer: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return every row of what was just executed as a dict: `as_dicts(con.execute(sql))`."""
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def distinct(columns: Sequence[str]) -> list[str]:
    """Return the names of columns with a number behind those that come again: a question may call two alike."""
    names: list[str] = []
    for column in columns:
        others = (f"{column}_{number}" for number in count(1))
        names.append(column if column not in names else next(name for name in others if name not in {*columns, *names}))
    return names
