"""Being asked to stop, whatever the run is doing just then."""

import io
import os
import signal
from threading import Event

import pytest
from rich.console import Console
from stocked import PSEUDONYM, load, post

from connectors import cutting
from flows import progress
from flows.erasing import republish
from flows.opening import opened
from flows.settings import Settings
from flows.stopping import stop_on_signal
from warehouse.erasure import erase
from warehouse.erasure_requests import author_request
from warehouse.errors import ChecksFailed


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


def test_an_owed_compaction_waits_when_the_run_is_to_stop(tmp_path):
    """A large vault takes minutes to write anew: whoever asks for an end gets it, and who opens it next does it."""
    stop = Event()
    with opened(Settings(home=tmp_path), stop) as (con, _):
        load(con, post(1), post(2))
        erase(con, author_request(con, "willemijn_1@x"), "asked", key=PSEUDONYM, cutting=cutting)
        stop.set()
    owed = []
    for _ in range(2):
        with opened(Settings(home=tmp_path)) as (con, _):
            owed += con.execute("select count(*) from erasures where compacted_at is null").fetchone()

    assert owed == [1, 0]


def test_what_is_erased_leaves_the_disk_though_nothing_can_be_published(tmp_path):
    """A check that fails night after night keeps yesterday's file, not the rows of who asked to be erased."""
    chosen = Settings(home=tmp_path)

    def erased_and_refused():
        with opened(chosen) as (con, keys):
            load(con, *map(post, range(1, 5)))
            republish(con, keys, chosen)
            erase(con, author_request(con, "willemijn_1@x"), "asked", key=PSEUDONYM, cutting=cutting)
            con.execute("delete from posts where post_id like '%2'")  # which no check lets pass
            republish(con, keys, chosen)

    with pytest.raises(ChecksFailed, match="nothing_lost"):
        erased_and_refused()
    with opened(chosen) as (con, _):
        assert con.execute("select count(*) from erasures where compacted_at is null").fetchone() == (0,)


def test_a_copy_goes_when_its_day_is_over_whatever_the_run_comes_to(tmp_path):
    """It holds who was erased since, and a run may fail for weeks."""
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / "old.duckdb").touch()
    os.utime(tmp_path / "copies" / "old.duckdb", (0, 0))
    with pytest.raises(OSError, match="anything"), opened(Settings(home=tmp_path)):
        raise OSError("anything")

    assert list((tmp_path / "copies").iterdir()) == []


def test_publishing_after_a_sweep_or_an_import_is_broken_off_too(tmp_path):
    """Yesterday's file stays, whole, and whoever asked hears that it was not published."""
    chosen = Settings(home=tmp_path)
    stop = Event()
    with opened(chosen, stop) as (con, keys):
        assert republish(con, keys, chosen, stop)
        before = (tmp_path / "etalage.duckdb").stat().st_ino
        stop.set()
        assert not republish(con, keys, chosen, stop)

    assert (tmp_path / "etalage.duckdb").stat().st_ino == before
    assert not (tmp_path / "etalage.duckdb.new").exists()
