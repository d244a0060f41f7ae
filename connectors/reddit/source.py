"""Reddit, read-only, through praw: new submissions and comments of subreddits, search, users.

Reddit's listings know no dates: they are read newest first until the window's beginning is passed. They end
after about 1,000 items without a word, so one that ends there is `capped`. `docs/connectors.md` has the
limits; `posts` maps the pages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from connectors.account import Account
from connectors.errors import Transient
from connectors.items import Json
from connectors.position import read_place, written
from connectors.presence import Look
from connectors.reddit.accounts import look_up
from connectors.reddit.api import Answer, RedditApi
from connectors.reddit.place import Place, times_of
from connectors.reddit.presence import look_again
from connectors.reddit.queries import CAP, Query, read_query
from connectors.source import End, Page, Window
from connectors.times import from_iso, utc_now
from connectors.waiting import Waiting

NEAR_CAP = 0.9
"""Beyond this share of its cap a listing may have been cut by it, because deleted items count too."""


class RedditSource:
    """Reddit through one application's credentials.

    `timeout` is (connect, silence) in seconds and `total_seconds` the whole of one answer; `cap` is the number
    of items at which listings end. Nothing is sent before the first page is asked for.
    """

    name = "reddit"

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        user_agent: str,
        queries: Sequence[str] = (),
        base_url: str = "https://oauth.reddit.com",
        token_url: str | None = None,
        lag: float = 24.0,
        cap: int = CAP,
        timeout: tuple[float, float] = (5.0, 30.0),
        total_seconds: float = 120.0,
        waiting: Waiting | None = None,
    ) -> None:
        for query in queries:
            read_query(query)
        self.lag = lag
        self._queries = tuple(queries)
        self._cap = cap
        self._api = RedditApi(
            client_id=client_id,
            client_secret=client_secret,
            user_agent=user_agent,
            base_url=base_url,
            token_url=token_url,
            waiting=waiting or Waiting(),
            timeout=timeout,
            total_seconds=total_seconds,
        )

    def queries(self) -> tuple[str, ...]:
        """Name what is listened to."""
        return self._queries

    def windows(self, query: str, since: datetime, until: datetime) -> Iterator[Window]:
        """Give [since, until) as one window: a listing is read from its newest item on, whatever the dates."""
        read_query(query)
        until = min(until, utc_now())
        if since < until:
            yield Window(self.name, query, since, until)

    def pages(self, window: Window, position: str | None = None) -> Iterator[Page]:
        """Fetch the window's pages from `position` on, newest first, down to its beginning."""
        query, place = read_query(window.query), read_place(Place, position) or Place()
        while True:
            answer, children, place = self._listing(query, place)
            following = _following(answer.document)
            place = place.after(children, following)
            end = self._end(window, query, place, children, more=following is not None)
            yield Page(
                format="reddit/listing",
                payload=answer.text,
                fetched_at=utc_now(),
                end=end,
                position=written(place) if end == "more" else None,
                reached=from_iso(place.oldest) if end == "capped" and place.oldest else None,
            )
            if end != "more":
                return

    def look_again(self, ids: Sequence[str]) -> dict[str, Look]:
        """Tell for each full name (t3_..., t1_...) what became of it and how its counts stand, a hundred a request."""
        return look_again(self._api, ids)

    def look_up(self, queries: Sequence[str]) -> dict[str, Account]:
        """Tell for each user: query how its account stands, without reading an item."""
        names = {read_query(query).place: query for query in queries}
        return {names[name]: account for name, account in look_up(self._api, list(names)).items()}

    def check(self) -> str:
        """Try the credentials without reading an item; raise a SourceError with Reddit's reason when that fails."""
        self._api.get("api/v1/scopes", {})
        return "token given and accepted"

    def _listing(self, query: Query, place: Place) -> tuple[Answer, list[Json], Place]:
        """Fetch the page at `place`; an empty answer is looked at twice, for Reddit also gives it by mistake."""
        for anchor in place.anchors:
            answer = self._api.get(query.path, query.params(anchor))
            if children := _children(answer.document):
                return answer, children, place
        if place.anchors:
            # all of the last items were deleted since: begin again at the top, once
            if place.restarts:
                return answer, [], place
            place = replace(place, anchors=(), seen=0, restarts=place.restarts + 1)
        for _ in range(2):
            answer = self._api.get(query.path, query.params(None))
            if children := _children(answer.document):
                return answer, children, place
        if query.mode in ("new", "comments"):
            raise Transient(f"Reddit gives an empty {query.path}, which a subreddit hardly ever is")
        return answer, [], place

    def _end(self, window: Window, query: Query, place: Place, children: list[Json], *, more: bool) -> End:
        times = times_of(children)
        # search is not reliably in order, so there the whole page has to be older than the window
        newest_that_counts = max(times, default=None) if query.mode == "search" else (times[-1] if times else None)
        if newest_that_counts is not None and newest_that_counts < window.since:
            return "complete"
        if more and place.seen <= 2 * self._cap:
            return "more"
        lost = not children and place.restarts > 0
        return "capped" if lost or place.seen >= NEAR_CAP * self._cap else "complete"


def _children(document: object) -> list[Json]:
    data = document.get("data") if isinstance(document, dict) and document.get("kind") == "Listing" else None
    children = data.get("children") if isinstance(data, dict) else None
    if not isinstance(children, list):
        raise Transient("Reddit's answer is no listing")
    return children


def _following(document: dict[str, Json]) -> str | None:
    after = document["data"].get("after")
    return after if isinstance(after, str) and after else None
