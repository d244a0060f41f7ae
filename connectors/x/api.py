"""The one seam to X: tweepy's client with our address, limits and pace, and its failures named."""

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests
import tweepy  # type: ignore[import-untyped] # it ships no types

from connectors.base_url import checked_base_url
from connectors.errors import Refused, SourceError, Transient
from connectors.http_problem import number
from connectors.transport import BoundedAdapter, bound
from connectors.waiting import Pace, Waiting
from connectors.x.errors import problem

HOSTS = ("https://api.twitter.com", "https://api.x.com")
SLOW = ("all", "counts_all")
"""The full archive allows one request a second, whatever its quarter of an hour allows."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of X: its JSON, and the text that it was read from."""

    document: dict[str, Any]
    text: str


class RebaseAdapter(BoundedAdapter):
    """Sends what tweepy addresses to X's hosts to another base URL; tweepy has no setting for that."""

    def __init__(self, base_url: str, **limits: Any) -> None:
        self._base_url = base_url
        super().__init__(**limits)

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send `request` to the base URL."""
        for host in HOSTS:
            if request.url and request.url.startswith(host + "/"):
                request.url = self._base_url + request.url[len(host) :]
                break
        return super().send(request, *args, **options)


class XApi:
    """Calls X, one request at a time, patiently; each failure is a `SourceError` without the token.

    Its tweepy client is made at the first call. Not for use by two threads at once.
    """

    def __init__(
        self,
        *,
        bearer_token: str,
        base_url: str,
        waiting: Waiting,
        timeout: tuple[float, float],
        total_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._token, self._base_url = bearer_token, checked_base_url(base_url)
        self._waiting, self._timeout, self._total, self._clock = waiting, timeout, total_seconds, clock
        self._client: tweepy.Client | None = None
        self._paces: dict[str, Pace] = {}
        self._response: requests.Response | None = None

    def call(self, pace: str, request: Callable[[tweepy.Client], Any], *, one_query: bool = False) -> Answer:
        """Send one request and return its JSON answer; `pace` names the endpoint whose limits hold."""
        steps = self._paces.setdefault(pace, Pace(interval=1.0 if pace in SLOW else 0.0, clock=self._clock))
        return self._waiting.retried(lambda: self._once(steps, request, one_query), steps)

    def _once(self, pace: Pace, request: Callable[[tweepy.Client], Any], one_query: bool) -> Answer:
        self._response = None
        try:
            request(self._connected())
        except requests.RequestException as error:
            raise Transient(f"X could not be reached: {type(error).__name__}") from None
        except (tweepy.TweepyException, ValueError, TypeError, AttributeError):
            if self._response is None:
                raise  # nothing came that it could stumble over: the fault is ours
            # tweepy stumbles over some error bodies; the response itself tells
        finally:
            self._note(pace)
        return self._answer(one_query)

    def _answer(self, one_query: bool) -> Answer:
        response = self._response
        if response is None:
            raise Transient("X gave no answer")
        text = response.content.decode("utf-8", "replace")
        if not response.ok or response.status_code != requests.codes.ok:
            raise self._problem(response, text, one_query)
        try:
            document = json.loads(text)
        except (ValueError, RecursionError):
            raise Transient("X's answer is cut or no JSON" if text else "X's answer is empty") from None
        if not isinstance(document, dict):
            raise Transient("X's answer is no JSON object")
        return Answer(document, text)

    def _problem(self, response: requests.Response, text: str, one_query: bool) -> SourceError:
        reset = number(response.headers, "x-rate-limit-reset")
        reset_in = None if reset is None else max(0.0, reset - self._clock())
        hidden = text.replace(self._token, "***") if self._token else text
        return problem(response.status_code, hidden, reset_in=reset_in, one_query=one_query)

    def _note(self, pace: Pace) -> None:
        headers: Mapping[str, str] = self._response.headers if self._response is not None else {}
        pace.note(
            remaining=number(headers, "x-rate-limit-remaining"),
            limit=number(headers, "x-rate-limit-limit"),
            reset=number(headers, "x-rate-limit-reset"),
        )

    def _connected(self) -> tweepy.Client:
        if self._client is None:
            if not self._token.isascii() or not self._token.isprintable() or not self._token.strip():
                raise Refused("the bearer token of X is empty, or holds a character that HTTP cannot carry")
            logging.getLogger("tweepy.client").setLevel(logging.INFO)  # at DEBUG it logs the token
            # return_type is the response itself: a page is stored as X wrote it
            client = tweepy.Client(bearer_token=self._token, return_type=requests.Response, wait_on_rate_limit=False)
            bound(client.session, RebaseAdapter(self._base_url, timeout=self._timeout, total=self._total))
            client.session.hooks["response"].append(self._keep)
            self._client = client
        return self._client

    def _keep(self, response: requests.Response, *_args: Any, **_options: Any) -> None:
        self._response = response
