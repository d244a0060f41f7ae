"""Rows of any table to posts, by a mapping from our fields to the table's columns that is stored with each page."""

import hashlib
import math
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, get_args

from connectors.items import Json, map_items, parsed, place, string, unreadable
from connectors.post import Kind, Platform, Post
from connectors.source import Mapped, Page
from connectors.times import from_epoch, from_iso

REQUIRED = ("platform", "created_at", "text")
OPTIONAL = (
    *("post_id", "url", "author_id", "handle", "display_name", "bio", "language_hint", "kind", "parent_id"),
    *("likes", "replies", "reposts", "quotes", "views", "edited_at"),
)
CONSTANT = "="
"""What begins with this sign is not a column but the value itself: {"platform": "=linkedin"}."""
NAMELESS = frozenset({"platform", "kind", "language_hint"})
"""Fields of which a value for all rows is nobody's name."""
_COUNTS = ("likes", "replies", "reposts", "quotes", "views")
_IDS = ("post_id", "author_id", "parent_id")
_ROUNDED = re.compile(r"[0-9]+[.,][0-9]+[eE]\+?[0-9]+|[0-9]+[eE]\+[0-9]+")
"""A long number as spreadsheets write it, 1.82345E+18; a bare 1e5 may be one of Reddit's ids."""
_DAY_FIRST = ("%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.0)?|[0-9]{1,3}(?:\.[0-9]{3}){1,4}|[0-9]{1,3}(?:,[0-9]{3}){1,4}")
_FIRST_EPOCH = 100_000_000
"""Numbers from here on are seconds since 1970; smaller ones are no dates of posts."""


def checked_columns(columns: Mapping[str, str], known: Collection[str] | None = None) -> dict[str, str]:
    """Return the mapping when it can work; ValueError names the first field or column that cannot."""
    if missing := [field for field in REQUIRED if not columns.get(field)]:
        example = f"add {missing[0]}=COLUMN, or a value for all rows as in platform==linkedin"
        raise ValueError(f"columns lack {missing[0]!r}: {example}")
    if strange := [field for field in columns if field not in (*REQUIRED, *OPTIONAL)]:
        raise ValueError(f"columns name {strange[0]!r}, which is no field; known are {', '.join(REQUIRED + OPTIONAL)}")
    constant = columns["platform"].removeprefix(CONSTANT)
    if columns["platform"].startswith(CONSTANT) and constant not in get_args(Platform):
        raise ValueError(f"columns name the platform {constant!r}; known are {', '.join(get_args(Platform))}")
    for field, column in columns.items():
        if known is not None and not column.startswith(CONSTANT) and column not in known:
            there = f"there are {', '.join(known)}" if known else "the table has no heading at all"
            raise ValueError(f"columns: there is no column {column!r} for {field!r}; {there}")
    return dict(columns)


def without_names(columns: Mapping[str, str]) -> dict[str, str]:
    """Return a mapping without the values for all rows that may name somebody."""
    return {field: column for field, column in columns.items() if field in NAMELESS or not column.startswith(CONSTANT)}


def rows(page: Page, source: str, query: str) -> Mapped:
    """Map a page of rows."""
    try:
        document = parsed(page.payload)
        columns, items, file = checked_columns(document["columns"]), document["rows"], document["file"]
        len(items)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return unreadable(page.payload, f"no page of a table: {error}")
    return map_items(items, lambda row: _post(row, columns, file, page, source, query))


def _post(row: Json, columns: dict[str, str], file: str, page: Page, source: str, query: str) -> Post:
    if row.get("wrong"):
        raise ValueError(f"{place(file, row['line'])}: {row['wrong']}")
    try:
        return _read(row, columns, page, source, query)
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{place(file, row['line'])}: {error}") from None


def _read(row: Json, columns: dict[str, str], page: Page, source: str, query: str) -> Post:
    found = {field: _value(row["values"], column) for field, column in columns.items()}
    for field in _IDS:
        _check_id(field, found.get(field), row["values"].get(columns.get(field)))
    platform: Any = found["platform"]
    kind: Any = found.get("kind") or "post"
    if platform not in get_args(Platform):
        raise ValueError(f"{platform!r} is no platform")
    if kind not in get_args(Kind):
        raise ValueError(f"{kind!r} is no kind of post")
    text, created = string(found["text"]), _time(found["created_at"])
    author = found.get("author_id") or found.get("handle")
    counts = {field: _count(found.get(field)) for field in _COUNTS}
    return Post(
        platform=platform,
        post_id=found.get("post_id") or row.get("key") or _own_key(author, created, text),
        url=found.get("url"),
        author_id=author,
        handle=found.get("handle"),
        display_name=found.get("display_name"),
        bio=found.get("bio"),
        created_at=created,
        text=text,
        language_hint=found.get("language_hint"),
        kind=kind,
        parent_id=found.get("parent_id"),
        edited_at=_time(found["edited_at"]) if found.get("edited_at") else None,
        collected_at=page.fetched_at,
        source=source,
        query=query,
        **counts,
    )


def _value(values: Json, column: str) -> Any:
    """Return a field's text, None when it is empty."""
    if column.startswith(CONSTANT):
        return column.removeprefix(CONSTANT) or None
    value = values.get(column)
    if value is None or isinstance(value, dict | list) or (isinstance(value, float) and math.isnan(value)):
        return None  # NaN is how pandas writes an empty cell
    return (str(value).strip() if not isinstance(value, str) else string(value).strip() if value else "") or None


def _check_id(field: str, text: Any, value: Any) -> None:
    """Raise ValueError for an id that was taken for a number: without its last digits it is that of many rows."""
    if text and _ROUNDED.fullmatch(text):
        raise ValueError(f"{field} {text!r} was rounded by a spreadsheet; export it as text")
    if text and isinstance(value, float):
        raise ValueError(f"{field} {text!r} is a number with a fraction, which is no id; export it as text")


def _time(text: Any) -> datetime:
    """Read an ISO time, seconds since 1970, or a date as written in the Low Countries; without a zone it is UTC."""
    if not isinstance(text, str):
        raise TypeError("has no time")
    if text.replace(".", "", 1).isdigit() and float(text) >= _FIRST_EPOCH:
        return from_epoch(text)
    for form in _DAY_FIRST:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return from_iso(text)


def _count(text: Any) -> int | None:
    """Read a whole number, also as "1.234", "1,234" or "12.0"; None when it is none."""
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        return None
    whole = re.sub(r"\.0$", "", text)
    return int(re.sub(r"\D", "", whole))


def _own_key(author: str | None, created: datetime, text: str) -> str:
    """Make a key for a row that has none; the same table imported twice makes the same.

    A row in which a name was marked since (`cutting_rows`) has a `key`: what its words made before.
    """
    return "row:" + hashlib.sha256(f"{author}\n{created.isoformat()}\n{text}".encode()).hexdigest()[:32]
