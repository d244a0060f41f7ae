"""Rows of a CSV file with their places, within limits: an endless line or an unclosed quote costs itself alone."""

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase

from connectors.files.lines import read_lines

LONGEST = 2**20
"""Bytes of a line at most; a field may hold 131,072 characters, the limit of Python's csv."""
_DELIMITERS = ",;\t|"


class BrokenOff(ValueError):
    """The file ends before its end."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it ends on, its values by column, and what is wrong with it, if anything."""

    line: int
    values: dict[str, str]
    wrong: str | None = None


def read_rows(stream: BufferedIOBase, *, needs: str | None = None, escape: str | None = None) -> Iterator[Row]:
    """Yield the rows below the heading, which is the first line or, with `needs`, the first that has this column.

    Empty rows are left out. `escape` is the sign before a quote inside quotes, where it is not doubled.
    """
    lines = _texts(stream)
    above, first = next(
        ((number, line) for number, line in enumerate(lines) if needs is None or needs in line), (0, "")
    )
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(itertools.chain([first], lines), delimiter=delimiter, escapechar=escape)
    columns = [name.strip() for name in next(reader, [])]
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(above + reader.line_num, {}, str(error))
            continue
        except BrokenOff as error:
            yield Row(above + reader.line_num + 1, {}, str(error))
            return
        if any(values):
            wrong = None if len(values) == len(columns) else f"{len(values)} values for {len(columns)} columns"
            yield Row(above + reader.line_num, dict(zip(columns, values, strict=False)), wrong)


def columns_of(stream: BufferedIOBase) -> list[str]:
    """Return the names in a CSV file's heading."""
    first = next(_texts(stream), "")
    return [name.strip() for name in next(csv.reader([first], delimiter=max(_DELIMITERS, key=first.count)), [])]


def _texts(stream: BufferedIOBase) -> Iterator[str]:
    """Yield lines with their ends; spreadsheets write UTF-8 or, in the West, Windows' own code page."""
    for piece in read_lines(stream, block=LONGEST, longest=LONGEST):
        if piece.wrong and not piece.content:
            raise BrokenOff(piece.wrong)
        for line in piece.content.split(b"\n"):
            yield _decoded(line) + "\n"


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace").replace("\0", "")
