"""What the terminal shows of the published file, read in one go: figures, coverage, runs, budget."""

from pathlib import Path
from typing import Any

import duckdb

from warehouse.answers import as_dicts
from warehouse.errors import clear_errors, other_version
from warehouse.sql import open_published
from warehouse.sqlfiles import scripts


def read_summary(published: Path) -> dict[str, Any]:
    """Read the published file: a list of rows (dicts) a name of summary/*.sql, and `about` as one dict.

    Raises `WarehouseError` when there is none, when another version made it, or when it cannot be read: damage may show
    as late as in a table.
    """
    with clear_errors(published):
        con = open_published(published)
        try:
            summary: dict[str, Any] = {name: as_dicts(con.execute(sql)) for name, sql in scripts("summary")}
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise other_version(published) from error
        finally:
            con.close()
    summary["about"] = {row["name"]: row["value"] for row in summary["about"]}
    summary["counts"] = summary["counts"][0]
    return summary
