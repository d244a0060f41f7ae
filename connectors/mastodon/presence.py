"""What became of stored posts on Mastodon, and how their counts stand, asked at the server that each comes from."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from connectors.http_problem import HttpFailed, HttpRefused
from connectors.mastodon.api import MastodonApi
from connectors.mastodon.posts import to_post
from connectors.presence import Look, counts_of
from connectors.times import utc_now

_SERVER = re.compile(r"https?://([^/]+)/")  # urlsplit raises on what a hostile server may call a status
_NUMBER = re.compile(r"/statuses/(\d+)(?:/activity)?$|/@[\w.-]+/(\d+)$")
_IN_A_ROW = 3
"""So many statuses that a server fails over one after the other: it is the server, not they."""
_GONE = frozenset({404, 410})


def look_again(apis: Sequence[MastodonApi], ids: Sequence[str]) -> dict[str, Look]:
    """Return one look for each uri; a status that its server fails over, while it answers others, is unknown.

    Only servers that are set up are asked: a uri is text from the network, and nobody else is sent requests on
    its say-so. The posts of other servers are unknown, and so is a uri that does not end with a status number.
    """
    servers = {name: api for api in apis for name in (api.name, urlsplit(api.base_url).netloc)}
    looks: dict[str, Look] = {}
    failed = 0
    for uri in ids:
        match = _NUMBER.search(uri)
        server = _SERVER.match(uri)
        api = servers.get(server[1]) if server else None
        try:
            looks[uri] = _look(api, match[1] or match[2]) if match and api else Look("unknown")
            failed = 0
        except HttpFailed:
            failed += 1
            if failed == min(_IN_A_ROW, len(ids)):
                raise
            looks[uri] = Look("unknown")
    return looks


def _look(api: MastodonApi, number: str) -> Look:
    """Ask for one status; one that its author has hidden since is answered like a deleted one, by 404.

    A 403 comes from what stands before the server (a challenge, a ban of the address), or means a token that may not
    read statuses: of the status it says nothing.
    """
    try:
        status = api.call(lambda client: client.status(number)).document
    except HttpRefused as error:
        return Look("deleted" if error.status in _GONE else "unknown")
    now = utc_now()
    return Look("found", counts_of(status, lambda status: to_post(status, collected_at=now, source="", query="")))
