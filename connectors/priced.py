"""What a paid source tells beforehand and afterwards: flows find it by `Priced`, whatever the platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

from connectors.source import Source, Window


@dataclass(frozen=True, slots=True)
class Forecast:
    """What windows hold at most: posts, the requests to read them, and dollars.

    The dollars are an upper bound: every post with another original and by another author, all of them billed. Posts
    and requests are None where nothing is known. `note` says what the figures rest on when nothing was counted, and
    what they leave out; `asked` are the dollars that finding out has cost.
    """

    posts: int | None
    requests: int | None
    dollars: float
    note: str = ""
    asked: float = 0.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Post reads that a platform has billed in this cycle, its cap, the day on which it begins anew, and by day."""

    used: int
    cap: int | None
    reset_day: int | None
    days: tuple[tuple[date, int], ...]


@runtime_checkable
class Priced(Source, Protocol):
    """A source whose reads cost money."""

    def countable(self, windows: Sequence[Window]) -> list[tuple[Window, ...]]:
        """Put together windows that `forecast` can count with one question."""
        ...

    def asking_cost(self, windows: Sequence[Window]) -> float:
        """Return the most dollars that `forecast` may itself cost for these windows."""
        ...

    def forecast(self, windows: Sequence[Window]) -> Forecast:
        """Ask what `countable` windows would hold, need and cost, without reading a post."""
        ...

    def capped(self, window: Window) -> Forecast:
        """Return the most that the platform shows of a window, without asking."""
        ...

    def next_cost(self, window: Window) -> float:
        """Return the most dollars that the next page of a window may cost."""
        ...

    def unbilled(self) -> tuple[tuple[str, int], ...]:
        """Return, once, the paid reads that came with no page."""
        ...

    def usage(self) -> Usage:
        """Ask what the platform has billed."""
        ...
