"""Lines of Reddit's archives (Pushshift, Arctic Shift) to posts: one bare item a line, without `kind`."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from connectors.files.lines import map_lines
from connectors.items import Json, Skip
from connectors.post import Post
from connectors.reddit.posts import to_post
from connectors.source import Mapped, Page
from connectors.times import from_epoch

_RAW_SINCE = datetime(2023, 4, 1, tzinfo=UTC)
_WORDS = ("title", "selftext", "body", "author_flair_text")
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}


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
    return to_post(_kind(row), _raw(row), collected_at=_moment(seen, page), source=source, query=query)


def _raw(row: Json) -> Json:
    """Undo the escapes of Pushshift, which until March 2023 did not ask Reddit for its words as they are."""
    try:
        is_raw = from_epoch(row["created_utc"]) >= _RAW_SINCE
    except (KeyError, TypeError, ValueError):
        is_raw = True
    return row if is_raw else row | {key: _unescaped(row[key]) for key in _WORDS if isinstance(row.get(key), str)}


def _unescaped(text: str) -> str:
    """Undo Reddit's own escapes only, each once: whoever wrote `&lt;` has `&amp;lt;` there."""
    return re.sub(r"&(?:amp|lt|gt);", lambda match: _ENTITIES[match[0]], text)


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
