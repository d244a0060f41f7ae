"""Another key, a backup, a backup put back: what a person does to the vault as a whole."""

from contextlib import suppress
from pathlib import Path

from connectors import cutting
from flows.erasing import as_asked_for, republish
from flows.lock import run_lock
from flows.opening import opened, stored, vault_keys
from flows.settings import Settings
from warehouse import backup, tombstones
from warehouse.compaction import compact
from warehouse.erasure import erase
from warehouse.erasure_names import withhold_stored
from warehouse.erasure_requests import buried, buried_organisations
from warehouse.errors import Damaged
from warehouse.keys import pseudonym_key, read_vault_key
from warehouse.migrate import tidy_copies
from warehouse.rekey import finish, rekey
from warehouse.vault import Connection, open_vault, transaction


def rekey_now(settings: Settings, given: str | None) -> str:
    """Encrypt the vault anew and say where the new key is: in what is given, in the keyring, or in keys/."""
    directory, path = settings.home / "keys", settings.home / "vault.duckdb"
    with run_lock(settings.home):
        finish(path, directory, in_keyring=settings.vault_keyring)
        keys = vault_keys(settings)
        rekey(path, directory, keys, given, in_keyring=settings.vault_keyring)
        tidy_copies(settings.home, hours=0)  # they open with the key of before
    if given is not None:
        return "the key that you gave"
    return "the system's keyring" if settings.vault_keyring else str(directory / "vault.key")


def backup_now(settings: Settings, folder: Path) -> backup.Backup:
    """Write a backup into a new folder under `folder`, and check it."""
    with stored(settings) as (con, keys):
        return backup.make_backup(con, folder, keys)


def restore_now(settings: Settings, folder: Path) -> tuple[backup.Backup, Path | None]:
    """Put the newest backup in `folder` back, without what was erased since; publish from it.

    Returns what was put back, and where the vault that it replaced is kept for a day.
    """
    place = backup.newest(folder)
    with run_lock(settings.home):
        with suppress(Damaged):  # which is why somebody restores
            finish(settings.home / "vault.duckdb", settings.home / "keys", in_keyring=settings.vault_keyring)
        given = settings.vault_key.get_secret_value() if settings.vault_key else None
        key = read_vault_key(settings.home / "keys", given, in_keyring=settings.vault_keyring)
        fresh, is_spending_known = backup.restore(place, settings.home, key)
        pseudonym = pseudonym_key(settings.home / "keys")
        with open_vault(fresh, key) as con:
            _bury_again(con, pseudonym, settings)
        compact(fresh, key)
        kept = backup.replace_vault(settings.home)
        with opened(settings) as (con, keys):
            republish(con, keys, settings)
            rows = {table: one["rows"] for table, one in backup.contents(con).items()}
    return backup.Backup(place, rows, is_spending_known), kept


def _bury_again(con: Connection, key: bytes, settings: Settings) -> None:
    """Erase from a restored vault what was erased after the backup was made: what has a tombstone, names in texts."""
    gone = tombstones.gone(con, key)
    if gone is None:
        return
    with transaction(con):
        withhold_stored(con, key)
    for organisation in buried_organisations(con):
        erase(con, organisation, "restored", key=key, cutting=cutting)
    request = buried(con, gone)
    if request.posts or request.authors or request.handles:
        erase(con, as_asked_for(request, settings), "restored", key=key, cutting=cutting)
