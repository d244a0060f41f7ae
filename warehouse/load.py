"""Posts into the vault: one batch is one transaction, and a post that comes back is merged, never doubled."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from connectors.source import Mapped, Reject
from warehouse.erasure_names import withhold
from warehouse.pages import sound
from warehouse.rows import UNFIT, Table, post_table
from warehouse.sqlfiles import statement
from warehouse.vault import Connection, transaction


@dataclass(frozen=True, slots=True)
class MergeCounts:
    """What became of a batch's posts; `rejected` counts items set aside, `erased` those that may not come back."""

    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    erased: int = 0
    rejected: int = 0


def merge_posts(con: Connection, mapped: Sequence[tuple[int, Mapped]], pseudonym_key: bytes) -> MergeCounts:
    """Merge the posts of (page_id, what it holds) and mark the pages as mapped: all in one transaction.

    A post that says it was made more than a day after it was collected is set aside with the malformed items, and so
    is one with a field that its column cannot hold: neither costs the rest of its page.
    """
    try:
        table = _table(con, mapped, pseudonym_key)
    except UNFIT:  # rare enough to look for it only now
        mapped = [(page_id, _fitting(page, pseudonym_key)) for page_id, page in mapped]
        table = _table(con, mapped, pseudonym_key)
    rejects = [(page_id, reject) for page_id, page in mapped for reject in page.rejects]
    with transaction(con):
        counts = merge_table(con, table)
        _set_aside(con, rejects)
        con.execute(
            "update pages set mapped_at = $now where page_id in (select unnest($ids::bigint[]))",
            {"now": datetime.now(UTC), "ids": [page_id for page_id, _ in mapped]},
        ).fetchall()
    return replace(counts, rejected=counts.rejected + len(rejects))


def _table(con: Connection, mapped: Sequence[tuple[int, Mapped]], pseudonym_key: bytes) -> Table:
    return post_table(withhold(con, [post for _, page in mapped for post in page.posts], pseudonym_key), pseudonym_key)


def merge_table(con: Connection, table: Table) -> MergeCounts:
    """Merge a table of `POST_SCHEMA` inside the caller's transaction."""
    con.register("incoming_posts", table)
    try:
        con.execute(statement("prepare_posts"))
    finally:
        con.unregister("incoming_posts")
    change = dict(con.execute("select change, count(*) from batch group by change").fetchall())
    con.execute(statement("prepare_authors"))
    con.execute(statement("reworded"))
    con.execute(statement("insert_metrics"))
    con.execute(statement("merge_authors"))
    con.execute(statement("keep_names"))
    con.execute(statement("insert_posts"))
    if change.get("update"):
        con.execute(statement("update_posts"))
    if change.get("future"):
        con.execute(statement("reject_future"))
    con.execute(statement("enter_unread"))
    con.execute("drop table batch; drop table seen; drop table reworded")
    return MergeCounts(
        inserted=change.get("insert", 0),
        updated=change.get("update", 0),
        unchanged=change.get("unchanged", 0),
        erased=change.get("erased", 0),
        rejected=change.get("future", 0),
    )


def first_rejects(con: Connection, run_id: str, most: int) -> list[str]:
    """Return why the first items were set aside of what a run has stored, `most` of them."""
    rows = con.execute(statement("first_rejects"), {"run_id": run_id, "most": most}).fetchall()
    return [reason for (reason,) in rows]


def _fitting(page: Mapped, pseudonym_key: bytes) -> Mapped:
    """Turn what makes no row into rejects; those count the page's posts, for its items are not known any more."""
    try:
        post_table(page.posts, pseudonym_key)
    except UNFIT:
        posts = []
        rejects = list(page.rejects)
        for number, post in enumerate(page.posts):
            try:
                post_table([post], pseudonym_key)
            except UNFIT as error:
                raw = json.dumps(asdict(post), ensure_ascii=False, default=str)
                rejects.append(Reject(number, f"cannot be stored: {type(error).__name__}: {error}", raw))
            else:
                posts.append(post)
        return Mapped(tuple(posts), tuple(rejects))
    return page


def _set_aside(con: Connection, rejects: Sequence[tuple[int, Reject]]) -> None:
    if not rejects:
        return
    rows: list[dict[str, Any]] = [
        {"page_id": page_id, "item": reject.item, "reason": sound(reject.reason), "raw": sound(reject.raw)}
        for page_id, reject in rejects
    ]
    con.execute(statement("insert_rejects"), {"rejects": rows}).fetchall()
