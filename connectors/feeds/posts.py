"""Feeds (RSS and Atom) to posts. Needs no network: feedparser is given the stored text and nothing to fetch.

A stored page is `{"url", "text"}`: where the feed is and its XML. The blog is the author, not whoever signs an
entry; its name is the feed's title and its bio the feed's own description.
"""

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from time import struct_time
from typing import Any
from urllib.parse import urlsplit

import feedparser  # type: ignore[import-untyped] # it ships no types

from connectors.html_text import text_of
from connectors.items import clean, map_items, parsed, string, string_or_none, unreadable
from connectors.post import Post
from connectors.source import Mapped, Page

_NAMELESS = re.compile(r"((?:<|&lt;|&#0*60;|&#[xX]0*3[cC];)!)\[(?![a-zA-Z])")
_ZONE = re.compile(r":\d\d\s+(CES?T)(?!\S)", re.IGNORECASE)
_ZONES = {"CET": timedelta(hours=1), "CEST": timedelta(hours=2)}
"""Names of zones that feedparser takes for UTC."""
_IN_DIGITS = re.compile(r"\s*-?\d[\d/.:-]{2}")
"""How a date begins that does not name its month."""
_YEAR_FIRST = re.compile(r"\s*((?:19|20)\d\d)-?(\d\d?)(?:-?(\d\d?))?(?![\d/.])")
_GLOBAL_ID = re.compile(r"^(?:[a-z][a-z0-9+.-]*://|tag:|urn:)", re.IGNORECASE)


def posts(page: Page, source: str, query: str) -> Mapped:
    """Map one feed. A page that says "unchanged" holds nothing new; one that is no feed is one reject."""
    try:
        document = parsed(page.payload)
        url = string(document["url"])
        if document.get("unchanged"):
            return Mapped(())
        feed = read_feed(string(document["text"]), url)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return unreadable(page.payload, f"no feed page: {error}")
    return map_items(feed.entries, lambda entry: to_post(entry, feed.feed, url, page.fetched_at, source, query))


def read_feed(text: str, url: str) -> Any:
    """Parse a feed's text as far as it can be read; raise ValueError when feedparser stumbles over it."""
    # after "<![" without a name feedparser gives an entry's whole text several times over
    text = _NAMELESS.sub(r"\1 [", clean(text))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        # as a stream: what looks like an address or a path would be fetched or opened
        return feedparser.parse(BytesIO(text.encode()), response_headers=headers)
    except Exception as error:  # noqa: BLE001 - over a character that does not exist, say, it raises what comes
        raise ValueError(f"feedparser cannot read it: {type(error).__name__}") from None


def to_post(entry: Any, feed: Any, url: str, collected_at: datetime, source: str, query: str) -> Post:
    """Map one entry; raise KeyError or ValueError when it has neither id nor link, or no readable date."""
    link = _web(entry.get("link"))
    published, updated = _times(entry)
    created = published or updated
    if created is None:
        raise ValueError("has no date that can be read")
    return Post(
        platform="feed",
        post_id=entry_id(entry, url),
        url=link,
        author_id=url,
        handle=urlsplit(url).netloc,
        display_name=_plain(feed.get("title_detail")) or None,
        bio=_plain(feed.get("subtitle_detail")),
        created_at=created,
        text=_text(entry),
        language_hint=_language(entry, feed),
        kind="post",
        parent_id=None,
        likes=None,
        replies=_number(entry.get("slash_comments")),
        reposts=None,
        quotes=None,
        views=None,
        edited_at=updated if updated and published and updated > published else None,
        collected_at=collected_at,
        source=source,
        query=query,
    )


def entry_id(entry: Any, url: str) -> str:
    """Return an entry's key: its own id, joined to the feed's address when it only counts within the feed."""
    own = string(entry.get("id") or entry.get("link"))
    return own if _GLOBAL_ID.match(own) else f"{url}#{own}"


def entry_time(entry: Any) -> datetime | None:
    """Return when an entry was published, or else changed."""
    published, updated = _times(entry)
    return published or updated


def entry_changed(entry: Any) -> datetime | None:
    """Return when an entry was last changed, or else published."""
    published, updated = _times(entry)
    return updated or published


def _times(entry: Any) -> tuple[datetime | None, datetime | None]:
    """Return when an entry was published and changed. feedparser's own get mixes up the two."""
    return _time(entry, "published"), _time(entry, "updated")


def _text(entry: Any) -> str:
    title = _plain(entry.get("title_detail"))
    contents = entry.get("content") or [entry.get("summary_detail")]
    body = _plain(contents[0])
    return "\n\n".join(part for part in (title, body) if part)


def _plain(detail: Any) -> str:
    """Return the words of a text construct; feedparser says whether it is HTML."""
    if not isinstance(detail, dict) or not isinstance(detail.get("value"), str):
        return ""
    value: str = clean(detail["value"])
    return value.strip() if detail.get("type") == "text/plain" else text_of(value)


def _time(entry: Any, name: str) -> datetime | None:
    moment, text = dict.get(entry, f"{name}_parsed"), dict.get(entry, name)
    text = text if isinstance(text, str) else ""
    if not isinstance(moment, struct_time):
        return None
    zone = _ZONE.search(text)
    try:
        read = datetime.fromtimestamp(calendar.timegm(moment), UTC)
        if _misread(text, read):
            return None
        return read - _ZONES[zone[1].upper()] if zone else read
    except (ValueError, OverflowError, OSError):
        return None


def _misread(text: str, read: datetime) -> bool:
    """Tell whether a date in digits was read as another: feedparser takes "25-11-26" for 2025-11-26.

    Raises ValueError for a day that does not exist.
    """
    if not _IN_DIGITS.match(text):
        return False
    written = _YEAR_FIRST.match(text)
    if written is None:
        return True
    year, month, day = (int(number or 1) for number in written.groups())
    return abs(read.date() - date(year, month, day)) > timedelta(days=1)  # an offset moves it by a day at most


def _language(entry: Any, feed: Any) -> str | None:
    for detail in [*(entry.get("content") or ()), entry.get("title_detail"), feed]:
        code = string_or_none(detail.get("language")) if isinstance(detail, dict) else None
        if code:
            return re.split(r"[-_]", code)[0].lower()
    return None


def _web(link: Any) -> str | None:
    """Return a link that may be shown: a feed can hold any scheme."""
    return clean(link) if isinstance(link, str) and urlsplit(link).scheme in ("http", "https") else None


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else None
