"""How the panel's accounts stand at Mastodon, a request each, at a server that is set up; free."""

from http import HTTPStatus

from connectors.account import Account
from connectors.http_problem import HttpRefused
from connectors.mastodon.api import MastodonApi
from connectors.mastodon.queries import Query

_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


def look_up(api: MastodonApi, query: Query) -> Account:
    """Return the account that a query names, as its instance knows it."""
    try:
        document = api.call(lambda client: client.account_lookup(query.value)).document
    except HttpRefused as error:
        if error.status in _GONE:
            return Account(query.value, "missing", str(error))
        return Account(query.value, "unknown", str(error))
    if not isinstance(document, dict):
        return Account(query.value, "unknown", f"{api.name} tells of no account")
    moved = document.get("moved")
    if document.get("suspended") is True:
        return Account(query.value, "suspended")
    if isinstance(moved, dict):
        return Account(query.value, "renamed", f"moved to {moved.get('acct')}")
    return Account(query.value, "found")
