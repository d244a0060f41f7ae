"""An HTTP answer that is no success, named for what to do next, where a platform uses the status codes as meant."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from connectors.errors import CostStopped, Refused, SourceError, Transient


class HttpRefused(Refused):
    """A refusal that came as an HTTP answer of this status."""

    def __init__(self, message: str, status: int, *, whole_source: bool) -> None:
        super().__init__(message, whole_source=whole_source)
        self.status = status


class HttpFailed(Transient):
    """A server failed over a request, 5xx: that it cannot answer this one does not mean that it answers none."""


REDIRECTS = range(300, 400)
_MAY_PASS = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})
_LONGEST = 300
_CREDENTIAL = re.compile(r"\b(bearer|basic)\s+(?=\S*\d)\S+", re.IGNORECASE)
"""As in the header of a request, which a proxy may say back."""


def problem(platform: str, status: int, reason: str, *, retry_after: float | None = None) -> SourceError | None:
    """Return the error for an answer, None for a success; `retry_after` as for `error_of`."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    return error_of(answered(platform, status, reason), status, retry_after=retry_after)


def error_of(message: str, status: int, *, retry_after: float | None = None, whole_source: bool = False) -> SourceError:
    """Return the error for an answer that is not what was asked for.

    `retry_after` is the platform's own wish in seconds, kept to when it limits the rate. `whole_source` says
    that a refusal concerns more than this query.
    """
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Transient(message, retry_after=retry_after)
    if status == HTTPStatus.PAYMENT_REQUIRED:
        return CostStopped(message)
    if status in _MAY_PASS:
        return Transient(message)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return HttpFailed(message)
    if status in REDIRECTS:
        message = f"{message} (it redirects, which is not followed)"
    return HttpRefused(message, status, whole_source=whole_source)


def answered(platform: str, status: int, reason: str) -> str:
    """Return the message of an error: what a platform answered, in one line."""
    return f"{platform} answered {status}: {one_line(reason) or 'no reason given'}"


def one_line(text: str) -> str:
    """Return the words of a reason in one line, no credential among them; of an HTML page no line could be made."""
    words = "" if text.lstrip().startswith("<") else " ".join(text.split())
    return _CREDENTIAL.sub(r"\1 ***", words)[:_LONGEST]


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a server asks to wait, which it says as a number or as a date; None when it does not."""
    seconds = number(headers, "retry-after")
    if seconds is None and (date := headers.get("retry-after")):
        try:
            return max(0.0, (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds())
        except (TypeError, ValueError):  # no date either, or one without a zone
            return None
    return seconds


def number(headers: Mapping[str, str], name: str) -> float | None:
    """Return a header as a number, None when it is absent or none."""
    try:
        return float(headers[name])
    except (KeyError, ValueError):
        return None
