"""Where the collecting of one X window stands: all that a later run needs to go on, as one line of text."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from connectors.source import Window
from connectors.times import from_iso, second_up, to_iso
from connectors.x.queries import RECENT_REACH, Query

_MARGIN = timedelta(seconds=30)
"""X wants times well within its limits; without an end_time it takes half a minute ago itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """The next request. A token goes with the very times it was given for, so they are kept beside it.

    Times are RFC 3339 texts. `start` and `end` bound the request, `end` None meaning now. `seen` counts the
    posts so far and `oldest` is the oldest one's time. `user` and `count` are a timeline's account and how
    many posts it has. `fresh` says that the listing was read from its newest post on. `probe` marks the last
    look, behind the window, for whether a timeline reaches that far. `restarts` counts lost tokens after which
    the same was asked for again.
    """

    start: str
    end: str | None = None
    token: str | None = None
    seen: int = 0
    oldest: str | None = None
    user: str | None = None
    count: int | None = None
    joined: str | None = None
    fresh: bool = False
    probe: bool = False
    restarts: int = 0

    def without_token(self) -> "Place":
        """Return the place to go on from by time, when X no longer knows the token."""
        if self.oldest is None:
            return replace(self, token=None)
        return replace(self, token=None, end=to_iso(from_iso(self.oldest) + timedelta(seconds=1)))


def after_lost_token(place: Place, query: Query) -> Place | None:
    """Return the place to go on from when X no longer knows its token; None when that would never end.

    A list knows no times and is read again from its top; so is what lies within one second. Every page is paid, so
    that is done once.
    """
    again = replace(place, token=None, seen=0) if query.mode == "list" else place.without_token()
    if again.end != place.end:
        return again
    return replace(again, restarts=place.restarts + 1) if place.restarts == 0 else None


def first_place(window: Window, query: Query, now: datetime) -> Place:
    """Return where a window begins: at its newest post."""
    fresh = query.mode == "timeline" and window.until > now - timedelta(hours=1)
    end = None if window.until > now - _MARGIN else to_iso(second_up(window.until))
    return Place(start=to_iso(window.since), end=end, fresh=fresh)


def within_reach(place: Place, query: Query, now: datetime) -> Place | None:
    """Move the beginning of a recent search to where X still answers: it ages while it waits, and while it is read.

    None when nothing of it is within reach any more: an archive: query would have to collect it.
    """
    floor = now - RECENT_REACH + _MARGIN
    if query.mode != "search" or from_iso(place.start) >= floor.replace(microsecond=0):
        return place
    place = replace(place.without_token(), start=to_iso(floor))
    if place.end is not None and from_iso(place.end) <= floor:
        return None
    return place
