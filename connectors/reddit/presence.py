"""What became of stored items at Reddit, a hundred a request and free of charge."""

import re
from collections.abc import Sequence
from typing import Any

from connectors.errors import Transient
from connectors.items import Json
from connectors.presence import Presence
from connectors.reddit.api import RedditApi
from connectors.reddit.posts import NOBODY, is_gone

BATCH = 100


def still_there(api: RedditApi, ids: Sequence[str]) -> dict[str, Presence]:
    """Return one outcome for each full name.

    An item whose author deleted the account counts as deleted: its author has to be forgotten. Reddit leaves
    out what it does not know without a word: those are unknown.
    """
    outcomes: dict[str, Presence] = dict.fromkeys(ids, "unknown")
    askable = [name for name in outcomes if re.fullmatch(r"t[13]_[0-9a-z]+", name)]
    for start in range(0, len(askable), BATCH):
        document = api.get("api/info", {"id": ",".join(askable[start : start + BATCH])}).document
        for name, data in _things(document):
            if name in outcomes:
                outcomes[name] = "deleted" if is_gone(data) or data.get("author") == NOBODY else "found"
    return outcomes


def _things(document: Any) -> list[tuple[str, Json]]:
    try:
        return [(child["data"]["name"], child["data"]) for child in document["data"]["children"]]
    except (KeyError, TypeError):
        raise Transient("Reddit's answer is no listing") from None
