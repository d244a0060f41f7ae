"""Being asked to stop, whatever the run is doing just then."""

import io
import os
import signal

from rich.console import Console

from flows import progress
from flows.stopping import stop_on_signal


class AskedWhileWriting(io.RawIOBase):
    """A terminal at which the signal comes while a line is being written."""

    asked = False

    def writable(self):
        """Take text."""
        return True

    def write(self, data):
        """Write, and be interrupted the first time."""
        if not self.asked:
            self.asked = True
            os.kill(os.getpid(), signal.SIGTERM)
        return len(data)


def test_a_signal_in_the_midst_of_a_line():
    """The run goes on to its next place to stop, and is asked to; the line that was being written is no obstacle."""
    screen = io.TextIOWrapper(io.BufferedWriter(AskedWhileWriting()), "utf-8")
    before = progress.current.set(progress.PlainShow(Console(file=screen)))
    try:
        with stop_on_signal() as stop:
            progress.current.get().note("Loading ...")
            assert stop.wait(5)
        assert stop.signal == signal.SIGTERM
    finally:
        progress.current.reset(before)
