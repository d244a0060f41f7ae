"""A restore or a new key that is broken off: at every moment there is one whole vault, and a key that opens it."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from etalage_command import Etalage
from stocked import held_elsewhere, vault

from flows import doctor
from flows.keeping import backup_now, restore_now
from flows.lock import running_process
from flows.opening import opened
from flows.settings import Settings
from warehouse.budget import enter, spent
from warehouse.errors import Busy, Damaged, DiskFull, WrongKey
from warehouse.keys import read_keys
from warehouse.vault import open_vault

# Where the process is killed: just before the first function is called, or just after.
RESTORING = ("warehouse.backup.put before", "warehouse.backup.put after", "flows.keeping.compact after")
PRICES = {("x", "post"): 0.005, ("x", "user"): 0.01}
REKEYING = (
    "warehouse.rekey.write_key after",
    "warehouse.compaction.put before",
    "warehouse.compaction.put after",
    "warehouse.rekey.finish before",
)


def killed(home, work, moment):
    """Do some work on a home in a process that kills itself at a moment."""
    place, _, when = moment.partition(" ")
    module, _, name = place.rpartition(".")
    script = textwrap.dedent(f"""
        import importlib, os, signal
        from pathlib import Path
        from flows.keeping import rekey_now, restore_now
        from flows.settings import Settings
        module = importlib.import_module("{module}")
        real = module.{name}
        def last(*arguments, **options):
            {"real(*arguments, **options)" if when == "after" else "pass"}
            os.kill(os.getpid(), signal.SIGKILL)
        module.{name} = last
        settings = Settings(home=Path({str(home)!r}))
        {work}
    """)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ETALAGE_")}
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, env=environment)
    assert ran.returncode == -signal.SIGKILL, ran.stderr


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """A folder with a home of ten posts, and a backup of seven beside it, under keys of its own."""
    folder = tmp_path_factory.mktemp("kept")
    home = folder / "home"
    with pytest.MonkeyPatch.context() as its_own:
        its_own.setattr("stocked.KEY", read_keys(home / "keys").vault)
        with vault(home, 7):
            pass
        backup_now(Settings(home=home), folder / "backups")
        (home / "vault.duckdb").unlink()
        with vault(home, 10):
            pass
    return folder


@pytest.fixture
def home(kept, tmp_path) -> Path:
    """A copy of that home; the backup is beside it too."""
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    return tmp_path / "home"


def count(home):
    """Count the posts as the next run would see them."""
    with opened(Settings(home=home)) as (con, _):
        return con.execute("select count(*) from posts").fetchone()[0]


@pytest.mark.parametrize("moment", RESTORING)
def test_a_restore_that_is_killed(home, tmp_path, moment):
    """The vault is that of before or the restored one, never none; what was replaced is kept; again does it."""
    work = f"restore_now(settings, Path({str(tmp_path / 'backups')!r}))"
    killed(home, work, moment)
    copies = list((home / "copies").glob("*.duckdb")) if (home / "copies").exists() else []

    assert (home / "vault.duckdb").exists()
    assert count(home) == (7 if moment == "warehouse.backup.put after" else 10)
    assert len(copies) == (1 if "backup.put" in moment else 0)
    for copy in copies:
        with open_vault(copy, read_keys(home / "keys").vault) as con:
            assert con.execute("select count(*) from posts").fetchone() == (10,)
    assert list(home.glob("vault.duckdb.new*")) == []  # it has who was erased since the backup


@pytest.mark.parametrize("moment", REKEYING)
def test_a_new_key_that_is_killed(home, moment):
    """The next opening knows which key it is, and one key is left."""
    killed(home, "rekey_now(settings, None)", moment)

    assert count(home) == 10
    assert not (home / "keys" / "vault.key.next").exists()
    assert list(home.glob("vault.duckdb.new*")) == []
    with open_vault(home / "vault.duckdb", read_keys(home / "keys").vault):
        pass


def test_the_next_key_outlives_a_vault_that_cannot_be_opened_now(home):
    """While something else has the vault open nobody can tell whose key it is: both stay, and the next run goes on."""
    killed(home, "rekey_now(settings, None)", "warehouse.rekey.finish before")
    waiting = home / "keys" / "vault.key.next"
    with held_elsewhere(home, waiting.read_text().strip()):
        with pytest.raises(Busy):
            count(home)
        assert waiting.exists()

    assert count(home) == 10


def test_a_vault_in_use_is_not_replaced(home, tmp_path):
    """Its newest erasures cannot be read then: a restore says so instead of bringing back who was erased."""
    with held_elsewhere(home, read_keys(home / "keys").vault), pytest.raises(Busy):
        restore_now(Settings(home=home), tmp_path / "backups")

    assert count(home) == 10


def test_a_damaged_vault_can_be_replaced_while_a_key_waits(home, tmp_path):
    """A restore does not need to know which key the vault had that it replaces."""
    killed(home, "rekey_now(settings, None)", "warehouse.rekey.finish before")
    (home / "vault.duckdb").write_bytes(b"broken" * 1000)

    restore_now(Settings(home=home), tmp_path / "backups")

    assert count(home) == 7


def test_what_a_restore_replaces_is_kept_for_a_day(home, tmp_path):
    """A day from the restore, however long ago the vault was last written, and its log with it."""
    log = home / "vault.duckdb.wal"
    (home / "vault.duckdb").write_bytes(b"broken" * 1000)
    log.write_bytes(b"broken")
    long_ago = time.time() - 3 * 24 * 60 * 60
    for file in (home / "vault.duckdb", log):
        os.utime(file, (long_ago, long_ago))

    _, kept = restore_now(Settings(home=home), tmp_path / "backups")

    assert kept.read_bytes() == b"broken" * 1000
    assert kept.with_name(f"{kept.name}.wal").exists()
    assert count(home) == 7


def test_what_was_spent_since_a_backup_counts_on(home, tmp_path):
    """A restore gives no month its money again: reads since are entered, once, also when it is done twice."""
    settings = Settings(home=home)
    with opened(settings) as (con, _):
        for _ in range(2):  # two alike are two
            enter(con, "x", [("post", 9_500), ("user", 3)], datetime.now(UTC), "r2", PRICES, page_id=7)
        before = spent(con, "x", "r2", PRICES)["month"]
    after = []
    for _ in range(2):
        put_back, _ = restore_now(settings, tmp_path / "backups")
        with opened(settings) as (con, _):
            after.append(spent(con, "x", "r2", PRICES)["month"])
            pages = con.execute("select distinct page_id from reads where run_id = 'r2'").fetchall()

    assert [before, *after] == [pytest.approx(95.06)] * 3
    assert pages == [(0,)]  # another page has their page's number now
    assert put_back.is_spending_known


def test_a_restore_says_when_it_does_not_know_what_was_spent(home, tmp_path):
    """The ledger of a vault that does not open is lost: whoever set a limit hears it."""
    (home / "vault.duckdb").write_bytes(b"broken" * 1000)

    answer = Etalage(tmp_path).here("restore", str(tmp_path / "backups"), "--yes", "--home", str(home))

    assert answer.returncode == 0, answer.stderr
    assert "the limits count what it holds alone" in answer.stdout


def test_a_vault_whose_rows_do_not_fit_is_replaced_all_the_same(home, tmp_path, monkeypatch):
    """What stops opening it, a migration say, is why somebody restores; DuckDB's own words are no reason to end."""

    def unfit(_):
        raise duckdb.ConstraintException("duplicate key")

    monkeypatch.setattr("warehouse.backup.all_reads", unfit)
    put_back, _ = restore_now(Settings(home=home), tmp_path / "backups")

    assert not put_back.is_spending_known


