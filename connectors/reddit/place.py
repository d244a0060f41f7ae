"""Where the collecting of one Reddit window stands: all that a later run needs to go on, as one line of text."""

from dataclasses import dataclass
from datetime import datetime

from connectors.items import Json
from connectors.times import from_epoch, from_iso


@dataclass(frozen=True, slots=True)
class Place:
    """The next request goes on after the first of `anchors`, the names of the last items read, newest last.

    Reddit answers with nothing when an anchor was deleted meanwhile, so two more are kept to fall back on.
    `seen` counts items, `oldest` is the ISO time of the oldest, `restarts` how often all anchors were lost.
    """

    anchors: tuple[str, ...] = ()
    seen: int = 0
    oldest: str | None = None
    restarts: int = 0

    def after(self, children: list[Json], following: str | None) -> "Place":
        """Return the place after a page with these items; `following` is Reddit's own name for it."""
        names = [name for child in children[-3:][::-1] if isinstance(name := _data(child).get("name"), str)]
        anchors = list(dict.fromkeys([*([following] if following else []), *names]))[:3]
        known = [from_iso(self.oldest)] if self.oldest else []
        oldest = min([*times_of(children), *known], default=None)
        return Place(
            anchors=tuple(anchors),
            seen=self.seen + len(children),
            oldest=oldest.isoformat() if oldest else None,
            restarts=self.restarts,
        )


def times_of(children: list[Json]) -> list[datetime]:
    """Return the times of those items that have one, in the listing's order."""
    times = []
    for child in children:
        try:
            times.append(from_epoch(_data(child)["created_utc"]))
        except (KeyError, TypeError, ValueError):
            continue
    return times


def _data(child: Json) -> Json:
    data = child.get("data") if isinstance(child, dict) else None
    return data if isinstance(data, dict) else {}
