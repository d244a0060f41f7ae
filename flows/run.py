"""One run, whatever started it: collect, load, annotate, publish, report. Only this order is decided here."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from connectors.source import Source, Window
from flows import progress
from flows.collect import Collected, Collecting, collect_all
from flows.live import as_is
from flows.lock import run_lock
from flows.settings import Settings
from flows.sources import build_sources, prices
from flows.steps import annotate, load, publish, report
from flows.stopping import Stop, stop_on_signal
from warehouse import ledger, runs
from warehouse.budget import spent
from warehouse.keys import Keys, read_keys
from warehouse.vault import Connection, cursor, open_vault

Outcome = Literal["ok", "partial", "interrupted"]
Plan = Callable[[Connection, Mapping[str, Source], datetime], Iterable[Window]]


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did: keys and counts, never posts."""

    run_id: str
    outcome: Outcome
    counts: dict[str, int]
    refusals: tuple[str, ...]
    signal: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as Prefect stores them."""
        return {
            "run_id": self.run_id,
            "outcome": self.outcome,
            "counts": dict(self.counts),
            "refusals": list(self.refusals),
            "signal": self.signal,
        }


def run(settings: Settings, kind: str, plan: Plan) -> RunResult:
    """Plan windows, bring every open one to an end, and publish what is there.

    Raises `AlreadyRunning`, `SettingsError`, a `WarehouseError` or a `ModelError`; what was stored stays.
    """
    with run_lock(settings.home), _opened(settings) as (con, keys), stop_on_signal() as stop:
        now = datetime.now(UTC).replace(microsecond=0)
        sources = build_sources(settings, sample_anchor=sample_anchor(con, now), stop=stop)
        run_id = runs.start_run(con, kind)
        counts: Counter[str] = Counter()
        try:
            collecting = Collecting(con, run_id, sources, _budget(settings, con, run_id), stop)
            collected = _collect(collecting, settings, plan(con, sources, now))
            counts.update(windows=len(collected), pages=sum(window.pages for window in collected))
            counts.update(load(as_is(con), as_is(keys.pseudonym)))
            counts.update(annotate(as_is(con), settings.model, as_is(stop)))
            result = RunResult(run_id, _outcome(collected, stop), dict(counts), _refusals(collected), stop.signal)
            # Before the publishing, so that the published file knows how its own run ended.
            runs.finish_run(con, run_id, result.outcome, result.counts, "; ".join(result.refusals) or None)
            if stop.is_set():
                return result  # yesterday's file is better than half of today's
            published = settings.home / "etalage.duckdb"
            fiction = set(sources) == {"sample"}
            publish(as_is(con), published, settings.publish.text, fiction=fiction)
        except BaseException as error:
            runs.finish_run(con, run_id, "failed", dict(counts), f"{type(error).__name__}: {error}"[:500])
            raise
        report(published, settings.home / "report.html")
        return result


def sample_anchor(con: Connection, now: datetime) -> Any:
    """Return the day after the sample's newest post: today at its first run, and that same day ever after."""
    first = ledger.horizon(con, "sample", "panel")
    return (first or now).date()


@contextmanager
def _opened(settings: Settings) -> Iterator[tuple[Connection, Keys]]:
    secret = settings.vault_key.get_secret_value() if settings.vault_key else None
    keys = read_keys(settings.home / "keys", secret)
    with open_vault(settings.home / "vault.duckdb", keys.vault) as con:
        yield con, keys


def _collect(collecting: Collecting, settings: Settings, planned: Iterable[Window]) -> list[Collected]:
    con = collecting.con
    ledger.plan(con, planned)
    windows = [open_.window for open_ in ledger.open_windows(con) if open_.window.source in collecting.sources]
    show = progress.current.get()
    with show.step("Collecting", len(windows), "windows") as step:
        return collect_all(collecting, windows, step, settings.nightly.window_minutes * 60)


def _budget(settings: Settings, con: Connection, run_id: str) -> Callable[[str], str | None]:
    limits = {"x": settings.x.budget}
    price = prices(settings)

    def allowed(source: str) -> str | None:
        budget = limits.get(source)
        if budget is None:
            return None
        with closing(cursor(con)) as own:  # this is asked from the thread of the window
            dollars = spent(own, source, run_id, price)
        for period, limit in (("run", budget.per_run), ("day", budget.per_day), ("month", budget.per_month)):
            if limit is not None and dollars[period] >= limit:
                used = f"${dollars[period]:.2f} of ${limit:.2f} for one {period} is spent"
                return f"{used}; raise {source}.budget.per_{period}, or wait: the next run goes on here"
        return None

    return allowed


def _outcome(collected: Iterable[Collected], stop: Stop) -> Outcome:
    if stop.is_set():
        return "interrupted"
    return "ok" if all(window.state in {"complete", "capped"} for window in collected) else "partial"


def _refusals(collected: Iterable[Collected]) -> tuple[str, ...]:
    """Return one line a source and reason, in the order they came."""
    return tuple(
        dict.fromkeys(f"{window.window.source}: {window.reason}" for window in collected if window.reason is not None)
    )
