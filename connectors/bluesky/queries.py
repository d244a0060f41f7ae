"""What Bluesky can be asked for, and where the collecting of one window stands."""

import re
from dataclasses import dataclass
from typing import Literal

Mode = Literal["author", "search"]

CAP = 10_000
"""Posts that a search goes back at most, whatever its window."""
_ACTOR = r"@?((?:[a-z0-9-]+\.)+[a-z0-9-]+|did:(?:plc|web):[A-Za-z0-9._:%-]+)"


@dataclass(frozen=True, slots=True)
class Query:
    """One thing to ask Bluesky for: an account's handle or did, or words."""

    mode: Mode
    value: str


def read_query(text: str) -> Query:
    """Read "author:HANDLE" or "search:WORDS"; ValueError says what is wrong."""
    mode, _, value = text.partition(":")
    value = value.strip()
    if mode == "author" and (match := re.fullmatch(_ACTOR, value if value.startswith("did:") else value.lower())):
        return Query("author", match[1])
    if mode == "author" and value:
        raise ValueError(f'bluesky query {text!r}: an author is a handle such as "anna.bsky.social", or a did')
    if mode == "search" and value:
        return Query("search", value)
    raise ValueError(f'bluesky query {text!r}: write "author:HANDLE" or "search:WORDS"')


@dataclass(frozen=True, slots=True)
class Place:
    """The next request of a window, kept as one line of text.

    A search is read in slices, because it ends at its cap: `until` is the slice's end, `seen` counts its
    posts. `oldest` is the time of the oldest post so far. Both times are ISO texts. `restarts` counts lost cursors
    after which the same was asked for again.
    """

    cursor: str | None = None
    until: str | None = None
    seen: int = 0
    oldest: str | None = None
    restarts: int = 0
