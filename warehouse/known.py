"""What the vault knows already, so that it is not asked for or paid for again."""

from collections.abc import Collection
from typing import Final, cast

from warehouse.sqlfiles import statement
from warehouse.vault import Connection

RENAMED: Final = ("x", "bluesky")
"""Where an account is followed under another name; elsewhere its name is its id, or part of it."""


def feed_versions(con: Connection) -> dict[str, str]:
    """Return each feed's version when its newest page was stored, by address: the place that came with that page."""
    rows = con.execute(
        "select query, arg_max(position, page_id) from pages "
        "where source = 'feeds' and position is not null group by query"
    ).fetchall()
    return cast("dict[str, str]", dict(rows))


def account_ids(con: Connection, platform: str) -> dict[str, str]:
    """Return the ids of a platform's accounts by name in lower case, for those who are asked for by name.

    A name that a query asks for stays with the account which it meant when it was first read, whoever goes by that
    name today; of two accounts with one handle it is else the one seen last.
    """
    return {name: author_id for name, author_id, _ in _accounts(con, platform)}


def names_of(con: Connection, platform: str, ids: Collection[str]) -> set[str]:
    """Return the names by which these accounts go or were asked for, but for those that somebody else took."""
    return {
        name
        for name, author_id, holder_id in _accounts(con, platform)
        if author_id in ids and (holder_id is None or holder_id in ids)
    }


def _accounts(con: Connection, platform: str) -> list[tuple[str, str, str | None]]:
    return con.execute(statement("known_accounts"), {"platform": platform}).fetchall()
