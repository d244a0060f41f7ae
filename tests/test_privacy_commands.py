"""Erasing, access, backups and keys as a person does them."""

import json
import shutil
import stat
from pathlib import Path

import pytest
from etalage_command import Etalage
from stocked import vault

from warehouse.keys import PSEUDONYM_KEY, read_keys
from warehouse.publish import publish

KEYRING = """
import json, os, pathlib
from keyring.backend import KeyringBackend

class Files(KeyringBackend):
    priority = 1
    file = pathlib.Path(os.environ["TEST_KEYRING"])

    def _read(self):
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def get_password(self, service, username):
        return self._read().get(f"{service} {username}")

    def set_password(self, service, username, password):
        self.file.write_text(json.dumps(self._read() | {f"{service} {username}": password}))
"""


WHO = "willemijn_1@x"
"""Wrote three of the twenty posts."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """A folder with a home of twenty published posts, its keys in files, and a backup beside it."""
    folder = tmp_path_factory.mktemp("kept")
    (home := folder / "data").mkdir(mode=0o700)
    keys = read_keys(home / "keys")
    with pytest.MonkeyPatch.context() as its_own:
        its_own.setattr("stocked.KEY", keys.vault)
        its_own.setattr("stocked.PSEUDONYM", keys.pseudonym)
        with vault(home, 20) as con:
            publish(con, home / "etalage.duckdb")
    made = Etalage(folder).here("backup", "backups")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def stocked(kept, tmp_path) -> Etalage:
    """The command on a copy of that home, the backup beside it."""
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    return Etalage(tmp_path)


@pytest.fixture
def night(sample_run, tmp_path) -> Etalage:
    """The command on a copy of the home that a nightly run has filled."""
    shutil.copytree(sample_run.home, tmp_path / "data", ignore=shutil.ignore_patterns("prefect"))
    return Etalage(tmp_path, {"PREFECT_API_URL": sample_run.environment["PREFECT_API_URL"]})


def published(command):
    """How many posts and authors are published."""
    (row,) = command.sql("select count(*) as posts, count(distinct author_key) as authors from core.posts")
    return row["posts"], row["authors"]


def somebody(root):
    """The handle of an account of the sample that has posts at X."""
    document = json.loads((root / "connectors/sample/x-01.json").read_text(encoding="utf-8"))
    return document["includes"]["users"][0]["username"]


def test_erasing_as_a_person_does(night, root):
    """Access shows what there is; erasing takes it, published file included; the next nightly run keeps it out."""
    who = f"{somebody(root)}@x"
    before = published(night)
    shown = json.loads(night.here("access", "--author", who).stdout)
    refused = night.here("erase", "--author", who)
    erased = night("erase", "--author", who, "--yes", "--json")
    after = published(night)
    done = json.loads(erased.stdout)

    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "--yes" in refused.stderr
    assert erased.returncode == 0, erased.stderr
    assert done["posts"] >= len(shown["posts"]) > 0
    assert after == (before[0] - done["posts"], before[1] - 1)
    assert json.loads(night.here("access", "--author", who).stdout)["posts"] == []
    lines = (night.home / "erased.jsonl").read_text()
    assert somebody(root).lower() not in lines.lower()
    assert night("nightly").returncode == 0
    assert published(night) == after


def test_a_backup_does_not_bring_back_who_was_erased(stocked):
    """Restoring an older backup keeps what was erased since erased, even when the vault itself is lost."""
    before = published(stocked)
    erased = json.loads(stocked.here("erase", "--author", WHO, "--yes", "--json").stdout)
    (stocked.home / "vault.duckdb").write_bytes(b"broken")

    restored = stocked.here("restore", "backups", "--yes")

    assert restored.returncode == 0, restored.stderr
    assert erased["posts"] == 3
    assert published(stocked)[0] == before[0] - erased["posts"]
    assert json.loads(stocked.here("access", "--author", WHO).stdout)["posts"] == []
    assert {oct(stat.S_IMODE(path.stat().st_mode) & 0o077) for path in stocked.home.rglob("*")} == {"0o0"}


@pytest.mark.parametrize("damage", ["bytes", "manifest", "key"])
def test_a_damaged_backup_is_refused(stocked, damage):
    """One line says what is wrong, and the vault stays as it is."""
    (place,) = (stocked.place / "backups").iterdir()
    variables = {}
    if damage == "bytes":
        data = bytearray((place / "vault.duckdb").read_bytes())
        data[len(data) // 2] ^= 1
        (place / "vault.duckdb").write_bytes(data)
    elif damage == "manifest":
        (place / "manifest.json").write_text("{")
    else:
        variables = {"ETALAGE_VAULT_KEY": "another key of 32 characters...."}
    inode = (stocked.home / "vault.duckdb").stat().st_ino

    answer = stocked.here("restore", str(place), "--yes", **variables)

    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1), answer.stderr
    assert (stocked.home / "vault.duckdb").stat().st_ino == inode


def test_a_backup_fills_an_empty_home(stocked, tmp_path):
    """On another machine, with the key alone, everything is there, pseudonyms and their key included."""
    key = (stocked.home / "keys" / "vault.key").read_text().strip()
    query = "select md5(string_agg(author_key, '' order by author_key)) as keys from core.authors"
    other = Etalage(tmp_path / "other")
    other.place.mkdir()

    without = other.here("restore", str(tmp_path / "backups"))
    answer = other.here("restore", str(tmp_path / "backups"), ETALAGE_VAULT_KEY=key)

    assert (without.returncode, without.stderr.count("\n")) == (1, 1)
    assert answer.returncode == 0, answer.stderr
    assert other.sql(query) == stocked.sql(query)
    assert len({(one.home / "keys" / PSEUDONYM_KEY).read_text() for one in (stocked, other)}) == 1


def test_rekey(stocked, tmp_path):
    """The old key opens nothing any more; the new one, made or given, opens all."""
    file = stocked.home / "keys" / "vault.key"
    old = file.read_text()
    (stocked.home / "copies").mkdir()
    (stocked.home / "copies" / "20260501T033000-before-restore.duckdb").touch()
    made = stocked.here("vault", "rekey")
    assert list((stocked.home / "copies").iterdir()) == []
    assert made.returncode == 0, made.stderr
    new = file.read_text().strip()
    assert new != old.strip()
    assert new not in made.stdout + made.stderr
    assert stocked.here("backup", "others", ETALAGE_VAULT_KEY=old.strip()).returncode == 1
    assert stocked.here("backup", "others").returncode == 0
    (tmp_path / "own.key").write_text("my own key, long enough\n")
    given = stocked.here("vault", "rekey", "--key-file", "own.key")
    assert given.returncode == 0, given.stderr
    assert stocked.here("access", "--author", WHO).returncode == 1
    assert stocked.here("access", "--author", WHO, ETALAGE_VAULT_KEY="my own key, long enough").returncode == 0


def test_the_key_in_the_systems_keyring(stocked, tmp_path):
    """`vault rekey` moves it from the file to the keyring; without an answer there is one line."""
    (tmp_path / "test_keyring_backend.py").write_text(KEYRING)
    ring = {
        "ETALAGE_VAULT_KEYRING": "true",
        "PYTHON_KEYRING_BACKEND": "test_keyring_backend.Files",
        "PYTHONPATH": str(tmp_path),
        "TEST_KEYRING": str(tmp_path / "ring.json"),
    }

    moved = stocked("vault", "rekey", **ring)
    answer = stocked("backup", "others", **ring)
    (tmp_path / "ring.json").unlink()
    lost = stocked("backup", "others", **ring)
    dead = stocked("backup", "others", **(ring | {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}))

    assert "keyring" in moved.stdout, moved.stderr
    assert not (stocked.home / "keys" / "vault.key").exists()
    assert answer.returncode == 0, answer.stderr
    for wrong in (lost, dead):
        assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1), wrong.stderr
        assert "ETALAGE_VAULT_KEY" in wrong.stderr


@pytest.mark.parametrize("arguments", [[], ["--author", "a@x", "--post", "https://x.com/a/status/1"]])
def test_erase_wants_one_thing(tmp_path, arguments):
    """Nothing, or two things at once, get one line."""
    answer = Etalage(tmp_path).here("erase", *arguments, "--yes")

    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
    assert "--organisation" in answer.stderr


def test_a_sweep_as_a_person_starts_it(night):
    """Of the sample nothing is asked and nothing is due; `status` shows what the sweep wrote."""
    answer = night("sweep", "--json")

    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["outcome"] == "ok"
    assert json.loads(night.here("status", "--json").stdout)["sweep"]["outcome"] == "ok"
