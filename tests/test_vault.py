"""The vault: private, encrypted, one process at a time, and clear about what is wrong."""

import os
import subprocess
import sys
import textwrap
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from stocked import KEY, START, collect, held_elsewhere, load, post, vault

from warehouse.errors import Busy, Damaged, DiskFull, NewerVault, ReadOnly, WrongKey, translate
from warehouse.publish import publish
from warehouse.sqlfiles import scripts
from warehouse.vault import cursor, open_vault, transaction


def count(con, table):
    """Count a table's rows."""
    return con.execute(f"select count(*) from {table}").fetchone()[0]


def test_makes_itself_private(tmp_path):
    """The folder and the file are their owner's alone."""
    with open_vault(tmp_path / "home" / "vault.duckdb", KEY):
        pass

    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "home" / "vault.duckdb").stat().st_mode & 0o777 == 0o600


def test_holds_no_readable_text(tmp_path):
    """Neither the file nor its write-ahead log holds a text, a name or a handle in the clear."""
    with vault(tmp_path) as con:
        load(con, post(text="Zeldzaamwoord staat hier", handle="zeldzaam_handvat"))
        files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    files += [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]

    assert files
    assert not any(b"Zeldzaamwoord" in data or b"zeldzaam_handvat" in data for data in files)


def test_migrates_once(tmp_path):
    """Every migration runs once and leaves its record."""
    for _ in range(2):
        with vault(tmp_path) as con:
            done = con.execute("select number, name from migrations order by number").fetchall()

    assert [(int(name[:4]), name) for name, _ in scripts("migrations")] == done


def test_half_a_migration_leaves_nothing(tmp_path, monkeypatch):
    """A migration that fails leaves neither its tables nor its record, and the next version of it runs."""
    with vault(tmp_path, 3):
        pass
    good = scripts("migrations")
    number = f"{int(good[-1][0][:4]) + 1:04d}_new"
    monkeypatch.setattr("warehouse.migrate.scripts", lambda _: [*good, (number, "create table fresh (a int); selec")])
    with pytest.raises(duckdb.ParserException), vault(tmp_path):
        pass
    monkeypatch.setattr("warehouse.migrate.scripts", lambda _: [*good, (number, "create table fresh (a int)")])

    with vault(tmp_path) as con:
        assert count(con, "fresh") == 0
        assert count(con, "posts") == 3


def test_what_is_published_is_in_utc_wherever_the_machine_stands(tmp_path):
    """A machine set to Dutch time publishes the same moments as one set to UTC, and says so rightly."""
    with vault(tmp_path, 3):
        pass
    code = f"""
        from pathlib import Path
        from warehouse.publish import publish
        from warehouse.vault import open_vault
        with open_vault(Path({str(tmp_path)!r}) / "vault.duckdb", {KEY!r}) as con:
            publish(con, Path({str(tmp_path)!r}) / "etalage.duckdb")
    """
    before = datetime.now(UTC).replace(microsecond=0)
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], check=True, env=os.environ | {"TZ": "Europe/Amsterdam"}
    )
    after = datetime.now(UTC)
    with duckdb.connect(str(tmp_path / "etalage.duckdb"), read_only=True) as file:
        about = dict(file.execute("select name, value from ops.about").fetchall())

    assert before <= datetime.fromisoformat(about["published_at"]) <= after
    assert datetime.fromisoformat(about["newest_post_at"]) == START + timedelta(minutes=2)


@pytest.mark.parametrize("key", ["wrong" * 8, ""])
def test_wrong_key(tmp_path, key):
    """A wrong or missing key is one line that names the file and does not show the key; the vault stays."""
    with vault(tmp_path, 3):
        pass
    with pytest.raises(WrongKey) as error, open_vault(tmp_path / "vault.duckdb", key):
        pass

    assert str(tmp_path / "vault.duckdb") in str(error.value)
    assert "\n" not in str(error.value)
    assert not key or key not in str(error.value)
    with vault(tmp_path) as con:
        assert count(con, "posts") == 3


def test_a_key_with_quotes(tmp_path):
    """A key may hold any character."""
    for _ in range(2):
        with open_vault(tmp_path / "it's.duckdb", 'it\'s "a" key; --') as con:
            assert count(con, "posts") == 0


def test_newer_vault(tmp_path):
    """A vault of a newer program is refused in one line and left as it is."""
    with vault(tmp_path) as con:
        con.execute("insert into migrations (number, name) values (9000, '9000_future')")
    with pytest.raises(NewerVault, match="9000"), vault(tmp_path):
        pass


