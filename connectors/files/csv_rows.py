"""Rows of a CSV file with their places, within limits: an endless line or an unclosed quote costs its own line alone.

A quote that is never closed shows where the next quote contradicts it, or at the file's end. Then the line that opened
it is set aside and the lines below are read again, each for itself. What no reader can see is an unclosed quote that
a later stray one happens to close: a text of several lines looks just like that.
"""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase

from connectors.files.lines import read_lines

LONGEST = 2**20
"""Bytes of a line and characters of a row at most; a field may hold 131,072, the limit of Python's csv."""
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it ends on, its values by column, and what is wrong with it, if anything."""

    line: int
    values: dict[str, str]
    wrong: str | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    wrong: str | None = None


class _Lines:
    """Lines for csv.reader, which takes as many as a row has; those that turn out to be no row can be read again."""

    def __init__(self, lines: Iterator[_Line]) -> None:
        self._lines = lines
        self._ahead: deque[_Line] = deque()
        self._taken: list[_Line] = []
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else next(self._lines)
        self._taken.append(line)
        self._size += len(line.text)
        if line.wrong:
            raise csv.Error(line.wrong)
        if self._size > LONGEST:
            raise csv.Error(f"longer than {LONGEST} characters")
        return line.text

    def done(self) -> int:
        """Forget the row at hand and return the number of its last line."""
        last = self._taken[-1].number
        self._taken, self._size = [], 0
        return last

    def again(self) -> int:
        """Give back the lines of the row at hand but its first, and return the number of that."""
        first, *others = self._taken
        self._ahead.extendleft(reversed(others))
        self._taken, self._size = [], 0
        return first.number


def read_rows(stream: BufferedIOBase, *, needs: str | None = None, escape: str | None = None) -> Iterator[Row]:
    """Yield the rows below the heading, which is the first line or, with `needs`, the first that has this column.

    Empty rows are left out. `escape` is the sign before a quote inside quotes, where it is not doubled.
    """
    texts = _texts(stream)
    first = next((line for line in texts if needs is None or needs in line.text), _Line(0, ""))
    columns, delimiter = _heading(first)
    lines = _Lines(texts)
    reader = csv.reader(lines, delimiter=delimiter, escapechar=escape, strict=True)
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(lines.again(), {}, str(error))
            continue
        line = lines.done()
        if any(values):
            wrong = None if len(values) == len(columns) else f"{len(values)} values for {len(columns)} columns"
            yield Row(line, dict(zip(columns, values, strict=False)), wrong)


def columns_of(stream: BufferedIOBase) -> list[str]:
    """Return the names in a CSV file's heading."""
    return _heading(next(_texts(stream), _Line(0, "")))[0]


def _heading(line: _Line) -> tuple[list[str], str]:
    """Return the columns that a heading names, and what stands between them; ValueError where it cannot be read."""
    if line.wrong:
        raise _no_heading(line, line.wrong)
    delimiter = max(_DELIMITERS, key=line.text.count)
    try:
        names = next(csv.reader([line.text], delimiter=delimiter), [])
    except csv.Error as error:
        raise _no_heading(line, str(error)) from None
    return [name.strip() for name in names], delimiter


def _no_heading(line: _Line, reason: str) -> ValueError:
    """Return what is wrong with a heading; where lines end with CR alone the whole file stands in it."""
    if "\r" in line.text.strip():
        return ValueError("its lines end with CR alone: save it with LF")
    return ValueError(f"the heading cannot be read: {reason}")


def _texts(stream: BufferedIOBase) -> Iterator[_Line]:
    """Yield lines with their ends; spreadsheets write UTF-8 or, in the West, Windows' own code page."""
    for piece in read_lines(stream, block=LONGEST, longest=LONGEST):
        if piece.wrong:
            yield _Line(piece.first, _decoded(piece.content), piece.wrong)
            continue
        for number, line in enumerate(piece.content.split(b"\n"), piece.first):
            yield _Line(number, _decoded(line) + "\n")


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace").replace("\0", "")
