"""A LinkedIn member's own export, donated by its owner: the zip as LinkedIn gives it, or its single files.

Only three files are opened: Shares.csv, Comments.csv, and Profile.csv for the owner's name and headline. All
else in the export, messages and contacts among it, is left alone. Nothing is unpacked to disk.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedIOBase
from pathlib import Path, PurePosixPath
from typing import cast

from connectors.files.csv_rows import Row, read_rows

LARGEST = 256 * 2**20
"""Bytes of an unpacked file at most."""
MOST_FILES = 10_000
RATIO = 200
"""A text packs to a tenth or so; what unpacks to more than this many times its size is no text."""
_SMALL = 2**20
FORMATS = {"Shares.csv": "linkedin/shares", "Comments.csv": "linkedin/comments"}
_PROFILE = "Profile.csv"


def parts_of(path: Path) -> list[str]:
    """Return which files with posts an export has; ValueError when it has none, or is no export."""
    names = set(_members(path)) if zipfile.is_zipfile(path) else {path.name}
    if found := [name for name in FORMATS if name in names]:
        return found
    raise ValueError(f"{path} holds neither Shares.csv nor Comments.csv: give LinkedIn's zip, or one of these files")


def read_part(path: Path, name: str) -> Iterator[Row]:
    """Yield the rows of one file of an export."""
    with _opened(path, name) as stream:
        # comments have a backslash before a quote, shares a second quote
        yield from read_rows(stream, needs="Date", escape="\\" if name == "Comments.csv" else None)


def read_owner(path: Path) -> tuple[str | None, str | None]:
    """Return the owner's name and headline, where the export has them."""
    beside = path.with_name(_PROFILE)
    if zipfile.is_zipfile(path):
        if _PROFILE not in _members(path):
            return None, None
    elif beside.is_file():
        path = beside
    else:
        return None, None
    with _opened(path, _PROFILE) as stream:
        row = next(read_rows(stream, needs="First Name"), None)
    values = row.values if row else {}
    name = " ".join(part for part in (values.get("First Name"), values.get("Last Name")) if part)
    return name or None, values.get("Headline") or None


@contextmanager
def _opened(path: Path, name: str) -> Iterator[BufferedIOBase]:
    if not zipfile.is_zipfile(path):
        with path.open("rb") as stream:
            yield stream
        return
    member = _members(path)[name]
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
            yield cast("BufferedIOBase", stream)  # zipfile.ZipExtFile is one
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError) as error:
        raise ValueError(f"{path}: {name} cannot be unpacked: {error}") from None


def _members(path: Path) -> dict[str, zipfile.ZipInfo]:
    """Return the files wanted by name; ValueError when the archive is larger than any export.

    zipfile itself never gives more bytes than a file's heading announces, so the announcement can be trusted.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise ValueError(f"{path} is no readable zip: {error}") from None
    if len(infos) > MOST_FILES:
        raise ValueError(f"{path} holds {len(infos)} files, more than any LinkedIn export")
    wanted: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = PurePosixPath(info.filename).name
        if name not in (*FORMATS, _PROFILE) or ".." in info.filename or name in wanted:
            continue
        packed_well = info.file_size > _SMALL and info.file_size > RATIO * max(1, info.compress_size)
        if info.file_size > LARGEST or packed_well:
            raise ValueError(f"{path}: {name} would unpack to {info.file_size} bytes, more than any LinkedIn export")
        wanted[name] = info
    return wanted
