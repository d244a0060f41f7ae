"""The record of what was erased: by it a publishing knows why there are fewer posts, and compaction what it owes."""

from warehouse.sqlfiles import statement
from warehouse.vault import Connection


def note(
    con: Connection,
    scope: str,
    reason: str,
    *,
    posts: int = 0,
    authors: int = 0,
    pages: int = 0,
    is_compacted: bool = False,
) -> None:
    """Enter an erasure, dated after every publishing so far, for their files may hold it; in the caller's transaction.

    With `is_compacted` nothing of it has to leave the vault's own file.
    """
    con.execute(statement("redate_publications")).fetchall()
    values = {"scope": scope, "reason": reason, "posts": posts, "authors": authors, "pages": pages}
    con.execute(statement("note_erasure"), values | {"is_compacted": is_compacted}).fetchall()
