"""What the page shows, read from the published file in one go by queries/*.sql."""

from pathlib import Path
from typing import Any, Final

import duckdb

from warehouse.answers import as_dicts
from warehouse.errors import clear_errors, other_version
from warehouse.sql import open_published
from warehouse.sqlfiles import scripts

Row = dict[str, Any]

_QUERIES: Final = "page/queries"


def read_facts(published: Path) -> dict[str, Any]:
    """Read a list of rows a query, `about` and `settings` as one dict by name each, `counts` as one row.

    Raises `WarehouseError` when there is no published file, or when another version of Etalage made it.
    """
    with clear_errors(published):
        con = open_published(published)
        try:
            facts: dict[str, Any] = {name: as_dicts(con.execute(sql)) for name, sql in scripts(_QUERIES)}
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise other_version(published) from error
        finally:
            con.close()
    for name in ("about", "settings"):
        facts[name] = {row["name"]: row["value"] for row in facts[name]}
    facts["counts"] = facts["counts"][0]
    return facts
