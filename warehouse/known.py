"""What the vault knows already, so that it is not asked for or paid for again."""

from typing import cast

from warehouse.vault import Connection


def feed_versions(con: Connection) -> dict[str, str]:
    """Return each feed's version when its newest page was stored, by address: the place that came with that page."""
    rows = con.execute(
        "select query, arg_max(position, page_id) from pages "
        "where source = 'feeds' and position is not null group by query"
    ).fetchall()
    return cast("dict[str, str]", dict(rows))


def account_ids(con: Connection, platform: str) -> dict[str, str]:
    """Return the ids of a platform's accounts by handle in lower case; of two with one handle, the one seen last."""
    rows = con.execute(
        "select lower(handle), arg_max(author_id, collected_at) from authors "
        "where platform = $platform and handle is not null group by lower(handle)",
        {"platform": platform},
    ).fetchall()
    return cast("dict[str, str]", dict(rows))
