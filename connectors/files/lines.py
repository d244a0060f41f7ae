"""Files of lines, however large: plain, .gz or .zst, read block by block, with a longest line.

A stored page of such a file is a heading in JSON (the file's name, its first line's number), a line break, and
the lines as they came. So the reader parses nothing and the mapping knows each item's place.
"""

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import zstandard

from connectors.items import Skip, clean, place, reason_of, unreadable
from connectors.post import Post
from connectors.source import Mapped, Page, Reject

BLOCK = 2 * 2**20
"""Bytes of a page, about: a thousand posts."""
LONGEST = 4 * 2**20
"""Bytes of a line at most; a page of 500 posts with all they refer to is about 2 MB."""
_UTF_16 = "is written in UTF-16: save it as UTF-8"
_PACKED = "is a spreadsheet or a zip: save it as CSV in UTF-8, or unpack it"
NO_LINES = {b"\xff\xfe": _UTF_16, b"\xfe\xff": _UTF_16, b"PK\x03\x04": _PACKED, b"\xd0\xcf\x11\xe0": _PACKED}
"""What a file begins with that has no lines to be read, and why: Windows' Unicode, .xlsx and all zips, .xls."""
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_WINDOW = 2**31
"""The largest window of Reddit's archives; memory is taken only when a file was packed with it."""
_DAMAGED = (EOFError, zlib.error, zstandard.ZstdError)
_CUT = (*_DAMAGED, OSError)
_BAD_LINE = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, RecursionError)
_START = 500


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines of a file: the number of the first, their bytes, and what is wrong with them, if anything."""

    first: int
    content: bytes
    wrong: str | None = None

    @property
    def following(self) -> int:
        """The number of the line after these."""
        return self.first + self.content.count(b"\n") + 1

    def payload(self, file: str) -> str:
        """Return the lines as a page's payload."""
        heading = {"file": file, "line": self.first} | ({"wrong": self.wrong} if self.wrong else {})
        return f"{json.dumps(heading)}\n{self.content.decode('utf-8-sig', 'replace')}"


@contextmanager
def opened(path: Path) -> Iterator[io.BufferedIOBase]:
    """Open a file for reading, unpacked by what its first bytes say it is; ValueError where that does not go."""
    with path.open("rb") as raw:
        try:
            with _unpacked(raw) as stream:
                yield stream
        except _DAMAGED as error:
            raise ValueError(f"cannot be unpacked: {error}") from None


@contextmanager
def _unpacked(raw: io.BufferedReader) -> Iterator[io.BufferedIOBase]:
    start = raw.read(4)
    raw.seek(0)
    if start.startswith(_GZIP):
        with gzip.open(raw) as unpacked:
            yield unpacked
    elif start == _ZSTD:
        unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        with unpacker.stream_reader(raw, read_across_frames=True) as stream:
            yield io.BufferedReader(stream, BLOCK)
    else:
        yield raw


def read_lines(stream: io.BufferedIOBase, *, block: int = BLOCK, longest: int = LONGEST) -> Iterator[Lines]:
    """Yield a stream's lines in pieces of about `block` bytes, none of them longer than `longest`.

    A longer line comes alone, cut to its beginning and marked as wrong. A stream that breaks off, as a cut
    archive does, ends with an empty piece that says so. Raises ValueError where the stream begins as no text does.
    """
    number, rest, skipping = 1, b"", False
    blocks = _checked(_blocks(stream, block))
    while True:
        try:
            data = next(blocks, b"")
        except _CUT as error:
            if rest and not skipping:
                yield Lines(number, rest)
                number += 1
            yield Lines(number, b"", f"the file breaks off here: {str(error)[:200]}")
            return
        if not data:
            break
        if skipping:
            _, found, data = data.partition(b"\n")
            if not found:
                continue
            skipping, number = False, number + 1
        head, found, tail = data.rpartition(b"\n")
        if found:
            piece = Lines(number, rest + head)
            yield piece
            number, rest = piece.following, tail
        else:
            rest += tail
        if len(rest) > longest:
            yield Lines(number, rest[:_START], f"longer than {longest} bytes")
            rest, skipping = b"", True
    if rest:
        yield Lines(number, rest)


def _checked(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield blocks; a file of another kind would give lines too, with wrong words."""
    first = next(blocks, b"")
    for start, reason in NO_LINES.items():
        if first.startswith(start):
            raise ValueError(reason)
    yield first
    yield from blocks


def _blocks(stream: io.BufferedIOBase, size: int) -> Iterator[bytes]:
    """Yield blocks of `size` bytes; one that breaks off is given as far as it goes before the error is raised."""
    while True:
        block = bytearray()
        try:
            while len(block) < size and (data := stream.read1(size - len(block))):
                block += data
        except _CUT:
            if block:
                yield bytes(block)
            raise
        if not block:
            return
        yield bytes(block)


def map_lines(page: Page, read: Callable[[str], Mapped | Post]) -> Mapped:
    """Map a page of lines; whatever `read` cannot read becomes a reject that names file and line."""
    posts: list[Post] = []
    rejects: list[Reject] = []
    heading, _, text = page.payload.partition("\n")
    try:
        about = json.loads(heading)
        file, first, wrong = about["file"], int(about["line"]), about.get("wrong")
    except (ValueError, TypeError, KeyError, RecursionError):
        return unreadable(page.payload, "no page of lines: its heading is missing")
    if wrong is not None:
        return Mapped((), (Reject(first, f"{place(file, first)}: {wrong}", clean(text)),))
    for number, line in enumerate(text.split("\n"), first):
        if not line or line.isspace():
            continue
        try:
            found = read(line)
        except Skip:
            continue
        except _BAD_LINE as error:
            rejects.append(Reject(number, f"{place(file, number)}: {reason_of(error)}", clean(line)))
            continue
        if isinstance(found, Post):
            posts.append(found)
            continue
        posts += found.posts
        rejects += [
            Reject(number, f"{place(file, number)}, item {inner.item}: {inner.reason}", inner.raw)
            for inner in found.rejects
        ]
    return Mapped(tuple(posts), tuple(rejects))
