"""The one place that knows where in the vault people are: every table that has a key of a post or of an account.

A table made later (labels, vectors, review items) is found by the names of its columns: `post_key`, or `platform`
and `post_id`, for what belongs to a post; `author_key`, `platform` and `author_id`, or `platform` and `handle` for
what belongs to an account. Anything personal outside such tables (raw pages, rejects, the ledger's queries) is
handled by name in `erasure_places` and `erasure_names`.
"""

from typing import Final

from warehouse.vault import Connection

BY_NAME: Final = ("pages", "rejects", "windows", "runs")
"""Tables without such a key in which `erasure_places` and `erasure_names` look for ids and names."""
IMPERSONAL: Final = (
    *("migrations", "reads", "tombstones", "organisations", "publications", "erasures", "erasure_effects", "salts"),
    *("audit_draws", "audit_strata", "label_salt", "reader"),
)
"""Tables that tell of nobody."""

_POST: Final = (("post_key",), ("platform", "post_id"))
_AUTHOR: Final = (("author_key",), ("platform", "author_id"), ("platform", "handle"))


def post_tables(con: Connection) -> dict[str, tuple[str, ...]]:
    """Return the tables of things that belong to a post, each with the columns of its key."""
    return _keyed(con, _POST)


def author_tables(con: Connection) -> dict[str, tuple[str, ...]]:
    """Return the tables of things that belong to an account and to no post."""
    of_posts = post_tables(con)
    return {table: key for table, key in _keyed(con, _AUTHOR).items() if table not in of_posts}


def leaving_condition(columns: tuple[str, ...]) -> str:
    """Return the condition, by an account's key, on what belongs to who is listed in `leaving` or `leaving_names`.

    What is listed by a name may be listed by an id instead: the panel lists a blog by its address.
    """
    keys = ", ".join(columns)
    if "handle" not in columns:
        return f"({keys}) in (select ({keys}) from leaving)"
    by_name, by_id = "(platform, handle) from leaving_names", "(platform, lower(author_id)) from leaving"
    return f"(platform, lower(handle)) in (select {by_name} union all select {by_id})"


def tables(con: Connection, database: str = "vault") -> dict[str, set[str]]:
    """Return every table of the vault, or of another attached database, with its columns."""
    rows = con.execute(
        "select table_name, list(column_name) from duckdb_columns() "
        "where database_name = $database and schema_name = 'main' and not internal "
        "group by table_name order by table_name",
        {"database": database},
    ).fetchall()
    return {table: set(columns) for table, columns in rows}


def _keyed(con: Connection, keys: tuple[tuple[str, ...], ...]) -> dict[str, tuple[str, ...]]:
    found = {}
    for table, columns in tables(con).items():
        key = next((key for key in keys if columns.issuperset(key)), None)
        if key is not None:
            found[table] = key
    return found
