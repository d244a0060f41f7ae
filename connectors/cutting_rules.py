"""By which parts of a platform's payload a post, an account or a mention is known. See `cutting`."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from connectors.bluesky.posts import REPOSTED_BY
from connectors.cutting_names import Meant
from connectors.gone import Gone, plain_handle
from connectors.items import Json


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


def _x(node: Json, gone: Gone) -> bool:
    if "type" in node:  # a post that stays says what it answers; twarc's flattened one has all of that inside it
        return bool(node.keys() - _REFERENCE) and _x_referred(node, gone)
    if "text" in node or "edit_history_tweet_ids" in node:
        ids = [node.get("id"), *_listed(node.get("edit_history_tweet_ids"))]
        if any(_is(gone.post, "x", key) for key in ids):
            return True
        if any(_x_referred(one, gone) for one in _x_reposted(node)):
            return True
    elif _is(gone.author, "x", node.get("id")):
        return True
    author = _object(node, "author")  # inside a flattened post
    is_authors = _is(gone.author, "x", node.get("author_id")) or bool(author and _x(author, gone))
    return is_authors or _is(gone.handle, "x", _plain(node.get("username")))


def _x_reposted(item: Json) -> list[Json]:
    references = [one for one in _listed(item.get("referenced_tweets")) if isinstance(one, dict)]
    return [one for one in references if one.get("type") == "retweeted"]


def _x_referred(reference: Json, gone: Gone) -> bool:
    """Tell whether the post that is referred to is gone, by its id alone or by all that a flattened reference holds."""
    return _x({key: value for key, value in reference.items() if key != "type"} | {"text": ""}, gone)


def _x_stub(node: Json) -> Collection[Json]:
    return ({key: value for key, value in node.items() if key in _REFERENCE},) if "type" in node else ()


def _x_prepared(document: Any, gone: Gone) -> Any:
    """Take out a bare repost of a post that is gone first: it shows that only by the post that the page includes."""
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(data, list | dict):
        return document
    names: set[Any] = {user.get("id") for user in _included(document, "users") if _x(user, gone)}
    lost: set[Any] = {
        tweet.get("id") for tweet in _included(document, "tweets") if _x(tweet, gone) or tweet.get("author_id") in names
    }

    def marked(item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        reposted = {one.get("id") for one in _x_reposted(item)}
        return item | {_GOES: True} if item.get("author_id") in names or reposted & lost else item

    tweets = [item | {_GOES: True} if item.get("id") in lost else item for item in _included(document, "tweets")]
    includes = document.get("includes")
    more = {"includes": includes | {"tweets": tweets}} if isinstance(includes, dict) and tweets else {}
    return document | {"data": [marked(item) for item in data] if isinstance(data, list) else marked(data)} | more


def _x_tidied(document: Any) -> Any:
    """Leave out the accounts and posts that no post on the page refers to any more; a stream's page is one post's."""
    if isinstance(document, dict) and "data" not in document and "id" not in document:
        return None
    includes = document.get("includes") if isinstance(document, dict) else None
    if not isinstance(includes, dict):
        return document
    data = document.get("data")
    posts = [item for item in (data if isinstance(data, list) else [data]) if isinstance(item, dict)]
    wanted = {
        reference.get("id")
        for item in posts
        for reference in _listed(item.get("referenced_tweets"))
        if isinstance(reference, dict)
    }
    tweets = [item for item in _included(document, "tweets") if item.get("id") in wanted]
    people = {item.get("author_id") for item in [*posts, *tweets]}
    users = [item for item in _included(document, "users") if item.get("id") in people]
    return document | {"includes": includes | {"tweets": tweets, "users": users}}


def _reddit(node: Json, gone: Gone) -> bool:
    data = node["data"] if isinstance(node.get("data"), dict) and "kind" in node else node
    author = data.get("author")
    return (
        _is(gone.post, "reddit", data.get("name"))
        or _is(gone.post, "reddit", data.get("crosspost_parent"))
        or _is(gone.author, "reddit", data.get("author_fullname"))
        or (isinstance(author, str) and _is(gone.author, "reddit", f"u/{author}"))
        or _is(gone.handle, "reddit", _plain(author))
        or any(_reddit(item, gone) for item in _listed(data.get("crosspost_parent_list")) if isinstance(item, dict))
    )


def _reddit_lost(node: Json, gone: Gone) -> Collection[str]:
    ends = tuple(end for end in ("before", "after") if _is(gone.post, "reddit", node.get(end)))
    if ends:  # a listing says by which posts it begins and ends
        return ends
    if _is(gone.post, "reddit", node.get("link_id")) or _is(gone.handle, "reddit", _plain(node.get("link_author"))):
        return ("link_title", "link_author", "link_permalink", "link_url", "permalink")  # it has the title too
    return ()


def _x_lost(node: Json, gone: Gone) -> Collection[str]:
    if _is(gone.author, "x", node.get("in_reply_to_user_id")):
        return ("in_reply_to_user_id",)
    # A page says by which posts it begins and ends.
    return tuple(end for end in ("newest_id", "oldest_id") if _is(gone.post, "x", node.get(end)))


def _x_meant(node: Json, gone: Gone) -> Meant | None:
    """Read the mentions, which have the account's id: also when it has another name by now."""
    mentions = [one for one in _listed(_object(node, "entities").get("mentions")) if isinstance(one, dict)]
    lost = [one for one in mentions if _x(one, gone) and isinstance(one.get("username"), str)]
    return Meant(frozenset(plain_handle(one["username"]) for one in lost)) if lost else None


