"""A small Mastodon server on loopback, and statuses as such servers give them."""

from datetime import UTC, datetime, timedelta

from loopback import Told

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def id_at(moment):
    """Return the id that Mastodon gives out at a moment."""
    return str(int(moment.timestamp() * 1000) << 16)


def status(minutes, host="hr.example", **changes):
    """Make a status of so many minutes ago."""
    moment = NOON - timedelta(minutes=minutes)
    number = id_at(moment)
    account = {
        "id": "7",
        "username": "noor",
        "acct": "noor",
        "display_name": "Noor Verzonnen",
        "note": "<p>HR-adviseur &amp; imker<br>in het westen</p>",
        "uri": f"https://{host}/users/noor",
        "url": f"https://{host}/@noor",
    }
    return {
        "id": number,
        "uri": f"https://{host}/users/noor/statuses/{number}",
        "url": f"https://{host}/@noor/{number}",
        "created_at": moment.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "visibility": "public",
        "language": "nl",
        "content": '<p>Wij zoeken <a href="https://hr.example/tags/planner">#<span>planner</span></a></p>',
        "account": account,
        "favourites_count": 4,
        "reblogs_count": 1,
        "replies_count": 2,
        "reblog": None,
        "edited_at": None,
        **changes,
    }


class FakeMastodon:
    """A server with one timeline, shown under every hashtag and account."""

    def __init__(self, statuses=(), tell=None):
        self.statuses, self.tell = list(statuses), tell or {}

    def __call__(self, asked):
        for part, answer in self.tell.items():
            if part in asked.path:
                return answer
        if asked.path == "/api/v1/accounts/lookup":
            return Told({"id": "7", "acct": asked.query["acct"]})
        if asked.path == "/api/v1/accounts/verify_credentials":
            return Told({"id": "9", "acct": "ons"})
        if "/instance" in asked.path:
            return Told({"domain": "hr.example"})
        return self._timeline(asked)

    def _timeline(self, asked):
        pool = [one for one in self.statuses if int(one["id"]) < int(asked.query.get("max_id", 1 << 70))]
        shown = pool[: int(asked.query["limit"])]
        following = shown[-1]["id"] if shown else ""
        link = f'<https://elsewhere.example/api?limit=2&max_id={following}>; rel="next"'
        return Told(shown, headers={"link": link} if shown else {})
