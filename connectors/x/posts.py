"""X payloads (API v2 pages) to posts. Needs no network and no client."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connectors.items import (
    Json,
    clean,
    count,
    map_items,
    object_in,
    objects,
    parsed,
    string,
    string_or_none,
    unreadable,
)
from connectors.post import Kind, Post
from connectors.source import Mapped, Page
from connectors.times import from_iso

_KINDS: tuple[tuple[str, Kind], ...] = (("retweeted", "repost"), ("replied_to", "reply"), ("quoted", "quote"))
_NO_LANGUAGE = frozenset({"und", "zxx", "art"})
_VIEWS_SINCE = datetime(2022, 12, 15, tzinfo=UTC)  # before that X reports 0 views, or none
_EPOCH_MS = 1288834974657
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'"}


@dataclass(frozen=True, slots=True)
class Context:
    """What a page gives beside its posts: the users and posts it includes, and where it came from."""

    users: Mapping[str, Json]
    tweets: Mapping[str, Json]
    collected_at: datetime
    source: str
    query: str


def posts(page: Page, source: str, query: str) -> Mapped:
    """Map one page of posts. A payload that is no such page becomes one reject."""
    try:
        document = parsed(page.payload)
    except ValueError as error:
        return unreadable(page.payload, str(error))
    if not isinstance(document, dict):
        return unreadable(page.payload, f"expected an object, found {type(document).__name__}")
    data = document.get("data")
    items = [data] if isinstance(data, dict) else data or []
    if not isinstance(items, list):
        return unreadable(page.payload, f"expected posts under data, found {type(data).__name__}")
    context = Context(
        users=_by_id(document, "users"),
        tweets=_by_id(document, "tweets"),
        collected_at=page.fetched_at,
        source=source,
        query=query,
    )
    return map_items(items, lambda item: to_post(item, context))


def to_post(item: Json, context: Context) -> Post:
    """Map one post; raise KeyError, TypeError or ValueError when it lacks what a post must have.

    An edited post has a new id with every edit and is kept under its first; its `created_at` is the edit's,
    so the time of the first id is used. The counts of an earlier version stand still since the edit: it has none.
    """
    native = _id(item["id"])
    first, newest = _versions(item.get("edit_history_tweet_ids"), native)
    created = from_iso(item["created_at"])
    author_id = string_or_none(item.get("author_id"))
    author = context.users.get(author_id or "", {})
    handle = string_or_none(author.get("username"))
    kind, parent_id = _kind(item)
    original = context.tweets.get(parent_id or "") if kind == "repost" else None
    metrics = _metrics(item if original is None else original, repost_alone=kind == "repost" and original is None)
    if native != newest:
        metrics = {}
    counted = created if original is None else time_of(original["id"])
    return Post(
        platform="x",
        post_id=first,
        url=f"https://x.com/{handle or 'i'}/status/{native}",
        author_id=author_id,
        handle=handle,
        display_name=_unescaped(string_or_none(author.get("name"))),
        bio=_bio(author),
        created_at=time_of(first) if first != native else created,
        text=_text(original or item),
        language_hint=_language(item.get("lang")),
        kind=kind,
        parent_id=parent_id,
        likes=metrics.get("like_count"),
        replies=metrics.get("reply_count"),
        reposts=metrics.get("retweet_count"),
        quotes=metrics.get("quote_count"),
        views=_views(metrics.get("impression_count"), counted),
        edited_at=created if first != native else None,
        collected_at=context.collected_at,
        source=context.source,
        query=context.query,
    )


def _bio(author: Json) -> str | None:
    """Return the description, "" when there is none; None when the page does not include its author."""
    bio = author.get("description")
    return _unescaped(bio) if isinstance(bio, str) else None


def time_of(post_id: str) -> datetime:
    """Return the moment at which X gave out a post id (since November 2010), to the millisecond."""
    return datetime.fromtimestamp(((int(post_id) >> 22) + _EPOCH_MS) / 1000, UTC)


def _by_id(document: Json, name: str) -> dict[str, Json]:
    included = objects(object_in(document, "includes").get(name))
    return {item["id"]: item for item in included if isinstance(item.get("id"), str)}


def _versions(history: Any, native: str) -> tuple[str, str]:
    """Return the first and the newest id of an edited post; most posts were never edited."""
    if not history or history == [native]:
        return native, native
    versions = sorted((_id(version) for version in history), key=int)
    return versions[0], versions[-1]


def _id(value: Any) -> str:
    text = string(value)
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text[:40]!r} is no post id")
    return text


def _kind(item: Json) -> tuple[Kind, str | None]:
    """Tell kind and parent; a post that is reply and quote at once is a reply, for that names its thread."""
    references = {reference["type"]: reference["id"] for reference in item.get("referenced_tweets") or []}
    for theirs, ours in _KINDS:
        if theirs in references:
            return ours, _id(references[theirs])
    return "post", None


def _text(item: Json) -> str:
    note = item.get("note_tweet")
    text = note.get("text") if isinstance(note, dict) else None
    text = text if isinstance(text, str) and text else item["text"]
    if not isinstance(text, str):
        raise TypeError(f"expected a text, found {type(text).__name__}")
    return _unescaped(text) or ""


def _unescaped(text: str | None) -> str | None:
    """Undo X's own escapes only: a full HTML unescape would also rewrite words such as `&copy`."""
    if text is None or "&" not in text:
        return text and clean(text)
    return re.sub(r"&(?:amp|lt|gt|quot|#39);", lambda match: _ENTITIES[match[0]], clean(text))


def _language(value: Any) -> str | None:
    """X's codes for no language at all (und, zxx) and its private ones (qme, qst, ...) are no hint."""
    code = string_or_none(value)
    return None if code is None or code in _NO_LANGUAGE or (code.startswith("q") and len(code) == 3) else code  # noqa: PLR2004 - qaa to qtz


def _metrics(item: Json, *, repost_alone: bool) -> dict[str, int | None]:
    """Return the counts; a repost carries its original's repost count, and zeros that mean nothing."""
    metrics = item.get("public_metrics")
    numbers = {name: count(value) for name, value in metrics.items()} if isinstance(metrics, dict) else {}
    return {"retweet_count": numbers.get("retweet_count")} if repost_alone else numbers


def _views(views: int | None, posted: datetime) -> int | None:
    return None if not views and posted < _VIEWS_SINCE else views
