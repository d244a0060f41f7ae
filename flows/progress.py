"""What long work shows: bars with counts and rates on a terminal, plain lines elsewhere, log lines in a server."""

import logging
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

PLAIN_EVERY_SECONDS = 5.0

logger = logging.getLogger("etalage")


class Step(Protocol):
    """One piece of long work."""

    def advance(self, count: int = 1) -> None:
        """Say that so many more are done."""
        ...


class Show(Protocol):
    """Where a run tells what it does."""

    def note(self, line: str) -> None:
        """Say one line."""
        ...

    def step(self, title: str, total: int | None, unit: str) -> AbstractContextManager[Step]:
        """Show one piece of work of `total` units, or of an unknown number."""
        ...


class _Counted:
    def __init__(self, title: str, total: int | None, unit: str) -> None:
        self.title, self.total, self.unit = title, total, unit
        self.done = 0
        self.began = time.monotonic()

    def line(self) -> str:
        seconds = time.monotonic() - self.began
        rate = f", {self.done / seconds:,.0f} a second" if seconds >= 1 and self.done >= 2 * seconds else ""
        of = f" of {self.total:,}" if self.total and self.total != self.done else ""
        unit = self.unit.removesuffix("s") if self.done == 1 and not of else self.unit
        return f"{self.title}: {self.done:,}{of} {unit} in {seconds:.1f} s{rate}"


class PlainShow:
    """Plain lines: a note at once, a step when it ends and every few seconds while it works."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def note(self, line: str) -> None:
        """Say one line."""
        self.console.print(line, markup=False, highlight=False, soft_wrap=True)

    @contextmanager
    def step(self, title: str, total: int | None, unit: str) -> Iterator[Step]:
        """Show one piece of work."""
        step = _PlainStep(self, title, total, unit)
        yield step
        if step.told != step.done:
            self.note(step.line())


class _PlainStep(_Counted):
    def __init__(self, show: PlainShow, title: str, total: int | None, unit: str) -> None:
        super().__init__(title, total, unit)
        self.show, self.told_at = show, self.began
        self.told: int | None = None

    def advance(self, count: int = 1) -> None:
        """Count what is done."""
        self.done += count
        if self.done != self.total and time.monotonic() - self.told_at > PLAIN_EVERY_SECONDS:
            self.told, self.told_at = self.done, time.monotonic()
            self.show.note(self.line())


class LogShow:
    """Log lines, for runs that a server started."""

    def note(self, line: str) -> None:
        """Log one line."""
        logger.info("%s", line)

    @contextmanager
    def step(self, title: str, total: int | None, unit: str) -> Iterator[Step]:
        """Show one piece of work."""
        step = _LogStep(title, total, unit)
        yield step
        logger.info("%s", step.line())


class _LogStep(_Counted):
    def advance(self, count: int = 1) -> None:
        """Count what is done."""
        self.done += count


class _RateColumn(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")


class BarShow:
    """Rich bars with counts and rates; only for terminals."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def note(self, line: str) -> None:
        """Say one line."""
        self.console.print(line, markup=False, highlight=False)

    @contextmanager
    def step(self, title: str, total: int | None, unit: str) -> Iterator[Step]:
        """Show one piece of work."""
        counted = _Counted(title, total, unit)
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn(unit),
            _RateColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console, transient=True) as bar:
            task = bar.add_task(title, total=total)
            yield _BarStep(bar, task, counted)
        self.note(counted.line())


class _BarStep:
    def __init__(self, bar: Progress, task: object, counted: _Counted) -> None:
        self.bar, self.task, self.counted = bar, task, counted

    def advance(self, count: int = 1) -> None:
        """Count what is done."""
        self.counted.done += count
        self.bar.advance(self.task, count)  # type: ignore[arg-type]


current: ContextVar[Show] = ContextVar("current", default=LogShow())  # noqa: B039 - it holds no state


def show_on(console: Console) -> Show:
    """Choose bars for a terminal and plain lines for a pipe or a file."""
    return BarShow(console) if console.is_terminal else PlainShow(console)
