"""A publishing that is refused, broken off, killed or out of room leaves the file of before as it was."""

import errno
import os
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import duckdb
import pytest
from stocked import load, post, vault

from warehouse import publish as publishing
from warehouse.errors import ChecksFailed, DiskFull, Leak
from warehouse.publish import publish
from warehouse.stopping import Stopped


def read(path, sql):
    """Ask the published file as an analyst would."""
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_a_broken_promise_keeps_the_old_file(tmp_path):
    """A check with offenders stops publishing, says which check, and yesterday's file stays as it was."""
    target = tmp_path / "etalage.duckdb"
    with vault(tmp_path, 3) as con:
        publish(con, target)
        before = target.read_bytes()
        con.execute("update annotations set goal = 'unheard_of' where post_id like '%1'")
        with pytest.raises(ChecksFailed, match=r"labels_in_codebook \(1\)"):
            publish(con, target)

        assert con.execute("select count(*) from posts").fetchone() == (3,)
    assert target.read_bytes() == before
    assert not list(tmp_path.glob("*.new*"))


def test_a_leak_keeps_the_old_file(tmp_path, monkeypatch):
    """When a name slips through the masking the scan stops publishing and tells the column, not the name."""
    target = tmp_path / "etalage.duckdb"
    with vault(tmp_path, 3) as con:
        publish(con, target)
        before = target.read_bytes()
        load(con, post(9, text="de groeten van Willemijn Voorbeeld 1"))
        monkeypatch.setattr("warehouse.leaks.without", lambda text, _: text)
        with pytest.raises(Leak, match=r"core\.posts\.text \(1\)") as error:
            publish(con, target)

    assert "illemijn" not in str(error.value)
    assert target.read_bytes() == before


def test_lost_posts_are_noticed(tmp_path):
    """When posts are gone without having been erased nothing is published."""
    with vault(tmp_path, 3) as con:
        publish(con, tmp_path / "etalage.duckdb")
        con.execute("delete from posts where post_id like '%1'")
        with pytest.raises(ChecksFailed, match="nothing_lost"):
            publish(con, tmp_path / "etalage.duckdb")


def test_full_disk_keeps_the_old_file(tmp_path):
    """When the disk is full the old file stays, the vault is whole, and the line says what to do."""
    with vault(tmp_path, 2000) as con:
        publish(con, tmp_path / "etalage.duckdb")
    before = (tmp_path / "etalage.duckdb").read_bytes()
    script = textwrap.dedent(f"""
        import resource
        from pathlib import Path
        from stocked import vault
        from warehouse.errors import DiskFull
        from warehouse.publish import publish
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        try:
            with vault(Path({str(tmp_path)!r})) as con:
                publish(con, Path({str(tmp_path)!r}) / "etalage.duckdb")
        except DiskFull as error:
            print("full:", error)
    """)
    ran = subprocess.run(
        [sys.executable, "-B", "-c", script],  # else Python's own files are cut off too
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)},
    )

    assert ran.stdout.startswith("full:"), ran.stderr
    assert (tmp_path / "etalage.duckdb").read_bytes() == before
    with vault(tmp_path) as con:
        assert con.execute("select count(*) from posts").fetchone() == (2000,)
        publish(con, tmp_path / "etalage.duckdb")


def test_a_file_that_cannot_take_its_place(tmp_path, monkeypatch):
    """When there is no room for the move itself the old file stays, the new one goes, and the line says what to do."""
    target = tmp_path / "etalage.duckdb"

    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with vault(tmp_path, 3) as con:
        publish(con, target)
        before = target.read_bytes()
        load(con, post(10))
        with monkeypatch.context() as broken:
            broken.setattr(Path, "replace", full)
            with pytest.raises(DiskFull, match="make room and run again"):
                publish(con, target)
        assert target.read_bytes() == before
        assert sorted(path.name for path in tmp_path.glob("etalage*")) == ["etalage.duckdb"]
        assert publish(con, target).posts == 4


@pytest.mark.parametrize("moment", ["at once", "in the midst"])
def test_asked_to_stop(tmp_path, monkeypatch, moment):
    """Who asks to stop does not wait until all is built: the old file stays, nothing lies beside it, again does it."""
    target, stop, ended = tmp_path / "etalage.duckdb", threading.Event(), []
    endless = "select count(*) from range(1000000) as a(i), range(1000000) as b(i) where hash(a.i + b.i) = 7"
    real = publishing.leaks.scan

    def scan(own):
        stop.set()
        own.execute(endless)
        ended.append("no")

    with vault(tmp_path, 3) as con:
        publish(con, target, stop=stop)
        before = target.read_bytes()
        load(con, post(10))
        if moment == "at once":
            stop.set()
        else:
            monkeypatch.setattr(publishing.leaks, "scan", scan)
        with pytest.raises(Stopped):
            publish(con, target, stop=stop)
        monkeypatch.setattr(publishing.leaks, "scan", real)

        assert ended == []
        assert target.read_bytes() == before
        assert sorted(path.name for path in tmp_path.glob("etalage*")) == ["etalage.duckdb"]
        assert publish(con, target).posts == 4


def test_a_crash_while_building_is_swept_up(tmp_path):
    """What an interrupted publishing left behind does not stop the next."""
    (tmp_path / "etalage.duckdb.new").write_bytes(b"half a file")
    (tmp_path / "etalage.duckdb.new.wal").write_bytes(b"half a log")
    with vault(tmp_path, 3) as con:
        publish(con, tmp_path / "etalage.duckdb")

    assert not list(tmp_path.glob("*.new*"))


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.35])
def test_killed_while_publishing(tmp_path, seconds):
    """A SIGKILL at any moment of publishing leaves a whole published file and a whole vault."""
    with vault(tmp_path, 50) as con:
        publish(con, tmp_path / "etalage.duckdb")
    script = textwrap.dedent(f"""
        from pathlib import Path
        from stocked import vault
        from warehouse.publish import publish
        with vault(Path({str(tmp_path)!r})) as con:
            print("open", flush=True)
            while True:
                publish(con, Path({str(tmp_path)!r}) / "etalage.duckdb")
    """)
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=env) as run:
        assert run.stdout.readline() == "open\n"
        time.sleep(seconds)
        run.kill()

    assert read(tmp_path / "etalage.duckdb", "select count(*) from core.posts") == [(50,)]
    with vault(tmp_path) as con:
        assert publish(con, tmp_path / "etalage.duckdb").posts == 50
