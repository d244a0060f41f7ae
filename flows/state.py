"""What one run leaves for the next, and for `status`: small JSON files in the home, one object each.

None of them is the truth about anything, so one that is damaged counts as one that is not there.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from warehouse.private import write_private


def read_state(home: Path, name: str) -> dict[str, Any]:
    """Return what stands in a file of the home; nothing when it is missing, damaged or not to be read."""
    try:
        found = json.loads((home / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_state(home: Path, name: str, value: Mapping[str, Any]) -> None:
    """Put this in a file of the home, for its owner alone and in one move; the home is made where there is none."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(home / name, json.dumps(value, ensure_ascii=False) + "\n")
