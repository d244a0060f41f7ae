"""What became of a stored post at its platform, and its counts as they stand: asked for by sweep and refresh."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, runtime_checkable

from connectors.items import map_items
from connectors.post import Post
from connectors.source import Source

Presence = Literal["found", "deleted", "protected", "suspended", "unknown"]
"""One outcome per id. `unknown`: the platform did not say, so nothing may be concluded."""


@dataclass(frozen=True, slots=True)
class Counts:
    """A post's counts at one moment; None where the platform does not say."""

    likes: int | None
    replies: int | None
    reposts: int | None
    quotes: int | None
    views: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """What one question about a post found; no counts where it is gone or cannot be read."""

    presence: Presence
    counts: Counts | None = None


@runtime_checkable
class Askable(Source, Protocol):
    """A source that can be asked about its stored posts."""

    def look_again(self, ids: Sequence[str]) -> dict[str, Look]:
        """Tell for each post id what became of it and how its counts stand."""
        ...


def counts_of(item: Any, to_post: Callable[[Any], Post]) -> Counts | None:
    """Return an item's counts as the platform's mapping reads them, None for one that it cannot read."""
    for post in map_items([item], to_post).posts:
        return Counts(post.likes, post.replies, post.reposts, post.quotes, post.views)
    return None
