"""What X can be asked for, how far each way reaches, and in which windows."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from connectors.source import Window

Mode = Literal["timeline", "list", "search", "archive"]

RECENT_REACH = timedelta(days=7)
ARCHIVE_STEP = timedelta(days=30)
"""X sets the archive no limit; a window is a piece of work that can be priced, and counts come by 31 days."""
LONGEST_QUERY = {"search": 512, "archive": 1024}
PAGE_SIZES = {"timeline": (5, 100), "list": (1, 100), "search": (10, 100), "archive": (10, 500)}
CAPS = {"timeline": 3200, "list": 800}
"""Posts that a listing goes back at most. The list's figure is unverified."""
A_QUARTER = {"search": 450, "archive": 300}
"""Requests that X's limits give a search in a quarter of an hour."""
INDEXING = timedelta(minutes=1)
"""What was posted within the last half minute X does not give yet."""
_SLACK = timedelta(hours=1)
_TURN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Query:
    """One thing to ask X for: `value` is a user id or name, a list id, or a search expression."""

    mode: Mode
    value: str


def read_query(text: str) -> Query:
    """Read "timeline:NAME", "list:ID", "search:WORDS" or "archive:WORDS"; ValueError says what is wrong."""
    mode, colon, value = text.partition(":")
    value = value.strip()
    if not colon or not value:
        raise ValueError(f'x query {text!r}: write "timeline:NAME", "list:ID", "search:WORDS" or "archive:WORDS"')
    if mode == "timeline":
        if not re.fullmatch(r"@?\w{1,15}|\d{1,19}", value, re.ASCII):  # one that X cannot read fails all asked with it
            raise ValueError(
                f"x query {text!r}: a timeline is named by its account's name, of at most 15 letters, digits and _, "
                "or by its number, of at most 19 digits"
            )
        return Query("timeline", value)
    if mode == "list":
        if not (value.isascii() and value.isdigit()):
            raise ValueError(f"x query {text!r}: a list is named by its number")
        return Query("list", value)
    if mode == "search":
        return _checked(Query("search", value))
    if mode == "archive":
        return _checked(Query("archive", value))
    raise ValueError(f'x query {text!r}: {mode!r} is none of "timeline", "list", "search", "archive"')


def cut(source: str, query: str, since: datetime, until: datetime, now: datetime) -> Iterator[Window]:
    """Cut [since, until) at what X can answer, oldest first; nothing is planned beyond `now` and X's indexing.

    What recent search cannot reach any more is a window of its own, so that the hole shows in the ledger;
    a window that begins just where it ends is moved up a little, or it would have aged before its turn.
    """
    until = min(until, now - INDEXING)
    mode = read_query(query).mode
    bounds = [since, until]
    reachable = now - RECENT_REACH + _TURN
    if mode == "search" and since < reachable < until:
        lost = since < now - RECENT_REACH - _SLACK
        bounds = [since, reachable, until] if lost else [reachable, until]
    elif mode == "archive":
        bounds = [since]
        while bounds[-1] < until:
            bounds.append(min(until, bounds[-1] + ARCHIVE_STEP))
    for start, end in itertools.pairwise(bounds):
        if start < end:
            yield Window(source, query, start, end)


def _checked(query: Query) -> Query:
    longest = LONGEST_QUERY[query.mode]
    if len(query.value) > longest:
        raise ValueError(
            f"x query {f'{query.mode}:{query.value}'!r}: {len(query.value)} characters, at most {longest} are allowed"
        )
    return query
