"""What became of stored posts on Mastodon, asked at the server that each comes from."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from connectors.http_problem import HttpRefused
from connectors.mastodon.api import MastodonApi
from connectors.presence import Presence

_NUMBER = re.compile(r"/statuses/(\d+)(?:/activity)?$|/@[\w.-]+/(\d+)$")
_REFUSALS: dict[int, Presence] = {404: "deleted", 410: "deleted", 403: "protected"}


def still_there(apis: Sequence[MastodonApi], ids: Sequence[str]) -> dict[str, Presence]:
    """Return one outcome for each uri.

    Only servers that are set up are asked: a uri is text from the network, and nobody else is sent requests on
    its say-so. The posts of other servers are unknown, and so is a uri that does not end with a status number.
    """
    servers = {name: api for api in apis for name in (api.name, urlsplit(api.base_url).netloc)}
    outcomes: dict[str, Presence] = {}
    for uri in ids:
        match = _NUMBER.search(uri)
        api = servers.get(urlsplit(uri).netloc)
        outcomes[uri] = _presence(api, match[1] or match[2]) if match and api else "unknown"
    return outcomes


def _presence(api: MastodonApi, number: str) -> Presence:
    """Ask for one status; one that its author has hidden since is refused like a deleted one."""
    try:
        api.call(lambda client: client.status(number))
    except HttpRefused as error:
        return _REFUSALS.get(error.status, "unknown")
    return "found"
