"""What the page shows, read from the published file in one go by queries/*.sql."""

from pathlib import Path
from typing import Any

from warehouse.sql import read_folder

Row = dict[str, Any]


def read_facts(published: Path) -> dict[str, Any]:
    """Read the answers of page/queries/*.sql, as `read_folder` gives them."""
    return read_folder(published, "page/queries")
