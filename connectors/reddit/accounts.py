"""How the panel's users stand at Reddit, a request each and free. A name there never changes."""

from collections.abc import Sequence

from connectors.account import Account
from connectors.errors import Missing
from connectors.reddit.api import RedditApi


def look_up(api: RedditApi, handles: Sequence[str]) -> dict[str, Account]:
    """Return each name's account; Reddit says of deleted accounts and shadow-banned ones that there are none."""
    return {handle: _account(api, handle) for handle in handles}


def _account(api: RedditApi, handle: str) -> Account:
    try:
        document = api.get(f"user/{handle}/about", {}).document
    except Missing as error:
        return Account(handle, "missing", str(error))
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(data, dict):
        return Account(handle, "unknown", "Reddit's answer tells of no account")
    return Account(handle, "suspended" if data.get("is_suspended") is True else "found")
