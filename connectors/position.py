"""Where a window's collecting stands, kept in the ledger as one line of text: a dataclass of plain values as JSON."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Place = TypeVar("Place", bound="DataclassInstance")


def written(place: "DataclassInstance") -> str:
    """Return a place as text, without what is None."""
    return json.dumps({name: value for name, value in asdict(place).items() if value is not None})


def read_place(kind: type[Place], text: str | None) -> Place | None:
    """Read a place; None without one, and for a text of another version.

    Then the window is started again, which costs time but loses nothing.
    """
    try:
        values = json.loads(text or "")
        return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})
    except (ValueError, TypeError, AttributeError):
        return None
