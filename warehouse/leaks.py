"""Names of people: found and masked in what is to be published, then looked for once more in the finished file."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types

from warehouse.errors import Leak
from warehouse.masking import mask
from warehouse.sqlfiles import statement
from warehouse.vault import Connection

NAME: Final = "[naam]"


def mask_names(con: Connection) -> None:
    """Mask names in the texts and run messages that will be published (`temp.texts`, `temp.messages`)."""
    _mask_links(con)
    con.execute(
        "create or replace temp table cells as "
        "select 'texts' as place, text as value from texts where getvariable('shown_text') = 'masked' "
        "union select 'messages', message from messages where message is not null"
    )
    needles: dict[str, list[str]] = defaultdict(list)
    for _place, value, needle in _find(con):
        needles[value].append(needle)
    if not needles:
        return
    replaced = pa.table({"value": list(needles), "masked": [_without(text, needles[text]) for text in needles]})
    con.register("replaced", replaced)
    con.execute("update texts set text = masked from replaced where text = value")
    con.execute("update messages set message = masked from replaced where message = value")
    con.unregister("replaced")


def drop_names(con: Connection) -> None:
    """Withhold the mentions and the names of organisations that hold a person's name."""
    con.execute(
        "create or replace temp table cells as "
        "select distinct 'mention' as place, mention as value from core.mentions "
        "union select 'organisation', organisation from core.organisations where organisation is not null"
    )
    _find_into(con, "named")
    con.execute("delete from core.mentions where mention in (select value from named where place = 'mention')")
    con.execute(
        "update core.organisations set organisation = null "
        "where organisation in (select value from named where place = 'organisation')"
    )


def scan(con: Connection) -> None:
    """Look for every name, handle, id and link in the file's text; raise `Leak` with the places, never the words."""
    columns = con.execute(statement("published_columns")).fetchall()
    con.execute(f"create or replace temp table cells as {' union '.join(_column(*column) for column in columns)}")
    places: dict[str, int] = defaultdict(int)
    for place, _value, _needle in _find(con):
        places[place] += 1
    for place, count in con.execute(
        "select place, count(*) from cells where contains(value, '://') group by place"
    ).fetchall():
        places[place] += count
    if places:
        where = ", ".join(f"{place} ({count})" for place, count in sorted(places.items()))
        raise Leak(f"not published: people could be recognised in {where}; the file of before stays")


def _mask_links(con: Connection) -> None:
    # Messages are a platform's own words; texts were masked when they were loaded.
    rows = con.execute("select run_id, message from messages where message is not null").fetchall()
    if rows:
        masked = pa.table({"run_id": [row[0] for row in rows], "masked": [mask(row[1]) for row in rows]})
        con.register("replaced", masked)
        con.execute("update messages set message = masked from replaced where messages.run_id = replaced.run_id")
        con.unregister("replaced")


def _find(con: Connection) -> list[tuple[str, str, str]]:
    return con.execute(statement("find_leaks")).fetchall()


def _find_into(con: Connection, table: str) -> None:
    con.execute(f"create or replace temp table {table} as {statement('find_leaks')}")


def _without(text: str, needles: Iterable[str]) -> str:
    # The longest first, so that a name goes before the part of it that is also somebody's handle.
    for needle in sorted(needles, key=len, reverse=True):
        pattern = r"\s+".join(re.escape(word) for word in needle.split(" "))
        text = re.sub(pattern, NAME, text, flags=re.IGNORECASE)
    return text


def _column(schema: str, table: str, column: str, data_type: str) -> str:
    value = f'unnest("{column}")' if data_type.endswith("[]") else f'"{column}"'
    return f"select '{schema}.{table}.{column}' as place, {value} as value from pub.{schema}.{table}"
