"""A vault filled from pages as a run fills it: the fictional sample panel, loaded and annotated."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from stocked import PSEUDONYM, START, annotate, vault

from connectors.mapping import map_page
from connectors.sample import SampleSource
from connectors.source import Page, Window
from connectors.times import utc_now
from warehouse import ledger, pages, runs
from warehouse.load import merge_posts
from warehouse.pages import unmapped_pages
from warehouse.vault import Connection

PANEL = Window("sample", "panel", START.replace(year=2020), utc_now())
SAMPLE = list(SampleSource(START.date()).pages(PANEL))


def store(con: Connection, found: list[Page], window: Window = PANEL) -> None:
    """Store pages under a window as collecting does, the last one closing it, and load them."""
    run_id = runs.start_run(con, "nightly")
    ledger.plan(con, [window])
    ledger.begin(con, window, run_id)
    for page in found:
        pages.store_page(con, window, page, run_id)
    load_pages(con)
    runs.finish_run(con, run_id, "ok", {})


def load_pages(con: Connection) -> None:
    """Map and merge every page that waits."""
    while waiting := unmapped_pages(con):
        mapped = [(one.page_id, map_page(one.page, source=one.source, query=one.query)) for one in waiting]
        merge_posts(con, mapped, PSEUDONYM)


@cache
def sample_file() -> bytes:
    """The file of a vault that holds the sample panel, annotated; seconds to make, so each process makes it once."""
    with TemporaryDirectory() as place:
        with vault(Path(place)) as con:
            store(con, SAMPLE)
            annotate(con)
        return (Path(place) / "vault.duckdb").read_bytes()


@contextmanager
def panel(folder: Path) -> Iterator[Connection]:
    """Open a vault in `folder` that holds the sample panel, annotated."""
    (folder / "vault.duckdb").write_bytes(sample_file())
    with vault(folder) as con:
        yield con


def words(con: Connection) -> str:
    """Every text in every table of the vault, in lower case."""
    columns = con.execute(
        "select table_name, column_name from duckdb_columns() where database_name = 'vault' and not internal"
    ).fetchall()
    found = [con.execute(f'select "{column}"::varchar from {table}').fetchall() for table, column in columns]
    return "\n".join(str(value) for rows in found for (value,) in rows).lower()
