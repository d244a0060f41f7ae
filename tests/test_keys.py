"""Keys: made once, private, apart from each other, and never shown."""

import pytest

from warehouse.errors import WrongKey
from warehouse.keys import read_keys, read_vault_key, write_key


def test_made_once_and_private(tmp_path):
    """Keys are made at first use and read ever after; folder and files are their owner's alone."""
    first, second = read_keys(tmp_path / "keys"), read_keys(tmp_path / "keys")

    assert (first.source, second.source) == ("made", "file")
    assert (first.vault, first.pseudonym) == (second.vault, second.pseudonym)
    assert first.vault.encode() != first.pseudonym
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "keys").iterdir()} == {0o600}


def test_a_given_key_goes_first(tmp_path):
    """With a key from outside no vault key is written, only the one for pseudonyms."""
    keys = read_keys(tmp_path / "keys", "from-the-environment")

    assert (keys.vault, keys.source) == ("from-the-environment", "given")
    assert [file.name for file in (tmp_path / "keys").iterdir()] == ["pseudonym.key"]


def test_half_a_key(tmp_path):
    """A key file that was cut off is said to be so, and not replaced."""
    keys = read_keys(tmp_path)
    (tmp_path / "vault.key").write_text(keys.vault[:5])
    with pytest.raises(WrongKey, match="cut off"):
        read_keys(tmp_path)

    assert (tmp_path / "vault.key").read_text() == keys.vault[:5]


def test_keys_do_not_show(tmp_path):
    """The keys' repr holds neither key."""
    keys = read_keys(tmp_path)

    assert keys.vault not in repr(keys)
    assert keys.pseudonym.decode() not in repr(keys)


@pytest.mark.parametrize(("lost", "told"), [("pseudonym.key", "etalage restore"), ("vault.key", "ETALAGE_VAULT_KEY")])
def test_no_key_is_made_beside_a_vault(tmp_path, lost, told):
    """Another one would not fit: what was erased could come back, and the vault would not open."""
    keys = read_keys(tmp_path / "keys")
    (tmp_path / "vault.duckdb").touch()
    kept = (tmp_path / "keys" / lost).rename(tmp_path / lost)
    with pytest.raises(WrongKey, match=f"{lost}: missing.*{told}"):
        read_keys(tmp_path / "keys")
    assert not (tmp_path / "keys" / lost).exists()

    kept.rename(tmp_path / "keys" / lost)
    assert read_keys(tmp_path / "keys").vault == keys.vault


def test_the_vaults_key_alone_makes_nothing(tmp_path):
    """For a restore: the given key, or the file; without either it is refused, and no file is there afterwards."""
    folder = tmp_path / "keys"
    assert read_vault_key(folder, "from-the-environment") == "from-the-environment"
    with pytest.raises(WrongKey, match=r"ETALAGE_VAULT_KEY, or the file .*vault\.key"):
        read_vault_key(folder)
    assert not folder.exists()

    folder.mkdir()
    write_key(folder / "vault.key", "a key of somebody")
    assert read_vault_key(folder) == "a key of somebody"


def test_a_new_vault_takes_no_short_key(tmp_path):
    """Sixteen characters, wherever a key comes from; a vault that was made with fewer opens as before."""
    with pytest.raises(WrongKey, match="at least 16"):
        read_keys(tmp_path / "keys", "kort")
    assert not any((tmp_path / "keys").iterdir())

    read_keys(tmp_path / "keys", "a key of somebody")
    (tmp_path / "vault.duckdb").touch()

    assert read_keys(tmp_path / "keys", "kort").vault == "kort"
