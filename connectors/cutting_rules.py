"""By which parts of a platform's payload a post, an account or a mention is known. See `cutting`."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from connectors import cutting_x
from connectors.bluesky.posts import REPOSTED_BY, handle_of
from connectors.cutting_names import Meant
from connectors.gone import Gone, known, plain_handle, plain_or_none
from connectors.items import Json, listed, object_in, objects


@dataclass(frozen=True, slots=True)
class Rule:
    """How one platform's pages are cut: `is_gone` judges an object, `prepare` and `tidy` the whole page."""

    platform: str
    is_gone: Callable[[Json, Gone], bool]
    prepare: Callable[[Any, Gone], Any] = lambda document, _gone: document
    tidy: Callable[[Any], Any] = lambda document: document
    lost: Callable[[Json, Gone], Collection[str]] = lambda _node, _gone: ()
    """Names what else has to go from an object that stays, because it tells of somebody who is gone."""
    meant: Callable[[Json, Gone], Meant | None] = lambda _node, _gone: None
    """Reads whom an object's words mean by short names; None when it does not say."""
    stub: Callable[[Json], Collection[Json]] = lambda _node: ()
    """Gives what stays, in a list, in the place of an object that goes: what it says of the object around it."""


def _reddit(node: Json, gone: Gone) -> bool:
    data = node["data"] if isinstance(node.get("data"), dict) and "kind" in node else node
    author = data.get("author")
    return (
        known(gone.post, "reddit", data.get("name"))
        or known(gone.post, "reddit", data.get("crosspost_parent"))
        or known(gone.author, "reddit", data.get("author_fullname"))
        or (isinstance(author, str) and known(gone.author, "reddit", f"u/{author}"))
        or known(gone.handle, "reddit", plain_or_none(author))
        or any(_reddit(item, gone) for item in objects(data.get("crosspost_parent_list")))
    )


def _reddit_lost(node: Json, gone: Gone) -> Collection[str]:
    ends = tuple(end for end in ("before", "after") if known(gone.post, "reddit", node.get(end)))
    if ends:  # a listing says by which posts it begins and ends
        return ends
    if known(gone.post, "reddit", node.get("link_id")) or known(
        gone.handle, "reddit", plain_or_none(node.get("link_author"))
    ):
        return ("link_title", "link_author", "link_permalink", "link_url", "permalink")  # it has the title too
    return ()


def _bluesky(node: Json, gone: Gone) -> bool:
    is_reference = not node.keys() - {"uri", "cid", "$type"}  # in a reply that stays
    if _bluesky_account(node, gone) or (not is_reference and known(gone.post, "bluesky", node.get("uri"))):
        return True
    if _bluesky_account(object_in(node, "author"), gone):
        return True
    post, by = object_in(node, "post"), object_in(object_in(node, "reason"), "by")
    repost = f"{post.get('uri')}{REPOSTED_BY}{by.get('did')}" if by else None
    return bool(
        (post and _bluesky(post, gone)) or _bluesky_account(by, gone) or known(gone.post, "bluesky", repost)
    ) or any(
        known(gone.author, "bluesky", object_in({"of": feature}, "of").get("did"))
        for feature in listed(node.get("features"))
    )


def _bluesky_tidied(document: Any) -> Any:
    """Leave out the profiles of accounts of which no post is left on the page."""
    profiles = object_in(document, "profiles") if isinstance(document, dict) else {}
    if not profiles:
        return document
    page = object_in(document, "page")
    items = [item for part in ("feed", "posts") for item in objects(page.get(part))]
    accounts = [account for item in items for account in _bluesky_accounts(item)]
    people = {account.get("did") for account in accounts}
    left = [item for item in objects(profiles.get("profiles")) if item.get("did") in people]
    return document | {"profiles": profiles | {"profiles": left}}


def _bluesky_accounts(item: Json) -> tuple[Json, ...]:
    return (
        object_in(item, "author"),
        object_in(object_in(item, "post"), "author"),
        object_in(object_in(item, "reason"), "by"),
    )


