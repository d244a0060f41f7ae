"""Stopping on request: the first signal ends a run after the page or batch at hand, the second at once."""

import _thread
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
def stop_on_signal(given: Stop | None = None) -> Iterator[Stop]:
    """Yield a `Stop` (the given one) that SIGINT and SIGTERM set while the block runs, in the main thread only."""
    stop = given or Stop()

    def ask(number: int, _frame: object) -> None:
        if stop.signal:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        stop.signal = number
        # Beside this thread: the signal may have come in the midst of its own print, or while it held the lock needed.
        _thread.start_new_thread(heed, (stop, progress.current.get()))

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def heed(stop: Stop, show: progress.Show) -> None:
    """Let the run know that it is to stop, and the screen."""
    stop.set()
    show.note("Stopping after the page or batch at hand; everything stored stays ...")
