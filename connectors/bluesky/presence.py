"""What became of stored posts at Bluesky, and how their counts stand: 25 a request and free of charge."""

import re
from collections.abc import Sequence
from typing import Any

from connectors.bluesky.api import BlueskyApi
from connectors.bluesky.posts import POST, REPOSTED_BY, UNSEEN, Context, to_post
from connectors.errors import Transient
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
    """Return one look for each post id; of a repost, what became of the original and how its counts stand.

    Bluesky leaves out what it no longer shows: a deleted post and one of a suspended account look alike. An
    account that has asked since not to be shown to outsiders counts as protected.
    """
    looks: dict[str, Look] = dict.fromkeys(ids, Look("unknown"))
    uris = {post_id: post_id.partition(REPOSTED_BY)[0] for post_id in looks}
    askable = list(dict.fromkeys(uri for uri in uris.values() if _URI.fullmatch(uri)))
    found: dict[str, Look] = {}
    for start in range(0, len(askable), BATCH):
        found |= _looked_up(api, askable[start : start + BATCH])
    return {post_id: found.get(uris[post_id], look) for post_id, look in looks.items()}


def _looked_up(api: BlueskyApi, batch: Sequence[str]) -> dict[str, Look]:
    posts = api.get("app.bsky.feed.getPosts", {"uris": list(batch)}).document.get("posts")
    if not isinstance(posts, list):
        raise Transient("Bluesky's answer holds no posts")
    shown = {post["uri"]: _look(post) for post in posts if isinstance(post, dict) and post.get("uri") in batch}
    # with an item that cannot be told, nothing is known of those that seem to be missing
    missing = Look("deleted" if len(shown) == len(posts) else "unknown")
    return {uri: shown.get(uri, missing) for uri in batch}


def _look(post: dict[str, Any]) -> Look:
    author = post.get("author")
    labels = author.get("labels") if isinstance(author, dict) else None
    if any(isinstance(label, dict) and label.get("val") == UNSEEN for label in labels or ()):
        return Look("protected")
    context = Context({}, utc_now(), "", "")
    return Look("found", counts_of(post, lambda post: to_post(post, context)))
