"""RSS and Atom feeds of HR blogs, fetched with limits and only when they have changed; feedparser reads them.

A feed shows its newest entries and is silent about older ones: a window that begins before them is `capped`.
`posts` maps the pages.
"""

import json
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests

from connectors.account import Account
from connectors.base_url import checked_base_url
from connectors.errors import Refused, SourceError, Transient
from connectors.feeds.posts import entry_changed, entry_time, read_feed
from connectors.feeds.text import decoded, is_whole
from connectors.http_problem import HttpRefused, problem, retry_after
from connectors.position import read_place, written
from connectors.source import Page, Window
from connectors.times import from_iso, utc_now
from connectors.transport import BoundedAdapter, bounded_session
from connectors.waiting import Waiting

FORMAT = "feed/entries"
HEADERS = {
    "user-agent": "etalage (reads feeds of HR blogs)",
    "accept": "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1",
}
LARGEST = 16 * 2**20


@dataclass(frozen=True, slots=True)
class Seen:
    """What a feed said of its version, and the ISO time to which its entries go back (None without entries)."""

    etag: str | None = None
    modified: str | None = None
    reaches: str | None = None


class FeedsSource:
    """Feeds at `urls`, each a query of its own.

    `state` remembers each feed's version by its address; one that outlives the run spares fetching what has
    not changed. `timeout` is (connect, silence) in seconds and `total_seconds` the whole of one answer.
    """

    name = "feeds"

    def __init__(
        self,
        *,
        urls: Sequence[str],
        lag: float = 0.0,
        state: MutableMapping[str, str] | None = None,
        timeout: tuple[float, float] = (5.0, 30.0),
        total_seconds: float = 60.0,
        waiting: Waiting | None = None,
    ) -> None:
        self.lag = lag
        self._urls = tuple(dict.fromkeys(checked_url(url) for url in urls))
        self._state: MutableMapping[str, str] = {} if state is None else state
        self._waiting = waiting or Waiting()
        self._session = bounded_session(BoundedAdapter(timeout=timeout, total=total_seconds, largest=LARGEST))

    def queries(self) -> tuple[str, ...]:
        """Name what is listened to: the feeds' addresses."""
        return self._urls

    def windows(self, query: str, since: datetime, until: datetime) -> Iterator[Window]:
        """Give [since, until) as one window: a feed is read whole, whatever the dates."""
        until = min(until, utc_now())
        if since < until:
            yield Window(self.name, query, since, until)

    def pages(self, window: Window, position: str | None = None) -> Iterator[Page]:
        """Fetch the feed: a page with its text, then an empty one that closes the window.

        The feed's version is remembered when the second page is asked for, because only then is the first
        one certain to be stored; a feed that has not changed gives the closing page alone.
        """
        url = checked_url(window.query)
        seen = read_place(Seen, position or self._state.get(url)) or Seen()
        text, seen = self._fetched(url, seen)
        if text is not None:
            payload = json.dumps({"url": url, "text": text}, ensure_ascii=False)
            yield Page(format=FORMAT, payload=payload, fetched_at=utc_now(), end="more", position=written(seen))
        self._state[url] = written(seen)
        reaches = min(from_iso(seen.reaches), window.until) if seen.reaches else None
        cut = reaches is not None and reaches > window.since
        yield Page(
            format=FORMAT,
            payload=json.dumps({"url": url, "unchanged": True}),
            fetched_at=utc_now(),
            end="capped" if cut else "complete",
            reached=reaches if cut else None,
        )

    def look_up(self, queries: Sequence[str]) -> dict[str, Account]:
        """Tell for each feed how it stands: found, moved ("renamed"), missing, or unknown with the reason."""
        return {url: self._standing(checked_url(url)) for url in queries}

    def _standing(self, url: str) -> Account:
        try:
            self._fetched(url, Seen())
        except HttpRefused as error:
            gone = error.status in (requests.codes.not_found, requests.codes.gone)
            return Account(url, "missing" if gone else "unknown", str(error))
        except Refused as error:
            return Account(url, "renamed" if "has moved to" in str(error) else "unknown", str(error))
        except SourceError as error:  # one blog that does not answer says nothing about the others
            return Account(url, "unknown", str(error))
        return Account(url, "found")

    def check(self) -> str:
        """Try each feed; raise a SourceError with the reason of the first that fails."""
        for url in self._urls:
            self._fetched(url, Seen())
        return f"{len(self._urls)} feeds answer"

    def _fetched(self, url: str, seen: Seen) -> tuple[str | None, Seen]:
        """Return a feed's text, None when it has not changed, and its version now."""
        response = self._waiting.retried(lambda: self._response(url, seen))
        if response.status_code == requests.codes.not_modified:
            return None, seen
        text = decoded(response.content, response.headers.get("content-type", ""))
        try:
            feed = read_feed(text, url)
        except ValueError as error:
            raise Refused(f"{url}: {error}", whole_source=False) from None
        if not feed.version:
            raise Refused(f"{url} is neither RSS nor Atom", whole_source=False)
        reaches = _bottom(feed.entries).isoformat() if feed.entries else None
        return text, Seen(response.headers.get("etag"), response.headers.get("last-modified"), reaches)

    def _response(self, url: str, seen: Seen) -> requests.Response:
        self._waiting.pause(0)
        conditions = {"if-none-match": seen.etag, "if-modified-since": seen.modified}
        headers = HEADERS | {name: value for name, value in conditions.items() if value}
        try:
            response = self._session.get(url, headers=headers)
        except requests.TooManyRedirects as error:
            where = error.response.headers.get("location", "?") if error.response is not None else "?"
            raise Refused(f"{url} has moved to {where[:200]}: change its address", whole_source=False) from None
        except requests.RequestException as error:
            raise Transient(f"{url} could not be reached: {type(error).__name__}") from None
        if response.status_code == requests.codes.not_modified:
            return response
        wish = retry_after(response.headers)
        refusal = problem(url, response.status_code, response.reason, retry_after=wish)
        if refusal is not None:
            raise refusal
        if not response.content.strip():
            raise Transient(f"{url}: the answer is empty")
        if _looks_like_feed(response.content) and not is_whole(decoded(response.content, "")):
            raise Transient(f"{url}: the feed is cut")
        return response


def _bottom(entries: Sequence[Any]) -> datetime:
    """Return how far back a feed goes, by the times that it is ordered by; without any time it goes back nowhere.

    The oldest of several does not count: a single entry may be pinned, or wrongly dated.
    """
    published = [time for entry in entries if (time := entry_time(entry)) is not None]
    changed = [time for entry in entries if (time := entry_changed(entry)) is not None]
    times = sorted(changed if _newest_first(changed) and not _newest_first(published) else published)
    return min(times[1:] or times, default=utc_now())


def _newest_first(times: list[datetime]) -> bool:
    return times == sorted(times, reverse=True)


def checked_url(url: str) -> str:
    """Return a feed's address when it is https or loopback; else ValueError with one clear line."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        raise ValueError("feed: not a web address; write it as https://host/feed") from None
    shown = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    address = urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
    try:
        checked_base_url(address)
    except ValueError as error:
        reason = str(error).removeprefix("base_url ").removeprefix(f"{address!r} ")
        raise ValueError(f"feed {shown!r}: {reason}") from None
    if not parts.query.isprintable() or " " in parts.query:
        raise ValueError(f"feed {shown!r}: its query holds a blank or control character")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, parts.query, ""))


def _looks_like_feed(content: bytes) -> bool:
    start = content[:3000].lower()
    return any(tag in start for tag in (b"<rss", b"<feed", b"<rdf:rdf")) and b"<html" not in start
