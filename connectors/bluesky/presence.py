"""What became of stored posts at Bluesky, and how their counts stand: 25 a request and free of charge."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

from connectors.bluesky.api import BlueskyApi
from connectors.bluesky.posts import POST, REPOSTED_BY, Context, is_unseen, to_post
from connectors.errors import Refused, Transient
from connectors.items import Json, object_in
from connectors.presence import Look, counts_of
from connectors.times import utc_now

BATCH = 25
_DID = r"did:[a-z]+:[\w.:%-]*[\w.-]"
_HANDLE = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_URI = re.compile(
    rf"at://(?=[^/]{{1,253}}/)(?:{_DID}|{_HANDLE})/{re.escape(POST)}/(?!\.\.?\Z)[\w.:~-]{{1,512}}", re.ASCII
)
"""What Bluesky reads as a post's uri, by DID or name: it refuses a whole request over another."""


def look_again(api: BlueskyApi, ids: Sequence[str]) -> dict[str, Look]:
    """Return one look for each post id; of a repost, what became of its reposter, else of the original and its counts.

    Bluesky leaves out what it no longer shows: a deleted post and one of a suspended account look alike. An
    account that has asked since not to be shown to outsiders counts as protected.
    """
    parts = {post_id: post_id.partition(REPOSTED_BY) for post_id in ids}
    posts = _posts(api, (uri for uri, _, _ in parts.values() if _URI.fullmatch(uri)))
    lost = _lost_accounts(api, (did for _, _, did in parts.values() if re.fullmatch(_DID, did, re.ASCII)))
    return {post_id: lost.get(did) or posts.get(uri, Look("unknown")) for post_id, (uri, _, did) in parts.items()}


def _posts(api: BlueskyApi, uris: Iterable[str]) -> dict[str, Look]:
    found: dict[str, Look] = {}
    for batch in _batches(uris):
        answer = api.get("app.bsky.feed.getPosts", {"uris": batch}).document
        found |= _told(answer, "posts", "uri", batch, _post)
    return found


def _lost_accounts(api: BlueskyApi, dids: Iterable[str]) -> dict[str, Look]:
    """Return those who are gone or ask not to be shown; a refusal says of nobody that they are."""
    found: dict[str, Look] = {}
    for batch in _batches(dids):
        with suppress(Refused):
            answer = api.get("app.bsky.actor.getProfiles", {"actors": batch}).document
            found |= _told(answer, "profiles", "did", batch, _account)
    return {did: look for did, look in found.items() if look.presence in ("deleted", "protected")}


def _batches(names: Iterable[str]) -> Iterator[list[str]]:
    once = list(dict.fromkeys(names))
    return (once[start : start + BATCH] for start in range(0, len(once), BATCH))


def _told(answer: Json, name: str, key: str, batch: Sequence[str], look: Callable[[Json], Look]) -> dict[str, Look]:
    """Read a look at each of a batch out of the list `name` of an answer; what it leaves out is gone."""
    items = answer.get(name)
    if not isinstance(items, list):
        raise Transient(f"Bluesky's answer holds no {name}")
    shown = {item[key]: look(item) for item in items if isinstance(item, dict) and item.get(key) in batch}
    # with an item that cannot be told, nothing is known of those that seem to be missing
    missing = Look("deleted" if len(shown) == len(items) else "unknown")
    return {one: shown.get(one, missing) for one in batch}


def _post(post: Json) -> Look:
    if is_unseen(object_in(post, "author")):
        return Look("protected")
    context = Context({}, utc_now(), "", "")
    return Look("found", counts_of(post, lambda post: to_post(post, context)))


def _account(account: Json) -> Look:
    return Look("protected" if is_unseen(account) else "found")
