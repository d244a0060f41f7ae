"""Bluesky payloads (author feeds, search results) to posts. Needs no network and no client.

A stored page holds two answers as they came: `{"page": <feed or search>, "profiles": <getProfiles>}`, because
a feed names its authors without their bios. The bare answer without profiles is read too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.items import Json, Skip, count, map_items, objects, parsed, string, string_or_none, unreadable, words
from connectors.post import Kind, Post
from connectors.source import Mapped, Page
from connectors.times import from_iso

WEBSITE = "https://bsky.app"
POST = "app.bsky.feed.post"
REPOSTED_BY = "#reposted-by="
"""Joins a post's uri and the did of who reposted it: a feed does not always name the repost's own record."""
UNSEEN = "!no-unauthenticated"
"""The label of an account that asks not to be shown to those without an account: it is left out."""
NO_HANDLE = "handle.invalid"
"""What Bluesky writes for a handle that does not lead back to its account: nobody's name, and many an account's."""


@dataclass(frozen=True, slots=True)
class Context:
    """What goes for all posts of a page: bios by did, and where it came from."""

    bios: Mapping[str, str]
    collected_at: datetime
    source: str
    query: str


def feed_posts(page: Page, source: str, query: str) -> Mapped:
    """Map one page of an author's feed: posts, replies, quotes and what the author reposted."""
    return _mapped(page, source, query, "feed", feed_post)


def search_posts(page: Page, source: str, query: str) -> Mapped:
    """Map one page of search results."""
    return _mapped(page, source, query, "posts", to_post)


def feed_post(item: Json, context: Context) -> Post:
    """Map one feed item: a post, or a repost, which is the reposter's with the original's text and counts."""
    reason = item.get("reason") or {}
    original = to_post(item["post"], context)
    if not str(reason.get("$type", "")).endswith("#reasonRepost"):
        return original
    by = reason["by"]
    did = string(by["did"])
    _refuse_unseen(by)
    return Post(
        platform="bluesky",
        post_id=f"{original.post_id}{REPOSTED_BY}{did}",
        url=original.url,
        author_id=did,
        handle=handle_of(by),
        display_name=string_or_none(by.get("displayName")),
        bio=context.bios.get(did),
        created_at=from_iso(reason["indexedAt"]),
        text=original.text,
        language_hint=original.language_hint,
        kind="repost",
        parent_id=original.post_id,
        likes=original.likes,
        replies=original.replies,
        reposts=original.reposts,
        quotes=original.quotes,
        views=None,
        edited_at=None,
        collected_at=context.collected_at,
        source=context.source,
        query=context.query,
    )


def to_post(view: Json, context: Context) -> Post:
    """Map one post; raise KeyError, TypeError or ValueError when it lacks what a post must have."""
    uri, author, record = string(view["uri"]), view["author"], view["record"]
    if record.get("$type", POST) != POST:
        raise ValueError(f"{str(record['$type'])[:60]!r} is no post")
    _refuse_unseen(author)
    did = string(author["did"])
    kind, parent_id = _kind(record)
    return Post(
        platform="bluesky",
        post_id=uri,
        url=f"{WEBSITE}/profile/{did}/post/{uri.rpartition('/')[2]}",
        author_id=did,
        handle=handle_of(author),
        display_name=string_or_none(author.get("displayName")),
        bio=context.bios.get(did),
        created_at=created(view),
        text=words(record["text"]),
        language_hint=_language(record.get("langs")),
        kind=kind,
        parent_id=parent_id,
        likes=count(view.get("likeCount")),
        replies=count(view.get("replyCount")),
        reposts=count(view.get("repostCount")),
        quotes=count(view.get("quoteCount")),
        views=None,
        edited_at=None,
        collected_at=context.collected_at,
        source=context.source,
        query=context.query,
    )


def created(view: Json) -> datetime:
    """Return the earlier of the author's time and the server's: the author's may be forged, or be none."""
    times = []
    for value in (view["record"].get("createdAt"), view.get("indexedAt")):
        try:
            times.append(from_iso(value))
        except (TypeError, ValueError):
            continue
    if not times:
        raise ValueError("neither createdAt nor indexedAt is a time")
    return min(times)


def handle_of(account: Json) -> str | None:
    """Return by what name an account goes, None when that does not lead back to it."""
    handle = string_or_none(account.get("handle"))
    return None if handle == NO_HANDLE else handle


def is_unseen(account: Json) -> bool:
    """Tell whether an account asks not to be shown to those without an account."""
    return any(label.get("val") == UNSEEN for label in objects(account.get("labels")))


def _mapped(page: Page, source: str, query: str, name: str, to_one: Any) -> Mapped:
    try:
        document = parsed(page.payload)
        answer = document.get("page", document)
        items = answer[name]
        bios = _bios(document.get("profiles"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return unreadable(page.payload, f"no Bluesky page: {error}")
    if not isinstance(items, list):
        return unreadable(page.payload, f"no Bluesky page: its {name} is no list")
    context = Context(bios, page.fetched_at, source, query)
    return map_items(items, lambda item: to_one(item, context))


def _bios(answer: Any) -> dict[str, str]:
    profiles = objects(answer.get("profiles")) if isinstance(answer, dict) else []
    return {
        profile["did"]: string_or_none(profile.get("description")) or ""  # an empty one is left out of the answer
        for profile in profiles
        if isinstance(profile.get("did"), str)
    }


def _refuse_unseen(author: Json) -> None:
    if is_unseen(author):
        raise Skip


def _kind(record: Json) -> tuple[Kind, str | None]:
    """Tell kind and parent; a post that is reply and quote at once is a reply, for that names its thread."""
    if record.get("reply"):
        return "reply", string(record["reply"]["parent"]["uri"])
    embed = record.get("embed")
    quoted = embed.get("record") if isinstance(embed, dict) else None
    if not isinstance(quoted, dict):
        return "post", None
    inner = quoted.get("record")
    uri = string_or_none((inner if isinstance(inner, dict) else quoted).get("uri"))
    # lists, feeds and starter packs are embedded in the same way, and are no posts
    return ("quote", uri) if uri and f"/{POST}/" in uri else ("post", None)


def _language(langs: Any) -> str | None:
    """Several languages are no hint."""
    return string_or_none(langs[0]) if isinstance(langs, list) and len(langs) == 1 else None
