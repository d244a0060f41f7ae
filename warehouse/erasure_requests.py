"""From what a person asks, or what is due, to what is to be erased: by account, post, organisation or age."""

import re
from collections.abc import Collection, Mapping
from typing import Final, get_args

from connectors.gone import Gone, donor_id, plain_handle
from connectors.post import Platform
from warehouse.erasure import Request
from warehouse.erasure_places import account_in, names_gone
from warehouse.errors import BadArgument
from warehouse.known import RENAMED, account_ids, names_of
from warehouse.sqlfiles import statement
from warehouse.vault import Connection

PLATFORMS: Final = get_args(Platform)
_IDS: Final = {"x": r"\d+", "bluesky": r"did:\S+", "linkedin": r"donor:[0-9a-f]{24}"}
"""How an account's id is written where the panel and `--author` take one for a name."""


def account(who: str) -> tuple[str, str]:
    """Read HANDLE@PLATFORM as (platform, plain handle)."""
    handle, _, platform = who.rpartition("@")
    name = plain_handle(handle)
    if platform not in PLATFORMS or not name:
        raise BadArgument(f"{who!r}: write HANDLE@PLATFORM, with one of the platforms {', '.join(PLATFORMS)}")
    return platform, name


def is_id(platform: str, name: str) -> bool:
    """Tell whether what stands for an account's name is its id, which it keeps whatever it is called."""
    return platform in _IDS and re.fullmatch(_IDS[platform], name, re.ASCII) is not None


def own_id(platform: str, name: str) -> str | None:
    """Return the id that a name tells by itself: it is one, or it is the name of a LinkedIn export's owner."""
    if is_id(platform, name):
        return name
    return donor_id(name) if platform == "linkedin" else None


def author_request(con: Connection, who: str) -> Request:
    """Ask for an account, written HANDLE@PLATFORM, as its owner does: who goes by that name, else whom it meant before.

    One that the vault does not know yet is kept out from now on.
    """
    platform, name = account(who)
    return _account(con, platform, name, _holders(con, platform, name) or _meant(con, platform, name))


def authors_request(con: Connection, accounts: Mapping[str, str]) -> Request:
    """Ask for several accounts at once, platforms by handle: people of the panel who opted out.

    The panel goes on naming somebody who has another name by now, so whom a name meant goes as well as its holder.
    """
    named = [account(f"{handle}@{platform}") for handle, platform in accounts.items()]
    requests = [_account(con, *one, _holders(con, *one) | _meant(con, *one)) for one in named]
    return Request(
        "author",
        authors=frozenset[tuple[str, str]]().union(*(request.authors for request in requests)),
        handles=frozenset[tuple[str, str]]().union(*(request.handles for request in requests)),
    )


def _account(con: Connection, platform: str, name: str, ids: set[str]) -> Request:
    """Ask for what is behind a name, under all the names by which it is known: the next page may have another one.

    An id is an account also before anything of it was collected.
    """
    own = own_id(platform, name)
    ids = ids | {own} if own else ids
    names = names_of(con, platform, ids) if platform in RENAMED else {" ".join(name.split())}
    return Request(
        "author",
        authors=frozenset((platform, author_id) for author_id in ids),
        handles=frozenset((platform, one) for one in {name, *names}),
    )


def _holders(con: Connection, platform: str, name: str) -> set[str]:
    """Return the ids of who goes by a name, or has it for an id."""
    rows = con.execute(
        "select author_id from authors where platform = $platform "
        "and (ltrim(lower(handle), '@') = $name or lower(author_id) in ($name, '@' || $name, 'u/' || $name))",
        {"platform": platform, "name": name},
    ).fetchall()
    return {author_id for (author_id,) in rows}


def _meant(con: Connection, platform: str, name: str) -> set[str]:
    """Return the id of the account that a query by this name has read, whatever it is called by now."""
    found = account_ids(con, platform).get(name) if platform in RENAMED else None
    return set() if found is None else {found}


