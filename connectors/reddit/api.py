"""The one seam to Reddit: praw in read-only mode with our address, limits and pace, and its failures named.

praw waits and repeats by itself, in ways that cannot be stopped or bounded. Its documented extension point,
the requestor, sits between praw and the network: ours raises every failure itself and keeps the rate-limit
headers for our own pace, so that nothing is left for praw to wait for.
"""

import configparser
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import praw
import prawcore
import requests

from connectors.base_url import checked_base_url, is_loopback
from connectors.errors import Refused, Transient
from connectors.http_problem import number
from connectors.reddit.errors import problem, token_problem
from connectors.transport import BoundedAdapter, bounded_session
from connectors.waiting import Pace, Waiting

WEBSITE = "https://www.reddit.com"
TOKEN_PATH = "/api/v1/access_token"  # noqa: S105 - a path


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of Reddit: its JSON, and the text that it was read from."""

    document: Any
    text: str


class StaleToken(Refused):
    """Reddit does not accept the token; a new one may help once."""


class Requestor(prawcore.Requestor):
    """Sends praw's requests under our limits and raises a `SourceError` for every failure."""

    def __init__(self, *, note: Callable[[requests.Response], None], **options: Any) -> None:
        super().__init__(**options)
        self._note = note

    def request(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> requests.Response:
        """Send one request; `timeout` is the library's wish, ours holds."""
        del timeout
        try:
            response = self._http.request(*args, **kwargs)
        except requests.RequestException as error:
            # an unknown subreddit is a redirect: not followed, but what it says is wanted
            if not isinstance(error, requests.TooManyRedirects) or error.response is None:
                raise Transient(f"Reddit could not be reached: {type(error).__name__}") from None
            response = error.response
        for_token = str(args[1] if len(args) > 1 else kwargs.get("url")).endswith(TOKEN_PATH)
        if for_token:
            self._raise(token_problem(response.status_code, response.content, response.headers))
            return response
        self._note(response)
        if response.status_code == requests.codes.unauthorized:
            raise StaleToken("Reddit answered 401: the access token is not accepted")
        self._raise(problem(response.status_code, response.content, response.headers))
        for name in [name for name in response.headers if name.lower().startswith("x-ratelimit-")]:
            del response.headers[name]  # else praw would sleep by them, up to ten minutes
        return response

    @staticmethod
    def _raise(error: Exception | None) -> None:
        if error is not None:
            raise error


class RedditApi:
    """Calls Reddit, one request at a time, patiently; each failure is a `SourceError` without the secret.

    The token comes from `token_url`: by default Reddit's website, or `base_url` when that is loopback. The
    praw instance is made at the first call. Not for use by two threads at once.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        user_agent: str,
        base_url: str,
        token_url: str | None,
        waiting: Waiting,
        timeout: tuple[float, float],
        total_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._base_url = checked_base_url(base_url)
        self._token_url = checked_base_url(token_url) if token_url else self._default_token_url()
        self._client_id, self._client_secret, self._user_agent = client_id, client_secret, user_agent
        self._waiting, self._timeout, self._total, self._clock = waiting, timeout, total_seconds, clock
        self._pace = Pace(clock=clock)
        self._reddit: praw.Reddit | None = None
        self._text = ""

    def get(self, path: str, params: Mapping[str, str | int]) -> Answer:
        """Fetch one path and return its JSON; an empty answer is `Transient`, not an empty listing."""
        return self._waiting.retried(lambda: self._renewed(path, params), self._pace)

    def _default_token_url(self) -> str:
        host = urlsplit(self._base_url).hostname or ""
        return self._base_url if is_loopback(host) else WEBSITE

    def _renewed(self, path: str, params: Mapping[str, str | int]) -> Answer:
        try:
            return self._once(path, params)
        except StaleToken:
            self._reddit = None
            return self._once(path, params)

    def _once(self, path: str, params: Mapping[str, str | int]) -> Answer:
        self._text = ""
        try:
            document = self._connected().request(method="GET", path=path, params=dict(params))
        except prawcore.BadJSON:
            raise Transient("Reddit's answer is cut or no JSON" if self._text else "Reddit's answer is empty") from None
        except (prawcore.InvalidInvocation, praw.exceptions.ClientException, configparser.Error) as error:
            raise Refused(f"praw cannot be set up, see its settings and praw.ini: {type(error).__name__}") from None
        except (prawcore.PrawcoreException, praw.exceptions.PRAWException) as error:
            raise Refused(f"Reddit refused: {type(error).__name__}", whole_source=False) from None
        if not self._text or document in ("", None):
            raise Transient("Reddit's answer is empty")
        return Answer(document, self._text)

    def _note(self, response: requests.Response) -> None:
        self._text = response.content.decode("utf-8", "replace")
        remaining, used, reset = (
            number(response.headers, f"x-ratelimit-{name}") for name in ("remaining", "used", "reset")
        )
        limit = None if remaining is None or used is None else remaining + used
        self._pace.note(remaining=remaining, limit=limit, reset=None if reset is None else self._clock() + reset)

    def _connected(self) -> praw.Reddit:
        if self._reddit is None:
            for given in (self._client_id, self._client_secret, self._user_agent):
                if not given.isascii() or not given.isprintable() or not given.strip():
                    raise Refused(
                        "a credential or the user agent of Reddit is empty, or holds a character that HTTP cannot carry"
                    )
            session = bounded_session(BoundedAdapter(timeout=self._timeout, total=self._total))
            # None for what praw would otherwise take from the environment
            self._reddit = praw.Reddit(
                "DEFAULT",
                client_id=self._client_id,
                client_secret=self._client_secret,
                user_agent=self._user_agent,
                username=None,
                password=None,
                refresh_token=None,
                oauth_url=self._base_url,
                reddit_url=self._token_url,
                short_url=self._token_url,
                check_for_updates=False,
                check_for_async=False,
                requestor_class=Requestor,
                requestor_kwargs={"session": session, "note": self._note},
            )
        return self._reddit
