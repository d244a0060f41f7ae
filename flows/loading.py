"""Loading: stored pages mapped to posts, without what was erased, and merged into the vault."""

from collections import Counter
from dataclasses import asdict
from threading import Event

from connectors.gone import Gone
from connectors.mapping import map_page
from connectors.source import Mapped, Reject
from flows import progress
from flows.forgetting import cut_stored, without_gone
from warehouse import tombstones
from warehouse.load import merge_posts
from warehouse.pages import StoredPage, count_unmapped, rewrite_page, unmapped_pages
from warehouse.vault import Connection

PAGES_AT_ONCE = 200


def load_stored(con: Connection, pseudonym_key: bytes, stop: Event | None = None) -> dict[str, int]:
    """Map every stored page that is not mapped yet, and merge its posts; count what became of them."""
    counts: Counter[str] = Counter()
    gone = tombstones.gone(con, pseudonym_key)
    with progress.current.get().step("Loading", count_unmapped(con), "pages") as step:
        while not (stop and stop.is_set()) and (pages := unmapped_pages(con, PAGES_AT_ONCE)):
            kept = [_kept(con, page, gone) for page in pages]
            mapped = [(page.page_id, _mapped(page)) for page in kept]
            merged = merge_posts(con, [(page_id, without_gone(one, gone)) for page_id, one in mapped], pseudonym_key)
            counts.update(asdict(merged))
            step.advance(len(pages))
    return dict(counts)


def load_waiting(con: Connection, pseudonym_key: bytes, stop: Event | None = None) -> None:
    """Load what an interrupted run left stored, before somebody is erased.

    A name in other people's words is found only while the vault knows whose it is.
    """
    if count_unmapped(con):
        load_stored(con, pseudonym_key, stop)


def _kept(con: Connection, stored: StoredPage, gone: Gone | None) -> StoredPage:
    """Return the page without what was erased; it may have come in by a way that does not look."""
    kept = cut_stored(stored, gone)
    if kept != stored:
        rewrite_page(con, stored.page_id, kept.page.payload)
    return kept


def _mapped(stored: StoredPage) -> Mapped:
    try:
        return map_page(stored.page, source=stored.source, query=stored.query)
    except Exception as error:  # noqa: BLE001 - whatever a page holds, it is set aside and the run goes on
        return Mapped((), (Reject(-1, f"the page cannot be mapped: {error!r}", stored.page.payload),))
