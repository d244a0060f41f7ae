"""What is stored about a person: everything that an erasure would take, before it does."""

import json
from typing import Any, Final

from connectors.gone import among
from warehouse import erasure_places as places
from warehouse import personal
from warehouse.answers import as_dicts
from warehouse.erasure import Cutting, Request, mark
from warehouse.vault import Connection

_OURS: Final = ("masked_text", "masking_version")


def access(con: Connection, request: Request, key: bytes, cutting: Cutting) -> dict[str, Any]:
    """Gather all rows and raw items about what is asked for, as plain values by table.

    Names of other people that stand in the person's own posts are the person's words, and stay. Reposts of those by
    others are for who erases, not for the person (docs/privacy.md). `key` is that of the pseudonyms.
    """
    mark(con, request, key)
    found: dict[str, Any] = {}
    for table, columns in personal.post_tables(con).items():
        keys = ", ".join(columns)
        found[table] = _rows(con, f"select * from {table} where ({keys}) in (select ({keys}) from going)")
    for table, columns in personal.author_tables(con).items():
        found[table] = _rows(con, f"select * from {table} where {personal.leaving_condition(columns)}")
    found["pages"] = _raw(con, request, cutting)
    patterns = places.pattern((), request.authors, request.handles)
    found["named_in_posts_of_others"] = [
        row
        for one in patterns
        for row in _rows(
            con,
            "select platform, url, created_at from posts anti join going using (platform, post_id) "
            "where regexp_matches(text, $pattern)",
            pattern=one,
        )
    ]
    return found


def _raw(con: Connection, request: Request, cutting: Cutting) -> list[dict[str, Any]]:
    """Return the parts of raw pages that are about the person, with when and by which query they came."""
    posts = frozenset(con.execute("select platform, post_id from going").fetchall())
    gone = among(posts, request.authors, request.handles)
    raw = []
    for stored in places.candidates(con, places.pattern(request.posts, request.authors, request.handles, is_wide=True)):
        cut = cutting.without(stored.page, gone, source=stored.source, query=stored.query)
        if cut is not None and cut.parts:
            raw.append(
                {
                    "source": stored.source,
                    "query": stored.query,
                    "fetched_at": stored.page.fetched_at.isoformat(),
                    "format": stored.page.format,
                    "items": list(cut.parts),
                }
            )
    return raw


def _rows(con: Connection, sql: str, **values: Any) -> list[dict[str, Any]]:
    rows = as_dicts(con.execute(sql, values))
    return [{name: _value(value) for name, value in row.items() if name not in _OURS} for row in rows]


def _value(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))
