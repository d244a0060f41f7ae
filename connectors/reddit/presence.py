"""What became of stored items at Reddit, and how their counts stand: a hundred a request and free of charge."""

import re
from collections.abc import Sequence
from typing import Any

from connectors.errors import Transient
from connectors.items import Json
from connectors.presence import Look, counts_of
from connectors.reddit.api import RedditApi
from connectors.reddit.posts import NOBODY, is_gone, to_post
from connectors.times import utc_now

BATCH = 100


def look_again(api: RedditApi, ids: Sequence[str]) -> dict[str, Look]:
    """Return one look for each full name.

    An item whose author deleted the account counts as deleted: its author has to be forgotten. Reddit leaves
    out what it does not know without a word: those are unknown.
    """
    looks: dict[str, Look] = dict.fromkeys(ids, Look("unknown"))
    askable = [name for name in looks if re.fullmatch(r"t[13]_[0-9a-z]+", name)]
    for start in range(0, len(askable), BATCH):
        document = api.get("api/info", {"id": ",".join(askable[start : start + BATCH])}).document
        looks |= {name: _look(name, data) for name, data in _things(document) if name in looks}
    return looks


def _look(name: str, data: Json) -> Look:
    if is_gone(data) or data.get("author") == NOBODY:
        return Look("deleted")
    now = utc_now()
    counts = counts_of(data, lambda data: to_post(name[:2], data, collected_at=now, source="", query=""))
    return Look("found", counts)


def _things(document: Any) -> list[tuple[str, Json]]:
    try:
        return [(child["data"]["name"], child["data"]) for child in document["data"]["children"]]
    except (KeyError, TypeError):
        raise Transient("Reddit's answer is no listing") from None
