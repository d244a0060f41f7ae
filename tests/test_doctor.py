"""`etalage doctor` where the home or a file in it may not be used: what is wrong, what helps, and on to the end."""

import json
import os
from pathlib import Path

import pytest
from etalage_command import Etalage
from pydantic import SecretStr

from flows import doctor
from flows.settings import Settings, load_settings
from warehouse.errors import Damaged, DiskFull, NewerVault, ReadOnly, WrongKey
from warehouse.keys import read_keys
from warehouse.vault import open_vault

DENIED = PermissionError(13, "Permission denied", "run.lock")


def raising(error):
    """A function that raises this, whatever it is given."""

    def function(*_arguments, **_options):
        raise error

    return function


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Settings of a home with a vault."""
    monkeypatch.delenv("ETALAGE_VAULT_KEY", raising=False)
    home = tmp_path / "data"
    home.mkdir(mode=0o700)
    read_keys(home / "keys")
    return Settings(home=home, _env_file=None)


@pytest.mark.parametrize(
    ("name", "error", "is_the_vaults"),
    [
        ("run_lock", DENIED, False),
        ("open_vault", NewerVault("update Etalage"), False),
        ("open_vault", ReadOnly("may not be written"), False),
        ("open_vault", DiskFull("make room"), False),
        ("open_vault", WrongKey("does not fit"), True),
        ("open_vault", Damaged("cannot be read"), True),
    ],
)
def test_a_key_or_a_backup_is_asked_for_where_one_helps(settings, monkeypatch, name, error, is_the_vaults):
    """The words of every other error say themselves what to do."""
    (settings.home / "vault.duckdb").touch()
    monkeypatch.setattr(doctor, "finish", lambda *_, **__: None)
    monkeypatch.setattr(doctor, name, raising(error))

    (told,) = (found for found in doctor._files(settings) if found.verdict == "wrong")

    assert is_the_vaults is ("key" in told.remedy and "backup" in told.remedy)
    assert (error.strerror if isinstance(error, OSError) else str(error)) in told.finding


def test_a_key_beside_the_vault_is_no_ok(settings):
    """Wherever else it is given from; the remedy, followed to its end, leads to an ok."""
    file = settings.home / "keys" / "vault.key"
    key = read_keys(settings.home / "keys").vault
    with open_vault(settings.home / "vault.duckdb", key):
        pass
    in_file = settings.model_copy(update={"vault_keyring": True})
    in_both = settings.model_copy(update={"vault_key": SecretStr(key)})

    (kept,) = doctor._files(in_file)
    (given,) = doctor._files(in_both)
    file.unlink()
    (mended,) = doctor._files(in_both)

    assert [found.verdict for found in (kept, given, mended)] == ["warning", "warning", "ok"]
    assert "etalage vault rekey" in kept.remedy  # vault_keyring alone leaves the file in use
    assert str(file) in given.finding
    assert "remove that file" in given.remedy


@pytest.mark.parametrize("there", [True, False])
def test_a_home_that_may_not_be_written_is_wrong(settings, monkeypatch, there):
    """Also one that is still to be made, where its nearest folder may not be written."""
    given = settings if there else Settings(home=settings.home / "new" / "home", _env_file=None)
    monkeypatch.setattr(os, "access", lambda folder, mode: folder.exists() and mode == os.F_OK)

    (told,) = doctor._files(given)

    assert (told.what, told.verdict) == ("files", "wrong")
    assert str(settings.home) in told.finding.split()
    assert "--home" in told.remedy


def test_a_home_in_a_folder_that_may_not_be_entered_is_wrong(settings, monkeypatch):
    """`Path.exists` raises there, in the settings and in every finding."""
    monkeypatch.chdir(settings.home)
    for name in ("exists", "is_dir"):
        monkeypatch.setattr(Path, name, raising(DENIED))
    monkeypatch.setattr(os, "access", lambda folder, mode: folder == settings.home and mode == os.F_OK)

    below = load_settings(home=settings.home / "new")
    found = [*doctor._files(below), doctor._disk(below.home), doctor._time(below.home)]

    assert [(one.what, one.verdict) for one in found if one.verdict == "wrong"] == [("files", "wrong")]
    assert list(doctor._last_failure(below.home)) == []


def test_doctor_comes_to_its_end_where_no_home_can_be_made(tmp_path):
    """Scripts get their one document: that Prefect's folder cannot be made is a finding among the others."""
    (tmp_path / "file").touch()

    looked = Etalage(tmp_path).here("doctor", "--json", "--home", "file/data")
    verdicts = {found["what"]: found["verdict"] for found in json.loads(looked.stdout or "[]")}

    assert (looked.returncode, looked.stderr) == (1, "")
    assert (verdicts["files"], verdicts["prefect"]) == ("wrong", "wrong")
