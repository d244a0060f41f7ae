"""What may still be spent on a source: hard limits stop it before they are passed, soft ones are told of."""

from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Final

from connectors.priced import Priced
from connectors.source import Source, Window
from flows.settings import Budget, Settings
from flows.sources import prices
from warehouse.budget import spent
from warehouse.vault import Connection, cursor

Allowed = Callable[[Window], str | None]
"""Says why the next page of a window may not be asked for, or None."""
SWEEP_SHARE: Final = 0.5
"""Of a day's or a month's limit, what sweeps may spend: the first one comes before the night, which collects."""


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
        source = sources[window.source]
        most = source.next_cost(window) if isinstance(source, Priced) else 0.0
        with closing(cursor(con)) as own:  # this is asked from the thread of the window
            return refusal(window.source, budget, spent(own, window.source, run_id, price), most)

    return allowed


def refusal(source: str, budget: Budget, dollars: Mapping[str, float], most: float) -> str | None:
    """Say why no more may be spent when the next answer may cost `most` dollars; None when it may."""
    for period, limit in budget.periods().items():
        used = dollars[period]
        if used >= limit or used + most > limit:
            words = f"${used:.2f} of ${limit:.2f} for one {period} is spent"
            more = "" if used >= limit else f" and the next request may cost ${most:.2f}"
            return f"{words}{more}; raise {source}.budget.per_{period}, or wait: the next run goes on here"
    return None


def sweep_budget(budget: Budget) -> Budget:
    """Return the limits on what sweeps alone may spend."""
    shares = {f"per_{period}": SWEEP_SHARE * limit for period, limit in budget.periods().items() if period != "run"}
    return budget.model_copy(update=shares)


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
