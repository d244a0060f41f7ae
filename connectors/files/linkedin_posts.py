"""Rows of a LinkedIn member's export to posts of its owner. Needs no network and no archive."""

import hashlib
import re
from typing import Any
from urllib.parse import unquote

from connectors.items import Json, map_items, parsed, place, string, string_or_none, unreadable
from connectors.post import Post
from connectors.source import Mapped, Page
from connectors.times import from_iso

_URN = re.compile(r"urn:li:(?:share|ugcPost|activity|groupPost):\d+")
_COMMENT_URN = re.compile(r"urn:li:(?:fsd_)?comment:\([^)]+\)")
_LINE_END = re.compile(r'"\r?\n"')
"""How Shares.csv writes the end of a line within a post."""


def shares(page: Page, source: str, query: str) -> Mapped:
    """Map rows of Shares.csv: the owner's posts."""
    return _mapped(page, source, query, _share)


def comments(page: Page, source: str, query: str) -> Mapped:
    """Map rows of Comments.csv: what the owner wrote under posts, which are not in the export."""
    return _mapped(page, source, query, _comment)


def _mapped(page: Page, source: str, query: str, one: Any) -> Mapped:
    try:
        document = parsed(page.payload)
        rows, owner, file = document["rows"], document["owner"], document["file"]
        owner["id"], len(rows)
    except (ValueError, KeyError, TypeError) as error:
        return unreadable(page.payload, f"no page of an export: {error}")
    return map_items(rows, lambda row: one(row, owner, file, page, source, query))


def _share(row: Json, owner: Json, file: str, page: Page, source: str, query: str) -> Post:
    values = _values(row, file)
    link = values["ShareLink"]
    text = _LINE_END.sub("\n", values["ShareCommentary"]).strip()
    urn = _URN.search(unquote(link))
    key = urn[0] if urn else row.get("key") or _own_key(owner, values["Date"], text)
    return _post(key, link, values["Date"], text, None, owner, page, source, query)


def _comment(row: Json, owner: Json, file: str, page: Page, source: str, query: str) -> Post:
    values = _values(row, file)
    link, text = values["Link"], values["Message"].strip()
    place = unquote(link)
    own, under = _COMMENT_URN.search(place), _URN.search(place)
    key = own[0] if own else row.get("key") or _own_key(owner, values["Date"], text)
    return _post(key, link, values["Date"], text, under[0] if under else "", owner, page, source, query)


def _values(row: Json, file: str) -> dict[str, str]:
    if row.get("wrong"):
        raise ValueError(f"{place(file, row['line'])}: {row['wrong']}")
    values: dict[str, str] = row["values"]
    return values


def _own_key(owner: Json, date: str, text: str) -> str:
    """Make a key for what the export gives none; the same export imported twice makes the same.

    A row in which a name was marked since (`cutting_rows`) has a `key`: what its words made before.
    """
    return "export:" + hashlib.sha256(f"{owner['id']}\n{date}\n{text}".encode()).hexdigest()[:32]


def _post(
    key: str, link: str, date: str, text: str, under: str | None, owner: Json, page: Page, source: str, query: str
) -> Post:
    """Make a post; `under` is the post that a comment stands under (empty when not known), None for a share."""
    return Post(
        platform="linkedin",
        post_id=key,
        url=link if link.startswith("https://") else None,
        author_id=string(owner["id"]),
        handle=None,
        display_name=string_or_none(owner.get("name")),
        bio=string_or_none(owner.get("headline")),
        created_at=from_iso(date.strip().removesuffix(" UTC")),
        text=text,
        language_hint=None,
        kind="post" if under is None else "reply",
        parent_id=under or None,
        likes=None,
        replies=None,
        reposts=None,
        quotes=None,
        views=None,
        edited_at=None,
        collected_at=page.fetched_at,
        source=source,
        query=query,
    )
