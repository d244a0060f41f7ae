"""What the page shows, read from the published file in one go by queries/*.sql."""

from pathlib import Path
from typing import Any

from warehouse.errors import other_version
from warehouse.sql import read_folder

Row = dict[str, Any]


def read_facts(published: Path) -> dict[str, Any]:
    """Read the answers of page/queries/*.sql, as `read_folder` gives them.

    Raises `WarehouseError` also when the file does not say whether it holds fiction: another version made it.
    """
    facts = read_folder(published, "page/queries")
    if "holds_fiction" not in facts["about"]:
        raise other_version(published)
    return facts
