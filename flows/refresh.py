"""A step of the night: the counts of young posts are read again, once a UTC day, by each source's cheapest look-up."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from prefect import task
from prefect.cache_policies import NO_CACHE

from connectors.errors import SourceError
from connectors.source import Source
from flows import progress
from flows.asking import ask, askable
from flows.settings import Settings
from flows.stopping import Stop
from warehouse import refreshing
from warehouse.vault import Connection


@task(name="refresh", persist_result=False, cache_policy=NO_CACHE)
def refresh(
    con: Connection, settings: Settings, sources: Mapping[str, Source], run_id: str, stop: Stop
) -> dict[str, int]:
    """Read counts again within limits; that a platform does not answer is a line, and never the end of a run."""
    counts: Counter[str] = Counter()
    show = progress.current.get()
    for name, source in askable(sources).items():
        days = getattr(settings, name).refresh_days
        young = refreshing.due(con, name, days, datetime.now(UTC), settings.nightly.refresh_posts)
        if not young or stop.is_set():
            continue
        with show.step(f"Refreshing counts, {name}", len(young), "posts") as step:

            def asked(number: int, step: progress.Step = step) -> None:
                counts["refreshed"] += number
                step.advance(number)

            try:
                reason = ask(con, settings, name, source, young, run_id, asked, stop)
            except SourceError as error:
                reason = str(error)
        if reason:
            show.note(f"{name}: not all counts were refreshed: {reason}")
    return dict(counts)
