"""What one run leaves for the next, and for `status`: small JSON files in the home, one object each.

A run goes on without them, so one that is damaged counts as one that is not there.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from warehouse.private import write_private

Kept = TypeVar("Kept")


def read_state(home: Path, name: str) -> dict[str, Any]:
    """Return what stands in a file of the home; nothing when it is missing, damaged or not to be read."""
    try:
        return _read(home / name)
    except (OSError, ValueError):
        return {}


def read_state_as(home: Path, name: str, kind: TypeAdapter[Kept]) -> Kept:
    """Return what stands in a file of the home, of the kind that it should be; what is damaged is empty."""
    found = read_state(home, name)
    try:
        return kind.validate_python(found)
    except ValidationError:
        return kind.validate_python({})


def write_state(home: Path, name: str, value: Mapping[str, Any]) -> None:
    """Put this in a file of the home, for its owner alone and in one move; the home is made where there is none.

    What stood there and could not be read is kept as NAME.damaged: what a person once answered may be in it.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = home / name
    if file.exists():
        try:
            _read(file)
        except (OSError, ValueError):
            file.replace(file.with_name(f"{name}.damaged"))
    write_private(file, json.dumps(value, ensure_ascii=False) + "\n")


def _read(file: Path) -> dict[str, Any]:
    found = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{file} holds no object")  # noqa: TRY004 - damaged, as text that is no JSON is
    return found
