"""What DuckDB answered, as rows that know their columns by name."""

from typing import Any

import duckdb


def as_dicts(answer: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return every row of what was just executed as a dict: `as_dicts(con.execute(sql))`."""
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
