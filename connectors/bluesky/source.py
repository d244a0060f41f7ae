"""Bluesky, through atproto: the feeds of a panel's authors without an account, search with an app password.

A feed knows no dates: it is read newest first until the window's beginning is passed. A search does, but ends
after about 10,000 posts; then it is asked again for what is older. `docs/connectors.md` has the limits;
`posts` maps the pages.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from connectors.account import Account
from connectors.bluesky.accounts import look_up
from connectors.bluesky.api import PUBLIC, Answer, BlueskyApi
from connectors.bluesky.posts import created
from connectors.bluesky.presence import look_again
from connectors.bluesky.profiles import Profiles
from connectors.bluesky.queries import CAP, Place, Query, read_query
from connectors.errors import Refused, Transient
from connectors.items import Json
from connectors.position import read_place, written
from connectors.presence import Look
from connectors.source import End, Page, Window
from connectors.times import from_iso, second_up, to_iso, utc_now
from connectors.waiting import Waiting

NEAR_CAP = 0.9
"""Beyond this share of its cap a search may have been cut by it, because hidden posts count too."""
TAIL = 5
"""How far a page reaches is told by its last items together, because single times may be forged."""


class BlueskySource:
    """Bluesky, by its public API; `handle` and `app_password` are needed for searches only.

    `timeout` is (connect, silence) in seconds and `total_seconds` the whole of one answer; `cap` is the number
    of posts at which a search ends. `known_authors` are dids by handle, so that who goes by another one is still read.
    Nothing is sent before the first page is asked for.
    """

    name = "bluesky"

    def __init__(
        self,
        *,
        handle: str | None = None,
        app_password: str | None = None,
        base_url: str = PUBLIC,
        login_url: str | None = None,
        queries: Sequence[str] = (),
        lag: float = 24.0,
        page_size: int = 100,
        cap: int = CAP,
        known_authors: Mapping[str, str] | None = None,
        timeout: tuple[float, float] = (5.0, 30.0),
        total_seconds: float = 120.0,
        waiting: Waiting | None = None,
    ) -> None:
        for query in queries:
            read_query(query)
        self.lag = lag
        self._queries, self._page_size, self._cap = tuple(queries), page_size, cap
        self._api = BlueskyApi(
            handle=handle,
            app_password=app_password,
            base_url=base_url,
            login_url=login_url,
            waiting=waiting or Waiting(),
            timeout=timeout,
            total_seconds=total_seconds,
        )
        self._profiles = Profiles(self._api)
        self._known = {handle.lower(): did for handle, did in (known_authors or {}).items()}
        self._logs_in = bool(handle and app_password)

    def queries(self) -> tuple[str, ...]:
        """Name what is listened to."""
        return self._queries

    def windows(self, query: str, since: datetime, until: datetime) -> Iterator[Window]:
        """Give [since, until) as one window; nothing is planned beyond the present."""
        read_query(query)
        until = min(until, utc_now())
        if since < until:
            yield Window(self.name, query, since, until)

    def pages(self, window: Window, position: str | None = None) -> Iterator[Page]:
        """Fetch the window's pages from `position` on, newest first."""
        query, place = read_query(window.query), read_place(Place, position) or Place()
        while True:
            try:
                answer = self._request(window, query, place)
            except Refused as error:
                if place.cursor is None or "cursor" not in str(error).lower():
                    raise
                again = _after_lost_cursor(window, query, place)
                if again is None:
                    yield _stopped(window, query, place)
                    return
                place = again
                continue
            items = _items(answer.document, "feed" if query.mode == "author" else "posts")
            end, following = self._end(window, query, place, items, _cursor(answer.document))
            yield Page(
                format="bluesky/feed" if query.mode == "author" else "bluesky/posts",
                payload=f'{{"page":{answer.text},"profiles":{json.dumps(self._profiles.of(items))}}}',
                fetched_at=utc_now(),
                end=end,
                position=written(following) if end == "more" else None,
                reached=_read_down_to(window, following) if end == "capped" else None,
            )
            if end != "more":
                return
            place = following

    def look_again(self, ids: Sequence[str]) -> dict[str, Look]:
        """Tell for each post id what became of it and how its counts stand, 25 a request and free of charge."""
        return look_again(self._api, ids)

    def look_up(self, queries: Sequence[str]) -> dict[str, Account]:
        """Tell for each author: query how its account stands, without reading a post."""
        names = {read_query(query).value: query for query in queries}
        found = look_up(self._api, self._profiles, list(names), self._known)
        return {names[name]: account for name, account in found.items()}

    def check(self) -> str:
        """Try login and panel without reading a post; raise a SourceError with the reason when that fails."""
        queries = [read_query(query) for query in self._queries]
        actors = [query.value for query in queries if query.mode == "author"]
        findings = []
        if self._logs_in or len(actors) < len(queries):
            self._api.login()
            findings.append("logged in")
        if actors:
            known, refusals = self._profiles.fetched(actors)
            if refusals and not known:
                raise refusals[0]
            findings.append(f"{len(known)} of {len(set(actors))} authors found")
        return ", ".join(findings) or "nothing to check"

    def _request(self, window: Window, query: Query, place: Place) -> Answer:
        params: dict[str, Any] = {"limit": self._page_size}
        if place.cursor is not None:
            params["cursor"] = place.cursor
        if query.mode == "author":
            actor = self._known.get(query.value, query.value)  # whoever goes by that handle now
            return self._api.get("app.bsky.feed.getAuthorFeed", {"actor": actor, **params})
        # `since` counts in and `until` does not, says the lexicon; a second more before serves a server that differs
        since = to_iso(window.since - timedelta(seconds=1))
        times = {"since": since, "until": place.until or to_iso(second_up(window.until))}
        return self._api.get(
            "app.bsky.feed.searchPosts", {"q": query.value, "sort": "latest", **times, **params}, logged_in=True
        )

    def _end(
        self, window: Window, query: Query, place: Place, items: list[Any], cursor: str | None
    ) -> tuple[End, Place]:
        """Tell whether the window is done after a page, and the place after it."""
        bottom = _bottom(items)
        oldest = min(
            [time for time in (bottom, from_iso(place.oldest) if place.oldest else None) if time], default=None
        )
        repeated = cursor is not None and cursor == place.cursor
        place = replace(
            place, seen=place.seen + len(items), oldest=oldest.isoformat() if oldest else None, cursor=cursor
        )
        if query.mode == "author":
            if cursor is None or (bottom is not None and bottom < window.since):
                return "complete", place
        elif cursor is None or place.seen >= self._cap:
            if place.seen < NEAR_CAP * self._cap:
                return "complete", place
            older = _older_slice(window, place)
            return ("more", older) if older else ("capped", place)
        if not repeated:
            return "more", place
        again = _after_lost_cursor(window, query, place)
        return ("more", again) if again else ("capped", place)


