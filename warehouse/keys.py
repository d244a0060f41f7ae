"""The keys: one opens the vault, one makes pseudonyms; both are made once and kept in files of their owner alone."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from warehouse.errors import WrongKey, clear_errors

_SHORTEST: Final = 16


@dataclass(frozen=True, slots=True)
class Keys:
    """The two keys, and where the vault's came from. They show in no repr."""

    vault: str = field(repr=False)
    pseudonym: bytes = field(repr=False)
    source: Literal["given", "file", "made"]


def read_keys(directory: Path, vault_key: str | None = None) -> Keys:
    """Read the keys in `directory`, making what is missing (mode 0600); `vault_key` goes before the file.

    A lost pseudonym key makes every author a new person to the analysts; a lost vault key loses the vault.
    """
    with clear_errors(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        pseudonym, _ = _read_or_make(directory / "pseudonym.key")
        if vault_key:
            return Keys(vault_key, pseudonym.encode(), "given")
        vault, is_new = _read_or_make(directory / "vault.key")
        return Keys(vault, pseudonym.encode(), "made" if is_new else "file")


def _read_or_make(path: Path) -> tuple[str, bool]:
    if path.exists():
        key = path.read_text(encoding="utf-8").strip()
        if len(key) < _SHORTEST:
            raise WrongKey(f"{path}: empty or cut off: put the key back from your own copy")
        return key, False
    key = secrets.token_hex(32)
    # Written whole beside its place and moved there: a crash never leaves half a key.
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return key, True
