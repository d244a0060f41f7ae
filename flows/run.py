"""One run, whatever started it: collect, load, annotate, publish, report. Only this order is decided here."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from connectors.gone import Gone
from connectors.source import Source, Window
from flows import progress
from flows.backlog import write_backlog
from flows.budget import allowing, run_warnings
from flows.collect import WHOLE_SOURCE, Collected, Collecting, collect_all
from flows.discretion import discreet, discreet_words
from flows.faults import safe_reason
from flows.fiction import keep_apart
from flows.forecast import foreseeing
from flows.forgetting import forgetting, may_ask
from flows.known import known
from flows.listening import keep_panel
from flows.live import as_is
from flows.lock import run_lock
from flows.opening import opened
from flows.panel import panel_of
from flows.plans import sample_anchor, waiting
from flows.refresh import refresh
from flows.settings import Settings
from flows.sources import build_sources, left_out, prices
from flows.steps import annotate, load, publish, report
from flows.stopping import Stop, stop_on_signal
from flows.usage import compare_usage
from warehouse import ledger, runs, tombstones
from warehouse.pages import count_stored
from warehouse.vault import Connection

Outcome = Literal["ok", "partial", "interrupted"]
Plan = Callable[[Connection, Mapping[str, Source], datetime], Iterable[Window]]


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did: keys and counts, never posts."""

    run_id: str
    outcome: Outcome
    counts: dict[str, int]
    refusals: tuple[str, ...]
    cost_stopped: tuple[str, ...] = ()
    """Those of the refusals that are about money, by our budget or by the platform's own."""
    signal: int = 0
    warnings: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, as Prefect stores them."""
        return {
            "run_id": self.run_id,
            "outcome": self.outcome,
            "counts": dict(self.counts),
            "refusals": list(self.refusals),
            "cost_stopped": list(self.cost_stopped),
            "signal": self.signal,
            "warnings": list(self.warnings),
        }


def run(settings: Settings, kind: str, plan: Plan) -> RunResult:
    """Plan windows, bring every open one to an end, and publish what is there.

    Raises `AlreadyRunning`, `SettingsError`, a `WarehouseError` or a `ModelError`; what was stored stays.
    """
    with run_lock(settings.home), opened(settings, stop := Stop()) as (con, keys), stop_on_signal(stop):
        now = datetime.now(UTC).replace(microsecond=0)
        panel = panel_of(settings)
        # before anything is known from the vault: an invented account must not stand for a real one
        apart = keep_apart(con, settings, build_sources(settings, sample_anchor=sample_anchor(con, now)))
        sources = build_sources(settings, sample_anchor=sample_anchor(con, now), stop=stop, known=known(con))
        run_id = runs.start_run(con, kind)
        counts = Counter(apart)
        try:
            if erased := keep_panel(con, keys, settings, panel):
                counts["opted_out"] = erased
            gone = tombstones.gone(con, keys.pseudonym)
            ledger.plan(con, [window for window in plan(con, sources, now) if may_ask(window, gone)], kind)
            collected = _collect(con, settings, run_id, sources, gone, stop)
            counts.update(windows=len(collected), pages=count_stored(con, run_id))
            if capped := sum(window.state == "capped" for window in collected):
                counts["capped"] = capped
            well = _well(sources, collected)
            if not stop.is_set():
                compare_usage(con, settings, well, now)
            counts.update(load(as_is(con), as_is(keys.pseudonym), as_is(stop)))
            if kind == "nightly":
                counts.update(refresh(as_is(con), as_is(settings), as_is(well), run_id, as_is(stop)))
            counts.update(annotate(as_is(con), settings.model, as_is(stop)))
            write_backlog(con, settings, datetime.now(UTC))
            refusals = _refusals(collected, sources) + (left_out(settings, panel) if kind == "nightly" else ())
            result = RunResult(
                run_id,
                _outcome(collected, refusals, stop),
                dict(counts),
                refusals,
                _refusals((one for one in collected if one.state == "cost-stopped"), sources),
                stop.signal,
                run_warnings(settings, con, run_id),
            )
            # Before the publishing, so that the published file knows how its own run ended.
            message = "; ".join(result.refusals) or None
            runs.finish_run(con, run_id, result.outcome, result.counts, message)
            if stop.is_set():
                return result
            published = settings.home / "etalage.duckdb"
            text = settings.publish.text
            done = publish(as_is(con), as_is(keys.pseudonym), published, text, stop=as_is(stop))
            if done is None:
                runs.finish_run(con, run_id, "interrupted", result.counts, message)
                return replace(result, outcome="interrupted", signal=stop.signal)
            result = replace(result, counts=result.counts | done)
        except BaseException as error:
            with suppress(Exception):
                runs.finish_run(con, run_id, "failed", dict(counts), safe_reason(error))
            raise
        report(published, settings.home / "report.html")
        return result


def _collect(
    con: Connection, settings: Settings, run_id: str, sources: Mapping[str, Source], gone: Gone | None, stop: Stop
) -> list[Collected]:
    """Bring every open window that may be asked for to its end, within the budget."""
    turns = waiting(con, sources, gone)
    collecting = Collecting(
        con,
        run_id,
        sources,
        allowed=allowing(settings, con, run_id, sources),
        stop=stop,
        forget=forgetting(gone),
        foresee=foreseeing(settings, con, run_id, sources, turns),
        prices=prices(settings),
    )
    refused = {one.window for one in turns if one.state == "refused"}
    show = progress.current.get()
    with show.step("Collecting", len(turns), "windows") as step:
        windows = [one.window for one in turns]
        return collect_all(collecting, windows, step, settings.nightly.window_minutes * 60, refused)


def _well(sources: Mapping[str, Source], collected: Iterable[Collected]) -> dict[str, Source]:
    """Return the sources that answer: one that refused us, or only failed, is not asked one thing more.

    Where some windows failed and others did not, it may be one server of several: the rest is asked.
    """
    ended: dict[str, set[str]] = {}
    for one in collected:
        ended.setdefault(one.window.source, set()).add(one.state)
    ill = {
        name
        for name, states in ended.items()
        if "refused" in states or ("failed" in states and states.isdisjoint(ledger.CLOSED))
    }
    return {name: source for name, source in sources.items() if name not in ill}


def _outcome(collected: Iterable[Collected], refusals: Collection[str], stop: Stop) -> Outcome:
    if stop.is_set():
        return "interrupted"
    closed = all(window.state in {"complete", "capped"} for window in collected)
    return "ok" if closed and not refusals else "partial"


def _refusals(collected: Iterable[Collected], sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Return one line a source and reason, in the order they came; they are published, so they name no account."""
    hit: dict[tuple[str, str], dict[str, None]] = {}
    for one in collected:
        if one.reason is not None:
            source, query = one.window.source, one.window.query
            queries = sources[source].queries()
            where = "" if one.state in WHOLE_SOURCE else f" {discreet(query, queries)}"
            hit.setdefault((source, discreet_words(one.reason, query, queries)), {})[where] = None
    return tuple(
        f"{source}{next(iter(where)) if len(where) == 1 else f' ({len(where)} queries)'}: {reason}"
        for (source, reason), where in hit.items()
    )
