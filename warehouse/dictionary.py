"""Pages for analysts that follow from a published file: the data dictionary, and the answers in docs/analysts.md.

Written by docs/capture.py, with everything else that the documentation shows of a real run.
"""

import re
from typing import Any, Final

import duckdb

from warehouse.fiction import FICTION_PREFIX
from warehouse.sqlfiles import statement

OPENING: Final = """# The published tables

Made from the comments in `etalage.duckdb` by `uv run python docs/capture.py`; change the comment beside
the SQL, not this page. How to ask: [analysts.md](analysts.md). Marts come first; `core` is what they are made
of, `ops` tells how the collecting went and holds the thresholds.
"""
_ANSWERED: Final = re.compile(
    r"(```sql\n(?P<sql>.*?)```\n\n<!-- answer(?:, moves with the calendar)? -->\n)"
    r"(?P<answer>.*?)(?P<end><!-- end -->)",
    re.DOTALL,
)


def dictionary(con: duckdb.DuckDBPyConnection) -> str:
    """Write the data dictionary as Markdown."""
    lines = [OPENING]
    table = None
    for schema, name, table_comment, column, kind, comment in con.execute(statement("dictionary")).fetchall():
        if (schema, name) != table:
            table = (schema, name)
            lines += ["", f"## {schema}.{name}", "", _cell(table_comment), "", "| column | type | meaning |"]
            lines.append("| --- | --- | --- |")
        lines.append(f"| `{column}` | {kind.lower()} | {_cell(comment)} |")
    return "\n".join(lines) + "\n"


def questions(page: str) -> list[tuple[str, str]]:
    """List (SQL, the answer that stands below it) of a page."""
    return [(found["sql"], found["answer"]) for found in _ANSWERED.finditer(page)]


def answered(page: str, con: duckdb.DuckDBPyConnection) -> str:
    """Return the page with every answer worked out again."""
    return _ANSWERED.sub(lambda found: f"{found[1]}{answer(con, found['sql'])}{found['end']}", page)


def answer(con: duckdb.DuckDBPyConnection, sql: str) -> str:
    """Answer one question as a Markdown table."""
    cursor = con.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    rows = [names, ["---"] * len(names), *cursor.fetchall()]
    return "".join(f"| {' | '.join(_cell(value) for value in row)} |\n" for row in rows)


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return " ".join(text.removeprefix(FICTION_PREFIX).replace("|", "\\|").split())
