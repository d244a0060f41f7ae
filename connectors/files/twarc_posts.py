"""Lines that twarc 2 wrote to posts: pages, flattened posts and stream objects, told apart line by line."""

import json
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from connectors.files.lines import map_lines
from connectors.items import Json, Skip
from connectors.post import Post
from connectors.source import Mapped, Page
from connectors.times import from_iso
from connectors.x.posts import Context, posts, to_post

_UNFLATTENED = re.compile(r'\s*\{\s*"data"\s*:\s*[\[{]')
_RETRIEVED = re.compile(r'"__twarc"\s*:\s*\{[^{}]*"retrieved_at"\s*:\s*"([^"]{10,40})"')


def lines(page: Page, source: str, query: str) -> Mapped:
    """Map a page of twarc's lines. Posts are dated by when twarc read them, where a line says so."""
    return map_lines(page, lambda line: _line(line, page, source, query))


def _line(line: str, page: Page, source: str, query: str) -> Mapped | Post:
    if _UNFLATTENED.match(line):
        # only a key or a whole text looks like this, and twarc writes its key last
        found = _RETRIEVED.match(line, max(0, line.rfind('"__twarc"')))
        return _strictly(replace(page, payload=line, fetched_at=_moment(found and found[1], page)), source, query)
    item = json.loads(line)
    if not isinstance(item, dict):
        raise TypeError(f"expected an object, found {type(item).__name__}")
    if "data" in item:
        return _strictly(replace(page, payload=line), source, query)
    if "id" not in item and ("errors" in item or "meta" in item):
        raise Skip  # an answer without posts, which is a result too
    return _flattened(item, page, source, query)


def _strictly(page: Page, source: str, query: str) -> Mapped:
    """Map a line; one that is cut is known by being no JSON at all."""
    mapped = posts(page, source, query)
    if mapped.rejects and not mapped.posts and mapped.rejects[0].raw == page.payload:
        raise ValueError(mapped.rejects[0].reason)
    return mapped


def _flattened(item: Json, page: Page, source: str, query: str) -> Post:
    """Map a flattened post: its author and the posts it refers to are inside it."""
    author = item.get("author")
    references = [one for one in item.get("referenced_tweets") or [] if "text" in one]
    retrieved = item.get("__twarc")
    context = Context(
        users={author["id"]: author} if isinstance(author, dict) else {},
        tweets={one["id"]: one for one in references},
        collected_at=_moment(retrieved.get("retrieved_at") if isinstance(retrieved, dict) else None, page),
        source=source,
        query=query,
    )
    return to_post(item, context)


def _moment(text: Any, page: Page) -> datetime:
    try:
        return from_iso(text)
    except (TypeError, ValueError):
        return page.fetched_at
