"""Accounts of X: from a name to an id, once, many names a request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import Refused
from connectors.items import Json, count, objects, string_or_none
from connectors.times import from_iso
from connectors.x.api import XApi
from connectors.x.errors import reason_in
from connectors.x.reads import Reads

BATCH = 100
_FIELDS = "created_at,public_metrics"


@dataclass(frozen=True, slots=True)
class User:
    """An account: its id, how many posts it has and when it was made, where that is known."""

    id: str
    count: int | None = None
    joined: str | None = None


class Users:
    """Remembers accounts; a user read is paid, so each account is asked for once and many together."""

    def __init__(self, api: XApi, reads: Reads, known: Mapping[str, str], batch: int = BATCH) -> None:
        self._api, self._reads, self._batch = api, reads, max(1, min(BATCH, batch))
        self._by_id: dict[str, User] = {}
        self._ids = {name.lower().lstrip("@"): user_id for name, user_id in known.items()}
        self._missing: dict[str, str] = {}

    def find(self, name: str, others: Iterable[str] = ()) -> User:
        """Return the account with this name or id; ask for `others` in the same request when it is unknown.

        Raise Refused, for this query alone, when X has no such account, with X's reason.
        """
        key = name.lower().lstrip("@")
        if key.isdigit() and not name.startswith("@"):
            return self._by_id.get(key, User(key))
        if key not in self._ids and key not in self._missing:
            self._ask([key, *(other for other in (text.lower().lstrip("@") for text in others) if self._new(other))])
        if key not in self._ids:
            reason = self._missing.get(key) or "no such account"
            raise Refused(f"X has no timeline of {name!r}: {reason}", whole_source=False)
        return self._by_id.get(self._ids[key], User(self._ids[key]))

    def unknown(self, name: str, others: Iterable[str] = ()) -> int:
        """Return how many accounts `find` would ask X for, and pay."""
        key = name.lower().lstrip("@")
        if key.isdigit() or not self._new(key):
            return 0
        more = {other for other in (text.lower().lstrip("@") for text in others) if self._new(other)}
        return min(self._batch, len(more | {key}))

    def read(self, user_id: str) -> User | None:
        """Read one account by its id, when it is not known in full; None when X does not say."""
        answer = self._api.call("users", lambda client: client.get_users(ids=[user_id], user_fields=_FIELDS))
        self._reads.users(answer.document)
        for user in _users(answer.document):
            self.keep(user)
        return self._by_id.get(user_id)

    def keep(self, user: Json) -> User:
        """Remember an account that came with an answer."""
        metrics = user.get("public_metrics")
        posts = count(metrics.get("tweet_count")) if isinstance(metrics, dict) else None
        found = User(str(user["id"]), posts, _moment(user.get("created_at")))
        self._by_id[found.id] = found
        return found

    def _new(self, key: str) -> bool:
        return not key.isdigit() and key not in self._ids and key not in self._missing

    def _ask(self, keys: list[str]) -> None:
        batch = list(dict.fromkeys(keys))[: self._batch]
        answer = self._api.call("users", lambda client: client.get_users(usernames=batch, user_fields=_FIELDS))
        self._reads.users(answer.document)
        for user in _users(answer.document):
            username = string_or_none(user.get("username"))
            if username:
                self._ids[username.lower()] = self.keep(user).id
        for error in objects(answer.document.get("errors")):
            if isinstance(error.get("value"), str):
                self._missing[error["value"].lower()] = reason_in(error)
        for key in batch:
            if key not in self._ids:
                self._missing.setdefault(key, "X does not know it")


def _users(document: Json) -> list[Json]:
    return [user for user in objects(document.get("data")) if "id" in user]


def _moment(value: Any) -> str | None:
    try:
        from_iso(value)
    except (TypeError, ValueError):
        return None
    return string_or_none(value)
