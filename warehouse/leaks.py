"""Names of people: found and masked in what is to be published, then looked for once more in the finished file."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types

from nlp.cleaning import usual
from warehouse.errors import Leak
from warehouse.masking import INVISIBLE, mask
from warehouse.sqlfiles import statement
from warehouse.vault import Connection

NAME: Final = "[naam]"
ROUNDS: Final = 4
Cell = tuple[str, str]
"""(place, item): where words stand."""
Values = dict[Cell, str]
_SPACE: Final = re.compile(r"\s+")


def mask_names(con: Connection) -> None:
    """Mask names in the texts and run messages that will be published (`temp.masked_names`, `temp.messages`)."""
    _mask_links(con)
    con.execute(
        "create or replace temp view cells as "
        "select 'texts' as place, post_key as item, masked_text as value from vault.posts "
        "where getvariable('shown_text') = 'masked' "
        "union all select 'messages', run_id, message from messages where message is not null"
    )
    # Without one name another may stand as a word of its own: what was changed is searched again.
    for _ in range(ROUNDS):
        if not _mask_found(con):
            return
        con.execute(
            "create or replace temp view cells as "
            "select 'texts' as place, post_key as item, text as value from masked_names "
            "union all select 'messages', run_id, message from messages where message is not null"
        )


def _mask_found(con: Connection) -> bool:
    """Mask what is found in `cells`; tell whether anything changed."""
    values, needles = found_in_cells(con)
    masked = {cell: without(values[cell], found) for cell, found in needles.items()}
    if masked:
        con.register("replaced", _as_cells(masked, "masked"))
        con.execute("delete from masked_names where post_key in (select item from replaced where place = 'texts')")
        con.execute("insert into masked_names select item, masked from replaced where place = 'texts'")
        con.execute("update messages set message = masked from replaced where place = 'messages' and run_id = item")
        con.unregister("replaced")
    return any(masked[cell] != values[cell] for cell in masked)


def found_in_cells(con: Connection, sift: Callable[[], None] | None = None) -> tuple[Values, dict[Cell, set[str]]]:
    """Search `cells` for `needles`: what the places that hold one say, and which they hold.

    `sift` may take needles away again once the table `found` tells where they stand.
    """
    con.execute(statement("find_leaks"))
    if sift:
        sift()
    values: Values = {}
    needles: dict[Cell, set[str]] = defaultdict(set)
    for place, item, value, needle in con.execute("from found semi join needles using (needle)").fetchall():
        values[place, item] = value
        needles[place, item].add(needle)
    return values, needles


def search_in(con: Connection, values: Values) -> None:
    """Let the next search be one of these."""
    con.register("given_cells", _as_cells(values, "value"))
    con.execute("create or replace temp table cells as from given_cells")
    con.unregister("given_cells")


def _as_cells(values: Values, name: str) -> pa.Table:
    kinds = pa.schema([("place", pa.string()), ("item", pa.string()), (name, pa.string())])
    places, items = ([cell[part] for cell in values] for part in (0, 1))
    return pa.table([places, items, list(values.values())], schema=kinds)


def drop_names(con: Connection) -> None:
    """Withhold the mentions and the names of organisations that hold a person's name, or a link."""
    con.execute(
        "create or replace temp view cells as "
        "select distinct 'mention' as place, null::varchar as item, mention as value from core.mentions "
        "union all select 'organisation', null, organisation from core.organisations where organisation is not null"
    )
    con.execute(statement("find_leaks"))
    con.execute("create or replace temp view said as select mention from core.mentions")
    con.execute(statement("find_joined"))
    con.execute(
        "delete from core.mentions where contains(mention, '://') or mention in "
        "(select value from found where place = 'mention' union all select mention from joined_found)"
    )
    con.execute(
        "update core.organisations set organisation = null "
        "where contains(organisation, '://') "
        "or organisation in (select value from found where place = 'organisation')"
    )


def scan(con: Connection) -> None:
    """Look for every name, handle, id and link in the file's text; raise `Leak` with the places, never the words.

    A published text that is, character for character, the vault's masked text in which `mask_names` found nothing
    with these same needles is not searched again: the search would say the same.
    """
    columns = con.execute(statement("published_columns")).fetchall()
    con.execute(f"create or replace temp view cells as {' union all '.join(_cells(*column) for column in columns)}")
    places: dict[str, int] = defaultdict(int)
    for place, _item, _value, _needle in _find(con):
        places[place] += 1
    links = " union all ".join(_links(*column) for column in columns)
    for place, count in con.execute(links).fetchall():
        if count:
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


def _find(con: Connection) -> list[tuple[str, str, str, str]]:
    con.execute(statement("find_leaks"))
    return con.execute("from found").fetchall()


def without(text: str, needles: Iterable[str]) -> str:
    """Return a text with a mark in place of each needle that was found in it; those that overlap get one together."""
    shown = _composed(text)
    places = [_places(shown, needle) for needle in needles]
    if not all(places):
        return NAME  # What cannot be cut out is left out whole.
    done, end = [], 0
    for start, stop in sorted(chain.from_iterable(places)):
        if start >= end:
            done += [shown[end:start], NAME]
        end = max(end, stop)
    return "".join(done) + shown[end:]


def flat(text: str) -> str:
    """Return a text as needles are written: lower case, usual letters, nothing invisible, single ordinary spaces."""
    return _SPACE.sub(" ", lowered(_composed(text)))


def lowered(text: str) -> str:
    """Return a text in lower case as DuckDB writes it: letter by letter, so that it stays as long as it was."""
    return text.lower() if text.isascii() else "".join(letter.lower()[0] for letter in text)


def _composed(text: str) -> str:
    return (
        text if text.isascii() and text.isprintable() else INVISIBLE.sub("", unicodedata.normalize("NFC", usual(text)))
    )


def _places(text: str, needle: str) -> list[tuple[int, int]]:
    """Return where a needle begins and ends in a text, whatever the blanks between its words."""
    low = lowered(text)
    found: list[tuple[int, int]] = []
    # Much faster than a pattern a name, and nearly always enough.
    if " " not in needle or _SPACE.sub(" ", low) == low:
        at = low.find(needle)
        while at >= 0:
            found.append((at, at + len(needle)))
            at = low.find(needle, at + len(needle))
    pattern = r"\s+".join(re.escape(word) for word in needle.split(" "))
    return found or [match.span() for match in re.finditer(pattern, low)]


def _cells(schema: str, table: str, column: str, data_type: str, has_key: bool) -> str:
    place = f"{schema}.{table}.{column}"
    if has_key:
        return (
            f"select '{place}' as place, shown.post_key as item, shown.text as value "
            f"from pub.{schema}.{table} as shown "
            "left join vault.posts using (post_key) left join masked_names using (post_key) "
            "where shown.text is distinct from posts.masked_text or masked_names.post_key is not null"
        )
    return f"select '{place}' as place, null as item, {_value(column, data_type)} as value from pub.{schema}.{table}"


def _links(schema: str, table: str, column: str, data_type: str, _has_key: bool) -> str:
    return (
        f"select '{schema}.{table}.{column}' as place, count(*) as count "
        f"from (select {_value(column, data_type)} as value from pub.{schema}.{table}) where contains(value, '://')"
    )


def _value(column: str, data_type: str) -> str:
    return f'unnest("{column}")' if data_type.endswith("[]") else f'"{column}"'
