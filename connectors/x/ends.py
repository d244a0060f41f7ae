"""When a window of X is done. A listing that merely ended may have been cut at its cap."""

from dataclasses import replace
from datetime import datetime

from connectors.source import End, Window
from connectors.times import from_iso, to_iso
from connectors.x.place import Place
from connectors.x.queries import CAPS, Query

NEAR_CAP = 0.9
"""Beyond this share of its cap a listing may have been cut by it, because deleted posts count too."""


def end_of(window: Window, query: Query, place: Place, times: list[datetime]) -> tuple[End, Place]:
    """Tell whether the window is done after a page whose posts have these `times`, in its order.

    `place` has the next page's token; the place returned is where to go on when the end is "more".
    """
    if query.mode == "timeline":
        return (_probed(window, place, times), place) if place.probe else _timeline(place, window)
    if query.mode == "list":
        return _list(window, place, times), place
    if place.token is not None:
        return "more", place
    cut_short = query.mode == "search" and from_iso(place.start) > window.since
    return ("capped" if cut_short else "complete"), place


def reached(window: Window, query: Query, place: Place) -> datetime:
    """Tell how far back a capped window was read."""
    if query.mode == "search":
        return from_iso(place.start)
    return read_down_to(window, place)


def read_down_to(window: Window, place: Place) -> datetime:
    """Return the time of the oldest post so far, and the window's end when there is none."""
    return from_iso(place.oldest) if place.oldest else window.until


def young(place: Place, window: Window) -> bool:
    """Tell whether the account is known to have too few posts, or too short a life, for the cap to matter."""
    few = place.count is not None and place.count < NEAR_CAP * CAPS["timeline"]
    return few or (place.joined is not None and from_iso(place.joined) >= window.since)


def _list(window: Window, place: Place, times: list[datetime]) -> End:
    if times and times[-1] < window.since:
        return "complete"  # newest first, so all that follows is older
    if place.token is not None:
        return "more"
    return "capped" if place.seen >= NEAR_CAP * CAPS["list"] else "complete"


def _timeline(place: Place, window: Window) -> tuple[End, Place]:
    """X shows a timeline's newest 3,200 posts and is silent when a window lies partly behind them.

    So a window is complete when the account is young, or when it was read from the newest post on without
    nearing the cap; otherwise a look just behind it (five posts at most) decides.
    """
    if place.token is not None:
        return "more", place
    if young(place, window) or (place.fresh and place.seen < NEAR_CAP * CAPS["timeline"]):
        return "complete", place
    return "more", replace(place, end=to_iso(window.since), probe=True)


def _probed(window: Window, place: Place, times: list[datetime]) -> End:
    return "complete" if times or young(place, window) else "capped"
