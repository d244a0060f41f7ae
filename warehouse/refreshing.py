"""Counts that move while a post is young: which posts to look at again, and the dated snapshot of each look."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from connectors.presence import Counts
from warehouse.rows import is_count
from warehouse.sqlfiles import statement
from warehouse.vault import Connection, transaction


def due(con: Connection, platform: str, days: int, now: datetime, limit: int) -> list[str]:
    """List ids of posts younger than `days` that nobody has looked at on this UTC day, the longest ago first."""
    asked = {"platform": platform, "days": days, "now": now, "limit": limit}
    return [post_id for (post_id,) in con.execute(statement("refresh_due"), asked).fetchall()]


def recount(con: Connection, platform: str, counts: Mapping[str, Counts], days: int, now: datetime) -> None:
    """Store a snapshot of the counts of each post younger than `days`, and let the post carry them.

    A post with a count that no column can hold keeps those of before.
    """
    told = {post_id: asdict(one) for post_id, one in counts.items()}
    rows = [{"post_id": post_id, **one} for post_id, one in told.items() if all(map(is_count, one.values()))]
    if rows and days:
        given = {"platform": platform, "counts": rows, "days": days, "now": now}
        with transaction(con):
            con.execute(statement("refresh_metrics"), given).fetchall()
            con.execute(statement("refresh_posts"), {"platform": platform, "now": now}).fetchall()
