"""Mastodon payloads (lists of statuses) to posts. Needs no network and no client."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from connectors.html_text import text_of
from connectors.items import Json, Skip, clean, count, map_items, parsed, string, string_or_none, unreadable
from connectors.post import Kind, Post
from connectors.source import Mapped, Page
from connectors.times import from_iso

_SHOWN = frozenset({"public", "unlisted"})
"""Servers akin to Mastodon have more ways to show a status to some, by names of their own."""


def posts(page: Page, source: str, query: str) -> Mapped:
    """Map one page of statuses. Those that are not public are no posts, whatever a token may see."""
    try:
        items = parsed(page.payload)
    except ValueError as error:
        return unreadable(page.payload, str(error))
    if not isinstance(items, list):
        return unreadable(page.payload, f"expected a list of statuses, found {type(items).__name__}")
    return map_items(items, lambda item: to_post(item, collected_at=page.fetched_at, source=source, query=query))


def to_post(status: Json, *, collected_at: datetime, source: str, query: str) -> Post:
    """Map one status; raise KeyError, TypeError or ValueError when it lacks what a post must have.

    Its key is the `uri`, the same on every server that shows it. A repost has the original's text and counts.
    A content warning (`spoiler_text`) is not part of the text.
    """
    original = status.get("reblog") or status
    if not {string(status["visibility"]), string(original["visibility"])} <= _SHOWN:
        raise Skip
    uri, account = string(status["uri"]), status["account"]
    kind, parent_id = _kind(status)
    return Post(
        platform="mastodon",
        post_id=uri,
        url=string_or_none(status.get("url")) or string_or_none(original.get("url")) or uri,
        author_id=string(account.get("uri") or account.get("url")),
        handle=_handle(account),
        display_name=string_or_none(account.get("display_name")),
        bio=None if account.get("note") is None else _plain(account["note"]),
        created_at=from_iso(status["created_at"]),
        text=_plain(original["content"]),
        language_hint=string_or_none(original.get("language")),
        kind=kind,
        parent_id=parent_id,
        likes=count(original.get("favourites_count")),
        replies=count(original.get("replies_count")),
        reposts=count(original.get("reblogs_count")),
        quotes=count(original.get("quotes_count")),
        views=None,
        edited_at=from_iso(status["edited_at"]) if status.get("edited_at") else None,
        collected_at=collected_at,
        source=source,
        query=query,
    )


def _kind(status: Json) -> tuple[Kind, str | None]:
    if status.get("reblog"):
        return "repost", string(status["reblog"]["uri"])
    if status.get("in_reply_to_id"):
        return "reply", string(status["in_reply_to_id"])  # an id of the server asked: it gives no uri here
    quote = status.get("quote")
    if not isinstance(quote, dict):
        return "post", None
    quoted = quote.get("quoted_status") or quote  # servers akin to Mastodon give the status itself
    return "quote", string_or_none(quoted.get("uri")) if isinstance(quoted, dict) else None


def _handle(account: Json) -> str | None:
    """Return name@host; a server leaves out the host of its own accounts."""
    name = string_or_none(account.get("acct"))
    if name is None or "@" in name:
        return name
    host = urlsplit(string(account.get("uri") or account.get("url"))).hostname
    return f"{name}@{host}" if host else name


def _plain(html: Any) -> str:
    if html is None:
        return ""
    if not isinstance(html, str):
        raise TypeError(f"expected a text, found {type(html).__name__}")
    return clean(text_of(html))