def post_request(con: Connection, url: str) -> Request:
    """Ask for a post by its address; one that is not stored is kept out when the address tells its id."""
    rows = con.execute(statement("find_post"), {"url": url.strip(), "ids": _ids(url)}).fetchall()
    known = _x_id(url)
    meant = frozenset((platform, post_id) for platform, post_id, is_meant in rows if is_meant)
    found = meant or (frozenset({("x", known)}) if known else frozenset())
    if rows and not found:
        raise BadArgument(
            f"{url}: posts with an address like this one: {len(rows)}; give it whole, with what follows the '?'"
        )
    if not found:
        raise BadArgument(f"{url}: no such post in the vault; copy the address from the post itself")
    return Request("post", posts=found)


def organisation_request(con: Connection, name: str) -> Request:
    """Ask for an organisation: its name in all figures, the posts that name it, and accounts of its own.

    Also by its name in one word, which is what a handle or hashtag makes of it.
    """
    con.execute(statement("name_key"))
    row = con.execute("select name_key($name)", {"name": name}).fetchone()
    key = row[0] if row else None
    if not key:
        raise BadArgument(f"{name!r} is no name of an organisation")
    return _organisation(con, {key, key.replace(" ", "")})


def buried_organisations(con: Connection) -> list[Request]:
    """Ask once more for every organisation that has a tombstone and is in the vault all the same: a restored one."""
    con.execute(statement("name_key"))
    return [_organisation(con, {key}) for (key,) in con.execute(statement("find_buried_organisations")).fetchall()]


def buried(con: Connection, gone: Gone) -> Request:
    """Ask once more for every post and account that is `gone` and is in the vault all the same: a restored one.

    Also for who is named by the ledger's queries alone: of some the backup has nothing else.
    """
    posts = con.execute("select platform, post_id from posts").fetchall()
    authors = con.execute("select platform, author_id, handle from authors").fetchall()
    queries = con.execute("select distinct source, query from windows").fetchall()
    named = (account_in(source, query) for source, query in queries if names_gone(source, query, gone))
    asked = frozenset(one for one in named if one is not None)
    names = frozenset(
        (platform, plain_handle(handle))
        for platform, _, handle in authors
        if handle and gone.handle(platform, plain_handle(handle))
    )
    return Request(
        "post",
        posts=frozenset(post for post in posts if gone.post(*post)),
        authors=frozenset(
            (platform, author_id)
            for platform, author_id, handle in authors
            if gone.author(platform, author_id) or (handle and (platform, plain_handle(handle)) in names)
        )
        | frozenset(one for one in asked if one[0] == "feed" or is_id(*one)),
        handles=names | asked,
    )


def _organisation(con: Connection, keys: Collection[str]) -> Request:
    rows = [row for key in keys for row in con.execute(statement("find_organisation"), {"name_key": key}).fetchall()]
    authors = frozenset((platform, author_id) for kind, platform, author_id in rows if kind == "author")
    return Request(
        "organisation",
        posts=frozenset((platform, post_id) for kind, platform, post_id in rows if kind == "post"),
        authors=authors,
        handles=_handles(con, authors),
        organisations=frozenset(keys),
    )


def _handles(con: Connection, authors: Collection[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Return the names of accounts; a feed's is its server, which other feeds may have too."""
    ids: dict[str, set[str]] = {}
    for platform, author_id in authors:
        if platform != "feed":
            ids.setdefault(platform, set()).add(author_id)
    return frozenset((platform, name) for platform, own in ids.items() for name in names_of(con, platform, own))


def _ids(url: str) -> list[str]:
    """Return the ids that an address may hold, in each platform's own form."""
    found = [url.strip()]
    if x_id := _x_id(url):
        found.append(x_id)
    if match := re.search(r"/comments/(\w+)(?:/[^/]*/(\w+))?", url):
        found.append(f"t1_{match[2]}" if match[2] else f"t3_{match[1]}")
    if match := re.search(r"/profile/(did:[\w:.%-]+)/post/(\w+)", url):
        found.append(f"at://{match[1]}/app.bsky.feed.post/{match[2]}")
    return found


def _x_id(url: str) -> str | None:
    match = re.search(r"(?<![\w-])(?:x|twitter)\.com/\w+/status(?:es)?/(\d+)", url)
    return match[1] if match else None
