"""By which parts of X's payloads a post, an account or a mention is known: pages, stream objects, flattened posts."""

from collections.abc import Collection
from typing import Any, Final

from connectors.cutting_names import Meant
from connectors.gone import Gone, known, plain_handle, plain_or_none, repeats_gone
from connectors.items import Json, listed, object_in, objects

_GOES: Final = "\x00goes"
_REFERENCE: Final = frozenset({"type", "id"})
"""What X itself writes to refer to a post."""


def is_gone(node: Json, gone: Gone) -> bool:
    """Tell whether an object goes: a post, an account, a mention, an error about one, or what holds a post."""
    return _GOES in node or (_is_error_of(node, gone) if _is_error(node) else _is_gone(node, gone))


def _is_gone(node: Json, gone: Gone) -> bool:
    if "type" in node:  # a post that stays says what it answers; twarc's flattened one has all of that inside it
        return bool(node.keys() - _REFERENCE) and _referred(node, gone)
    if "text" in node or "edit_history_tweet_ids" in node:
        ids = [node.get("id"), *listed(node.get("edit_history_tweet_ids"))]
        if any(known(gone.post, "x", key) for key in ids):
            return True
        if _repeats_gone(node, gone) or any(_referred(one, gone) for one in _reposted(node)):
            return True
    elif known(gone.author, "x", node.get("id")):
        return True
    author = object_in(node, "author")  # inside a flattened post
    is_authors = known(gone.author, "x", node.get("author_id")) or bool(author and _is_gone(author, gone))
    return is_authors or known(gone.handle, "x", plain_or_none(node.get("username")))


def _is_error(node: Json) -> bool:
    """Tell what X says of an account or post that it cannot give: the `type` of that is an address."""
    return "resource_type" in node


def _is_error_of(error: Json, gone: Gone) -> bool:
    named = (error.get("value"), error.get("resource_id"))
    return any(known(gone.author, "x", name) or known(gone.handle, "x", plain_or_none(name)) for name in named)


def _repeats_gone(item: Json, gone: Gone) -> bool:
    """Tell whether a post holds the words of somebody who is gone, where nothing but its text says so."""
    text = item.get("text")
    if not isinstance(text, str) or not text.startswith("RT @"):
        return False
    named = meant(item, gone)
    return repeats_gone(text, gone, named.gone if named else ())


def _reposted(item: Json) -> list[Json]:
    return [one for one in objects(item.get("referenced_tweets")) if one.get("type") == "retweeted"]


def _referred(reference: Json, gone: Gone) -> bool:
    """Tell whether the post that is referred to is gone, by its id alone or by all that a flattened reference holds."""
    return _is_gone({"text": ""} | {key: value for key, value in reference.items() if key != "type"}, gone)


def stub(node: Json) -> Collection[Json]:
    """Return what X itself writes to refer to a post, in the place of a flattened reference that goes."""
    is_reference = "type" in node and not _is_error(node)
    return ({key: value for key, value in node.items() if key in _REFERENCE},) if is_reference else ()


def prepared(document: Any, gone: Gone) -> Any:
    """Mark what shows only by other parts of the page that it is of somebody who is gone.

    That is a bare repost, by the post that the page includes, and an error with a name, by the mention that has the id.
    """
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(data, list | dict):
        return document
    names: set[Any] = {user.get("id") for user in _included(document, "users") if _is_gone(user, gone)}
    going: set[Any] = {
        tweet.get("id")
        for tweet in _included(document, "tweets")
        if _is_gone(tweet, gone) or tweet.get("author_id") in names
    }

    def marked(item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        reposted = {one.get("id") for one in _reposted(item)}
        return item | {_GOES: True} if item.get("author_id") in names or reposted & going else item

    tweets = [item | {_GOES: True} if item.get("id") in going else item for item in _included(document, "tweets")]
    includes = document.get("includes")
    more: Json = {"includes": includes | {"tweets": tweets}} if isinstance(includes, dict) and tweets else {}
    if listed(document.get("errors")):
        more["errors"] = _marked_errors(document, gone)
    return document | {"data": [marked(item) for item in data] if isinstance(data, list) else marked(data)} | more


def _marked_errors(document: Json, gone: Gone) -> list[Any]:
    mentioned = [meant(item, gone) for item in [*_posts(document), *_included(document, "tweets")]]
    names = {name for one in mentioned if one for name in one.gone}
    return [
        one | {_GOES: True} if isinstance(one, dict) and plain_or_none(one.get("value")) in names else one
        for one in listed(document["errors"])
    ]


def tidied(document: Any) -> Any:
    """Leave out the accounts and posts that no post on the page refers to any more; a stream's page is one post's."""
    if isinstance(document, dict) and "data" not in document and "id" not in document:
        return None
    includes = document.get("includes") if isinstance(document, dict) else None
    if not isinstance(includes, dict):
        return document
    posts = _posts(document)
    wanted = {reference.get("id") for item in posts for reference in objects(item.get("referenced_tweets"))}
    tweets = [item for item in _included(document, "tweets") if item.get("id") in wanted]
    people = {item.get("author_id") for item in [*posts, *tweets]}
    users = [item for item in _included(document, "users") if item.get("id") in people]
    return document | {"includes": includes | {"tweets": tweets, "users": users}}


def lost(node: Json, gone: Gone) -> Collection[str]:
    """Name what an object that stays says of whom it answers, and of the posts by which a page begins and ends."""
    if known(gone.author, "x", node.get("in_reply_to_user_id")):
        return ("in_reply_to_user_id",)
    return tuple(end for end in ("newest_id", "oldest_id") if known(gone.post, "x", node.get(end)))


def meant(node: Json, gone: Gone) -> Meant | None:
    """Read the mentions, which have the account's id: also when it has another name by now."""
    mentions = objects(object_in(node, "entities").get("mentions"))
    named = [one for one in mentions if _is_gone(one, gone) and isinstance(one.get("username"), str)]
    return Meant(frozenset(plain_handle(one["username"]) for one in named)) if named else None


def _posts(document: Json) -> list[Json]:
    data = document.get("data")
    return objects(data if isinstance(data, list) else [data])


def _included(document: Json, name: str) -> list[Json]:
    return objects(object_in(document, "includes").get(name))
