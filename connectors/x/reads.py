"""What X bills: posts and users read, new ones apart from those that it gave on the same UTC day already."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from connectors.items import Json, object_in, objects
from connectors.times import utc_now


class Reads:
    """Counts reads of one source. X bills a resource once a UTC day, so what repeats is named apart.

    The names are "post", "user", "post repeated" and "user repeated", and "counts" or "counts_all" for requests to
    those endpoints, which are billed each; the memory of a day is this process's
    own, so after a restart a resource may be counted as new once more: never too little.
    """

    def __init__(self) -> None:
        self._day = utc_now().date()
        self._seen: set[tuple[str, str]] = set()
        self._pending: Counter[str] = Counter()

    def page(self, document: Json) -> tuple[tuple[str, int], ...]:
        """Count a page with all that it includes, and what was read since the last page."""
        includes = object_in(document, "includes")
        self._count("post", _ids(document.get("data")))
        self._count("post", _ids(includes.get("tweets")))
        self._count("user", _ids(includes.get("users")))
        return self.rest()

    def rest(self) -> tuple[tuple[str, int], ...]:
        """Return, once, what was read and not told yet."""
        reads = tuple(sorted((name, number) for name, number in self._pending.items() if number))
        self._pending.clear()
        return reads

    def asked(self, kind: str, number: int) -> None:
        """Count requests that are billed by themselves; they are told with the next page."""
        self._pending[kind] += number

    def users(self, document: Json) -> None:
        """Count an answer of the users endpoint; it is told with the next page."""
        self._count("user", _ids(document.get("data")))

    def _count(self, resource: str, ids: Iterable[str]) -> None:
        today = utc_now().date()
        if today != self._day:
            self._day, self._seen = today, set()
        for item in ids:
            repeated = (resource, item) in self._seen
            self._seen.add((resource, item))
            self._pending[f"{resource} repeated" if repeated else resource] += 1


def _ids(items: Any) -> list[str]:
    return [str(item.get("id")) for item in objects(items)]
