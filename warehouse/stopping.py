"""Breaking off what a connection is at when a run is asked to stop: publishing a large vault takes too long to wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import duckdb

AGAIN_SECONDS = 0.1
"""Between two statements there is nothing to break off, so it is tried again."""


class Stopped(Exception):
    """The work was broken off on request, and left nothing behind."""


@contextmanager
def stoppable(con: duckdb.DuckDBPyConnection, stop: Event | None) -> Iterator[None]:
    """Run the block, which uses `con` alone; raise `Stopped` at its end, or in its midst, once `stop` is set."""
    if stop is None:
        yield
        return
    ended = Event()

    def watch() -> None:
        while not ended.wait(AGAIN_SECONDS):
            if stop.is_set():
                con.interrupt()

    watching = Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    except duckdb.Error as error:
        if stop.is_set():
            raise Stopped from error
        raise
    finally:
        ended.set()
        watching.join()
    if stop.is_set():
        raise Stopped
