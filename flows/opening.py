"""Open the vault with its key, and leave it as it should be: what was erased is compacted away when it closes."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flows.lock import run_lock
from flows.settings import Settings
from flows.stopping import Stop, stop_on_signal
from warehouse.compaction import compact, is_owed
from warehouse.errors import ChecksFailed, Leak, WarehouseError
from warehouse.keys import Keys, read_keys
from warehouse.migrate import tidy_copies
from warehouse.rekey import finish
from warehouse.stopping import Stopped
from warehouse.vault import Connection, open_vault


def vault_keys(settings: Settings) -> Keys:
    """Read the keys; the vault's from the settings when given there."""
    secret = settings.vault_key.get_secret_value() if settings.vault_key else None
    return read_keys(settings.home / "keys", secret, in_keyring=settings.vault_keyring)


@contextmanager
def stored(settings: Settings) -> Iterator[tuple[Connection, Keys]]:
    """Open what is stored already, alone; where nothing is, nothing is made."""
    if not (settings.home / "vault.duckdb").exists():
        raise WarehouseError(f"{settings.home}: nothing is stored here yet: run `etalage nightly` first")
    with run_lock(settings.home), opened(settings) as held:
        yield held


@contextmanager
def opened(settings: Settings, stop: Stop | None = None) -> Iterator[tuple[Connection, Keys]]:
    """Open the vault of these settings; the caller holds the run lock.

    Once `stop` is set, or a signal comes, a compaction that is owed is left, or broken off, for whoever opens it next.
    What cannot be published stands in no compaction's way: it may be so for weeks.
    """
    stop = stop or Stop()
    path = settings.home / "vault.duckdb"
    finish(path, settings.home / "keys", in_keyring=settings.vault_keyring)
    _tidy(path)
    keys = vault_keys(settings)
    unpublished: ChecksFailed | Leak | None = None
    with open_vault(path, keys.vault) as con:
        try:
            yield con, keys
        except (ChecksFailed, Leak) as error:
            unpublished = error
        owed = is_owed(con)
    if owed and not stop.is_set():
        with stop_on_signal(stop), suppress(Stopped):
            compact(path, keys.vault, stop=stop)
    if unpublished:
        raise unpublished


def _tidy(path: Path) -> None:
    """Remove copies of the vault past their time, and new ones whose maker was killed: they hold who was erased since.

    Before it is opened, because not every opening comes to a good end.
    """
    tidy_copies(path.parent)
    for unfinished in path.parent.glob(f"{path.name}.new*"):
        unfinished.unlink(missing_ok=True)
