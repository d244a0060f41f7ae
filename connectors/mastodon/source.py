"""Mastodon, through Mastodon.py: hashtags and panel accounts on several servers.

A server shows what it has heard of, so the same post comes from several; its `uri` is its key everywhere.
Timelines are read newest first until the window's beginning is passed. `docs/connectors.md` has the limits;
`posts` maps the pages.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from connectors.account import Account
from connectors.errors import Refused, SourceError, Transient
from connectors.mastodon.accounts import look_up
from connectors.mastodon.api import Answer, MastodonApi
from connectors.mastodon.presence import look_again
from connectors.mastodon.queries import Place, Query, read_query
from connectors.position import read_place, written
from connectors.presence import Look
from connectors.source import End, Page, Window
from connectors.times import from_iso, utc_now
from connectors.waiting import Waiting

PAGE_SIZE = 40
"""Statuses a page at most."""
TAIL = 5
"""Last statuses of a page of which none may lie in the window: by fewer it is not passed."""
_FRESH = timedelta(hours=1)
_ID_BITS = 16


class MastodonSource:
    """Mastodon on `instances`, a base URL for each name; `tokens` by the same names, where one is needed.

    `timeout` is (connect, silence) in seconds and `total_seconds` the whole of one answer. A refusal concerns
    one server or query and never the others. Nothing is sent before the first page is asked for.
    """

    name = "mastodon"

    def __init__(
        self,
        *,
        instances: Mapping[str, str],
        tokens: Mapping[str, str] | None = None,
        queries: Sequence[str] = (),
        lag: float = 24.0,
        page_size: int = PAGE_SIZE,
        timeout: tuple[float, float] = (5.0, 30.0),
        total_seconds: float = 120.0,
        waiting: Waiting | None = None,
    ) -> None:
        tokens = tokens or {}
        if strangers := sorted(set(tokens) - set(instances)):
            raise ValueError(f"mastodon.tokens names {strangers[0]!r}, which is not among mastodon.instances")
        for query in queries:
            read_query(query, instances)
        self.lag = lag
        self._queries, self._page_size = tuple(queries), page_size
        patience = waiting or Waiting()
        self._apis = {
            instance: MastodonApi(
                name=instance,
                base_url=base_url,
                token=tokens.get(instance),
                waiting=patience,
                timeout=timeout,
                total_seconds=total_seconds,
            )
            for instance, base_url in instances.items()
        }

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
        """Fetch the window's pages from `position` on, newest first, down to its beginning."""
        query = read_query(window.query, self._apis)
        api = self._apis[query.instance]
        place = read_place(Place, position) or Place()
        first = place.max_id is None
        if first:
            place = replace(place, max_id=_id_of(window.until))
        if query.mode == "account" and place.account is None:
            place = replace(place, account=_account(api, query))
        while True:
            answer = self._fetch(api, query, place)
            if not isinstance(answer.document, list):
                raise Transient(f"{api.name}: the answer is no list of statuses")
            if first and not answer.document and query.mode == "tag":
                _refuse_closed(api)
            first = False
            end, reached = _end(window, answer, place)
            place = replace(place, max_id=answer.following)
            yield Page(
                format="mastodon/statuses",
                payload=answer.text,
                fetched_at=utc_now(),
                end=end,
                position=written(place) if end == "more" else None,
                reached=reached,
            )
            if end != "more":
                return

    def look_again(self, ids: Sequence[str]) -> dict[str, Look]:
        """Tell for each uri what became of it and how its counts stand; one request each, at the server it is from."""
        return look_again(list(self._apis.values()), ids)

    def look_up(self, queries: Sequence[str]) -> dict[str, Account]:
        """Tell for each account: query how its account stands at the query's instance.

        An instance that does not answer is asked no more, and says nothing about the others.
        """
        found: dict[str, Account] = {}
        silent: dict[str, str] = {}
        for text in queries:
            query = read_query(text, self._apis)
            try:
                if query.instance not in silent:
                    found[text] = look_up(self._apis[query.instance], query)
            except SourceError as error:
                silent[query.instance] = str(error)
            found.setdefault(text, Account(query.value, "unknown", silent.get(query.instance, "")))
        return found

    def check(self) -> str:
        """Try each server and its token without reading a post; raise a SourceError with the reason."""
        findings = []
        for name, api in self._apis.items():
            if api.has_token:
                account = api.call(lambda client: client.account_verify_credentials()).document
                found = f"as {account.get('acct')}" if isinstance(account, dict) else "token accepted"
            else:
                api.call(lambda client: client.instance_v2())
                found = "open"
            findings.append(f"{name} {found}")
        return ", ".join(findings) or "nothing to check"

    def _fetch(self, api: MastodonApi, query: Query, place: Place) -> Answer:
        options: dict[str, Any] = {"limit": self._page_size, "max_id": place.max_id}
        if query.mode == "tag":
            return api.call(lambda client: client.timeline_hashtag(query.value, **options))
        account = place.account or ""
        return api.call(lambda client: client.account_statuses(account, **options))


def _id_of(until: datetime) -> str | None:
    """Return the first id that Mastodon can give out at a moment, so that an old window is not read from now."""
    if until > utc_now() - _FRESH:
        return None
    return str(int(until.timestamp() * 1000) << _ID_BITS)


def _account(api: MastodonApi, query: Query) -> str:
    document = api.call(lambda client: client.account_lookup(query.value)).document
    number = document.get("id") if isinstance(document, dict) else None
    if not isinstance(number, str):
        raise Transient(f"{api.name}: the answer names no account")
    return number


def _end(window: Window, answer: Answer, place: Place) -> tuple[End, datetime | None]:
    """Tell whether the timeline has ended, or has passed the window's beginning; and how far it goes if it is cut.

    A timeline goes by when its server got to know of a status, but a status is dated by its author: late ones are old.
    """
    times = [time for status in answer.document if (time := _created(status)) is not None]
    bottom = max(times[-TAIL:], default=None)
    if answer.following is None or (bottom is not None and bottom < window.since):
        return "complete", None
    if answer.following == place.max_id:  # the next page would be this one again
        return "capped", bottom or window.until
    return "more", None


def _created(status: Any) -> datetime | None:
    try:
        return from_iso(status["created_at"])
    except (KeyError, TypeError, ValueError):
        return None


def _refuse_closed(api: MastodonApi) -> None:
    """Tell an unused hashtag from a server that shows its hashtags to nobody, or to its members only."""
    try:
        document = api.call(lambda client: client.instance_v2()).document
        access = document["configuration"]["timelines_access"]["hashtag_feeds"].values()
    except (Refused, KeyError, TypeError, AttributeError):
        return  # servers before 4.5 cannot close them
    allowed = {"public", "authenticated"} if api.has_token else {"public"}
    if not allowed & set(access):
        raise Refused(f"{api.name} keeps its hashtag timelines closed", whole_source=False)