@pytest.mark.parametrize(("step", "error"), [("copy_vault", DiskFull), ("_compare", Damaged)])
def test_a_backup_that_fails_leaves_nothing(home, tmp_path, monkeypatch, step, error):
    """Each try would leave a whole vault: no restore takes it, and nothing removes it."""

    def broken(*_):
        raise error("broken")

    monkeypatch.setattr(f"warehouse.backup.{step}", broken)
    with pytest.raises(error):
        backup_now(Settings(home=home), tmp_path / "others")

    assert list((tmp_path / "others").iterdir()) == []


def test_doctor_keeps_runs_out_while_it_looks(home, monkeypatch):
    """It holds the lock of the runs while it has the vault open, and finishes a new key that was broken off."""
    killed(home, "rekey_now(settings, None)", "warehouse.rekey.finish before")
    holders = []
    real = doctor.open_vault
    monkeypatch.setattr(doctor, "open_vault", lambda *given: (holders.append(running_process(home)), real(*given))[1])

    (vault_finding,) = (found for found in doctor._files(Settings(home=home)) if found.what == "vault")

    assert vault_finding.finding.startswith("opens")
    assert holders == [os.getpid()]
    assert running_process(home) is None


def test_an_empty_home_with_the_backups_key_takes_the_backup(home, tmp_path):
    """Its own message says where to put the key; a home without one is left as empty as it was."""
    fresh = tmp_path / "another"
    with pytest.raises(WrongKey, match=r"keys/vault\.key"):
        restore_now(Settings(home=fresh), tmp_path / "backups")
    assert not (fresh / "keys").exists()

    (fresh / "keys").mkdir()
    shutil.copy(home / "keys" / "vault.key", fresh / "keys")
    restore_now(Settings(home=fresh), tmp_path / "backups")

    assert count(fresh) == 7
    assert read_keys(fresh / "keys").pseudonym == read_keys(home / "keys").pseudonym


def test_a_lost_pseudonym_key_comes_back_with_a_backup(home, tmp_path):
    """No other is made, so whoever was erased stays away; the line that says so tells what to do, and that helps."""
    before = read_keys(home / "keys").pseudonym
    (home / "keys" / "pseudonym.key").unlink()
    with pytest.raises(WrongKey, match="etalage restore"):
        count(home)

    restore_now(Settings(home=home), tmp_path / "backups")

    assert count(home) == 7
    assert read_keys(home / "keys").pseudonym == before
