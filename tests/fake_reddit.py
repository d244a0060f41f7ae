"""Reddit's OAuth API in miniature, with fictional people, in the wire format of the real one."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from loopback import Asked, Told

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
TOKEN = "token-of-the-application"


def base36(number: int) -> str:
    """Write a number as Reddit writes ids."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text or "0"


def submission(number: int = 1, moment: datetime = NOON, **fields: Any) -> dict[str, Any]:
    """Return one submission as Reddit writes it."""
    key = base36(1_000_000 + number)
    data = {
        "id": key,
        "name": f"t3_{key}",
        "title": f"Vraag {number} over verzuim",
        "selftext": "Hoe pakken jullie dit aan?",
        "author": "pieter_devos_po",
        "author_fullname": "t2_8xk2",
        "created_utc": moment.timestamp(),
        "permalink": f"/r/werkplein/comments/{key}/vraag_{number}/",
        "subreddit": "werkplein",
        "score": 12,
        "num_comments": 3,
        "num_crossposts": 0,
        "edited": False,
    }
    return {"kind": "t3", "data": data | fields}


def comment(number: int = 1, moment: datetime = NOON, **fields: Any) -> dict[str, Any]:
    """Return one comment as Reddit writes it."""
    key = base36(2_000_000 + number)
    data = {
        "id": key,
        "name": f"t1_{key}",
        "body": f"Antwoord {number}: eerst praten, dan pas een systeem.",
        "author": "saskia_hrm",
        "author_fullname": "t2_9yz1",
        "created_utc": moment.timestamp(),
        "permalink": f"/r/werkplein/comments/lfls/_/{key}/",
        "link_id": "t3_lfls",
        "parent_id": "t3_lfls",
        "score": 2,
        "edited": False,
    }
    return {"kind": "t1", "data": data | fields}


def series(number: int, newest: datetime = NOON, step: timedelta = timedelta(hours=1)) -> list[dict[str, Any]]:
    """Return this many submissions, newest first, evenly apart."""
    return [submission(index + 1, newest - index * step) for index in range(number)]


@dataclass
class FakeReddit:
    """Answers as Reddit does. `faults` maps the number of a request (from 0, tokens apart) to what it gets."""

    things: list[dict[str, Any]]
    cap: int = 1000
    size: int = 100
    faults: dict[int, Told] = field(default_factory=dict)
    token: Told = field(
        default_factory=lambda: Told({"access_token": TOKEN, "token_type": "bearer", "expires_in": 86400, "scope": "*"})
    )
    headers: dict[str, str] = field(default_factory=dict)
    number: int = -1

    def __call__(self, asked: Asked) -> Told:
        """Answer one request."""
        if asked.path == "/api/v1/access_token":
            return self.token
        self.number += 1
        if self.number in self.faults:
            return self.faults[self.number]
        if asked.headers.get("authorization") != f"bearer {TOKEN}":
            return Told({"message": "Unauthorized", "error": 401}, 401)
        if asked.path == "/api/info":
            wanted = asked.query["id"].split(",")
            return self._listing([thing for thing in self.things if thing["data"]["name"] in wanted], None)
        listed = self.things[: self.cap]
        names = [thing["data"].get("name") for thing in listed]
        after = asked.query.get("after")
        if after and after not in names:
            return self._listing([], None)
        start = names.index(after) + 1 if after else 0
        page = listed[start : start + self.size]
        more = start + self.size < len(listed)
        return self._listing(page, page[-1]["data"].get("name") if more else None)

    def _listing(self, children: list[dict[str, Any]], after: str | None) -> Told:
        data = {"modhash": None, "dist": len(children), "children": children, "after": after, "before": None}
        return Told({"kind": "Listing", "data": data}, headers=self.headers)
