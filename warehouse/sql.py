"""Questions in SQL from outside: on the published file, read-only, away from files and network, with limits."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from resource import getpagesize
from threading import Event, Thread, Timer
from time import monotonic
from typing import Any, Final

import duckdb

from warehouse.answers import as_dicts
from warehouse.errors import BadQuery, WarehouseError, clear_errors, other_version
from warehouse.sqlfiles import OFFLINE, QUIET, scripts

MEMORY: Final = "1GB"
SECONDS: Final = 60.0
ROWS: Final = 10_000
GRACE: Final = 5.0
"""Seconds that a question which was told to stop may take to do so."""
PLANNING: Final = 2_500_000_000
"""Bytes that one question may take in all: DuckDB's limit, which planning does not keep to, and as much again."""
WATCHED_EVERY: Final = 0.25


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a question; `is_cut` tells that there were more than were asked for."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    is_cut: bool


def open_published(path: Path, *, memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """Open the published file for reading alone: no other file, no network, no extension, no setting can be reached."""
    if not path.is_file():
        raise WarehouseError(f"{path}: there is no published file yet: run `etalage nightly` first")
    config = OFFLINE | {
        "enable_external_access": "false",
        "allow_community_extensions": "false",
        "memory_limit": memory,
        "temp_directory": "",
    }
    with clear_errors(path):
        con = duckdb.connect(str(path), read_only=True, config=config)
    con.execute(QUIET)
    con.execute("set timezone = 'UTC'")
    con.execute("set lock_configuration = true")
    return con


@contextmanager
def reading(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published file for questions of our own.

    Raises `WarehouseError` when there is none, when another version made it, or when it cannot be read: damage may show
    as late as in a table.
    """
    with clear_errors(published):
        con = open_published(published)
        try:
            yield con
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise other_version(published) from error
        finally:
            con.close()


def rows_of(published: Path, sql: str) -> list[dict[str, Any]]:
    """Answer one question of ours as rows (dicts); raises as `reading` does."""
    with reading(published) as con:
        return as_dicts(con.execute(sql))


def read_folder(published: Path, folder: str) -> dict[str, Any]:
    """Answer every query of a folder of ours: a list of rows (dicts) a query, by its name; raises as `reading` does.

    `about` and `settings` become one dict by name each, `counts` its one row.
    """
    with reading(published) as con:
        found: dict[str, Any] = {name: as_dicts(con.execute(sql)) for name, sql in scripts(folder)}
    for name in found.keys() & {"about", "settings"}:
        found[name] = {row["name"]: row["value"] for row in found[name]}
    return found | {"counts": found["counts"][0]}


def query(
    path: Path,
    sql: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    rows: int = ROWS,
    seconds: float = SECONDS,
    memory: str = MEMORY,
    overrun: Callable[[], None] | None = None,
) -> Answer:
    """Answer one question; raise `BadQuery` with DuckDB's reason in one line when it cannot be answered in time.

    DuckDB keeps to neither limit while it plans, and some short questions have endless plans: `overrun` is then called,
    from another thread, and has to end the process.
    """
    con = open_published(path, memory=memory)
    timer = Timer(seconds, con.interrupt)
    timer.daemon = True
    done = Event()
    try:
        statement = _one_question(con, sql)
        timer.start()
        if overrun:
            Thread(target=_watch, args=(done, seconds, overrun), daemon=True).start()
        cursor = con.execute(statement, dict(parameters or {}))
        found = cursor.fetchmany(rows + 1)
        columns = tuple(column[0] for column in cursor.description or ())
        return Answer(columns, found[:rows], len(found) > rows)
    except duckdb.InterruptException as error:
        raise BadQuery(f"stopped after {seconds:g} seconds: ask for less, or for a shorter period") from error
    except duckdb.OutOfMemoryException as error:
        raise BadQuery(f"needs more than {memory} of memory: ask for less, or aggregate first") from error
    except (duckdb.Error, UnicodeError) as error:
        raise BadQuery(_one_line(error)) from error
    finally:
        done.set()
        timer.cancel()
        con.close()


def _watch(done: Event, seconds: float, overrun: Callable[[], None]) -> None:
    """Call `overrun` when a question is not done some time after its limit, or takes far too much memory."""
    until, most = monotonic() + seconds + GRACE, _resident() + PLANNING
    while not done.wait(WATCHED_EVERY):
        if monotonic() > until or _resident() > most:
            overrun()
            return


def _resident() -> int:
    """Return how many bytes this process keeps in memory; 0 where the system does not say it as Linux does."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * getpagesize()
    except OSError:
        return 0


# What reads: select, values, from, describe, show, summarize and explain. Everything else changes, sets or reaches out.
_READING: Final = frozenset({duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN})


def _one_question(con: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    sql.encode()  # half a character is an error of its own kind to DuckDB
    statements = con.extract_statements(sql)
    if len(statements) != 1:
        raise BadQuery(f"one question at a time: this holds {len(statements)} statements")
    if statements[0].type not in _READING:
        raise BadQuery("only questions (select, describe, show, summarize, explain): the published file is read-only")
    return statements[0]


def _one_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    hints = [line for line in lines[1:] if line.startswith(("Candidate", "Did you mean"))]
    return " ".join([lines[0] if lines else type(error).__name__, *hints])
