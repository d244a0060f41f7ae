"""What became of stored posts at X, and how their counts stand. A post that is found is a paid read."""

import re
from collections.abc import Sequence
from typing import Any

from connectors.items import objects
from connectors.presence import Look, Presence, counts_of
from connectors.times import utc_now
from connectors.x.api import XApi
from connectors.x.posts import Context, to_post

BATCH = 100
_ID = re.compile(r"[0-9]{1,19}")
"""What X reads as an id: it refuses a whole request over another."""
_FIELDS = "created_at,edit_history_tweet_ids,public_metrics,referenced_tweets"
_OUTCOMES: dict[str, Presence] = {
    "Not Found Error": "deleted",
    "Authorization Error": "protected",
    "Forbidden": "suspended",
}


def look_again(api: XApi, ids: Sequence[str]) -> dict[str, Look]:
    """Return one look for each id; what X does not mention, and what is no X id, is unknown."""
    looks: dict[str, Look] = dict.fromkeys(ids, Look("unknown"))
    askable = [post_id for post_id in looks if _ID.fullmatch(post_id)]
    for start in range(0, len(askable), BATCH):
        document = _lookup(api, askable[start : start + BATCH])
        looks |= {key: look for key, look in _looks(document) if key in looks}
    return looks


def _lookup(api: XApi, batch: Sequence[str]) -> dict[str, Any]:
    return api.call("lookup", lambda client: client.get_tweets(list(batch), tweet_fields=_FIELDS)).document


def _looks(document: dict[str, Any]) -> list[tuple[str, Look]]:
    found: list[tuple[str, Look]] = []
    for error in objects(document.get("errors")):
        outcome = _OUTCOMES.get(str(error.get("title")))
        if outcome is not None:
            found.append((str(error.get("resource_id") or error.get("value")), Look(outcome)))
    # a repost alone: its own likes mean nothing, and the original would be another paid read
    context = Context({}, {}, utc_now(), "", "")
    items = [item for item in objects(document.get("data")) if isinstance(item.get("id"), str)]
    counts = [counts_of(item, lambda item: to_post(item, context)) for item in items]
    return found + [(item["id"], Look("found", one)) for item, one in zip(items, counts, strict=True)]