def test_damaged_file(tmp_path):
    """A file that is no database is said to be damaged."""
    (tmp_path / "vault.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(Damaged, match="backup"), vault(tmp_path):
        pass


def test_busy_in_this_process(tmp_path):
    """A second opening in one process is refused."""
    with vault(tmp_path), pytest.raises(Busy), vault(tmp_path):
        pass


def test_busy_in_another_process(tmp_path):
    """While another process has the vault open this one is told so, and may have it afterwards."""
    with held_elsewhere(tmp_path), pytest.raises(Busy, match="another process"), vault(tmp_path):
        pass
    with vault(tmp_path):
        pass


def test_read_only_folder(tmp_path):
    """A folder that may not be written is one line that names it."""
    folder = tmp_path / "fixed"
    folder.mkdir()
    folder.chmod(0o555)
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents[:3]:  # beside another worker pytest makes one folder more
        parent.chmod(0o755)
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    try:
        assert os.access(folder, os.X_OK, effective_ids=True)
        with pytest.raises(ReadOnly, match="fixed"), open_vault(folder / "vault.duckdb", KEY):
            pass
        with pytest.raises(ReadOnly, match="fixed"), open_vault(folder / "new" / "vault.duckdb", KEY):
            pass
    finally:
        os.seteuid(before)


def test_full_disk(tmp_path):
    """When the disk fills up the batch at hand is refused in one line, and every batch before it is there."""
    script = textwrap.dedent(f"""
        import resource
        from pathlib import Path
        from stocked import load, post, vault
        from warehouse.errors import DiskFull
        with vault(Path({str(tmp_path)!r})) as con:
            con.execute("checkpoint vault")
        size = (Path({str(tmp_path)!r}) / "vault.duckdb").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 3_000_000, size + 3_000_000))
        stored = 0
        try:
            with vault(Path({str(tmp_path)!r})) as con:
                for batch in range(200):
                    texts = ["".join(chr(97 + (i * i * 7 + batch * i) % 26) for i in range(3000))] * 50
                    load(con, *(post(batch * 50 + i, text=f"{{i}} {{text}}") for i, text in enumerate(texts)))
                    stored += 50
                    print(stored, flush=True)
        except DiskFull as error:
            print("full:", error)
    """)
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)},
    )
    lines = ran.stdout.splitlines()

    assert lines[-1].startswith("full:"), ran.stderr
    assert "make room" in lines[-1]
    with vault(tmp_path) as con:
        assert count(con, "posts") >= int(lines[-2])


def test_killed_process_loses_nothing(tmp_path):
    """What was committed before a SIGKILL is there at the next opening, and nothing else is."""
    script = textwrap.dedent(f"""
        import os, signal
        from pathlib import Path
        from stocked import load, post, vault
        from warehouse.vault import transaction
        with vault(Path({str(tmp_path)!r})) as con:
            load(con, *(post(i) for i in range(10)))
            with transaction(con):
                con.execute("delete from posts")
                os.kill(os.getpid(), signal.SIGKILL)
    """)
    subprocess.run(
        [sys.executable, "-c", script], check=False, env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    )

    with vault(tmp_path) as con:
        assert count(con, "posts") == 10


def test_threads_write_through_cursors(tmp_path):
    """Threads with cursors of their own may all write; their transactions wait for each other."""
    with vault(tmp_path) as con:

        def work(number):
            own = cursor(con)
            for step in range(5):
                load(own, post(number * 10 + step))
            own.close()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert count(con, "posts") == 20


def test_a_failing_block_stores_nothing(tmp_path):
    """A transaction whose block raises leaves no trace, and the connection goes on."""

    def fail(con):
        with transaction(con):
            con.execute("delete from runs")
            raise ValueError("on purpose")

    with vault(tmp_path) as con:
        collect(con)
        with pytest.raises(ValueError, match="on purpose"):
            fail(con)

        assert count(con, "runs") == 1


def test_spilled_data_is_encrypted(tmp_path):
    """What does not fit in memory is spilled beside the vault, and not one word of it can be read there."""
    with open_vault(tmp_path / "vault.duckdb", KEY, memory="60MB", threads=1) as con:
        con.execute("set preserve_insertion_order = false")
        con.execute(
            "create temp table large as "
            "select 'Zeldzaamwoord ' || md5(number::varchar) || md5((-number)::varchar) as text "
            "from range(1500000) as numbers (number)"
        )
        spilled = [file for file in tmp_path.rglob("*") if file.is_file() and "vault.duckdb.tmp" in str(file)]
        sizes = [file.stat().st_size for file in spilled]
        readable = [file.name for file in spilled if b"Zeldzaamwoord" in file.read_bytes()]

    assert sum(sizes) > 20_000_000
    assert readable == []
    assert [file.name for file in tmp_path.iterdir()] == ["vault.duckdb"]


def test_nothing_is_fetched_by_itself(tmp_path):
    """No extension is installed or loaded behind our back."""
    with vault(tmp_path) as con:
        settings = con.execute("select value from duckdb_settings() where name like 'auto%known_extensions'").fetchall()

    assert settings == [("false",), ("false",)]


def test_no_progress_bar_is_drawn(tmp_path):
    """Even where DuckDB takes Python for interactive, no connection of ours draws on standard output."""
    with vault(tmp_path, 10) as con:
        publish(con, tmp_path / "etalage.duckdb")
    script = textwrap.dedent(f"""
        from pathlib import Path
        import duckdb
        from stocked import vault
        from warehouse.sql import open_published
        from warehouse.vault import cursor
        home = Path({str(tmp_path)!r})
        asked = "select value from duckdb_settings() where name = 'enable_progress_bar'"
        with vault(home) as con:
            own, read = cursor(con), open_published(home / "etalage.duckdb")
            print(*(one.execute(asked).fetchone()[0] for one in (duckdb.connect(), con, own, read)))
    """)
    ran = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)},
    )

    assert ran.stdout.split() == ["true", "false", "false", "false"], ran.stderr


def test_disk_full_is_named():
    """The system's words for a full disk become ours."""
    assert isinstance(translate(OSError(28, "No space left on device"), Path("v")), DiskFull)
