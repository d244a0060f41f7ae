"""What windows hold and cost at most, before a post of them is bought: counted, or else by what is known already."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache

from connectors.errors import Refused, Transient
from connectors.priced import Forecast, Priced
from connectors.source import Source, Window
from flows import progress
from flows.budget import allowing, limits_of, refusal
from flows.discretion import discreet, discreet_words
from flows.settings import Settings
from flows.sources import prices
from warehouse.budget import enter, spent
from warehouse.ledger import OpenWindow
from warehouse.past import Past, past
from warehouse.vault import Connection, cursor

COUNTED_BEFORE = "it was counted when it was first begun"


def counted(source: Priced, batch: Sequence[Window]) -> tuple[Forecast | None, str]:
    """Ask the source, which is billed, what windows that it can count together hold; None and why when it cannot say.

    A source that refuses as a whole, or may not be paid any more, is raised.
    """
    try:
        return source.forecast(batch), ""
    except (Transient, Refused) as error:
        if isinstance(error, Refused) and error.whole_source:
            raise
        return None, str(error)


def known_already(
    settings: Settings, source: Source, batch: Sequence[Window], lately: Mapping[str, Past], why: str = ""
) -> Forecast:
    """Say, without asking, what windows hold by the busiest of their last ones, else by their cap; and `why` so."""
    found = [_by_past(settings, window, lately[window.query]) for window in batch if window.query in lately]
    new = [window for window in batch if window.query not in lately]
    if isinstance(source, Priced):
        found += [source.capped(window) for window in new]
    elif new:
        return Forecast(None, None, 0.0, "free; cannot be counted beforehand")
    notes: dict[str, int] = {}
    for one in found:
        notes[one.note] = notes.get(one.note, 0) + 1
    grounds = [note if len(notes) == 1 else f"{number} of them {note}" for note, number in notes.items()]
    return Forecast(
        sum(one.posts or 0 for one in found),
        sum(one.requests or 0 for one in found),
        round(sum(one.dollars for one in found), 6),
        "; ".join([*grounds, *([f"not counted: {why}"] if why else [])]),
    )


def _by_past(settings: Settings, window: Window, lately: Past) -> Forecast:
    hours = max(1.0, (window.until - window.since) / timedelta(hours=1))
    posts, users, pages = (
        math.ceil(round(an_hour * hours, 6)) for an_hour in (lately.posts, lately.users, lately.pages)
    )
    price = prices(settings)
    dollars = posts * price.get((window.source, "post"), 0.0) + users * price.get((window.source, "user"), 0.0)
    return Forecast(posts, max(1, pages), dollars, f"by the busiest of its last {lately.windows} windows")


def batches(source: Priced, turns: Iterable[OpenWindow]) -> list[tuple[tuple[Window, ...], str]]:
    """Put together what can be counted with one question; what was counted before comes by itself, with that reason.

    What was read in part, was refused, or failed at its first page, was counted then.
    """
    fresh: list[Window] = []
    rest: list[Window] = []
    for one in turns:
        again = one.position is not None or one.state in {"refused", "failed"}
        (rest if again else fresh).append(one.window)
    return [*((batch, "") for batch in source.countable(fresh)), *(((window,), COUNTED_BEFORE) for window in rest)]


def foreseeing(
    settings: Settings, con: Connection, run_id: str | None, sources: Mapping[str, Source], turns: Sequence[OpenWindow]
) -> Callable[[Window], None]:
    """Return what says on the screen, before a window of a paid source is begun, what it holds at most.

    Windows that can be counted together are, when the first one's turn comes, and once a run.
    """
    limits, price, show = limits_of(settings), prices(settings), progress.current.get()
    allowed = allowing(settings, con, run_id, sources)
    paid = {name: source for name in limits if isinstance(source := sources.get(name), Priced)}
    of_window = {
        window: (batch, why)
        for name, source in paid.items()
        for batch, why in batches(source, [one for one in turns if one.window.source == name])
        for window in batch
    }
    told: set[Window] = set()

    @cache
    def lately(name: str) -> dict[str, Past]:
        with closing(cursor(con)) as own:
            return past(own, name)

    def bill(source: Priced) -> dict[str, float]:
        """Enter the counts that were paid, those before one that failed as well, and return what was spent."""
        with closing(cursor(con)) as own:  # this is asked from the thread of the window
            enter(own, source.name, source.unbilled(), datetime.now(UTC), run_id, price)
            return spent(own, source.name, run_id, price)

    def foresee(window: Window) -> None:
        """Note what the window holds, with those counted beside it; a source that refuses whole is raised."""
        batch, why = of_window.get(window, ((), ""))
        if window in told or not batch:
            return
        told.update(batch)
        source = paid[window.source]
        budget = limits[window.source]
        asking = source.asking_cost(batch)
        if asking and not why:
            why = refusal(window.source, budget, bill(source), asking) or allowed(window) or ""
        expected, failed = (None, "") if why else counted(source, batch)
        if expected is None:
            for one in batch:
                failed = discreet_words(failed, one.query)
            expected = known_already(settings, source, batch, lately(window.source), why or failed)
        dollars = bill(source)
        left = min((limit - dollars[period] for period, limit in budget.periods().items()), default=math.inf)
        show.note(_line(batch, expected, max(0.0, left)))

    return foresee


def _line(batch: Sequence[Window], expected: Forecast, left: float) -> str:
    first, number = batch[0], len(batch)
    who = f"{first.source} {discreet(first.query)}" if number == 1 else f"{first.source}, {number} timelines"
    tail = f"; {expected.note}" if expected.note else ""
    tail += "" if expected.dollars <= left else f"; ${left:.2f} is left, so later runs will go on with it"
    return f"{who}: at most {expected.posts:,} posts for ${expected.dollars:,.2f}{tail}"
