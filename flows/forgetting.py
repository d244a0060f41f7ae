"""Keeping out what was erased: every page that comes in, by whatever way, is first cut by the tombstones."""

from collections.abc import Callable
from dataclasses import replace

from connectors.cutting import without
from connectors.gone import Gone, is_gone, person_in
from connectors.source import Mapped, Page, Window
from warehouse.erasure_places import names_gone
from warehouse.pages import StoredPage

Forget = Callable[[Page, str, str], Page]
"""Returns a page of (source, query) without what was erased."""


def forgetting(gone: Gone | None) -> Forget:
    """Return what cuts pages; without tombstones it leaves each as it is."""
    if gone is None:
        return lambda page, _source, _query: page

    def forget(page: Page, source: str, query: str) -> Page:
        cut = without(page, gone, source=source, query=query)
        return page if cut is None else replace(page, payload=cut.payload)

    return forget


def cut_stored(stored: StoredPage, gone: Gone | None) -> StoredPage:
    """Return a stored page without what was erased since, or before it came in by another way."""
    return replace(stored, page=forgetting(gone)(stored.page, stored.source, stored.query))


def without_gone(mapped: Mapped, gone: Gone | None) -> Mapped:
    """Leave out posts that may not come back, whatever their page's format."""
    if gone is None:
        return mapped
    return replace(mapped, posts=tuple(post for post in mapped.posts if not is_gone(post, gone)))


def may_ask(window: Window, gone: Gone | None) -> bool:
    """Tell whether a window's query may be sent: one that names an erased person may not, whatever the settings say."""
    return gone is None or person_in(window.query) is None or not names_gone(window.source, window.query, gone)
