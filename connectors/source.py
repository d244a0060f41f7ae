"""What a source is: windows to collect, pages that come from the network, posts that come from pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from connectors.post import Post

End = Literal["more", "complete", "capped"]


@dataclass(frozen=True, slots=True)
class Window:
    """One piece of collecting: a query of a source over the half-open UTC interval [since, until)."""

    source: str
    query: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a platform, kept as it came.

    `format` names the mapping that reads `payload` (for instance "x/posts"), so a page can be mapped
    again without its source. `position` is the opaque place to go on from; of a last page, at most what it
    found out, for later nights to know. `end` is "capped" when the platform stopped before the window's
    `since`; `reached` then says how far. `reads` counts the resources that the platform bills for this page,
    by its name for them.
    """

    format: str
    payload: str
    fetched_at: datetime
    end: End
    position: str | None = None
    reached: datetime | None = None
    reads: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """An item that could not be mapped: where it stood on its page, why, and its raw text."""

    item: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a stored page holds: its posts, and the items set aside."""

    posts: tuple[Post, ...]
    rejects: tuple[Reject, ...] = ()


class Source(Protocol):
    """A platform seen through one credential, by one worker at a time."""

    name: str
    """The source's name in settings, ledger and `Post.source`: "x", "reddit", "sample", ..."""

    lag: float
    """Hours by which windows overlap backwards, because posts arrive late or with forged times."""

    def queries(self) -> tuple[str, ...]:
        """Name what is listened to, one name a ledger line: "timeline:123", "search:#hr", "r/HR/new"."""
        ...

    def windows(self, query: str, since: datetime, until: datetime) -> Iterator[Window]:
        """Cut [since, until) at the platform's limits, oldest first."""
        ...

    def pages(self, window: Window, position: str | None = None) -> Iterator[Page]:
        """Fetch the window's pages from `position` on; raise a `SourceError` when that fails."""
        ...


@runtime_checkable
class Checkable(Protocol):
    """A source whose credentials can be tried."""

    def check(self) -> str:
        """Try them without reading a post; return a line, or raise a `SourceError` with the platform's reason."""
        ...
