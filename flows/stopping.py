"""Stopping on request: the first signal ends a run after the page or batch at hand, the second at once."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flows import progress


class Stop(threading.Event):
    """Set when the run was asked to stop; `signal` is what asked, 0 when nothing did."""

    signal = 0


@contextmanager
def stop_on_signal() -> Iterator[Stop]:
    """Yield a `Stop` that SIGINT and SIGTERM set, as long as the block runs (in the main thread only)."""
    stop = Stop()

    def ask(number: int, _frame: object) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        stop.signal = number
        stop.set()
        progress.current.get().note("Stopping after the page or batch at hand; everything stored stays ...")

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
