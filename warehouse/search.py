"""Words in post texts: DuckDB's full-text index with the Dutch stemmer, in a file beside the published one.

The index is made from the published (masked) texts alone, when somebody searches for the first time after a
publishing; see docs/decisions/0012-search.md.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import duckdb

from warehouse.copying import forget
from warehouse.errors import WarehouseError, clear_errors
from warehouse.publish import INDEX
from warehouse.sqlfiles import OFFLINE, QUIET, literal, statement
from warehouse.vault import extension

MEMORY: Final = "1200MB"
LONGEST: Final = 500
"""Characters of a question that are read."""
_TRIES: Final = 3
"""A publishing while the index is being made leaves it older than the file: so often it is made, at most."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that holds the words, with its BM25 score: higher fits better; comparable within one search alone."""

    score: float
    post_key: str
    platform: str
    created_at: datetime
    role: str
    purpose: str | None
    goal: str | None
    text: str


def search(published: Path, words: str, *, rows: int = 20, all_words: bool = False) -> list[Hit]:
    """Find the posts that hold the words (or, with `all_words`, every one of them), the best first."""
    return [Hit(*row) for row in _found(published, "search_posts", words, {"rows": rows, "all_words": all_words})]


def holding(published: Path, words: str) -> list[str]:
    """Return the keys of all posts that hold any of the words, in no order: to choose from by something else."""
    return [key for (key,) in _found(published, "search_keys", words)]


def _found(published: Path, name: str, words: str, values: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    if not published.is_file():
        raise WarehouseError(f"{published}: there is no published file yet: run `etalage nightly` first")
    index = published.with_name(INDEX)
    with clear_errors(published):
        _follow(published, index)
        with _connected(index, read_only=True) as con:
            con.execute(f"attach {literal(str(published))} as published (read_only)")
            return con.execute(statement(name), {"words": words[:LONGEST], **(values or {})}).fetchall()


def _follow(published: Path, index: Path) -> None:
    """Have an index of what is published now."""
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):  # a publishing takes away what is half-made
            if _is_current(published, index) or _make(published, index):
                return
    raise WarehouseError(f"{published}: it was published again while its index was made: search again")


def _is_current(published: Path, index: Path) -> bool:
    if not index.is_file():
        return False
    try:
        with _connected(index, read_only=True) as con:
            con.execute(f"attach {literal(str(published))} as published (read_only)")
            row = con.execute(statement("search_is_current")).fetchone()
    except duckdb.Error:
        return False
    return bool(row and row[0])


def _make(published: Path, index: Path) -> bool:
    """Make an index, and tell whether it is of what is published now: one of a file before may hold what was erased."""
    fresh = index.with_name(f"{index.name}.new")
    forget(fresh)
    made_of = _version(published)
    try:
        with _connected(fresh, read_only=False) as con:
            fresh.chmod(0o600)
            con.execute(f"attach {literal(str(published))} as published (read_only)")
            con.execute(statement("search_texts"))
            con.execute(
                "pragma create_fts_index('texts', 'number', 'text', stemmer = 'dutch', stopwords = 'stopwords', "
                "strip_accents = 1, lower = 1, overwrite = 1)"
            )
            con.execute("alter table texts drop column text")
            con.execute("checkpoint")
        fresh.replace(index)
    finally:
        forget(fresh)
    # A publishing from here on takes the index away itself: it does so once its file is in its place.
    is_current = _version(published) == made_of
    if not is_current:
        index.unlink(missing_ok=True)
    return is_current


def _version(published: Path) -> tuple[int, int]:
    """Return what tells a published file from the one before, also when both were made in one second."""
    about = published.stat()
    return about.st_ino, about.st_mtime_ns


@contextmanager
def _connected(path: Path, *, read_only: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    spill = path.with_name(f"{path.name}.tmp")
    config = OFFLINE | {"memory_limit": MEMORY, "temp_directory": "" if read_only else str(spill)}
    con = duckdb.connect(str(path), read_only=read_only, config=config)
    try:
        con.execute(QUIET)
        con.execute("set timezone = 'UTC'")
        con.execute(f"load {literal(str(extension('fts')))}")
        yield con
    finally:
        con.close()
        with suppress(OSError):
            spill.rmdir()
