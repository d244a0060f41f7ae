"""X's API v2 in miniature, with posts by fictional people, in the wire format of the real one."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from loopback import Asked, Told

EPOCH_MS = 1288834974657
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PROBLEM = "https://api.twitter.com/2/problems/"


def snowflake(moment: datetime, serial: int = 0) -> str:
    """Return the id that X would give a post at this moment."""
    return str(((int(moment.timestamp() * 1000) - EPOCH_MS) << 22) + serial)


def iso(moment: datetime) -> str:
    """Write a moment as X does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def post(moment: datetime = NOON, text: str = "Vandaag gesprekken gevoerd", **fields: Any) -> dict[str, Any]:
    """Return one post as X writes it."""
    post_id = fields.get("id") or snowflake(moment)
    return {
        "id": post_id,
        "text": text,
        "author_id": "501",
        "created_at": iso(moment),
        "edit_history_tweet_ids": [post_id],
        "lang": "nl",
        "public_metrics": {
            "like_count": 4,
            "reply_count": 1,
            "retweet_count": 2,
            "quote_count": 0,
            "impression_count": 90,
        },
    } | fields


def user(user_id: str = "501", username: str = "noor_vdberg_hr", posts: int = 240, **fields: Any) -> dict[str, Any]:
    """Return one account as X writes it."""
    return {
        "id": user_id,
        "username": username,
        "name": "Noor van den Berg",
        "description": "HR-adviseur bij Molenwiek Zorg &amp; Welzijn",
        "created_at": "2015-05-01T08:00:00.000Z",
        "public_metrics": {"tweet_count": posts},
    } | fields


def series(number: int, newest: datetime = NOON, step: timedelta = timedelta(hours=1)) -> list[dict[str, Any]]:
    """Return this many posts, newest first, evenly apart."""
    return [post(newest - index * step, f"Bericht {index} over ons werk") for index in range(number)]


@dataclass
class FakeX:
    """Answers as X does. `faults` maps the number of a request (from 0) to what it gets instead."""

    posts: list[dict[str, Any]]
    users: list[dict[str, Any]] = field(default_factory=lambda: [user()])
    cap: int = 3200
    gone: dict[str, str] = field(default_factory=dict)
    faults: dict[int, Told] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    usage: dict[str, int] = field(default_factory=lambda: {"2026-03-10": 35})
    number: int = -1

    def __call__(self, asked: Asked) -> Told:
        """Answer one request."""
        self.number += 1
        if self.number in self.faults:
            return self.faults[self.number]
        if asked.headers.get("authorization") != "Bearer token-of-noor":
            return Told({"title": "Unauthorized", "status": 401, "detail": "Unauthorized"}, 401)
        return Told(self.body(asked), headers=self.headers)

    def body(self, asked: Asked) -> dict[str, Any]:
        """Return the JSON for one request."""
        parts = asked.path.strip("/").split("/")[1:]
        if parts[-1] == "tweets" and parts[0] == "users":
            listed = [item for item in self.posts if item["author_id"] == parts[1]][: self.cap]
            return self._page(asked.query, listed)
        if parts == ["usage", "tweets"]:
            daily = {
                "usage": [{"date": f"{day}T00:00:00.000Z", "usage": str(used)} for day, used in self.usage.items()]
            }
            data = {"project_usage": "110", "project_cap": "3000000", "cap_reset_day": 9, "daily_project_usage": daily}
            return {"data": data}
        if parts[:2] == ["tweets", "counts"]:
            return {"data": [], "meta": {"total_tweet_count": len(self._counted(asked.query))}}
        if parts == ["tweets"]:
            return self._lookup(asked.query["ids"].split(","))
        if parts[0] == "users":
            return self._users(asked.query)
        return self._page(asked.query, self.posts[: self.cap] if parts[0] == "lists" else self.posts)

    def _page(self, query: dict[str, str], listed: list[dict[str, Any]]) -> dict[str, Any]:
        listed = self._within(query, listed)
        start = int((query.get("next_token") or query.get("pagination_token") or "t0")[1:])
        size = int(query["max_results"])
        data = listed[start : start + size]
        meta: dict[str, Any] = {"result_count": len(data)}
        if start + size < len(listed):
            meta["next_token"] = f"t{start + size}"
        authors = {item["author_id"] for item in data}
        includes = {"users": [item for item in self.users if item["id"] in authors]}
        return {"data": data, "includes": includes, "meta": meta} if data else {"meta": meta}

    @staticmethod
    def _within(query: dict[str, str], listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
        first, last = query.get("start_time", "0"), query.get("end_time", "9")
        return [item for item in listed if first[:19] <= item["created_at"][:19] < last[:19]]

    def _counted(self, query: dict[str, str]) -> list[dict[str, Any]]:
        names = {name for word in query["query"].split() if (name := word.removeprefix("from:")) != word}
        ids = {one["id"] for one in self.users if names & {one["id"], one["username"]}}
        return [item for item in self._within(query, self.posts) if not names or item["author_id"] in ids]

    def _users(self, query: dict[str, str]) -> dict[str, Any]:
        key = "usernames" if "usernames" in query else "ids"
        wanted = query[key].split(",")
        found = [item for item in self.users if item["username" if key == "usernames" else "id"] in wanted]
        known = {item["username"] for item in found} | {item["id"] for item in found}
        errors = [
            {"value": name, "detail": f"Could not find user with {key}: [{name}].", "title": "Not Found Error"}
            for name in wanted
            if name not in known
        ]
        return ({"data": found} if found else {}) | ({"errors": errors} if errors else {})

    def _lookup(self, ids: list[str]) -> dict[str, Any]:
        found = [item for item in self.posts if item["id"] in ids and item["id"] not in self.gone]
        errors = [{"resource_id": key, "title": title} for key, title in self.gone.items() if key in ids]
        return {"data": found, "errors": errors}
