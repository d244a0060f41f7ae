"""Names of those who go, in what others wrote: the mark that publishing puts there goes into the vault for good.

Publishing masks the names that the vault knows, and after an erasure it knows them no more. So they are looked for
while they are known, by publishing's own search. What a platform gives again later is masked by keyed hashes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types

from connectors.post import Post
from connectors.reddit.posts import unescaped
from nlp import codebook
from warehouse import leaks, masking
from warehouse.leaks import Cell, Values
from warehouse.pseudonyms import pseudonym
from warehouse.sqlfiles import script, statement
from warehouse.vault import Connection

Key = tuple[str, str]
"""(platform, post id)."""

ORDINARY_FROM: Final = 10
"""So many authors who write a word in lower case make it a word, and no name, whoever has it for a name."""
_KEYS_AT_ONCE: Final = 500
"""More would make one pattern too large for the search's memory: then every text is searched."""


def mask_leaving(con: Connection, key: bytes, organisations: Collection[str]) -> None:
    """Mask who is in `leaving` and `leaving_names`, and ids of `going`, in all that stays; `key` makes pseudonyms.

    `organisations` are name keys that are to go themselves. Inside the caller's transaction.
    """
    con.execute(statement("plain"))
    con.execute(statement("erase_named"))
    con.execute(statement("find_unsaid_employers"))
    labels = sorted({word.lower() for pair in codebook.DUTCH.items() for word in pair})
    con.execute(statement("erase_spared"), {"organisations": sorted(organisations), "labels": labels})
    con.execute(script("build", "needles"))
    keys = [word for (word,) in con.execute("select distinct key from needles where key is not null").fetchall()]
    if keys:
        pattern = "|".join(keys) if len(keys) <= _KEYS_AT_ONCE else ""
        con.execute(statement("erase_said"))
        con.execute(statement("erase_cells"), {"pattern": pattern})
        _write(con, key, *_searched(con))
        con.execute(statement("find_joined"))
        _erase_mentions(con, [name for (name,) in con.execute("from joined_found").fetchall()])
        con.execute("drop view said; drop table joined_found")
        con.execute("drop table cells; drop table found; drop table leak_words; drop table leak_parts")
        con.execute("drop table leak_suspects; drop table leak_hits; drop table leak_held")
    con.execute(statement("erase_employers"))
    con.execute("drop view naming; drop view named_posts; drop table spared; drop table needles")


def withhold(con: Connection, posts: Sequence[Post], key: bytes) -> Sequence[Post]:
    """Return posts that come in, again without the names that an erasure took out of their texts."""
    ids = pa.table({"platform": [post.platform for post in posts], "post_id": [post.post_id for post in posts]})
    con.register("posts_given", ids)
    try:
        rows = con.execute("select * from erased_names semi join posts_given using (platform, post_id)").fetchall()
    finally:
        con.unregister("posts_given")
    if not rows:
        return posts
    names = _by_post(rows)
    return [replace(post, text=_without(post.text, (post.platform, post.post_id), names, key)) for post in posts]


def withhold_stored(con: Connection, key: bytes) -> None:
    """Take out of the texts of a restored vault what an erasure after its backup took out of them.

    What was read in them goes too, until they are read again: it may hold the name.
    """
    names = _by_post(con.execute("from erased_names").fetchall())
    held = con.execute(
        "select post_key, text, platform, post_id from posts semi join erased_names using (platform, post_id)"
    ).fetchall()
    texts = {post_key: _without(text, (platform, post_id), names, key) for post_key, text, platform, post_id in held}
    changed = {post_key: texts[post_key] for post_key, text, *_ in held if texts[post_key] != text}
    if changed:
        masked = [masking.mask(text) for text in changed.values()]
        _reword(con, {"post_key": list(changed), "text": list(changed.values()), "masked_text": masked})
        con.execute(statement("empty_mentions"))


