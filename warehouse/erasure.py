"""Erasing: one operation, one transaction, whoever asks and whatever for.

What is to go is said with a `Request` (see `erasure_requests`). Everything that belongs to it goes: raw items on
every page, posts, bare reposts of them, all that hangs on them, accounts, names in other people's words. Tombstones
stay. Afterwards the file is published again and the vault compacted, so that the bytes are gone too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from connectors.gone import Cut, Gone, among
from connectors.post import Post
from connectors.source import Page
from warehouse import erasure_names, personal
from warehouse import erasure_places as places
from warehouse.erasure_record import note
from warehouse.pseudonyms import pseudonym
from warehouse.sqlfiles import statement
from warehouse.tombstones import Kind, Tombstone, bury
from warehouse.vault import Connection, transaction

Scope = Literal["author", "post", "organisation"]
Reason = Literal["asked", "deleted", "protected", "suspended", "retention", "opt-out", "restored"]
Key = tuple[str, str]
"""(platform, id or name)."""


class Cutting(Protocol):
    """What knows the formats of pages: the module `connectors.cutting`."""

    def without(self, page: Page, gone: Gone, *, source: str, query: str) -> Cut | None:
        """Return the page without what is gone."""
        ...

    def mark_names(self, platform: str, text: str, gone: Gone) -> str:
        """Return other people's words without the names of who is gone."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be erased: keys of posts and accounts, names of accounts (lower case), keys of organisations."""

    scope: Scope
    posts: frozenset[Key] = frozenset()
    authors: frozenset[Key] = frozenset()
    handles: frozenset[Key] = frozenset()
    organisations: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure took away, and the tombstones that it left."""

    posts: int
    authors: int
    pages: int
    tombstones: tuple[Tombstone, ...]


def erase(con: Connection, request: Request, reason: Reason, *, key: bytes, cutting: Cutting) -> Erased:
    """Erase what is asked for: all of it, or nothing. `key` is that of the pseudonyms."""
    with transaction(con):
        con.execute(statement("name_key"))
        mark(con, request, key)
        pages = _cut_pages(con, request, key, cutting)
        con.execute(statement("erase_effects"))
        count_posts = _count(con, "select count(*) from going semi join posts using (platform, post_id)")
        con.execute(statement("erase_lonely_authors")).fetchall()
        count_authors = _count(con, "select count(*) from leaving semi join authors using (platform, author_id)")
        gone = among(_posts(con), request.authors, request.handles)
        places.clear_words(con, gone, cutting.mark_names, places.pattern(_posts(con), request.authors, request.handles))
        erasure_names.mask_leaving(con, key, request.organisations)
        con.execute(statement("erase_parents"))
        _delete(con)
        stones = bury(con, key, reason, _things(con, request))
        for name in request.organisations:
            con.execute(statement("unname_annotations"), {"name_key": name})
            con.execute("delete from organisations where name_key = $name", {"name": name})
            con.execute("delete from panel where name_key(organisation) = $name", {"name": name})
            con.execute(statement("erase_organisation"), {"name_key": name, "reason": reason})
        note(con, request.scope, reason, posts=count_posts, authors=count_authors, pages=pages)
        con.execute("drop table going; drop table leaving; drop table leaving_names")
    return Erased(count_posts, count_authors, pages, tuple(stones))


def mark(con: Connection, request: Request, key: bytes) -> None:
    """List what goes in temporary tables: posts in `going`, accounts in `leaving`, their names in `leaving_names`.

    With posts their bare reposts go, and with accounts all their posts.
    """
    con.execute("create or replace temp table going (platform varchar, post_id varchar, post_key varchar)")
    con.execute("create or replace temp table leaving (platform varchar, author_id varchar, author_key varchar)")
    con.execute("create or replace temp table leaving_names (platform varchar, handle varchar)")
    places.fill(con, "going", [(*one, pseudonym(key, "post", *one)) for one in request.posts])
    places.fill(con, "leaving", [(*one, pseudonym(key, "author", *one)) for one in request.authors])
    places.fill(con, "leaving_names", list(request.handles))
    _spread(con)


def _spread(con: Connection) -> None:
    while con.execute(statement("erase_posts_of")).fetchall():
        pass


def _cut_pages(con: Connection, request: Request, key: bytes, cutting: Cutting) -> int:
    """Cut every page that holds something; what turns out to go with it (reposts) is added to `going`."""

    def withheld(posts: Sequence[Post]) -> Sequence[Post]:
        return erasure_names.withhold(con, posts, key)

    changed: set[int] = set()
    fresh = _posts(con)
    while True:  # each round needs posts that no round before knew
        gone = among(_posts(con), request.authors, request.handles)
        patterns = places.pattern(fresh, request.authors, request.handles, is_wide=True)
        cut, found = places.cut_pages(con, gone, cutting.without, patterns, withheld)
        changed |= cut
        fresh = found - _posts(con)
        if not fresh:
            return len(changed)
        places.fill(con, "going", [(*one, pseudonym(key, "post", *one)) for one in fresh])
        _spread(con)


def _delete(con: Connection) -> None:
    """Delete from every table that has a key of a post or an account; `personal` lists them."""
    for table, columns in personal.post_tables(con).items():
        con.execute(f"delete from {table} where ({', '.join(columns)}) in (select ({', '.join(columns)}) from going)")
    for table, columns in personal.author_tables(con).items():
        con.execute(f"delete from {table} where {personal.leaving_condition(columns)}")


def _things(con: Connection, request: Request) -> list[tuple[Kind, str, str]]:
    things: list[tuple[Kind, str, str]] = [("post", *post) for post in sorted(_posts(con))]
    things += [("author", *author) for author in sorted(request.authors)]
    return things + [("handle", *handle) for handle in sorted(request.handles)]


def _posts(con: Connection) -> frozenset[Key]:
    return frozenset(con.execute("select platform, post_id from going").fetchall())


def _count(con: Connection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0
