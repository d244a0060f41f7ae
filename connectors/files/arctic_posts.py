"""Lines of Reddit's archives (Pushshift, Arctic Shift) to posts: one bare item a line, without `kind`."""

import json
from datetime import datetime
from typing import Any

from connectors.files.lines import map_lines
from connectors.items import Json, Skip
from connectors.post import Post
from connectors.reddit.posts import to_post
from connectors.source import Mapped, Page
from connectors.times import from_epoch


def lines(page: Page, source: str, query: str) -> Mapped:
    """Map a page of an archive's lines. Rows whose authors withdrew them, or that were removed, are no posts."""
    return map_lines(page, lambda line: _post(json.loads(line), page, source, query))


def _post(row: Json, page: Page, source: str, query: str) -> Post:
    if not isinstance(row, dict):
        raise TypeError(f"expected an object, found {type(row).__name__}")
    meta = row.get("_meta")
    meta = meta if isinstance(meta, dict) else {}
    if meta.get("was_deleted_later") or meta.get("was_initially_deleted") or meta.get("removal_type"):
        raise Skip  # the archive still holds the text, but it is not ours to show
    seen = meta.get("retrieved_2nd_on") or row.get("retrieved_on") or row.get("retrieved_utc")
    return to_post(_kind(row), row, collected_at=_moment(seen, page), source=source, query=query)


def _kind(row: Json) -> str:
    """Tell a submission from a comment, which old rows do not name."""
    name = row.get("name")
    if isinstance(name, str) and name[:3] in ("t1_", "t3_"):
        return name[:2]
    return "t1" if "body" in row else "t3"


def _moment(value: Any, page: Page) -> datetime:
    try:
        return from_epoch(value)
    except (TypeError, ValueError):
        return page.fetched_at
