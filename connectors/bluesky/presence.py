"""What became of stored posts at Bluesky, 25 a request and free of charge."""

from collections.abc import Sequence
from typing import Any

from connectors.bluesky.api import BlueskyApi
from connectors.bluesky.posts import POST, REPOSTED_BY, UNSEEN
from connectors.errors import Transient
from connectors.presence import Presence

BATCH = 25


def still_there(api: BlueskyApi, ids: Sequence[str]) -> dict[str, Presence]:
    """Return one outcome for each post id; of a repost, what became of the original.

    Bluesky leaves out what it no longer shows: a deleted post and one of a suspended account look alike. An
    account that has asked since not to be shown to outsiders counts as protected.
    """
    outcomes: dict[str, Presence] = dict.fromkeys(ids, "unknown")
    uris = {post_id: post_id.partition(REPOSTED_BY)[0] for post_id in outcomes}
    askable = list(dict.fromkeys(uri for uri in uris.values() if uri.startswith("at://") and f"/{POST}/" in uri))
    found: dict[str, Presence] = {}
    for start in range(0, len(askable), BATCH):
        found |= _looked_up(api, askable[start : start + BATCH])
    return {post_id: found.get(uris[post_id], outcome) for post_id, outcome in outcomes.items()}


def _looked_up(api: BlueskyApi, batch: Sequence[str]) -> dict[str, Presence]:
    posts = api.get("app.bsky.feed.getPosts", {"uris": list(batch)}).document.get("posts")
    if not isinstance(posts, list):
        raise Transient("Bluesky's answer holds no posts")
    shown = {post["uri"]: _presence(post) for post in posts if isinstance(post, dict) and post.get("uri") in batch}
    # with an item that cannot be told, nothing is known of those that seem to be missing
    missing: Presence = "deleted" if len(shown) == len(posts) else "unknown"
    return {uri: shown.get(uri, missing) for uri in batch}


def _presence(post: dict[str, Any]) -> Presence:
    author = post.get("author")
    labels = author.get("labels") if isinstance(author, dict) else None
    unseen = any(isinstance(label, dict) and label.get("val") == UNSEEN for label in labels or ())
    return "protected" if unseen else "found"
