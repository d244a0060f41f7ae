"""The sample panel in the vault: whether its posts are all there is, and taking them out when real ones come."""

from typing import Final

from warehouse import personal
from warehouse.erasure_record import note
from warehouse.vault import Connection, transaction

SAMPLE: Final = "sample"
"""The source of the posts that ship with Etalage; every other source's are real."""
FICTION_PREFIX: Final = "VERZONNEN VOORBEELD (fictional sample). "
"""How the comment on a mart begins whose figures are about invented people."""


def is_fiction(con: Connection) -> bool:
    """Tell whether there are posts and all of them are invented: by what the vault holds, whatever the settings say."""
    return holds_sample(con) and not holds_real(con)


def holds_sample(con: Connection) -> bool:
    """Tell whether any post is the sample panel's."""
    return _any(con, "select 1 from vault.posts where source = $sample limit 1")


def holds_real(con: Connection) -> bool:
    """Tell whether any post is somebody's."""
    return _any(con, "select 1 from vault.posts where source <> $sample limit 1")


def drop_sample(con: Connection) -> int:
    """Take the sample panel out, with its people, pages, windows and audit; return how many posts went.

    No erasure: nobody asked, nothing has to be forgotten or leave the disk, so no page is cut and no tombstone stays.
    """
    with transaction(con):
        con.execute(
            "create or replace temp table invented as "
            "select platform, post_id, post_key, author_id from posts where source = 'sample'"
        )
        [[posts]] = con.execute("select count(*) from invented").fetchall()
        for table, columns in personal.post_tables(con).items():
            keys = ", ".join(columns)
            con.execute(f"delete from {table} where ({keys}) in (select ({keys}) from invented)")
        con.execute(
            "delete from authors where (platform, author_id) in (select (platform, author_id) from invented) "
            "and (platform, author_id) not in (select (platform, author_id) from posts where author_id is not null)"
        )
        con.execute(
            "delete from former_names where (platform, author_id) not in (select (platform, author_id) from authors)"
        )
        con.execute("delete from audit_draws where draw_id not in (select draw_id from audit_posts)")
        con.execute("delete from audit_strata where draw_id not in (select draw_id from audit_draws)")
        con.execute("delete from rejects where page_id in (select page_id from pages where source = 'sample')")
        con.execute("delete from pages where source = 'sample'")
        con.execute("delete from windows where source = 'sample'")
        # so that the next publishing knows why there are fewer posts; nothing waits to be compacted away
        note(con, "source", "sample", posts=int(posts), is_compacted=True)
        con.execute("drop table invented")
    return int(posts)


def _any(con: Connection, sql: str) -> bool:
    return con.execute(sql, {"sample": SAMPLE}).fetchone() is not None
