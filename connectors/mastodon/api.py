"""The one seam to a Mastodon server: Mastodon.py with our address, limits and pace, and its failures named.

Mastodon.py passes a malformed status on as if it were one, so the answer itself is kept and read here. Its own
waiting is off: it is unbounded and cannot be stopped.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import mastodon
import requests

from connectors.base_url import checked_base_url
from connectors.errors import Refused, SourceError, Transient
from connectors.http_problem import number, problem
from connectors.times import from_iso
from connectors.transport import BoundedAdapter, bounded_session
from connectors.waiting import Pace, Waiting

USER_AGENT = "etalage (research on public posts; python)"
_DOORS = frozenset({requests.codes.unauthorized, requests.codes.unprocessable_entity})
"""A server that does not accept a token says so with one of these."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a server: its JSON, the text it was read from, and the id to go on before, if any."""

    document: Any
    text: str
    following: str | None


class Client(mastodon.Mastodon):
    """Mastodon.py without the request for the instance's description that precedes its first timeline."""

    def timeline_is_available(self, *_args: Any, **_options: Any) -> bool:
        """Say yes: the timeline itself will tell."""
        return True


class MastodonApi:
    """Calls one server, one request at a time, patiently; each failure is a `SourceError` without the token.

    The client is made at the first call. Not for use by two threads at once.
    """

    def __init__(
        self,
        *,
        name: str,
        base_url: str,
        token: str | None,
        waiting: Waiting,
        timeout: tuple[float, float],
        total_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name, self.has_token = name, bool(token)
        self.base_url, self._token = checked_base_url(base_url), token or None
        self._waiting, self._timeout, self._total, self._clock = waiting, timeout, total_seconds, clock
        self._pace = Pace(clock=clock)
        self._client: Client | None = None
        self._response: requests.Response | None = None
        self._refusal: Refused | None = None

    def call(self, request: Callable[[Client], Any]) -> Answer:
        """Send one request and return its JSON answer."""
        if self._refusal is not None:
            raise self._refusal  # a server that has refused the token refuses it for every query
        return self._waiting.retried(lambda: self._once(request), self._pace)

    def _once(self, request: Callable[[Client], Any]) -> Answer:
        self._response = None
        try:
            request(self._connected())
        except mastodon.MastodonNetworkError as error:
            if self._response is None:
                raise Transient(f"{self.name} could not be reached: {_cause(error)}") from None
        except (mastodon.MastodonError, ValueError, TypeError, KeyError, AttributeError):
            if self._response is None:
                raise  # nothing came that it could stumble over: the fault is ours
            # it stumbles over some answers; the answer itself tells
        finally:
            self._note()
        return self._answer()

    def _answer(self) -> Answer:
        response = self._response
        if response is None:
            raise Transient(f"{self.name} gave no answer")
        text = response.content.decode("utf-8", "replace")
        if error := self._problem(response, text):
            raise error
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            wrong = "is cut or no JSON" if text else "is empty"
            raise Transient(f"{self.name}: the answer {wrong}") from None
        return Answer(document, text, _following(response))

    def _problem(self, response: requests.Response, text: str) -> SourceError | None:
        reason = _reason(text)
        if self._token:
            reason = reason.replace(self._token, "***")
        reset = self._reset(response.headers)
        wish = None if reset is None else max(0.0, reset - self._clock())
        error = problem(self.name, response.status_code, reason, retry_after=wish)
        if self._token and isinstance(error, Refused) and response.status_code in _DOORS:
            self._refusal = error
        return error

    def _note(self) -> None:
        headers: Mapping[str, str] = self._response.headers if self._response is not None else {}
        self._pace.note(
            remaining=number(headers, "x-ratelimit-remaining"),
            limit=number(headers, "x-ratelimit-limit"),
            reset=self._reset(headers),
        )

    @staticmethod
    def _reset(headers: Mapping[str, str]) -> float | None:
        """Return the epoch second of the reset: Mastodon writes an ISO time, some of its kin a number."""
        seconds = number(headers, "x-ratelimit-reset")
        if seconds is not None:
            return seconds
        try:
            return from_iso(headers["x-ratelimit-reset"]).timestamp()
        except (KeyError, ValueError):
            return None

    def _connected(self) -> Client:
        if self._client is None:
            session = bounded_session(BoundedAdapter(timeout=self._timeout, total=self._total))
            session.hooks["response"].append(self._keep)
            client = Client(
                api_base_url=self.base_url,
                session=session,
                request_timeout=sum(self._timeout),
                ratelimit_method="throw",
                version_check_mode="none",
                user_agent=USER_AGENT,
            )
            client.access_token = self._token  # given here, it is not taken for the name of a file
            self._client = client
        return self._client

    def _keep(self, response: requests.Response, *_args: Any, **_options: Any) -> None:
        self._response = response


def _cause(error: Exception) -> str:
    cause = error.__context__
    return type(cause).__name__ if cause is not None else type(error).__name__


def _reason(text: str) -> str:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return text
    words = [document.get(name) for name in ("error", "error_description")] if isinstance(document, dict) else []
    return ": ".join(word for word in words if isinstance(word, str))


def _following(response: requests.Response) -> str | None:
    """Return the id in the link to the next page. The link itself is not followed: it may lead anywhere."""
    link = response.links.get("next", {}).get("url", "")
    ids = parse_qs(urlsplit(link).query).get("max_id")
    return ids[-1] if ids else None
