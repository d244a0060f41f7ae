"""Reddit payloads (listings of submissions and comments) to posts. Needs no network and no client."""

import re
from datetime import datetime

from connectors.items import Json, Skip, count, map_items, parsed, string, string_or_none, unreadable, words
from connectors.post import Kind, Post
from connectors.source import Mapped, Page
from connectors.times import from_epoch

WEBSITE = "https://www.reddit.com"
GONE = frozenset({"[deleted]", "[removed]", "[deleted by user]", "[removed by reddit]", "[ removed by reddit ]"})
NOBODY = "[deleted]"
_UNDERSCORE = re.compile(r"\\_(?=\w)|(?<=\w)\\_")
"""Not the arm of a shrug."""


def posts(page: Page, source: str, query: str) -> Mapped:
    """Map one listing. Deleted and removed items are no posts; a payload that is no listing is one reject."""
    try:
        children = parsed(page.payload)["data"]["children"]
    except (ValueError, KeyError, TypeError) as error:
        return unreadable(page.payload, f"no listing: {error}")
    if not isinstance(children, list):
        return unreadable(page.payload, "no listing: its children are no list")
    return map_items(
        children,
        lambda child: to_post(child["kind"], child["data"], collected_at=page.fetched_at, source=source, query=query),
    )


def to_post(kind: str, data: Json, *, collected_at: datetime, source: str, query: str) -> Post:
    """Map one submission ("t3") or comment ("t1").

    Raise Skip for what was deleted or removed; KeyError, TypeError or ValueError when it lacks what a post
    must have. Nothing is read but what the item holds: praw would fetch a missing attribute in silence.
    """
    if kind not in ("t1", "t3"):
        raise ValueError(f"{kind!r} is neither a submission nor a comment")
    if is_gone(data):
        raise Skip
    author = string_or_none(data.get("author"))
    handle = None if author == NOBODY else author
    our_kind, parent_id = _kind(kind, data)
    hidden = bool(data.get("score_hidden") or data.get("hide_score"))
    return Post(
        platform="reddit",
        post_id=_fullname(kind, data),
        url=_url(kind, data),
        author_id=_author_id(handle, data),
        handle=handle,
        display_name=None,
        bio=_flair(data),
        created_at=from_epoch(data["created_utc"]),
        text=_text(kind, data),
        language_hint=None,
        kind=our_kind,
        parent_id=parent_id,
        likes=None if hidden else count(data.get("score")),
        replies=count(data.get("num_comments")),
        reposts=count(data.get("num_crossposts")),
        quotes=None,
        views=count(data.get("view_count")),
        edited_at=from_epoch(data["edited"]) if data.get("edited") not in (None, False, True) else None,
        collected_at=collected_at,
        source=source,
        query=query,
    )


def is_gone(data: Json) -> bool:
    """Tell whether an item's text was deleted by its author or removed by others."""
    text = data.get("body", data.get("selftext"))
    gone_by_others = data.get("removed_by_category") or data.get("removed") is True or data.get("spam") is True
    return (isinstance(text, str) and text.strip().lower() in GONE) or bool(gone_by_others)


def _author_id(handle: str | None, data: Json) -> str | None:
    """Return the account's full name; items from before 2019 lack it, but a Reddit name never changes hands."""
    return handle and (string_or_none(data.get("author_fullname")) or f"u/{handle}")


def _flair(data: Json) -> str | None:
    """Return what the author has written beside the name in this subreddit: the nearest thing to a bio in a listing."""
    flair = string_or_none(data.get("author_flair_text"))
    return (flair.strip() or None) if flair else None


def _fullname(kind: str, data: Json) -> str:
    name = string_or_none(data.get("name")) or f"{kind}_{string(data['id'])}"
    if not name.startswith(f"{kind}_"):
        raise ValueError(f"{name[:40]!r} is no name of kind {kind}")
    return name


def _kind(kind: str, data: Json) -> tuple[Kind, str | None]:
    if kind == "t1":
        return "reply", string_or_none(data.get("parent_id"))
    original = string_or_none(data.get("crosspost_parent"))
    return ("repost", original) if original else ("post", None)


def unescaped(text: str) -> str:
    """Return a text with underscores as they are shown: Reddit's editor escapes those in names, as Markdown wants."""
    return _UNDERSCORE.sub("_", text) if "\\_" in text else text


def _text(kind: str, data: Json) -> str:
    if kind == "t1":
        return unescaped(words(data["body"]))
    title, body = words(data["title"]), unescaped(words(data.get("selftext") or ""))
    return f"{title}\n\n{body}" if body else title


def _url(kind: str, data: Json) -> str:
    """Old archives lack the permalink; the ids lead there too."""
    permalink = string_or_none(data.get("permalink"))
    if permalink:
        return WEBSITE + permalink
    name = _fullname(kind, data)[3:]
    thread = string_or_none(data.get("link_id"))
    return f"{WEBSITE}/comments/{thread[3:]}/_/{name}" if kind == "t1" and thread else f"{WEBSITE}/comments/{name}"
