"""Files that people already have, as pages: they are stored, mapped and merged as if an API had given them."""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from connectors.files import csv_rows, linkedin_export
from connectors.files.csv_rows import Row, read_rows
from connectors.files.lines import opened, read_lines
from connectors.files.table_posts import checked_columns
from connectors.gone import donor_id
from connectors.source import Page

FORMATS = ("twarc", "arctic-shift", "linkedin", "table")
"""What can be imported: twarc 2's JSONL; Arctic Shift's and Pushshift's; a LinkedIn export; CSV or JSONL."""
ROWS = 1000
"""Rows of a table in a page."""
_LINE_FORMATS = {"twarc": "twarc/lines", "arctic-shift": "reddit/archive"}

_Part = tuple[str, str, str]
"""A page's format, its payload, and the position after it."""


def read_pages(
    format: str,  # noqa: A002 - what the command line calls it
    path: Path,
    *,
    position: str | None = None,
    columns: Mapping[str, str] | None = None,
    author: str | None = None,
) -> Iterator[Page]:
    """Yield a file's pages from `position` on; the last one is complete.

    `columns` maps our fields to a table's columns. `author` names a LinkedIn export's owner where it does not
    say so itself. Pages are dated by the file's own time, so that an old file never outdoes what was collected
    since. Raises ValueError, in one clear line, for a format, file or columns that cannot be read.
    """
    if format not in FORMATS:
        raise ValueError(f"{format!r} is none of the formats {', '.join(FORMATS)}")
    if not path.is_file():
        raise ValueError(f"{path} is not a file")
    return _pages(path, _parts(format, path, position, columns, author))


def columns_of(path: Path) -> list[str]:
    """Return the columns that a table has: a CSV file's heading, or the keys of JSONL's first lines."""
    if not _is_jsonl(path):
        with opened(path) as stream:
            return csv_rows.columns_of(stream)
    return list(dict.fromkeys(key for row in itertools.islice(_json_rows(path), 100) for key in row.values))


def checked_mapping(path: Path, columns: Mapping[str, str]) -> dict[str, str]:
    """Return a table's mapping when it can work, else raise ValueError; JSONL has no heading to hold it against."""
    return checked_columns(columns, None if _is_jsonl(path) else columns_of(path))


def _parts(
    format_: str, path: Path, position: str | None, columns: Mapping[str, str] | None, author: str | None
) -> Iterator[_Part]:
    if format_ in _LINE_FORMATS:
        return _line_parts(_LINE_FORMATS[format_], path, position)
    if format_ == "linkedin":
        return _export_parts(path, position, author)
    if columns is None:
        raise ValueError("a table needs columns: which of its columns holds which field")
    return _table_parts(path, position, checked_mapping(path, columns))


def _pages(path: Path, parts: Iterator[_Part]) -> Iterator[Page]:
    dated = min(datetime.fromtimestamp(path.stat().st_mtime, UTC), datetime.now(UTC))
    part = next(parts, None)
    if part is None:
        heading = {"file": path.name, "line": 1}
        yield Page(format="twarc/lines", payload=json.dumps(heading) + "\n", fetched_at=dated, end="complete")
    while part is not None:
        following = next(parts, None)
        format_, payload, place = part
        yield Page(
            format=format_,
            payload=payload,
            fetched_at=dated,
            end="more" if following else "complete",
            position=place if following else None,
        )
        part = following


def _line_parts(format_: str, path: Path, position: str | None) -> Iterator[_Part]:
    start = _number(position)
    with opened(path) as stream:
        for piece in read_lines(stream):
            if piece.following > start:
                yield format_, piece.payload(path.name), str(piece.following)


def _export_parts(path: Path, position: str | None, author: str | None) -> Iterator[_Part]:
    """Read a LinkedIn export; its owner is known by name alone, so the id is made of the name."""
    name, headline = linkedin_export.read_owner(path)
    name = author or name
    if not name:
        raise ValueError(f"{path} does not say whose it is: name its owner")
    owner = {"id": donor_id(name), "name": name, "headline": headline}
    done, _, start = (position or "").rpartition(":")
    parts = linkedin_export.parts_of(path)
    for part in parts[parts.index(done) if done in parts else 0 :]:
        rows = linkedin_export.read_part(path, part)
        more = {"file": part, "owner": owner}
        for payload, line in _row_pages(rows, more, _number(start) if part == done else 1):
            yield linkedin_export.FORMATS[part], payload, f"{part}:{line}"


def _table_parts(path: Path, position: str | None, columns: dict[str, str]) -> Iterator[_Part]:
    more = {"file": path.name, "columns": columns}
    rows = _json_rows(path) if _is_jsonl(path) else _csv_rows(path)
    for payload, line in _row_pages(rows, more, _number(position)):
        yield "table/rows", payload, str(line)


def _row_pages(rows: Iterable[Row], more: dict[str, Any], start: int) -> Iterator[tuple[str, int]]:
    """Yield payloads of rows from line `start` on, and the line to go on from after each."""
    wanted = (row for row in rows if row.line >= start)
    while batch := list(itertools.islice(wanted, ROWS)):
        yield json.dumps({**more, "rows": [asdict(row) for row in batch]}, ensure_ascii=False), batch[-1].line + 1


def _csv_rows(path: Path) -> Iterator[Row]:
    with opened(path) as stream:
        yield from read_rows(stream)


def _json_rows(path: Path) -> Iterator[Row]:
    with opened(path) as stream:
        for piece in read_lines(stream):
            if piece.wrong:
                yield Row(piece.first, {}, piece.wrong)
                continue
            for number, line in enumerate(piece.content.decode("utf-8-sig", "replace").split("\n"), piece.first):
                if line.strip():
                    yield _json_row(number, line)


def _json_row(number: int, line: str) -> Row:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Row(number, {}, f"no JSON: {error}; {line[:200]}")
    return Row(number, values) if isinstance(values, dict) else Row(number, {}, "no object")


def _is_jsonl(path: Path) -> bool:
    with opened(path) as stream:
        return stream.read(200).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _number(position: str | None) -> int:
    return int(position) if position and position.isdigit() else 1
