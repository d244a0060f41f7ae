"""What became of stored posts at X. A post that is found is a paid read: for many, X's compliance jobs are cheaper."""

from collections.abc import Sequence
from typing import Any

from connectors.presence import Presence
from connectors.x.api import XApi

BATCH = 100
_OUTCOMES: dict[str, Presence] = {
    "Not Found Error": "deleted",
    "Authorization Error": "protected",
    "Forbidden": "suspended",
}


def still_there(api: XApi, ids: Sequence[str]) -> dict[str, Presence]:
    """Return one outcome for each id; what X does not mention, and what is no X id, is unknown."""
    outcomes: dict[str, Presence] = dict.fromkeys(ids, "unknown")
    askable = [post_id for post_id in outcomes if post_id.isascii() and post_id.isdigit()]
    for start in range(0, len(askable), BATCH):
        document = _lookup(api, askable[start : start + BATCH])
        outcomes |= {key: outcome for key, outcome in _outcomes(document) if key in outcomes}
    return outcomes


def _lookup(api: XApi, batch: Sequence[str]) -> dict[str, Any]:
    return api.call("lookup", lambda client: client.get_tweets(list(batch))).document


def _outcomes(document: dict[str, Any]) -> list[tuple[str, Presence]]:
    found: list[tuple[str, Presence]] = []
    for error in document.get("errors") or []:
        outcome = _OUTCOMES.get(str(error.get("title"))) if isinstance(error, dict) else None
        if outcome is not None:
            found.append((str(error.get("resource_id") or error.get("value")), outcome))
    found += [(str(item["id"]), "found") for item in document.get("data") or [] if isinstance(item, dict)]
    return found
