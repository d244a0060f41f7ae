"""Which exit code belongs to which error."""

from connectors.errors import SourceError
from flows.lock import AlreadyRunning
from flows.prefect_api import ApiError
from flows.settings import SettingsError
from nlp.artefact import ModelError
from warehouse.errors import BadQuery, ChecksFailed, Leak, WarehouseError

FAILED, USAGE, PARTIAL, BUSY, UNPUBLISHED = 1, 2, 3, 4, 5


class InputError(Exception):
    """A file or an argument is wrong; the message is one line: what, where, what to do."""


_CODES: tuple[tuple[type[Exception], int], ...] = (
    (AlreadyRunning, BUSY),
    (SettingsError, USAGE),
    (InputError, USAGE),
    (BadQuery, USAGE),
    (ChecksFailed, UNPUBLISHED),
    (Leak, UNPUBLISHED),
    (WarehouseError, FAILED),
    (ModelError, FAILED),
    (SourceError, FAILED),
    (ApiError, FAILED),
    (OSError, FAILED),
)


def exit_code(error: Exception) -> int | None:
    """Return the exit code of an error that a user can mend, None for one that is ours."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), None)
