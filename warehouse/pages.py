"""The page store: every answer of a platform as it came, in one transaction with the position to go on from."""

from dataclasses import dataclass

from connectors.source import Page, Window
from warehouse.budget import Prices, enter
from warehouse.sqlfiles import statement
from warehouse.vault import Connection, transaction


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A page in the vault, with what is needed to map it."""

    page_id: int
    source: str
    query: str
    page: Page


def store_page(con: Connection, window: Window, page: Page, run_id: str, prices: Prices | None = None) -> None:
    """Store the page, its bill, the position and, at the end, the window's closing state: all, or nothing.

    A page that comes in twice, by windows that overlap, does no harm: its posts merge.
    """
    key = {"source": window.source, "query": window.query, "since": window.since, "until": window.until}
    found = key | {"position": page.position, "ending": page.end, "reached": page.reached, "run_id": run_id}
    with transaction(con):
        con.execute(statement("plan_windows"), {"windows": [key], "kind": None}).fetchall()
        row = con.execute(
            statement("store_page"),
            found | {"format": page.format, "payload": sound(page.payload), "fetched_at": page.fetched_at},
        ).fetchone()
        if row:
            enter(con, window.source, page.reads, page.fetched_at, run_id, prices or {}, page_id=row[0])
        con.execute(statement("move_window"), found).fetchall()


def unmapped_pages(con: Connection, limit: int = 100) -> list[StoredPage]:
    """List the oldest stored pages whose posts are not in the vault yet."""
    rows = con.execute(statement("unmapped_pages"), {"limit": limit}).fetchall()
    return [StoredPage(row[0], row[1], row[2], Page(*row[3:])) for row in rows]


def count_stored(con: Connection, run_id: str) -> int:
    """Count the pages that a run has stored, those of windows that failed or were tried again among them."""
    row = con.execute("select count(*) from pages where run_id = $run_id", {"run_id": run_id}).fetchone()
    return int(row[0]) if row else 0


def count_unmapped(con: Connection) -> int:
    """Count the stored pages whose posts are not in the vault yet."""
    row = con.execute("select count(*) from pages where mapped_at is null").fetchone()
    return int(row[0]) if row else 0


def rewrite_page(con: Connection, page_id: int, payload: str) -> None:
    """Put another text in a page's place: the same page, without what may no longer be kept."""
    with transaction(con):
        con.execute(statement("rewrite_page"), {"page_id": page_id, "payload": payload})


def sound(text: str) -> str:
    """Make text that UTF-8 can hold: halves of a surrogate pair are joined, or replaced when alone."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
