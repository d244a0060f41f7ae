"""The keys: one opens the vault, one makes pseudonyms; both are made once and kept in files of their owner alone."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from warehouse.errors import WrongKey, clear_errors
from warehouse.private import write_private

VAULT_KEY: Final = "vault.key"
PSEUDONYM_KEY: Final = "pseudonym.key"
SERVICE: Final = "etalage"
SHORTEST: Final = 16
_MENDING: Final = {
    VAULT_KEY: "put the file back from your own copy, give ETALAGE_VAULT_KEY, or set vault_keyring if a keyring has it",
    PSEUDONYM_KEY: "put the file back from your own copy, or take it from a backup with `etalage restore DIR`",
}


@dataclass(frozen=True, slots=True)
class Keys:
    """The two keys, and where the vault's came from. They show in no repr."""

    vault: str = field(repr=False)
    pseudonym: bytes = field(repr=False)
    source: Literal["given", "keyring", "file", "made"]


def read_keys(directory: Path, vault_key: str | None = None, *, in_keyring: bool = False) -> Keys:
    """Read the keys in `directory`; where there is no vault yet, make what is missing (mode 0600).

    `vault_key` goes before the file.

    With `in_keyring` the vault's key is kept in the system's keyring; one in a file from before is used until
    `etalage vault rekey` has moved it there.

    A lost pseudonym key makes every author a new person to the analysts and lets come back who was erased; a lost
    vault key loses the vault. So beside a vault neither is made: raises `WrongKey`.
    """
    with clear_errors(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        has_vault = (directory.parent / "vault.duckdb").exists()
        # A vault that was made with a short one stays readable.
        if vault_key and len(vault_key) < SHORTEST and not has_vault:
            raise WrongKey(f"the vault's key that was given is too short: a key has at least {SHORTEST} characters")
        pseudonym, _ = _read_or_make(directory / PSEUDONYM_KEY)
        if vault_key:
            return Keys(vault_key, pseudonym.encode(), "given")
        if in_keyring and not (directory / VAULT_KEY).exists():
            return Keys(from_keyring(directory), pseudonym.encode(), "keyring")
        vault, is_new = _read_or_make(directory / VAULT_KEY)
        return Keys(vault, pseudonym.encode(), "made" if is_new else "file")


def read_vault_key(directory: Path, vault_key: str | None = None, *, in_keyring: bool = False) -> str:
    """Read the vault's key alone and make nothing, for a restore into a home that may be empty."""
    path = directory / VAULT_KEY
    with clear_errors(directory):
        if vault_key:
            return vault_key
        if path.exists():
            return _read(path)
        if in_keyring and (kept := _kept(directory)):
            return kept
    raise WrongKey(f"{directory.parent}: give the backup's own key: ETALAGE_VAULT_KEY, or the file {path}")


def pseudonym_key(directory: Path) -> bytes:
    """Read the key of the pseudonyms; it is not made here, for a new one would not be that of the published file."""
    path = directory / PSEUDONYM_KEY
    if not path.exists():
        raise WrongKey(f"{path}: the key of the pseudonyms is missing: work in the home directory that the runs use")
    with clear_errors(path):
        return _read(path).encode()


def lies_beside(directory: Path, vault_key: str) -> bool:
    """Tell whether the file beside the vault holds this key: then giving it from elsewhere protects nothing."""
    path = directory / VAULT_KEY
    with clear_errors(path):
        return path.exists() and path.read_bytes().strip() == vault_key.encode()


def new_key() -> str:
    """Make a key."""
    return secrets.token_hex(32)


def from_keyring(directory: Path) -> str:
    """Return the vault's key from the system's keyring; a new one when there is no vault yet."""
    if key := _kept(directory):
        return key
    if (directory.parent / "vault.duckdb").exists():
        raise WrongKey(f"{directory.parent}: the system's keyring holds no key for it: give ETALAGE_VAULT_KEY")
    key = new_key()
    to_keyring(directory, key)
    return key


def _kept(directory: Path) -> str | None:
    key = _asked(lambda keyring: keyring.get_password(SERVICE, str(directory.absolute())))
    return str(key) if key else None


def to_keyring(directory: Path, key: str) -> None:
    """Keep the vault's key in the system's keyring."""
    _asked(lambda keyring: keyring.set_password(SERVICE, str(directory.absolute()), key))


def _asked(question: Callable[[Any], Any]) -> Any:
    import keyring  # noqa: PLC0415 - only for who wants it: it looks for a desktop's services
    from keyring.errors import KeyringError  # noqa: PLC0415

    try:
        return question(keyring)
    except (KeyringError, RuntimeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise WrongKey(
            f"the system's keyring does not answer ({reason}): unlock it, or set ETALAGE_VAULT_KEY"
        ) from None


def write_key(path: Path, key: str) -> None:
    """Write a key into a file of its owner alone: whole and on disk, or not at all."""
    write_private(path, f"{key}\n")


def _read_or_make(path: Path) -> tuple[str, bool]:
    if path.exists():
        return _read(path), False
    if (path.parent.parent / "vault.duckdb").exists():
        raise WrongKey(f"{path}: missing, and another one would not fit the vault beside it: {_MENDING[path.name]}")
    key = new_key()
    write_key(path, key)
    return key, True


def _read(path: Path) -> str:
    key = path.read_text(encoding="utf-8").strip()
    if len(key) < SHORTEST:
        raise WrongKey(f"{path}: empty or cut off: put the key back from your own copy")
    return key
