"""The one seam to Bluesky: atproto's client with our address, limits and pace, and its failures named.

Reading an author's feed needs no account, so it is done without one; only search logs in, with an app password.
atproto refuses a whole page for one item that is not as it expects, so its models are passed by: the answer
itself is kept and read here.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx

from connectors.base_url import checked_base_url, is_loopback
from connectors.errors import Refused, SourceError, Transient
from connectors.http_problem import number, problem, retry_after
from connectors.httpx_transport import BoundedTransport
from connectors.waiting import Pace, Waiting

if TYPE_CHECKING:
    from atproto import Client  # type: ignore[import-untyped] # it ships no marker for its types

PUBLIC = "https://public.api.bsky.app"
"""Answers without an account, and knows no logins."""
LOGIN = "https://bsky.social"
_STALE = frozenset({"ExpiredToken", "InvalidToken"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of Bluesky: its JSON, and the text that it was read from."""

    document: dict[str, Any]
    text: str


class StaleSession(Refused):
    """Bluesky does not accept the session any more; a new login may help once."""


class BlueskyApi:
    """Calls Bluesky, one request at a time, patiently; each failure is a `SourceError` without the password.

    `login_url` is where the app password is sent: by default `base_url`, or Bluesky's own server when that
    is the public one. The clients are made at the first call. Not for use by two threads at once.
    """

    def __init__(
        self,
        *,
        handle: str | None,
        app_password: str | None,
        base_url: str,
        login_url: str | None,
        waiting: Waiting,
        timeout: tuple[float, float],
        total_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._base_url = checked_base_url(base_url)
        self._login_url = checked_base_url(login_url or (LOGIN if self._base_url == PUBLIC else self._base_url))
        self._handle, self._password = handle, app_password
        self._waiting, self._timeout, self._total, self._clock = waiting, timeout, total_seconds, clock
        self._paces = {False: Pace(clock=clock), True: Pace(clock=clock)}
        self._clients: dict[bool, Client] = {}
        self._refusal: Refused | None = None
        self._response: httpx.Response | None = None

    def get(self, method: str, params: Mapping[str, Any], *, logged_in: bool = False) -> Answer:
        """Call a query method and return its JSON object."""
        return self._waiting.retried(lambda: self._renewed(method, params, logged_in), self._paces[logged_in])

    def login(self) -> None:
        """Log in, if that was not done yet; raise Refused with Bluesky's reason when it does not let us in."""
        self._waiting.retried(lambda: self._connected(logged_in=True), self._paces[True])

    def _renewed(self, method: str, params: Mapping[str, Any], logged_in: bool) -> Answer:
        try:
            return self._once(method, params, logged_in)
        except StaleSession:
            self._clients.pop(logged_in, None)
            return self._once(method, params, logged_in)

    def _once(self, method: str, params: Mapping[str, Any], logged_in: bool) -> Answer:
        from atproto_client.models.dot_dict import (  # type: ignore[import-untyped] # noqa: PLC0415 - atproto takes two seconds to import
            DotDict,
        )

        client = self._connected(logged_in=logged_in)
        self._send(lambda: client.invoke_query(method, params=DotDict(dict(params))), self._paces[logged_in])
        return self._answer(logged_in=logged_in)

    def _send(self, request: Callable[[], object], pace: Pace) -> None:
        from atproto import exceptions  # noqa: PLC0415 - see above

        self._response = None
        try:
            request()
        except httpx.TooManyRedirects:
            pass  # the answer says where to; it is judged as it stands
        except (httpx.HTTPError, exceptions.AtProtocolError, ValueError) as error:
            if self._response is None:
                cause = error.__cause__ or error
                raise Transient(f"Bluesky could not be reached: {type(cause).__name__}") from None
        finally:
            headers: Mapping[str, str] = self._response.headers if self._response is not None else {}
            names = {name: number(headers, f"ratelimit-{name}") for name in ("remaining", "limit", "reset")}
            pace.note(**names)

    def _answer(self, *, logged_in: bool) -> Answer:
        response = self._response
        if response is None:
            raise Transient("Bluesky gave no answer")
        text = response.content.decode("utf-8", "replace")
        document = _document(text)
        if error := self._problem(response, text, document, logged_in=logged_in):
            raise error
        if document is None:
            raise Transient("Bluesky's answer is cut or no JSON object" if text else "Bluesky's answer is empty")
        return Answer(document, text)

    def _problem(
        self, response: httpx.Response, text: str, document: dict[str, Any] | None, *, logged_in: bool
    ) -> SourceError | None:
        words = [str(document[key]) for key in ("error", "message") if document.get(key)] if document else [text]
        reason = ": ".join(words)
        if self._password:
            reason = reason.replace(self._password, "***")
        reset = number(response.headers, "ratelimit-reset")
        wish = retry_after(response.headers)
        if wish is None and reset is not None:
            wish = max(0.0, reset - self._clock())
        error = problem("Bluesky", response.status_code, reason, retry_after=wish)
        stale = response.status_code == httpx.codes.UNAUTHORIZED or (document or {}).get("error") in _STALE
        return StaleSession(str(error), whole_source=False) if error and logged_in and stale else error

    def _connected(self, *, logged_in: bool) -> "Client":
        if logged_in not in self._clients:
            client = self._client(self._login_url if logged_in else self._base_url)
            if logged_in:
                self._log_in(client)
            self._clients[logged_in] = client
        return self._clients[logged_in]

    def _log_in(self, client: "Client") -> None:
        if self._refusal is not None:
            raise self._refusal  # logins are limited to 300 a day
        handle, password = self._handle, self._password
        if not (handle and password):
            raise Refused("search on Bluesky needs an account: set its handle and app_password", whole_source=False)
        # without the profile, which would be one more request; logins have a limit of their own, not the searches'
        self._send(lambda: client.login(handle, password, fetch_bsky_profile=False), Pace(clock=self._clock))
        try:
            answer = self._answer(logged_in=False)
        except Refused as error:
            self._refusal = Refused(f"Bluesky refuses the login: {error}", whole_source=False)
            raise self._refusal from None
        if not {"accessJwt", "refreshJwt", "did", "handle"} <= answer.document.keys():
            raise Transient("Bluesky's answer to the login lacks the session")

    def _client(self, base_url: str) -> "Client":
        from atproto import Client  # noqa: PLC0415 - see above
        from atproto_client.request import Request  # type: ignore[import-untyped] # noqa: PLC0415 - see above

        class Steady(Client):  # type: ignore[misc] # its types do not reach us
            """Moves to the server that a login names only when a credential may be sent there."""

            def update_base_url(self, base_url: str | None = None) -> None:
                if base_url and not is_loopback(urlsplit(self._base_url).hostname or ""):
                    super().update_base_url(checked_base_url(base_url))

        connect, silence = self._timeout
        request = Request(
            transport=BoundedTransport(total=self._total),
            timeout=httpx.Timeout(silence, connect=connect),
            trust_env=False,
            max_redirects=0,
            event_hooks={"response": [self._keep]},
        )
        return Steady(base_url=base_url, request=request)

    def _keep(self, response: httpx.Response) -> None:
        response.read()
        self._response = response


def _document(text: str) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