def _bluesky_account(node: Json, gone: Gone) -> bool:
    return known(gone.author, "bluesky", node.get("did")) or known(
        gone.handle, "bluesky", plain_or_none(handle_of(node))
    )


def _bluesky_meant(node: Json, gone: Gone) -> Meant | None:
    """Read the facets, which say of which account the name is that stands between two bytes of the text."""
    if not isinstance(node.get("text"), str) or not listed(node.get("facets")):
        return None
    text = node["text"].encode("utf-8", "replace")
    names = set()
    for facet in objects(node["facets"]):
        if _bluesky(facet, gone):
            place = object_in(facet, "index")
            start, end = place.get("byteStart"), place.get("byteEnd")
            if isinstance(start, int) and isinstance(end, int):
                names.add(plain_handle(text[start:end].decode("utf-8", "replace")))
    return Meant(frozenset(names)) if names else None


def _mastodon(node: Json, gone: Gone) -> bool:
    if "acct" in node:
        return (
            known(gone.author, "mastodon", node.get("uri"))
            or known(gone.author, "mastodon", node.get("url"))
            or known(gone.handle, "mastodon", _full_handle(node))
        )
    if known(gone.post, "mastodon", node.get("uri")):
        return True
    return any(_mastodon(object_in(node, part), gone) for part in ("account", "reblog") if object_in(node, part))


def _mastodon_prepared(document: Any, gone: Gone) -> Any:
    """Leave out the number of whom a status answers where the page says whose it is: it leads to the profile."""
    accounts = (one for one in _objects(document) if "acct" in one and _mastodon(one, gone))
    numbers = {number for one in accounts if isinstance(number := one.get("id"), str)}
    return _unanswered(document, numbers) if numbers else document


def _objects(node: Any) -> Iterator[Json]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    for inner in listed(node):
        yield from _objects(inner)


def _unanswered(node: Any, numbers: Collection[str]) -> Any:
    if isinstance(node, list):
        return [_unanswered(item, numbers) for item in node]
    if isinstance(node, dict):
        return {
            key: _unanswered(value, numbers)
            for key, value in node.items()
            if not (key == "in_reply_to_account_id" and isinstance(value, str) and value in numbers)
        }
    return node


def _mastodon_meant(node: Json, gone: Gone) -> Meant | None:
    """Read the list of whom a status mentions: in its words only links tell their servers."""
    if "content" not in node:
        return None
    mentions = objects(node.get("mentions"))
    lost = [one for one in mentions if _mastodon(one, gone)]
    kept = _mastodon_names(one for one in mentions if one not in lost)
    writer = _full_handle(object_in(node, "account")) or ""
    return Meant(_mastodon_names(lost) - kept, kept, writer.partition("@")[2])


def _mastodon_names(accounts: Iterable[Json]) -> frozenset[str]:
    found = [
        name for one in accounts for name in ((plain_or_none(one.get("acct")) or "").partition("@")[0], one.get("url"))
    ]
    return frozenset(name.lower().rstrip("/") for name in found if isinstance(name, str) and name)


def _full_handle(account: Json) -> str | None:
    name = plain_or_none(account.get("acct"))
    if name is None or "@" in name:
        return name
    host = urlsplit(str(account.get("uri") or account.get("url") or "")).hostname
    return f"{name}@{host}" if host else name


_X: Final = Rule(
    "x", cutting_x.is_gone, cutting_x.prepared, cutting_x.tidied, cutting_x.lost, cutting_x.meant, cutting_x.stub
)
RULES: Final = {
    "x/posts": _X,
    "reddit/listing": Rule("reddit", _reddit, lost=_reddit_lost),
    "bluesky/feed": Rule("bluesky", _bluesky, tidy=_bluesky_tidied, meant=_bluesky_meant),
    "bluesky/posts": Rule("bluesky", _bluesky, tidy=_bluesky_tidied, meant=_bluesky_meant),
    "mastodon/statuses": Rule("mastodon", _mastodon, _mastodon_prepared, meant=_mastodon_meant),
    "twarc/lines": _X,
    "reddit/archive": Rule("reddit", _reddit, lost=_reddit_lost),
}
