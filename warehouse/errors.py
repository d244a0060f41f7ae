"""What can go wrong with the warehouse's files, each as one line that says what to do.

WarehouseError
 ├─ WrongKey       the vault's key is not the one it was written with, or is missing
 ├─ NewerVault     the vault was written by a newer version of Etalage
 ├─ Busy           another process, or another run of this one, has the file
 ├─ ReadOnly       the folder or file may not be written
 ├─ DiskFull       there is no room left
 ├─ Damaged        the file is not a database, or can no longer be read
 ├─ ChecksFailed   a promise about the data is broken: nothing was published
 ├─ Leak           a person could be recognised in what was to be published: nothing was
 ├─ BadQuery       a question in SQL that cannot be, or may not be, answered
 └─ BadArgument    what was asked for cannot be understood, or is not there
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb


class WarehouseError(Exception):
    """Something is wrong with a file of the warehouse; the message is one line for a person."""


class WrongKey(WarehouseError):
    """The vault does not open with this key."""


class NewerVault(WarehouseError):
    """The vault's schema is newer than this program."""


class Busy(WarehouseError):
    """Somebody else has the file open for writing."""


class ReadOnly(WarehouseError):
    """The folder or the file may not be written."""


class DiskFull(WarehouseError):
    """The disk, or this process's allowance on it, is full."""


class Damaged(WarehouseError):
    """The file cannot be read as what it should be."""


class ChecksFailed(WarehouseError):
    """At least one check returned offenders."""


class Leak(WarehouseError):
    """Something in the file to be published would name a person."""


class BadQuery(WarehouseError):
    """A question that cannot be answered, with DuckDB's own reason in one line."""


class BadArgument(WarehouseError):
    """What a person asked for cannot be understood, or is not there: an account, a post, a number, a place."""


NO_SUCH_PLACE: Final = (FileNotFoundError, FileExistsError, IsADirectoryError, NotADirectoryError)
"""The system's errors about a path that is not what it was taken for."""

# Words of DuckDB and of the operating system, with what they mean to us. The first that fits decides.
_MEANINGS: Final[tuple[tuple[tuple[str, ...], type[WarehouseError], str], ...]] = (
    (
        ("No space left", "File too large", "Disk quota", "not enough disk space"),
        DiskFull,
        "the disk is full: make room and run again; what was stored before stays",
    ),
    (
        ("Wrong encryption key", "without a key", "is not encrypted", "encryption key"),
        WrongKey,
        "the key does not fit: use the key the vault was made with (keys/vault.key or ETALAGE_VAULT_KEY)",
    ),
    (
        ("Could not set lock", "Conflicting lock", "already attached"),
        Busy,
        "another process has it open: wait for it to end, or stop it",
    ),
    (
        ("Permission denied", "Read-only file system", "read-only mode", "Operation not permitted"),
        ReadOnly,
        "it may not be written: give this user write permission, or choose another --home",
    ),
    (
        ("newer version of DuckDB", "storage version"),
        NewerVault,
        "it was written by a newer DuckDB: update Etalage",
    ),
    (
        ("not a valid DuckDB database", "Corrupt", "checksum", "deserialize", "failed to load"),
        Damaged,
        "it cannot be read as a DuckDB file: restore it from a backup; the published file is made anew by the next run",
    ),
)


def translate(error: Exception, path: Path) -> WarehouseError | None:
    """Say in one line what `error` means for the file at `path`; None when it is not about the file."""
    words = str(error)
    for signs, kind, meaning in _MEANINGS:
        if any(sign.lower() in words.lower() for sign in signs):
            return kind(f"{path}: {meaning}")
    if isinstance(error, duckdb.IOException | OSError):
        reason = getattr(error, "strerror", None) or next(iter(words.splitlines()), type(error).__name__)
        return (BadArgument if isinstance(error, NO_SUCH_PLACE) else WarehouseError)(f"{path}: {reason}")
    return None


def other_version(published: Path) -> WarehouseError:
    """Say of a published file that it has not the tables and columns that this version asks for."""
    return WarehouseError(f"{published}: another version of Etalage made it: run `etalage nightly` to publish it again")


def is_of_storage(error: BaseException) -> bool:
    """Tell whether a file of the warehouse is the reason, such as a full disk: trying something else would fail too."""
    return isinstance(error, WarehouseError) or (
        isinstance(error, duckdb.Error) and translate(error, Path()) is not None
    )


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn DuckDB's and the system's errors about `path` into ours; let every other error pass."""
    try:
        yield
    except (duckdb.Error, OSError) as error:
        ours = translate(error, path)
        if ours is None:
            raise
        raise ours from error
