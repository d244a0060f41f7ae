"""What the deletion sweep knows: which posts to ask about, what was said, what is to go, and how far behind it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from warehouse.erasure import Reason, Request
from warehouse.erasure_record import note
from warehouse.sqlfiles import statement
from warehouse.vault import Connection, transaction

GONE: Final[tuple[Reason, ...]] = ("deleted", "protected", "suspended")
DOUBTED: Final = "doubted"
"""Said to be gone together with so many others that it has to be said twice."""
_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Backlog:
    """How the sweep of one platform stands; `noticed` posts are gone there and not yet here."""

    platform: str
    posts: int
    oldest_at: datetime
    noticed: int


def due(con: Connection, platform: str, hours: float, now: datetime, limit: int) -> list[str]:
    """List ids of posts that were not looked at for so many hours, the longest ago first."""
    asked = {"platform": platform, "hours": hours, "now": now, "limit": limit}
    return [post_id for (post_id,) in con.execute(statement("sweep_due"), asked).fetchall()]


def doubted(con: Connection, platform: str) -> set[str]:
    """Return the ids of posts that were said to be gone once, and have to be asked about again."""
    rows = con.execute(
        "select post_id from looks where platform = $platform and outcome = $doubted",
        {"platform": platform, "doubted": DOUBTED},
    ).fetchall()
    return {post_id for (post_id,) in rows}


def looked(con: Connection, platform: str, outcomes: Mapping[str, str], now: datetime) -> None:
    """Record what a platform said of each post."""
    rows = [{"post_id": post_id, "outcome": outcome} for post_id, outcome in outcomes.items()]
    if rows:
        with transaction(con):
            con.execute(statement("sweep_looked"), {"platform": platform, "looks": rows, "now": now}).fetchall()


def noticed(con: Connection) -> list[tuple[Reason, Request]]:
    """Return what is known to be gone at its platform, by the reason that the platform gave."""
    found: list[tuple[Reason, Request]] = []
    for reason in GONE:
        rows = con.execute(
            "select platform, post_id from looks where outcome = $reason limit $limit",
            {"reason": reason, "limit": _AT_ONCE},
        ).fetchall()
        if rows:
            found.append((reason, Request("post", posts=frozenset(rows))))
    return found


def expired(con: Connection, days: Mapping[str, int], now: datetime) -> Request | None:
    """Return posts that are past the days that their platform's posts are kept, some thousands at a time."""
    kept = [{"platform": platform, "days": number} for platform, number in days.items()]
    rows = con.execute(statement("sweep_expired"), {"days": kept, "now": now, "limit": _AT_ONCE}).fetchall()
    return Request("post", posts=frozenset(rows)) if rows else None


def empty_pages(con: Connection, kept: Mapping[str, tuple[int, str]], now: datetime) -> int:
    """Empty the pages past the days that their format's are kept, with what was set aside from them; return how many.

    `kept` has for each format its days (0 keeps them) and a page of that format that holds nothing.
    """
    rows = [{"format": name, "days": days, "empty": empty} for name, (days, empty) in kept.items()]
    longest = max((days for days, _ in kept.values()), default=0)
    with transaction(con):
        emptied = con.execute(statement("sweep_pages"), {"kept": rows, "now": now}).fetchall()
        con.execute(
            "delete from rejects where page_id in (select unnest($pages::bigint[])) "
            "or (page_id = 0 and $longest > 0 and rejected_at < $now - to_days($longest::integer + 1))",
            {"pages": [page_id for (page_id,) in emptied], "now": now, "longest": longest},
        ).fetchall()
        if emptied:
            note(con, "page", "retention", pages=len(emptied))
    return len(emptied)


def backlog(con: Connection, now: datetime) -> list[Backlog]:
    """Tell for each platform how far the sweep has come."""
    return [Backlog(*row) for row in con.execute(statement("sweep_backlog"), {"now": now}).fetchall()]


def unpublished_since(con: Connection) -> datetime | None:
    """Return when the first thing was erased that the published file may still hold; None when it holds nothing."""
    row = con.execute(
        "select min(erased_at) from erasures "
        "where erased_at > (select coalesce(max(published_at), '1970-01-01'::timestamptz) from publications)"
    ).fetchone()
    return row[0] if row else None
