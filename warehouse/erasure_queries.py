"""The ledger's queries that name somebody: another name for those of who is gone, or is listened to no more."""

from collections.abc import Callable, Collection, Iterable
from uuid import uuid4

from warehouse.erasure_record import note
from warehouse.sqlfiles import statement
from warehouse.vault import Connection, transaction

Query = tuple[str, str]
"""(source, query)."""


def forget_unheard(con: Connection, heard: Collection[Query], names_somebody: Callable[[str], bool]) -> int:
    """Rename the queries that name somebody, are not `heard`, and brought nothing that is left; return how many.

    A query that is listened to keeps its name: under another it would be read, and paid for, from its first night on.
    """
    rows = con.execute(statement("spent_queries")).fetchall()
    unheard = [one for one in rows if one not in heard and names_somebody(one[1])]
    if unheard:
        with transaction(con):
            rename_queries(con, unheard)
            note(con, "query", "retention")  # so that the vault is written anew in time, without their bytes
    return len(unheard)


def rename_queries(con: Connection, queries: Iterable[Query], *, is_closing: bool = False) -> None:
    """Give queries names that say nothing, a new one each, and forget how far they came: that may hold an account's id.

    With `is_closing` nothing is left to collect of them, and what was not read counts as not covered. Inside the
    caller's transaction.
    """
    rows = [{"source": source, "query": query, "name": f"erased {uuid4().hex}"} for source, query in queries]
    if not rows:
        return
    closed = ", state = if(state = 'complete', state, 'capped')" if is_closing else ""
    changes = {"windows": f", position = null, reason = null{closed}", "pages": ", position = null", "posts": ""}
    for table, more in changes.items():
        con.execute(
            f"update {table} set query = given.name{more} from (select unnest("
            "$queries::struct(source varchar, query varchar, name varchar)[], recursive := true)) as given "
            f"where {table}.source = given.source and {table}.query = given.query",
            {"queries": rows},
        ).fetchall()