def _bluesky(node: Json, gone: Gone) -> bool:
    is_reference = not node.keys() - {"uri", "cid", "$type"}  # in a reply that stays
    if _bluesky_account(node, gone) or (not is_reference and _is(gone.post, "bluesky", node.get("uri"))):
        return True
    if _bluesky_account(_object(node, "author"), gone):
        return True
    post, by = _object(node, "post"), _object(_object(node, "reason"), "by")
    repost = f"{post.get('uri')}{REPOSTED_BY}{by.get('did')}" if by else None
    return bool(
        (post and _bluesky(post, gone)) or _bluesky_account(by, gone) or _is(gone.post, "bluesky", repost)
    ) or any(
        _is(gone.author, "bluesky", _object({"of": feature}, "of").get("did"))
        for feature in _listed(node.get("features"))
    )


def _bluesky_tidied(document: Any) -> Any:
    """Leave out the profiles of accounts of which no post is left on the page."""
    profiles = _object(document, "profiles") if isinstance(document, dict) else {}
    if not profiles:
        return document
    page = _object(document, "page")
    items = [item for part in ("feed", "posts") for item in _listed(page.get(part)) if isinstance(item, dict)]
    accounts = [account for item in items for account in _bluesky_accounts(item)]
    people = {account.get("did") for account in accounts}
    left = [item for item in _listed(profiles.get("profiles")) if isinstance(item, dict) and item.get("did") in people]
    return document | {"profiles": profiles | {"profiles": left}}


def _bluesky_accounts(item: Json) -> tuple[Json, ...]:
    return (
        _object(item, "author"),
        _object(_object(item, "post"), "author"),
        _object(_object(item, "reason"), "by"),
    )


def _bluesky_account(node: Json, gone: Gone) -> bool:
    return _is(gone.author, "bluesky", node.get("did")) or _is(gone.handle, "bluesky", _plain(node.get("handle")))


def _bluesky_meant(node: Json, gone: Gone) -> Meant | None:
    """Read the facets, which say of which account the name is that stands between two bytes of the text."""
    if not isinstance(node.get("text"), str) or not _listed(node.get("facets")):
        return None
    text = node["text"].encode("utf-8", "replace")
    names = set()
    for facet in _listed(node["facets"]):
        if isinstance(facet, dict) and _bluesky(facet, gone):
            place = _object(facet, "index")
            start, end = place.get("byteStart"), place.get("byteEnd")
            if isinstance(start, int) and isinstance(end, int):
                names.add(plain_handle(text[start:end].decode("utf-8", "replace")))
    return Meant(frozenset(names)) if names else None


def _mastodon(node: Json, gone: Gone) -> bool:
    if "acct" in node:
        return (
            _is(gone.author, "mastodon", node.get("uri"))
            or _is(gone.author, "mastodon", node.get("url"))
            or _is(gone.handle, "mastodon", _full_handle(node))
        )
    if _is(gone.post, "mastodon", node.get("uri")):
        return True
    return any(_mastodon(_object(node, part), gone) for part in ("account", "reblog") if _object(node, part))


def _mastodon_meant(node: Json, gone: Gone) -> Meant | None:
    """Read the list of whom a status mentions: in its words only links tell their servers."""
    if "content" not in node:
        return None
    mentions = [one for one in _listed(node.get("mentions")) if isinstance(one, dict)]
    lost = [one for one in mentions if _mastodon(one, gone)]
    kept = _mastodon_names(one for one in mentions if one not in lost)
    writer = _full_handle(_object(node, "account")) or ""
    return Meant(_mastodon_names(lost) - kept, kept, writer.partition("@")[2])


def _mastodon_names(accounts: Iterable[Json]) -> frozenset[str]:
    found = [name for one in accounts for name in ((_plain(one.get("acct")) or "").partition("@")[0], one.get("url"))]
    return frozenset(name.lower().rstrip("/") for name in found if isinstance(name, str) and name)


def _full_handle(account: Json) -> str | None:
    name = _plain(account.get("acct"))
    if name is None or "@" in name:
        return name
    host = urlsplit(str(account.get("uri") or account.get("url") or "")).hostname
    return f"{name}@{host}" if host else name


_GOES: Final = "\x00goes"
_REFERENCE: Final = frozenset({"type", "id"})
"""What X itself writes to refer to a post."""


def _marked(rule: Callable[[Json, Gone], bool]) -> Callable[[Json, Gone], bool]:
    return lambda node, gone: _GOES in node or rule(node, gone)


def _is(test: Callable[[str, str], bool], platform: str, name: Any) -> bool:
    return isinstance(name, str) and bool(name) and test(platform, name)


def _plain(name: Any) -> str | None:
    return plain_handle(name) if isinstance(name, str) else None


def _object(node: Json, part: str) -> Json:
    value = node.get(part)
    return value if isinstance(value, dict) else {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _included(document: Json, name: str) -> list[Json]:
    return [item for item in _listed(_object(document, "includes").get(name)) if isinstance(item, dict)]


RULES: Final = {
    "x/posts": Rule("x", _marked(_x), _x_prepared, _x_tidied, _x_lost, _x_meant, _x_stub),
    "reddit/listing": Rule("reddit", _reddit, lost=_reddit_lost),
    "bluesky/feed": Rule("bluesky", _bluesky, tidy=_bluesky_tidied, meant=_bluesky_meant),
    "bluesky/posts": Rule("bluesky", _bluesky, tidy=_bluesky_tidied, meant=_bluesky_meant),
    "mastodon/statuses": Rule("mastodon", _mastodon, meant=_mastodon_meant),
    "twarc/lines": Rule("x", _marked(_x), _x_prepared, _x_tidied, _x_lost, _x_meant, _x_stub),
    "reddit/archive": Rule("reddit", _reddit, lost=_reddit_lost),
}
