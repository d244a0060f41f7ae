"""The .sql files of this room: read once, split by nobody, run by DuckDB as they stand."""

from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent
QUIET: Final = "set enable_progress_bar = false"
"""For every connection: where DuckDB takes Python for interactive (`python -c`, spawned workers) it draws a bar on
standard output, amid our JSON, once a statement takes two seconds."""

OFFLINE: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
"""What every connection is opened with: nothing is fetched, and no variable of ours is taken for a table."""


def statement(name: str) -> str:
    """Read `statements/<name>.sql`."""
    return script("statements", name)


@cache
def script(folder: str, name: str) -> str:
    """Read `<folder>/<name>.sql`."""
    return (ROOT / folder / f"{name}.sql").read_text(encoding="utf-8")


def scripts(folder: str) -> list[tuple[str, str]]:
    """List the (name, text) of a folder's .sql files, in the order of their names."""
    return [(path.stem, path.read_text(encoding="utf-8")) for path in sorted((ROOT / folder).glob("*.sql"))]


def literal(value: str) -> str:
    """Quote a value where DuckDB takes no parameter: ATTACH, LOAD, COMMENT."""
    return "'" + value.replace("'", "''") + "'"
