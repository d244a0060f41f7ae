"""What may still be spent on a source: hard limits stop it before they are passed, soft ones are told of."""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any

from connectors.errors import Refused, Transient
from connectors.source import Source, Window
from flows import progress
from flows.discretion import discreet, discreet_words
from flows.settings import Budget, Settings
from flows.sources import prices
from warehouse.budget import spent
from warehouse.vault import Connection, cursor

Allowed = Callable[[Window], str | None]
"""Says why the next page of a window may not be asked for, or None."""


def limits_of(settings: Settings) -> dict[str, Budget]:
    """Return the limits by source; only X is paid."""
    return {"x": settings.x.budget}


def allowing(settings: Settings, con: Connection, run_id: str | None, sources: Mapping[str, Source]) -> Allowed:
    """Return what judges each page before it is asked for, by the most that it may cost."""
    limits, price = limits_of(settings), prices(settings)

    def allowed(window: Window) -> str | None:
        budget = limits.get(window.source)
        if budget is None or not budget.periods():
            return None
        next_cost = getattr(sources[window.source], "next_cost", None)
        most = float(next_cost(window)) if next_cost else 0.0
        with closing(cursor(con)) as own:  # this is asked from the thread of the window
            return refusal(window.source, budget, spent(own, window.source, run_id, price), most)

    return allowed


def foreseeing(
    settings: Settings, con: Connection, run_id: str | None, sources: Mapping[str, Source], fresh: Sequence[Window]
) -> Callable[[Window], None]:
    """Return what asks, before a window is begun, how much it holds, and says so on the screen.

    `fresh` are the windows that no page was read of; those that can be counted together are, when the first one's
    turn comes, and once a run.
    """
    limits, price, show = limits_of(settings), prices(settings), progress.current.get()
    allowed = allowing(settings, con, run_id, sources)
    batches = {
        window: batch
        for name in limits
        if (countable := getattr(sources.get(name), "countable", None)) is not None
        for batch in countable([window for window in fresh if window.source == name])
        for window in batch
    }
    told: set[Window] = set()

    def foresee(window: Window) -> None:
        """Note how many posts the window holds, with those counted beside it; a source that refuses whole is raised."""
        batch = batches.get(window, ())
        if window in told or not batch:
            return
        source: Any = sources[window.source]
        budget = limits[window.source]
        with closing(cursor(con)) as own:  # this is asked from the thread of the window
            dollars = spent(own, window.source, run_id, price)
        counting = refusal(window.source, budget, dollars, source.asking_cost(batch))
        if counting is not None or allowed(window) is not None:
            return  # the window will say why
        told.update(batch)
        what = (
            f"{window.source} {discreet(window.query)}"
            if len(batch) == 1
            else f"{window.source}, {len(batch)} timelines"
        )
        try:
            expected = source.forecast(batch)
        except (Transient, Refused) as error:
            if isinstance(error, Refused) and error.whole_source:
                raise
            reason = str(error)
            for one in batch:
                reason = discreet_words(reason, one.query)
            show.note(f"{what}: no forecast: {reason}")
            return
        left = min((limit - dollars[period] for period, limit in budget.periods().items()), default=math.inf)
        left = max(0.0, left - expected.asked_cost)
        tail = f"; {expected.note}" if expected.note else ""
        tail += "" if expected.cost <= left else f"; ${left:.2f} is left, so later runs will go on with it"
        show.note(f"{what}: at most {expected.posts:,} posts for ${expected.cost:,.2f}{tail}")

    return foresee


def refusal(source: str, budget: Budget, dollars: Mapping[str, float], most: float) -> str | None:
    """Say why no more may be spent when the next answer may cost `most` dollars; None when it may."""
    for period, limit in budget.periods().items():
        used = dollars[period]
        if used >= limit or used + most > limit:
            words = f"${used:.2f} of ${limit:.2f} for one {period} is spent"
            more = "" if used >= limit else f" and the next request may cost ${most:.2f}"
            return f"{words}{more}; raise {source}.budget.per_{period}, or wait: the next run goes on here"
    return None


def warnings(source: str, budget: Budget, dollars: Mapping[str, float]) -> tuple[str, ...]:
    """Return a line for each limit of which the share `warn_at` is spent."""
    return tuple(
        f"{source}: ${dollars[period]:.2f} of ${limit:.2f} for one {period} is spent ({dollars[period] / limit:.0%})"
        for period, limit in budget.periods().items()
        if limit > 0 and period in dollars and dollars[period] >= budget.warn_at * limit
    )


def run_warnings(settings: Settings, con: Connection, run_id: str | None) -> tuple[str, ...]:
    """Return the lines for what a run has come near to."""
    return tuple(
        line
        for source, budget in limits_of(settings).items()
        for line in warnings(source, budget, spent(con, source, run_id, prices(settings)))
    )
