"""Where something may stand in words rather than by key: raw pages, rejects, the ledger's queries, messages, texts."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types

from connectors.gone import Cut, Gone, person_in
from connectors.post import Post
from connectors.source import Page
from warehouse import masking
from warehouse.erasure_queries import rename_queries
from warehouse.pages import StoredPage
from warehouse.sqlfiles import statement
from warehouse.vault import Connection

Key = tuple[str, str]
_IDS_AT_ONCE: Final = 500
"""More would make one pattern too large for the search's memory."""
_BYTES_AT_ONCE: Final = 16_000_000
"""Of pages in memory together: a page is some kilobytes to 2 MB."""
_SHORTEST: Final = 4
_WORDS: Final = (
    ("posts", "post_id", ("text", "url")),
    ("authors", "author_id", ("display_name", "bio")),
    ("former_names", "author_id", ("display_name",)),
)
"""Where other people's words are, beside the pages: table, key, columns."""
_READ: Final = ("text", "bio")
"""Of these, what the model reads: with other words a post is read again."""
NOTHING: Final = "[^\\s\\S]"


def pattern(
    posts: Iterable[Key], authors: Iterable[Key], handles: Iterable[Key], *, is_wide: bool = False
) -> list[str]:
    """Return patterns, as few as possible, of which one is found in every text that names one of these.

    The wide ones are for finding where to look: they also find a name that may be another server's.
    """
    ids = [_bare(platform, name) for platform, name in [*posts, *authors]]
    names = [form for platform, name in handles for form in _named(platform, name, is_wide=is_wide)]
    words = [*(_written(name) for name in dict.fromkeys(ids) if len(name) >= _SHORTEST), *dict.fromkeys(names)]
    return ["(?i)" + "|".join(words[at : at + _IDS_AT_ONCE]) for at in range(0, len(words), _IDS_AT_ONCE)] or [NOTHING]


def _named(platform: str, name: str, *, is_wide: bool) -> Iterator[str]:
    """Yield how a name may stand in a text: on Mastodon mostly without its server, which a link around it tells."""
    end = r"\b" if re.match(r"\w\Z", name[-1:]) else ""
    before = r"(?:\b|\bu_)" if platform == "reddit" else r"\b"
    written = _written(name).replace("_", r"\\{0,2}_") if platform == "reddit" else _written(name)  # its Markdown
    yield f"{before}{written}{end}"
    short, _, server = name.partition("@")
    if platform == "mastodon" and server:
        yield rf"\b{_written(server)}(?::\d+)?\\?/(?:@|%40|users\\?/){_written(short)}\b"
        if is_wide:
            yield rf"(?:[@/>\"]|u003e|gt;|%40){_written(short)}\b"


def _bare(platform: str, name: str) -> str:
    """Return the part of an id that stands in pages as it is: reposts and feeds' entries have composed ids."""
    if platform == "bluesky":
        return name.partition("#")[0]
    return name.rpartition("#")[2] if platform == "feed" else name


def _written(name: str) -> str:
    """Escape for a pattern; JSON may write a slash or a letter with an accent in two ways."""
    plain = re.escape(name).replace("/", r"\\?/")
    return plain if name.isascii() else f"{plain}|{re.escape(json.dumps(name)[1:-1])}"


def fill(con: Connection, table: str, rows: Sequence[tuple[str, ...]]) -> None:
    """Enter rows of texts into a table."""
    if rows:
        names = [f"c{number}" for number in range(len(rows[0]))]
        with_rows(
            con,
            pa.table(dict(zip(names, zip(*rows, strict=True), strict=True))),
            f"insert into {table} from rows_given",
        )


def with_rows(con: Connection, rows: Any, sql: str) -> list[tuple[Any, ...]]:
    """Run a statement that reads `rows` as `rows_given`."""
    con.register("rows_given", rows)
    try:
        return con.execute(sql).fetchall()
    finally:
        con.unregister("rows_given")


def candidates(con: Connection, patterns: Iterable[str]) -> Iterator[StoredPage]:
    """Yield the pages that may hold something of what is in `going` or is named, a few at a time in memory."""
    found: dict[int, int] = {}
    for one in patterns:
        found.update(con.execute(statement("erase_candidates"), {"pattern": one}).fetchall())
    for ids in portions(sorted(found.items())):
        for row in con.execute(statement("erase_pages"), {"ids": ids}).fetchall():
            yield StoredPage(row[0], row[1], row[2], Page(*row[3:]))


def portions(sizes: Iterable[tuple[int, int]], most: int = _BYTES_AT_ONCE) -> Iterator[list[int]]:
    """Divide pages, each with its size in bytes, into lists that hold so many bytes at most, or one page."""
    portion: list[int] = []
    total = 0
    for page_id, size in sizes:
        if portion and total + size > most:
            yield portion
            portion, total = [], 0
        portion.append(page_id)
        total += size
    if portion:
        yield portion


