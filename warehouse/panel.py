"""The panel in the vault: role and organisation of listed accounts, as publishing reads them."""

from collections.abc import Iterable

from warehouse.sqlfiles import statement
from warehouse.vault import Connection, transaction

Row = tuple[str, str, str | None, str | None]
"""(platform, handle or id as the authors table has it, organisation, role); somebody may have a row for each."""


def put_panel(con: Connection, rows: Iterable[Row]) -> int:
    """Put these rows in the place of those that are there, and return how many they are; opt-outs are none of them."""
    listed = [
        {"platform": platform, "handle": handle, "organisation": organisation, "role": role}
        for platform, handle, organisation, role in rows
    ]
    with transaction(con):
        con.execute("delete from panel").fetchall()
        if listed:
            con.execute(statement("insert_panel"), {"rows": listed}).fetchall()
    return len(listed)


def organisations(con: Connection) -> list[str]:
    """List the organisations that the panel's people work for, as the panel spells them."""
    found = con.execute(
        "select distinct organisation from panel where organisation is not null order by all"
    ).fetchall()
    return [name for (name,) in found]