def _older_slice(window: Window, place: Place) -> Place | None:
    """Return where a search goes on by time; None when more posts lie within one second than it can show."""
    older = _second_after(_read_down_to(window, place))
    return Place(until=older, oldest=place.oldest) if older < (place.until or to_iso(second_up(window.until))) else None


def _after_lost_cursor(window: Window, query: Query, place: Place) -> Place | None:
    """Return where to go on when a cursor is no longer known, or leads to itself; None when that would never end.

    A search goes on by time. A feed knows none and is read again from its top, once.
    """
    older = _older_slice(window, place) if query.mode == "search" else None
    if older is None and place.restarts == 0:
        return replace(place, cursor=None, seen=0, restarts=1)
    return older


def _read_down_to(window: Window, place: Place) -> datetime:
    return from_iso(place.oldest) if place.oldest else window.until


def _stopped(window: Window, query: Query, place: Place) -> Page:
    """Close, without a request, a window of which Bluesky shows no more."""
    format_, name = ("bluesky/feed", "feed") if query.mode == "author" else ("bluesky/posts", "posts")
    reached = _read_down_to(window, place)
    return Page(format_, f'{{"page":{{"{name}":[]}}}}', utc_now(), end="capped", reached=reached)


def _items(document: Json, name: str) -> list[Any]:
    items = document.get(name)
    if not isinstance(items, list):
        raise Transient(f"Bluesky's answer holds no {name}")
    return items


def _cursor(document: Json) -> str | None:
    cursor = document.get("cursor")
    return cursor if isinstance(cursor, str) and cursor else None


def _bottom(items: list[Any]) -> datetime | None:
    """Return how far back a page reaches: the newest time among its last items; None when it is too short."""
    times = [time for item in items[-2 * TAIL :] if (time := _time(item)) is not None][-TAIL:]
    return max(times) if len(times) == TAIL else None


def _time(item: Any) -> datetime | None:
    """Return the time by which a listing is ordered."""
    try:
        reason = item.get("reason") or {}
        return from_iso(reason["indexedAt"]) if "indexedAt" in reason else created(item.get("post", item))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _second_after(moment: datetime) -> str:
    """Return the whole second after a moment: others of that very moment may lie behind the cap."""
    return to_iso(moment + timedelta(seconds=1))
