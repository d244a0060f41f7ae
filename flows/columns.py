"""Which column of a table holds which field: asked for once, kept in the home by the table's heading."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Final

from connectors.files.reading import checked_mapping, columns_of
from connectors.files.table_posts import OPTIONAL, REQUIRED, without_names
from flows.errors import InputError
from flows.state import read_state, write_state

FILE: Final = "columns.json"

Ask = Callable[[str, list[str]], str]
"""Asks a person which of these columns holds a field; an empty answer is none."""


def columns_for(home: Path, path: Path, given: str | None, ask: Ask | None) -> dict[str, str]:
    """Return a table's mapping: as given, as kept for this heading, or as a person says; and keep it.

    One that gives all rows an author or another value that may name somebody is not kept: no erasure looks there.
    Raises `InputError`, one line, when nobody says or the mapping cannot work.
    """
    try:
        heading = columns_of(path)
        stored = read_state(home, FILE)
        kept = {one: columns for one, columns in stored.items() if without_names(columns) == columns}
        key = hashlib.sha256(json.dumps(heading).encode()).hexdigest()[:16]
        mapping = parsed(given) if given else kept.get(key)
        if mapping is None:
            if ask is None:
                raise InputError(
                    f"{path}: say which column holds which field, for instance --columns "
                    f'"text=body,created_at=date,platform==x"; its columns are {", ".join(heading)}'
                )
            mapping = _asked(heading, ask)
        checked = checked_mapping(path, mapping)
    except (ValueError, OSError) as error:
        raise InputError(f"{path}: {error}") from None
    if without_names(checked) == checked:
        kept[key] = checked
    if kept != stored:
        write_state(home, FILE, kept)
    return checked


def parsed(text: str) -> dict[str, str]:
    """Read "text=body,platform==x": field, column; a second = makes it a value."""
    mapping = {}
    for part in text.split(","):
        field, equals, column = part.strip().partition("=")
        if not equals or not field.strip() or not column.strip():
            raise ValueError(f"--columns {part.strip()!r}: write field=column, or field==value")
        mapping[field.strip()] = column.strip()
    return mapping


def _asked(heading: list[str], ask: Ask) -> dict[str, str]:
    answers = {field: ask(field, heading) for field in (*REQUIRED, *OPTIONAL)}
    return {field: answer.strip() for field, answer in answers.items() if answer.strip()}
