"""Which exit code belongs to which error, and its one line."""

import errno

from connectors.errors import SourceError
from flows.errors import BUSY, FAILED, UNPUBLISHED, USAGE, InputError
from flows.lock import AlreadyRunning
from flows.prefect_api import ApiError
from flows.settings import SettingsError
from nlp.artefact import ModelError
from warehouse.errors import NO_SUCH_PLACE, BadArgument, BadQuery, ChecksFailed, Leak, WarehouseError

_CODES: tuple[tuple[type[Exception], int], ...] = (
    (AlreadyRunning, BUSY),
    (SettingsError, USAGE),
    (InputError, USAGE),
    (BadQuery, USAGE),
    (BadArgument, USAGE),
    *((kind, USAGE) for kind in NO_SUCH_PLACE),
    (ChecksFailed, UNPUBLISHED),
    (Leak, UNPUBLISHED),
    (WarehouseError, FAILED),
    (ModelError, FAILED),
    (SourceError, FAILED),
    (ApiError, FAILED),
    (OSError, FAILED),
)


_NAMING_NOBODY: tuple[type[Exception], ...] = (AlreadyRunning, SettingsError, ModelError, WarehouseError, ApiError)
_NAMING: tuple[type[Exception], ...] = (BadArgument, BadQuery)
"""Those repeat what somebody typed."""

_REMEDIES: dict[int, str] = {
    errno.ENOSPC: "make room and run again; what was stored before stays",
    errno.EDQUOT: "make room and run again; what was stored before stays",
    errno.EACCES: "give this user the right to it, or choose another place (--home)",
    errno.EPERM: "give this user the right to it, or choose another place (--home)",
    errno.EROFS: "choose a place that can be written (--home)",
    errno.EADDRINUSE: "another program has this port: stop it",
}


def one_line(error: Exception) -> str:
    """Say what, where and, when known, what to do; the system's own errors without their numbers."""
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    where = f"{error.filename}: " if error.filename else ""
    remedy = _REMEDIES.get(error.errno)
    return f"{where}{error.strerror}" + (f"; {remedy}" if remedy else "")


def safe_reason(error: BaseException) -> str:
    """Say in one line what failed, for what is kept, sent or published: it may quote no post and name no account.

    Only errors whose words are ours say more than their type; what a library puts in its own is not known.
    """
    kind = type(error).__name__
    if isinstance(error, OSError):
        return f"{kind}: {error.strerror}" if error.strerror else kind
    if not isinstance(error, _NAMING_NOBODY) or isinstance(error, _NAMING):
        return f"{kind}, which nobody foresaw: its words are in Prefect's own log"
    return f"{kind}: {next(iter(str(error).splitlines()), '')}"[:500]


def exit_code(error: Exception) -> int | None:
    """Return the exit code of an error that a user can mend, None for one that is ours."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), None)
