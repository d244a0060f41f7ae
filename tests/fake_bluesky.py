"""Bluesky in miniature, with posts by fictional people, and the source that asks it."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta

from collecting import patience
from loopback import Told

from connectors.bluesky.source import BlueskySource
from connectors.source import Page, Window

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEEK = (NOON - timedelta(days=7), NOON + timedelta(seconds=1))
ANNA = "did:plc:annaverzonnen234567abcde"
PASSWORD = "abcd-efgh-ijkl-mnop"


def iso(moment):
    """Write a time as Bluesky does."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def jwt(signature="c2ln"):
    """Make a session token as atproto expects it, valid for two hours; `signature` is base64."""
    claims = {"scope": "com.atproto.access", "sub": ANNA, "iat": int(time.time()), "exp": int(time.time()) + 7200}
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "x"}, claims)
    ]
    return ".".join([*parts, signature])


def view(number, moment=NOON, text="Wij zoeken een planner", **record):
    """Make a post as Bluesky shows it; those with higher numbers are older."""
    moment -= timedelta(minutes=number)
    return {
        "uri": f"at://{ANNA}/app.bsky.feed.post/{number:04}",
        "cid": f"cid{number}",
        "author": {"did": ANNA, "handle": "anna.bsky.example", "displayName": "Anna Verzonnen"},
        "record": {"$type": "app.bsky.feed.post", "createdAt": iso(moment), "text": text, "langs": ["nl"], **record},
        "likeCount": 3,
        "indexedAt": iso(moment + timedelta(seconds=2)),
    }


class FakeBluesky:
    """A Bluesky with one author and a search that ends at `cap`; `tell` overrides single methods."""

    def __init__(self, posts=(), cap=1000, tell=None, inclusive=lambda since, _until: {since}):
        self.posts, self.cap, self.tell, self.inclusive = list(posts), cap, tell or {}, inclusive

    def __call__(self, asked):
        name = asked.path.rsplit(".", 1)[-1]
        if name in self.tell:
            return self.tell[name](asked)
        return getattr(self, name)(asked)

    def createSession(self, asked):  # noqa: N802 - Bluesky's name
        return Told(
            {"did": ANNA, "handle": "anna.bsky.example", "accessJwt": jwt(), "refreshJwt": jwt(), "active": True}
        )

    def getProfiles(self, asked):  # noqa: N802 - same
        return Told({"profiles": [{"did": ANNA, "handle": "anna.bsky.example", "description": "HR-adviseur 🌱"}]})

    def getAuthorFeed(self, asked):  # noqa: N802 - same
        start = int(asked.query.get("cursor", 0))
        return Told(self._paged("feed", [{"post": post} for post in self.posts], start, asked))

    def searchPosts(self, asked):  # noqa: N802 - same
        since, until = (datetime.fromisoformat(asked.query[name]) for name in ("since", "until"))
        times = [(post, datetime.fromisoformat(post["record"]["createdAt"])) for post in self.posts]
        within = [post for post, time in times if since < time < until or time in self.inclusive(since, until)]
        return Told(self._paged("posts", within[: self.cap], int(asked.query.get("cursor", 0)), asked))

    @staticmethod
    def _paged(name, pool, start, asked):
        end = start + int(asked.query["limit"])
        return {name: pool[start:end]} | ({"cursor": str(end)} if end < len(pool) else {})


def source(base_url, **options):
    """Make a source with an account that notes its pauses instead of making them."""
    return BlueskySource(
        **{
            "handle": "anna.bsky.example",
            "app_password": PASSWORD,
            "base_url": base_url,
            "waiting": patience(),
            **options,
        }
    )


def window(query, since=WEEK[0], until=WEEK[1]):
    """Return a window of the source under test."""
    return Window("bluesky", query, since, until)


def page(document, format_="bluesky/feed"):
    """Make a stored page."""
    return Page(format=format_, payload=json.dumps(document), fetched_at=NOON, end="complete")
