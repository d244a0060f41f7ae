"""Tombstones beside the vault: keyed hashes in a plain file, so that a lost vault's erasures outlive it.

A restored backup is older than the erasures after it; this file is how it learns of them.
"""

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from warehouse.errors import Damaged, clear_errors
from warehouse.tombstones import Tombstone

FILE: Final = "erased.jsonl"


def keep(home: Path, stones: Iterable[Tombstone]) -> None:
    """Add the tombstones that the file does not hold yet, on disk before this returns.

    Given all of the vault's, this also makes up for a run that was killed between its erasure and this file.
    """
    path = home / FILE
    with clear_errors(path), os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        file.truncate(file.read().rfind(b"\n") + 1)  # a line that a crash cut off is written again, whole
        held = {(stone.kind, stone.key) for stone in read(home)}
        fresh = [stone for stone in stones if (stone.kind, stone.key) not in held]
        file.seek(0, os.SEEK_END)
        for stone in fresh:
            line = json.dumps([stone.kind, stone.key, stone.reason, stone.erased_at.isoformat()])
            file.write(f"{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def read(home: Path) -> list[Tombstone]:
    """Read all tombstones; a last line that a crash cut off is left out, for its erasure is still in the vault."""
    path = home / FILE
    if not path.exists():
        return []
    stones = []
    with clear_errors(path):
        lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        try:
            kind, key, reason, erased_at = json.loads(line)
            stones.append(Tombstone(kind, key, reason, datetime.fromisoformat(erased_at)))
        except (ValueError, TypeError):
            if number < len(lines):
                raise Damaged(f"{path}: line {number} cannot be read: put the file back from your own copy") from None
    return stones