def _searched(con: Connection) -> tuple[Values, dict[Cell, set[str]]]:
    """Search `cells`; return what each place that holds a name is to say without, and the names that stood there."""

    def sift() -> None:
        con.execute(statement("erase_ordinary"), {"authors": ORDINARY_FROM})

    values, found = leaks.found_in_cells(con, sift)
    names = {cell: set(needles) for cell, needles in found.items()}
    written: Values = {}
    # Without one name another may stand as a word of its own: as when publishing.
    for _ in range(leaks.ROUNDS):
        if not found:
            break
        changed = {cell: leaks.without(values[cell], needles) for cell, needles in found.items()}
        written |= changed
        leaks.search_in(con, changed)
        values, found = leaks.found_in_cells(con)
        for cell, needles in found.items():
            names[cell] |= needles
    return written, names


def _write(con: Connection, key: bytes, written: Values, names: dict[Cell, set[str]]) -> None:
    for (place, item), text in written.items():
        if place == "message":
            con.execute("update runs set message = $text where run_id = $item", {"text": text, "item": item})
    _erase_mentions(con, [item for place, item in written if place == "mention"])
    masked = {item: text for (place, item), text in written.items() if place == "text"}
    if not masked:
        return
    whole = con.execute(
        "select post_key, text from posts where post_key in (select unnest($keys::varchar[]))", {"keys": list(masked)}
    ).fetchall()
    rows = {
        "post_key": [item for item, _ in whole],
        "text": [_out_of(text, names["text", item]) for item, text in whole],
        "masked_text": [masked[item] for item, _ in whole],
    }
    found = [(item, needle) for (place, item), needles in names.items() if place == "text" for needle in needles]
    erased = {
        "post_key": [item for item, _ in found],
        "name_key": [pseudonym(key, "name", item, needle) for item, needle in found],
        "length": pa.array([len(needle) for _, needle in found], pa.int32()),
    }
    _reword(con, rows)
    con.register("names_given", pa.table(erased))
    con.execute(statement("enter_erased_names"))
    con.unregister("names_given")


def _reword(con: Connection, rows: dict[str, list[str]]) -> None:
    """Put other words in texts, and have those read again: rows of (post_key, text, masked_text)."""
    con.register("rows_given", pa.table(rows))
    con.execute(statement("erase_texts"))
    con.execute(
        "create or replace temp table reworded as "
        "select platform, post_id from posts semi join rows_given using (post_key)"
    )
    con.execute(statement("enter_unread"))
    con.unregister("rows_given")


def _erase_mentions(con: Connection, names: Sequence[str]) -> None:
    if names:
        con.execute(statement("erase_mentions"), {"names": names})


def _out_of(text: str, names: Collection[str]) -> str:
    """Return a stored text without the names that were found in its masked form, where they stand in it too."""

    def cut(words: str) -> str:
        there = leaks.flat(words)
        return leaks.without(words, [name for name in names if name in there])

    return masking.beside_accounts(unescaped(text), cut)


def _by_post(rows: Sequence[tuple[str, str, str, int]]) -> dict[Key, list[tuple[str, int]]]:
    """Return the (name key, length) of rows of `erased_names`, by post."""
    names: dict[Key, list[tuple[str, int]]] = {}
    for platform, post_id, name_key, length in rows:
        names.setdefault((platform, post_id), []).append((name_key, length))
    return names


def _without(text: str, post: Key, names: Mapping[Key, Sequence[tuple[str, int]]], key: bytes) -> str:
    """Return a text without the names of its post; every run of characters of their lengths is tried."""
    if post not in names:
        return text
    item = pseudonym(key, "post", *post)
    wanted = {name_key for name_key, _ in names[post]}
    words = leaks.flat(masking.mask(text))
    found = {
        run
        for length in {length for _, length in names[post]}
        for run in {words[at : at + length] for at in range(len(words) - length + 1)}
        if pseudonym(key, "name", item, run) in wanted
    }
    return _out_of(text, found)
