"""What one run leaves for the next, and for `status`: small JSON files in the home, one object each.

A run goes on without them, so one that is damaged counts as one that is not there; it is kept beside the new one.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from warehouse.private import write_private


def read_state(home: Path, name: str) -> dict[str, Any]:
    """Return what stands in a file of the home; nothing when it is missing, damaged or not to be read."""
    file = home / name
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError:
        return {}
    except ValueError:
        with suppress(OSError):
            file.replace(file.with_name(f"{name}.damaged"))
        return {}
    return found if isinstance(found, dict) else {}


def write_state(home: Path, name: str, value: Mapping[str, Any]) -> None:
    """Put this in a file of the home, for its owner alone and in one move; the home is made where there is none."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(home / name, json.dumps(value, ensure_ascii=False) + "\n")
