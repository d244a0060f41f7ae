"""The sample panel: invented posts in the platforms' own wire formats, so that a first run needs no credentials.

`sample/README.md` says what it is. The stored pages end on 2025-12-31; they are shifted by whole days, so that
the newest post is of the day before `anchor`. Ids stay as they are.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.items import Json
from connectors.source import Page, Window
from connectors.times import from_epoch, from_iso, utc_now

FOLDER = Path(__file__).with_name("sample")
STORED_ANCHOR = date(2026, 1, 1)
FORMATS = {
    "bluesky": "bluesky/feed",
    "mastodon": "mastodon/statuses",
    "reddit": "reddit/listing",
    "x": "x/posts",
}
_TEXT_TIMES = frozenset({"created_at", "createdAt", "indexedAt", "edited_at"})
_EPOCH_TIMES = frozenset({"created", "created_utc"})


class SampleSource:
    """The panel as a source. `anchor` is the day after its newest post."""

    name = "sample"
    lag = 6.0
    first_days = 366
    """Days that a first run looks back, to read the whole panel."""

    def __init__(self, anchor: date) -> None:
        self._shift = timedelta(days=(anchor - STORED_ANCHOR).days)

    def queries(self) -> tuple[str, ...]:
        """Name the one thing there is to read."""
        return ("panel",)

    def windows(self, query: str, since: datetime, until: datetime) -> Iterator[Window]:
        """Give [since, until) as one window."""
        if since < until:
            yield Window(self.name, query, since, until)

    def pages(self, window: Window, position: str | None = None) -> Iterator[Page]:
        """Yield the pages that hold posts of the window; `position` is the number of the next one."""
        found = [page for file in sorted(FOLDER.glob("*.json")) if (page := self._page(file, window)) is not None]
        found = found or [("x/posts", '{"meta":{"result_count":0}}')]
        start = int(position) if position and position.isdigit() else 0
        for number, (format_, payload) in enumerate(found[start:], start + 1):
            last = number >= len(found)
            yield Page(
                format=format_,
                payload=payload,
                fetched_at=utc_now(),
                end="complete" if last else "more",
                position=None if last else str(number),
            )

    def _page(self, file: Path, window: Window) -> tuple[str, str] | None:
        platform = file.name.partition("-")[0]
        document = _shifted(json.loads(file.read_text(encoding="utf-8")), self._shift)
        items, time_of = _READERS[platform](document), _TIMES[platform]
        items[:] = [item for item in items if window.since <= time_of(item) < window.until]
        return (FORMATS[platform], json.dumps(document, ensure_ascii=False)) if items else None


def _shifted(value: Any, shift: timedelta) -> Any:
    """Return a payload with all its times moved."""
    if isinstance(value, list):
        return [_shifted(item, shift) for item in value]
    if isinstance(value, dict):
        return {key: _moved(key, item, shift) for key, item in value.items()}
    return value


def _moved(key: str, value: Any, shift: timedelta) -> Any:
    if key in _TEXT_TIMES and isinstance(value, str):
        return (from_iso(value) + shift).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if key in _EPOCH_TIMES and isinstance(value, float):
        return value + shift.total_seconds()
    return _shifted(value, shift)


def _bluesky_time(item: Json) -> datetime:
    reason = item.get("reason")
    return from_iso(reason["indexedAt"] if reason else item["post"]["record"]["createdAt"])


_READERS: dict[str, Callable[[Any], list[Json]]] = {
    "bluesky": lambda document: document["page"]["feed"],
    "mastodon": lambda document: document,
    "reddit": lambda document: document["data"]["children"],
    "x": lambda document: document["data"],
}
_TIMES: dict[str, Callable[[Json], datetime]] = {
    "bluesky": _bluesky_time,
    "mastodon": lambda item: from_iso(item["created_at"]),
    "reddit": lambda item: from_epoch(item["data"]["created_utc"]),
    "x": lambda item: from_iso(item["created_at"]),
}
