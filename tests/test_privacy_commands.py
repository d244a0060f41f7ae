"""Erasing, access, backups and keys as a person does them, on a home that a nightly run has filled."""

import json
import shutil
import stat

import pytest
from etalage_command import Etalage

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


@pytest.fixture
def stocked(sample_run, tmp_path) -> Etalage:
    """A copy of the session's home."""
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


def test_erasing_as_a_person_does(stocked, root):
    """Access shows what there is; erasing takes it, published file included; the next nightly run keeps it out."""
    who = f"{somebody(root)}@x"
    before = published(stocked)
    shown = json.loads(stocked("access", "--author", who).stdout)
    refused = stocked("erase", "--author", who)
    erased = stocked("erase", "--author", who, "--yes", "--json")
    after = published(stocked)
    done = json.loads(erased.stdout)

    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "--yes" in refused.stderr
    assert erased.returncode == 0, erased.stderr
    assert done["posts"] >= len(shown["posts"]) > 0
    assert after == (before[0] - done["posts"], before[1] - 1)
    assert json.loads(stocked("access", "--author", who).stdout)["posts"] == []
    lines = (stocked.home / "erased.jsonl").read_text()
    assert somebody(root).lower() not in lines.lower()
    assert stocked("nightly").returncode == 0
    assert published(stocked) == after


def test_a_backup_does_not_bring_back_who_was_erased(stocked, tmp_path, root):
    """Restoring an older backup keeps what was erased since erased, even when the vault itself is lost."""
    who = f"{somebody(root)}@x"
    before = published(stocked)
    made = stocked("backup", str(tmp_path / "backups"))
    erased = json.loads(stocked("erase", "--author", who, "--yes", "--json").stdout)
    (stocked.home / "vault.duckdb").write_bytes(b"broken")

    restored = stocked("restore", str(tmp_path / "backups"), "--yes")

    assert made.returncode == 0, made.stderr
    assert restored.returncode == 0, restored.stderr
    assert published(stocked)[0] == before[0] - erased["posts"]
    assert json.loads(stocked("access", "--author", who).stdout)["posts"] == []
    assert {oct(stat.S_IMODE(path.stat().st_mode) & 0o077) for path in stocked.home.rglob("*")} == {"0o0"}


@pytest.mark.parametrize("damage", ["bytes", "manifest", "key"])
def test_a_damaged_backup_is_refused(stocked, tmp_path, damage):
    """One line says what is wrong, and the vault stays as it is."""
    stocked("backup", str(tmp_path / "backups"))
    (place,) = (tmp_path / "backups").iterdir()
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

    answer = stocked("restore", str(place), "--yes", **variables)

    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1), answer.stderr
    assert (stocked.home / "vault.duckdb").stat().st_ino == inode


def test_a_backup_fills_an_empty_home(stocked, tmp_path):
    """On another machine, with the key alone, everything is there, pseudonyms included."""
    stocked("backup", str(tmp_path / "backups"))
    key = (stocked.home / "keys" / "vault.key").read_text().strip()
    query = "select md5(string_agg(author_key, '' order by author_key)) as keys from core.authors"
    other = Etalage(tmp_path / "other", stocked.environment)
    other.place.mkdir()

    without = other("restore", str(tmp_path / "backups"))
    answer = other("restore", str(tmp_path / "backups"), ETALAGE_VAULT_KEY=key)

    assert (without.returncode, without.stderr.count("\n")) == (1, 1)
    assert answer.returncode == 0, answer.stderr
    assert other.sql(query) == stocked.sql(query)


def test_rekey(stocked, tmp_path):
    """The old key opens nothing any more; the new one, made or given, opens all."""
    file = stocked.home / "keys" / "vault.key"
    old = file.read_text()
    (stocked.home / "copies").mkdir()
    (stocked.home / "copies" / "20260501T033000-before-restore.duckdb").touch()
    made = stocked("vault", "rekey")
    assert list((stocked.home / "copies").iterdir()) == []
    assert made.returncode == 0, made.stderr
    new = file.read_text().strip()
    assert new != old.strip()
    assert new not in made.stdout + made.stderr
    assert stocked("backup", str(tmp_path / "b1"), ETALAGE_VAULT_KEY=old.strip()).returncode == 1
    assert stocked("backup", str(tmp_path / "b2")).returncode == 0
    (tmp_path / "own.key").write_text("my own key, long enough\n")
    given = stocked("vault", "rekey", "--key-file", str(tmp_path / "own.key"))
    assert given.returncode == 0, given.stderr
    assert stocked("backup", str(tmp_path / "b3")).returncode == 1
    assert stocked("backup", str(tmp_path / "b4"), ETALAGE_VAULT_KEY="my own key, long enough").returncode == 0


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
    answer = stocked("backup", str(tmp_path / "backups"), **ring)
    (tmp_path / "ring.json").unlink()
    lost = stocked("backup", str(tmp_path / "backups"), **ring)
    dead = stocked(
        "backup", str(tmp_path / "backups"), **(ring | {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"})
    )

    assert "keyring" in moved.stdout, moved.stderr
    assert not (stocked.home / "keys" / "vault.key").exists()
    assert answer.returncode == 0, answer.stderr
    for wrong in (lost, dead):
        assert (wrong.returncode, wrong.stderr.count("\n")) == (1, 1), wrong.stderr
        assert "ETALAGE_VAULT_KEY" in wrong.stderr


@pytest.mark.parametrize("arguments", [[], ["--author", "a@x", "--post", "https://x.com/a/status/1"]])
def test_erase_wants_one_thing(tmp_path, arguments):
    """Nothing, or two things at once, get one line."""
    answer = Etalage(tmp_path)("erase", *arguments, "--yes")

    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
    assert "--organisation" in answer.stderr


def test_a_sweep_as_a_person_starts_it(stocked):
    """Of the sample nothing is asked and nothing is due; `status` shows what the sweep wrote."""
    answer = stocked("sweep", "--json")

    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["outcome"] == "ok"
    assert json.loads(stocked("status", "--json").stdout)["sweep"]["outcome"] == "ok"
