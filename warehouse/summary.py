"""What the terminal shows of the published file, read in one go: figures, coverage, runs, budget."""

from pathlib import Path
from typing import Any

from warehouse.sql import read_folder


def read_summary(published: Path) -> dict[str, Any]:
    """Read the answers of summary/*.sql, as `read_folder` gives them."""
    return read_folder(published, "summary")