def cut_pages(
    con: Connection,
    gone: Gone,
    without: Callable[..., Cut | None],
    patterns: Iterable[str],
    withheld: Callable[[Sequence[Post]], Sequence[Post]],
) -> tuple[set[int], frozenset[Key]]:
    """Rewrite the pages that hold something; return their ids and the posts that they no longer hold.

    What the vault has of the posts that stay follows the pages: a page tells whom a bare "@anna" means. It has them as
    `withheld` returns them: without the names that earlier erasures took out, which the pages may still hold.
    """
    changed: set[int] = set()
    found: set[Key] = set()
    cuts: dict[int, str] = {}
    waiting = 0
    for stored in candidates(con, patterns):
        cut = without(stored.page, gone, source=stored.source, query=stored.query)
        if cut is None:
            continue
        changed.add(stored.page_id)
        found |= cut.posts
        if cut.reworded:
            olds, news = (withheld(posts) for posts in zip(*cut.reworded, strict=True))
            _follow(con, list(zip(olds, news, strict=True)))
        cuts[stored.page_id] = cut.payload
        waiting += len(cut.payload)
        if waiting > _BYTES_AT_ONCE:
            _rewrite(con, cuts)
            cuts, waiting = {}, 0
    _rewrite(con, cuts)
    return changed, frozenset(found)


def _rewrite(con: Connection, cuts: dict[int, str]) -> None:
    if cuts:
        for name in ("erase_file_names", "erase_files"):
            con.execute(statement(name), {"pages": list(cuts)}).fetchall()
        with_rows(
            con,
            pa.table({"page_id": list(cuts), "payload": list(cuts.values())}),
            "update pages set payload = given.payload from rows_given as given where pages.page_id = given.page_id",
        )


def _follow(con: Connection, reworded: Sequence[tuple[Post, Post]]) -> None:
    """Have posts and their authors say what the posts on a page say now, where they say what those said before."""
    for table, key, columns in _WORDS:
        for column in columns:
            _reword(
                con,
                (table, key, column),
                [
                    (old.platform, str(getattr(old, key)), getattr(old, column), getattr(new, column))
                    for old, new in reworded
                    if getattr(old, key) and getattr(old, column) != getattr(new, column)
                ],
            )
    parents = [(old.platform, old.post_id, old.parent_id) for old, new in reworded if old.parent_id != new.parent_id]
    if parents:
        given = dict(zip(("platform", "post_id", "parent_id"), zip(*parents, strict=True), strict=True))
        with_rows(con, pa.table(given), statement("erase_named_parents"))


def _reword(
    con: Connection, place: tuple[str, str, str], rows: Sequence[tuple[str, str, str | None, str | None]]
) -> None:
    """Put other words in a column of (table, key, column); rows are (platform, key, old words, new words)."""
    if not rows:
        return
    table, key, column = place
    names = ("platform", "key", "old", "new")
    given = pa.table(dict(zip(names, zip(*dict.fromkeys(rows), strict=True), strict=True)))
    written = f"{column} = given.new"
    if column == "text":
        # What is published is the masked form: made from the old words, it would go on saying what they said.
        given = given.append_column("masked", pa.array([masking.mask(new or "") for new in given["new"].to_pylist()]))
        written += ", masked_text = given.masked"
    same = f"{table}.platform = given.platform and {table}.{key} = given.key"
    with_rows(
        con,
        given,
        f"update {table} set {written} from rows_given as given where {same} and {column} = given.old",
    )
    if column in _READ:
        posts = f"select platform, post_id from posts semi join rows_given on posts.{key} = rows_given.key"
        with_rows(
            con, given, f"create or replace temp table reworded as {posts} and posts.platform = rows_given.platform"
        )
        con.execute(statement("enter_unread"))


def clear_words(
    con: Connection, gone: Gone, mark_names: Callable[[str, str, Gone], str], patterns: Iterable[str]
) -> None:
    """Clear names and ids from rejects, from messages, from the ledger's queries and from other people's texts."""
    for one in patterns:
        con.execute("delete from rejects where regexp_matches(raw, $pattern)", {"pattern": one})
        for table, column in (("runs", "message"), ("windows", "reason")):
            con.execute(
                f"update {table} set {column} = regexp_replace({column}, $pattern, '[account]', 'g') "
                f"where regexp_matches({column}, $pattern)",
                {"pattern": one},
            )
        for table, key, columns in _WORDS:
            for column in columns:
                rows = con.execute(
                    f"select platform, {key}, {column} from {table} where regexp_matches({column}, $pattern)",
                    {"pattern": one},
                ).fetchall()
                marked = [(*row, mark_names(row[0], row[2], gone)) for row in rows]
                _reword(con, (table, key, column), [row for row in marked if row[2] != row[3]])
    _clear_queries(con, gone)


def _clear_queries(con: Connection, gone: Gone) -> None:
    """Give the queries that name somebody who is gone a name that says nothing: nothing more is collected of them."""
    rows = con.execute("select distinct source, query from windows").fetchall()
    gone_from = [(source, query) for source, query in rows if names_gone(source, query, gone)]
    rename_queries(con, gone_from, is_closing=True)


def names_gone(source: str, query: str, gone: Gone) -> bool:
    """Tell whether a source's query names an account that may no longer be listened to."""
    named = account_in(source, query)
    return named is not None and (gone.handle(*named) or gone.author(*named))


def account_in(source: str, query: str) -> Key | None:
    """Return (platform, name or id) of the account that a source's query names; None for words."""
    person = person_in(query)
    if person is None:
        return None
    platform = "feed" if source == "feeds" else source
    # asked of another server than its own, which comes last
    is_elsewhere = platform == "mastodon" and person.count("@") > 1
    return platform, person.rpartition("@")[0] if is_elsewhere else person
