"""From a stored page to posts: which function reads which format. No client library is imported here."""

from importlib import import_module
from typing import TYPE_CHECKING

from connectors.source import Mapped, Page

if TYPE_CHECKING:
    from collections.abc import Callable

_READERS = {
    "x/posts": "connectors.x.posts:posts",
    "reddit/listing": "connectors.reddit.posts:posts",
    "bluesky/feed": "connectors.bluesky.posts:feed_posts",
    "bluesky/posts": "connectors.bluesky.posts:search_posts",
    "mastodon/statuses": "connectors.mastodon.posts:posts",
    "feed/entries": "connectors.feeds.posts:posts",
    "twarc/lines": "connectors.files.twarc_posts:lines",
    "reddit/archive": "connectors.files.arctic_posts:lines",
    "linkedin/shares": "connectors.files.linkedin_posts:shares",
    "linkedin/comments": "connectors.files.linkedin_posts:comments",
    "table/rows": "connectors.files.table_posts:rows",
}


def map_page(page: Page, *, source: str, query: str) -> Mapped:
    """Map a page by its format; an unknown format is a ValueError that names those known."""
    try:
        module, _, function = _READERS[page.format].partition(":")
    except KeyError:
        known = ", ".join(sorted(_READERS))
        raise ValueError(f"no mapping for pages of format {page.format!r}; known are {known}") from None
    reader: Callable[[Page, str, str], Mapped] = getattr(import_module(module), function)
    return reader(page, source, query)
