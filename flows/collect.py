"""Bring windows to an end: one Prefect task a window, one worker a source, each page stored before the next."""

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.futures import PrefectFuture, wait
from prefect.runtime import task_run
from prefect.tasks import Task

from connectors.errors import CostStopped, Refused, SourceError, Transient
from connectors.priced import Priced
from connectors.source import Page, Source, Window
from connectors.waiting import Waiting
from flows.budget import Allowed
from flows.discretion import discreet, discreet_words
from flows.faults import safe_reason
from flows.forgetting import Forget, forgetting
from flows.live import as_is
from flows.progress import Step
from warehouse import ledger
from warehouse.budget import Prices, enter
from warehouse.errors import is_of_storage
from warehouse.pages import store_page
from warehouse.vault import Connection, cursor

RETRIES = 3
FIRST_RETRY_SECONDS = 5.0
POLL_SECONDS = 0.2
STOPPED = "stopped on request; the next run goes on here"
WHOLE_SOURCE = {"refused", "cost-stopped"}
"""How a window ends when its whole source has to stop."""

Working = dict[str, tuple[Window, PrefectFuture[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Collecting:
    """What the windows of one run share; `stop` ends the run after the page at hand."""

    con: Connection
    run_id: str
    sources: Mapping[str, Source]
    allowed: Allowed
    """Says of a window why its next page may not be paid for, or None."""
    stop: threading.Event = field(default_factory=threading.Event)
    forget: Forget = field(default=forgetting(None))
    foresee: Callable[[Window], None] = field(default=lambda _window: None)
    """Tells, before a window is begun or gone on with, what it will cost at most."""
    prices: Prices = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collected:
    """How one window ended: the ledger's state, and why it did not complete. Its pages are counted in the vault."""

    window: Window
    state: str
    reason: str | None = None


def collect_window(collecting: Collecting, window: Window) -> Collected:
    """Fetch one window from where it stopped, each page in a transaction with its position.

    Raises `Transient` for what a retry can cure; everything else ends in the ledger with its reason.
    """
    con = cursor(collecting.con)
    try:
        position = ledger.begin(con, window, collecting.run_id)
        collecting.foresee(window)
        for page in _affordable_pages(collecting, window, position):
            kept = collecting.forget(page, window.source, window.query)
            store_page(con, window, kept, collecting.run_id, collecting.prices)
            if page.end != "more":
                return Collected(window, page.end)
            if collecting.stop.is_set():
                ledger.finish(con, window, "planned", STOPPED)
                return Collected(window, "planned", STOPPED)
    except CostStopped as error:
        ledger.finish(con, window, "cost-stopped", str(error))
        return Collected(window, "cost-stopped", str(error))
    except Refused as error:
        ledger.finish(con, window, "refused", str(error))
        return Collected(window, "refused" if error.whole_source else "query-refused", str(error))
    except Transient as error:
        if collecting.stop.is_set():
            ledger.finish(con, window, "planned", STOPPED)
            return Collected(window, "planned", STOPPED)
        ledger.finish(con, window, "failed", str(error))
        raise
    finally:
        _enter_rest(collecting, con, window.source)
        con.close()
    raise Transient(f"{window.source} {window.query}: the pages ended without saying so")


def _affordable_pages(collecting: Collecting, window: Window, position: str | None) -> Iterator[Page]:
    """Yield pages as long as the budget allows the next one to be asked for."""
    pages = collecting.sources[window.source].pages(window, position)
    while (reason := collecting.allowed(window)) is None:
        page = next(pages, None)
        if page is None:
            return
        yield page
    raise CostStopped(reason)


def _enter_rest(collecting: Collecting, con: Connection, source: str) -> None:
    """Enter paid reads that no page took along: counts before a window that was not begun, accounts looked up."""
    paid = collecting.sources[source]
    if isinstance(paid, Priced):
        enter(con, source, paid.unbilled(), datetime.now(UTC), collecting.run_id, collecting.prices)


def may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Retry only what may pass by itself; a wish of the platform was kept to already, or is too long for tonight."""
    result = state.result(raise_on_failure=False)
    return isinstance(result, Transient) and result.retry_after is None


@task(
    name="collect",
    task_run_name="{name}",
    retries=RETRIES,
    retry_delay_seconds=0,  # Prefect's own delay cannot be stopped
    retry_condition_fn=may_pass,
    persist_result=False,
    cache_policy=NO_CACHE,
)
def collect(name: str, collecting: Collecting, window: Window) -> dict[str, Any]:  # noqa: ARG001 - names the task run
    """Collect one window; the result is its state, never posts, and an error names no account."""
    if (attempt := task_run.run_count) > 1:
        between = Waiting(first=FIRST_RETRY_SECONDS)
        collecting.stop.wait(between.pause_after(attempt - 2, None))
    try:
        collected = collect_window(collecting, window)
    except Transient as error:
        raise Transient(discreet_words(str(error), window.query), error.retry_after) from None
    return {"state": collected.state, "reason": collected.reason}


def collect_all(
    collecting: Collecting,
    windows: Iterable[Window],
    step: Step,
    time_limit_seconds: float,
    refused_before: Collection[Window] = (),
) -> list[Collected]:
    """Run a task for every window, at most one at a time for each source.

    A source that is refused or out of budget gets no further task: its windows keep their place in the ledger. So do
    those windows `refused_before` whose query is refused again: an account that is gone is asked for once a run. When
    a page cannot be stored no other is asked for, and the error is raised: what cannot be kept is not paid for.
    """
    limited = collect.with_options(timeout_seconds=time_limit_seconds)
    lines = _lines(windows)
    working: Working = {}
    stopped: dict[str, Collected] = {}
    refused: dict[tuple[str, str], Collected] = {}
    results: list[Collected] = []
    while lines or working:
        done = []
        for source, window in _startable(lines, working):
            again = refused.get((window.source, window.query)) if window in refused_before else None
            if before := stopped.get(window.source) or again:
                done.append(_passed_over(collecting, window, before))
            elif not collecting.stop.is_set():
                name = f"{window.source} {discreet(window.query)} {window.since:%Y-%m-%d}"
                working[source] = (window, limited.submit(name, as_is(collecting), as_is(window)))
        try:
            done += _finished(collecting, working)
        except BaseException:
            collecting.stop.set()
            wait([future for _, future in working.values()])
            raise
        stopped |= {result.window.source: result for result in done if result.state in WHOLE_SOURCE}
        refused |= {(one.window.source, one.window.query): one for one in done if one.state == "query-refused"}
        results += done
        step.advance(len(done))
    return results


def _lines(windows: Iterable[Window]) -> dict[str, deque[Window]]:
    lines: dict[str, deque[Window]] = {}
    for window in windows:
        lines.setdefault(window.source, deque()).append(window)
    return lines


def _startable(lines: dict[str, deque[Window]], working: Working) -> Iterator[tuple[str, Window]]:
    for source in [name for name in lines if name not in working]:
        window = lines[source].popleft()
        if not lines[source]:
            del lines[source]
        yield source, window


def _finished(collecting: Collecting, working: Working) -> list[Collected]:
    """Wait a little and take out what is done."""
    if not working:
        return []
    wait([future for _, future in working.values()], timeout=POLL_SECONDS)
    done = [source for source, (_, future) in working.items() if future.state.is_final()]
    return [_result(collecting, *working.pop(source)) for source in done]


def _passed_over(collecting: Collecting, window: Window, before: Collected) -> Collected:
    state: ledger.State = "cost-stopped" if before.state == "cost-stopped" else "refused"
    ledger.finish(collecting.con, window, state, before.reason)
    return Collected(window, before.state, before.reason)


def _result(collecting: Collecting, window: Window, future: PrefectFuture[dict[str, Any]]) -> Collected:
    result = future.result(raise_on_failure=False)
    if isinstance(result, dict):
        return Collected(window, **result)
    if isinstance(result, SourceError):
        return Collected(window, "failed", str(result))
    if is_of_storage(result):
        raise result
    reason = safe_reason(result)
    if isinstance(result, TimeoutError):
        reason = "the time limit for one window was reached; the next run goes on from its last page"
    ledger.finish(collecting.con, window, "failed", reason)
    return Collected(window, "failed", reason)
