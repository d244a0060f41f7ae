"""A source, whole: communities of a Lemmy server. docs/connectors.md shows it, tests/test_example_source.py runs it.

The two halves of every source stand here in one file: `LemmySource` speaks to the network, `posts` maps its pages.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import requests

from connectors.base_url import checked_base_url
from connectors.errors import Transient
from connectors.http_problem import HttpRefused, number, problem
from connectors.items import Json, Skip, count, map_items, parsed, string, string_or_none, unreadable
from connectors.post import Post
from connectors.presence import Look, Presence
from connectors.source import Mapped, Page, Window
from connectors.times import from_iso, utc_now
from connectors.transport import bounded_session
from connectors.waiting import Pace, Waiting


class LemmySource:
    """Communities of the Lemmy server at `base_url`, newest posts first; it needs no credential."""

    name = "lemmy"

    def __init__(
        self, *, base_url: str, queries: Sequence[str] = (), lag: float = 24.0, waiting: Waiting | None = None
    ) -> None:
        for query in queries:
            _community(query)
        self._base_url, self._queries, self.lag = checked_base_url(base_url), tuple(queries), lag
        self._session, self._waiting, self._pace = bounded_session(), waiting or Waiting(), Pace()

    def queries(self) -> tuple[str, ...]:
        """Name what is listened to."""
        return self._queries

    def windows(self, query: str, since: datetime, until: datetime) -> Iterator[Window]:
        """Give [since, until) as one window; nothing is planned beyond the present."""
        until = min(until, utc_now())
        if since < until:
            yield Window(self.name, query, since, until)

    def pages(self, window: Window, position: str | None = None) -> Iterator[Page]:
        """Fetch the window's pages, newest first, until its beginning is passed; `position` is Lemmy's page cursor."""
        asked = {"community_name": _community(window.query), "sort": "New", "limit": 50}
        while True:
            document, text = self._get("posts", "post/list", asked | ({"page_cursor": position} if position else {}))
            times = [time for item in document["posts"] if (time := _published(item)) is not None]
            position = string_or_none(document.get("next_page"))
            if times and times[-1] < window.since:
                position = None  # all that follows is older
            yield Page("lemmy/posts", text, utc_now(), "more" if position else "complete", position)
            if position is None:
                return

    def look_again(self, ids: Sequence[str]) -> dict[str, Look]:
        """Tell for each post what became of it, one request each; posts of other servers are unknown."""
        return {key: Look(self._presence(key)) for key in ids}

    def _presence(self, key: str) -> Presence:
        server, _, post_id = key.rpartition("/post/")
        if server != self._base_url or not post_id.isdigit():
            return "unknown"
        try:
            document, _ = self._get("post_view", "post", {"id": post_id})
            post = document["post_view"]["post"]
            return "deleted" if post.get("deleted") or post.get("removed") else "found"
        except HttpRefused as error:
            return "deleted" if error.status == requests.codes.not_found else "unknown"
        except (KeyError, TypeError, AttributeError):
            return "unknown"

    def _get(self, holding: str, path: str, params: dict[str, Any]) -> tuple[Json, str]:
        return self._waiting.retried(lambda: self._once(holding, path, params), self._pace)

    def _once(self, holding: str, path: str, params: dict[str, Any]) -> tuple[Json, str]:
        try:
            answer = self._session.get(f"{self._base_url}/api/v3/{path}", params=params)
        except requests.RequestException as error:
            raise Transient(f"Lemmy could not be reached: {type(error).__name__}") from None
        refusal = problem("Lemmy", answer.status_code, answer.text, retry_after=number(answer.headers, "retry-after"))
        if refusal is not None:
            raise refusal
        try:
            document = json.loads(answer.text)
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict) or not isinstance(document.get(holding), list | dict):
            raise Transient(f"Lemmy's answer is cut, or holds no {holding}")
        return document, answer.text


def posts(page: Page, source: str, query: str) -> Mapped:
    """Map one page of posts; what was deleted or removed is no post."""
    try:
        items = parsed(page.payload)["posts"]
    except (ValueError, KeyError, TypeError) as error:
        return unreadable(page.payload, f"no Lemmy page: {error}")
    return map_items(items, lambda item: _to_post(item, page.fetched_at, source, query))


def _to_post(item: Json, collected_at: datetime, source: str, query: str) -> Post:
    post, author, counts = item["post"], item["creator"], item.get("counts") or {}
    if post.get("deleted") or post.get("removed"):
        raise Skip
    return Post(
        platform="lemmy",  # add it to `connectors.post.Platform`
        post_id=string(post["ap_id"]),
        url=string(post["ap_id"]),
        author_id=string(author["actor_id"]),
        handle=string(author["name"]),
        display_name=string_or_none(author.get("display_name")),
        bio=string_or_none(author.get("bio")),
        created_at=from_iso(post["published"]),
        text="\n\n".join(words for words in (string(post["name"]), string_or_none(post.get("body"))) if words),
        language_hint=None,
        kind="post",
        parent_id=None,
        likes=count(counts.get("score")),
        replies=count(counts.get("comments")),
        reposts=None,
        quotes=None,
        views=None,
        edited_at=from_iso(post["updated"]) if post.get("updated") else None,
        collected_at=collected_at,
        source=source,
        query=query,
    )


def _community(query: str) -> str:
    kind, _, name = query.partition(":")
    if kind != "community" or not name.strip():
        raise ValueError(f'lemmy query {query!r}: write "community:NAME"')
    return name.strip()


def _published(item: Any) -> datetime | None:
    try:
        return from_iso(item["post"]["published"])
    except (KeyError, TypeError, ValueError):
        return None
