"""What may never come back: keyed hashes of posts, accounts and account names, and the test on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Literal

from connectors.gone import Gone
from warehouse.pseudonyms import pseudonym
from warehouse.sqlfiles import statement
from warehouse.vault import Connection

Kind = Literal["post", "author", "handle"]


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One thing that may not come back; the key is its keyed hash."""

    kind: Kind | Literal["organisation"]
    key: str
    reason: str
    erased_at: datetime


def gone(con: Connection, key: bytes) -> Gone | None:
    """Return the test on everything that has a tombstone, None when nothing has."""
    rows = con.execute("select distinct kind, key from tombstones").fetchall()
    if not rows:
        return None
    held = frozenset(rows)

    @cache
    def is_buried(kind: Kind, platform: str, name: str) -> bool:
        return (kind, pseudonym(key, kind, platform, name)) in held

    return Gone(
        post=lambda platform, name: is_buried("post", platform, name),
        author=lambda platform, name: is_buried("author", platform, name),
        handle=lambda platform, name: is_buried("handle", platform, name.lower()),
    )


def bury(con: Connection, key: bytes, reason: str, things: Iterable[tuple[Kind, str, str]]) -> list[Tombstone]:
    """Leave a tombstone for each (kind, platform, id or name), inside the caller's transaction; return those."""
    now = datetime.now(UTC)
    stones = [
        Tombstone(kind, pseudonym(key, kind, platform, name.lower() if kind == "handle" else name), reason, now)
        for kind, platform, name in dict.fromkeys(things)
    ]
    put(con, stones)
    return stones


def put(con: Connection, stones: Iterable[Tombstone]) -> None:
    """Enter tombstones that are not there yet, inside the caller's transaction."""
    rows = [
        {"kind": stone.kind, "key": stone.key, "reason": stone.reason, "erased_at": stone.erased_at} for stone in stones
    ]
    if rows:
        con.execute(statement("insert_tombstones"), {"stones": rows}).fetchall()


def all_tombstones(con: Connection) -> list[Tombstone]:
    """List every tombstone, to carry them where the vault's erasures have to be known."""
    return [Tombstone(*row) for row in con.execute("select kind, key, reason, erased_at from tombstones").fetchall()]
