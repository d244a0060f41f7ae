"""Keys: made once, private, apart from each other, and never shown."""

import pytest

from warehouse.errors import WrongKey
from warehouse.keys import read_keys


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
