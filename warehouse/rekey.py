"""Another key for the vault: a new file under the new key, and a moment at which both keys are on disk.

The new key is written down before the file under it takes the old one's place, and counts from the moment that the
vault opens with it: whenever this is cut off, `finish` knows which of the two it is.
"""

from pathlib import Path
from typing import Final

from warehouse.compaction import compact
from warehouse.errors import WrongKey, clear_errors
from warehouse.keys import VAULT_KEY, Keys, new_key, to_keyring, write_key
from warehouse.sqlfiles import literal
from warehouse.vault import bare

NEXT: Final = "vault.key.next"


def rekey(path: Path, directory: Path, keys: Keys, given: str | None = None, *, in_keyring: bool = False) -> None:
    """Encrypt the vault at `path`, which nobody has open, anew: under `given`, or under a key made and kept here."""
    if given is not None:
        compact(path, keys.vault, new_key=given)
        return
    fresh = new_key()
    write_key(directory / NEXT, fresh)
    compact(path, keys.vault, new_key=fresh)
    finish(path, directory, in_keyring=in_keyring)


def finish(path: Path, directory: Path, *, in_keyring: bool = False) -> None:
    """Make the next key the vault's when the vault opens with it; forget it when the vault is under another.

    Raises a `WarehouseError` when that cannot be told now (busy, damaged, not readable): the key may be the only one.
    """
    waiting = directory / NEXT
    if not waiting.exists() or not path.exists():
        return
    key = waiting.read_text(encoding="utf-8").strip()
    if not opens(path, key):
        waiting.unlink()
    elif in_keyring:
        to_keyring(directory, key)
        (directory / VAULT_KEY).unlink(missing_ok=True)
        waiting.unlink()
    else:
        waiting.replace(directory / VAULT_KEY)


def opens(path: Path, key: str) -> bool:
    """Tell whether the vault is under a key, without changing it; raise a `WarehouseError` when that is not known."""
    with bare() as con:
        try:
            with clear_errors(path):
                con.execute(f"attach {literal(str(path))} as tried (encryption_key {literal(key)}, read_only)")
        except WrongKey:
            return False
    return True
