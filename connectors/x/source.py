"""X by its API v2: timelines, lists, recent search and the full archive, read through tweepy.

Every read costs money. So a page is fetched once: its raw text and the place to go on from are yielded
together. `docs/connectors.md` has the limits; `posts` maps the pages.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from connectors.account import Account
from connectors.errors import Refused, Transient
from connectors.items import Json, listed, object_in, objects
from connectors.position import read_place, written
from connectors.presence import Look
from connectors.priced import Forecast, Usage
from connectors.source import Page, Window
from connectors.times import from_iso, to_iso, utc_now
from connectors.waiting import Waiting
from connectors.x.accounts import look_up
from connectors.x.api import Answer, XApi
from connectors.x.ends import end_of, reached, read_down_to
from connectors.x.errors import LostPlace, reason_in
from connectors.x.place import Place, after_lost_token, first_place, within_reach
from connectors.x.presence import look_again
from connectors.x.price import PRICES, asking_cost, capped, countable, forecast, usage
from connectors.x.queries import PAGE_SIZES, Query, cut, read_query
from connectors.x.reads import Reads
from connectors.x.requests import fetch
from connectors.x.users import User, Users


class XSource:
    """X through one bearer token.

    `page_size` is lowered to what an endpoint allows. `lookup_size` names are resolved in one request at most.
    `known_users` maps user names to ids that are known already; each spares a paid read. `prices` are dollars
    for a "post", a "user", and a "counts" or "counts_all" request. `timeout` is (connect, silence) and
    `total_seconds` the whole of one answer. Nothing is sent before the first page is asked for.
    """

    name = "x"

    def __init__(
        self,
        *,
        bearer_token: str,
        queries: Sequence[str] = (),
        base_url: str = "https://api.x.com",
        lag: float = 6.0,
        page_size: int = 500,
        lookup_size: int = 100,
        known_users: Mapping[str, str] | None = None,
        prices: Mapping[str, float] | None = None,
        timeout: tuple[float, float] = (5.0, 30.0),
        total_seconds: float = 120.0,
        waiting: Waiting | None = None,
    ) -> None:
        for query in queries:
            read_query(query)
        self.lag = lag
        self._queries = tuple(queries)
        self._size = page_size
        self._prices = PRICES | dict(prices or {})
        self._api = XApi(
            bearer_token=bearer_token,
            base_url=base_url,
            waiting=waiting or Waiting(),
            timeout=timeout,
            total_seconds=total_seconds,
        )
        self._reads = Reads()
        self._known = {name.lower().lstrip("@"): user_id for name, user_id in (known_users or {}).items()}
        self._users = Users(self._api, self._reads, self._known, lookup_size)

    def queries(self) -> tuple[str, ...]:
        """Name what is listened to."""
        return self._queries

    def windows(self, query: str, since: datetime, until: datetime) -> Iterator[Window]:
        """Cut [since, until) at X's limits, oldest first; nothing is planned beyond the present."""
        return cut(self.name, query, since, until, utc_now())

    def pages(self, window: Window, position: str | None = None) -> Iterator[Page]:
        """Fetch the window's pages from `position` on, newest first."""
        query = read_query(window.query)
        place = read_place(Place, position) or first_place(window, query, utc_now())
        if query.mode == "timeline" and place.user is None:
            user = self._users.find(query.value, others=self._names())
            place = self._with_user(replace(place, user=user.id), user)
        while True:
            reachable = within_reach(place, query, utc_now())  # a search ages while it is read
            if reachable is None:
                yield _lost(read_down_to(window, place))
                return
            place = reachable
            try:
                answer = self._fetch(query, place)
            except LostPlace as error:
                if place.token is None:
                    raise Transient(str(error)) from None
                again = after_lost_token(place, query)
                if again is None:
                    yield _lost(read_down_to(window, place))
                    return
                place = again
                continue
            page, place = self._page(window, query, place, answer)
            yield page
            if page.end != "more":
                return

    def countable(self, windows: Sequence[Window]) -> list[tuple[Window, ...]]:
        """Put together windows that `forecast` can count with one question: timelines over the same period."""
        return countable(windows)

    def asking_cost(self, windows: Sequence[Window]) -> float:
        """Return the most that `forecast` may itself cost for these windows, in dollars."""
        return asking_cost(windows, self._prices)

    def forecast(self, windows: Sequence[Window]) -> Forecast:
        """Ask the counts endpoint what `countable` windows would hold, need and cost, without reading a post."""
        size = self._page_size(read_query(windows[0].query))
        return forecast(self._api, self._reads, windows, self._prices, size)

    def capped(self, window: Window) -> Forecast:
        """Return the most that X shows of a window, without asking: for when it cannot be counted."""
        return capped(window, self._prices, self._page_size(read_query(window.query)))

    def next_cost(self, window: Window) -> float:
        """Return the most that the next page of a window may cost, in dollars.

        That is every post with another original, every author billed, and names that have to be looked up first.
        """
        query = read_query(window.query)
        size = self._page_size(query)
        users = 1 if query.mode == "timeline" else size
        if query.mode == "timeline":
            users += self._users.unknown(query.value, self._names())
        return 2 * size * self._prices["post"] + users * self._prices["user"]

    def usage(self) -> Usage:
        """Ask how many post reads X has billed in this cycle, and on which days, to reconcile the ledger."""
        return usage(self._api)

    def look_up(self, queries: Sequence[str]) -> dict[str, Account]:
        """Tell for each timeline: query how its account stands; each account found is a paid user read."""
        names = {read_query(query).value.lstrip("@"): query for query in queries}
        found = look_up(self._api, self._reads, list(names), self._known)
        return {names[name]: account for name, account in found.items()}

    def unbilled(self) -> tuple[tuple[str, int], ...]:
        """Return, once, the paid reads that came with no page: counts, and users that were looked up."""
        return self._reads.rest()

    def check(self) -> str:
        """Try the token without reading a post; raise a SourceError with X's reason when that fails."""
        used = self.usage()
        of = f" of {used.cap:,}" if used.cap else ""
        day = f", the cycle begins anew on day {used.reset_day}" if used.reset_day else ""
        return f"token accepted, {used.used:,}{of} post reads used{day}"

    def look_again(self, ids: Sequence[str]) -> dict[str, Look]:
        """Tell what became of each post and how its counts stand, a hundred a request; each one found is paid."""
        return look_again(self._api, ids)

    def _names(self) -> list[str]:
        return [read_query(query).value for query in self._queries if query.startswith("timeline:")]

    def _page_size(self, query: Query) -> int:
        smallest, largest = PAGE_SIZES[query.mode]
        return max(smallest, min(largest, self._size))

    def _fetch(self, query: Query, place: Place) -> Answer:
        answer = fetch(self._api, query, place, self._page_size(query))
        document = answer.document
        if "data" not in document and "meta" not in document:
            if document.get("errors"):
                # a suspended or unknown user is HTTP 200 with errors and no data
                raise Refused(
                    f"X has nothing for {query.mode}:{query.value}: {reason_in(document)}", whole_source=False
                )
            raise Transient("X's answer holds neither posts nor a reason why not")
        return answer

    def _page(self, window: Window, query: Query, place: Place, answer: Answer) -> tuple[Page, Place]:
        items = listed(answer.document.get("data"))
        times = [time for item in items if (time := _created(item)) is not None]
        place = self._learnt(place, answer.document, len(items), times)
        token = _token(answer.document)
        repeated = token is not None and token == place.token
        place = replace(place, token=token)
        if place.probe and not times and place.count is None:
            place = self._with_user(place, self._users.read(place.user or ""))
        end, following = end_of(window, query, place, times)
        stop = reached(window, query, place) if end == "capped" else None
        if end == "more" and repeated:  # X names the page just read as the next one: a token as good as lost
            again = after_lost_token(following, query)
            if again is None:
                end, stop = "capped", read_down_to(window, place)
            else:
                following = again
        page = Page(
            format="x/posts",
            payload=answer.text,
            fetched_at=utc_now(),
            end=end,
            # who wrote nothing stands on no page: the place tells the next night, without a paid read, who that is
            position=written(following) if end == "more" or (query.mode == "timeline" and not items) else None,
            reached=stop,
            reads=self._reads.page(answer.document),
        )
        return page, following

    def _learnt(self, place: Place, document: Json, number: int, times: list[datetime]) -> Place:
        users = objects(object_in(document, "includes").get("users"))
        user = next((user for user in users if user.get("id") == place.user), None)
        if user is not None and place.count is None:
            place = self._with_user(place, self._users.keep(user))
        if place.probe:
            return place
        oldest = min([to_iso(min(times)), *([place.oldest] if place.oldest else [])]) if times else place.oldest
        return replace(place, seen=place.seen + number, oldest=oldest)

    @staticmethod
    def _with_user(place: Place, user: User | None) -> Place:
        return place if user is None else replace(place, count=user.count, joined=user.joined)


def _lost(reached_by: datetime) -> Page:
    """Close, without a request, a window of which X shows no more."""
    nothing = '{"meta":{"result_count":0}}'
    return Page(format="x/posts", payload=nothing, fetched_at=utc_now(), end="capped", reached=reached_by)


def _created(item: Any) -> datetime | None:
    try:
        return from_iso(item["created_at"])
    except (KeyError, TypeError, ValueError):
        return None


def _token(document: Json) -> str | None:
    token = object_in(document, "meta").get("next_token")
    return token if isinstance(token, str) and token else None
