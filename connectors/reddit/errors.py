"""Reddit's refusals, named for what to do next."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from connectors.errors import CostStopped, Missing, Refused, SourceError, Transient

_LONGEST_REASON = 300
_MAY_PASS = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})
_REDIRECTS = range(300, 400)
_MEANINGS = {
    "private": "the subreddit is private",
    "banned": "the subreddit is banned",
    "quarantined": "the subreddit is quarantined",
}


def problem(status: int, content: bytes, headers: Mapping[str, str]) -> SourceError | None:
    """Return the error for an answer of the API, None when it is none. A 401 is the caller's affair.

    What concerns one subreddit or user refuses that query alone; a 403 in HTML is Reddit's door itself.
    """
    if status == HTTPStatus.OK:
        return None
    reason = f"Reddit answered {status}: {_reason(content) or 'no reason given'}"
    error: SourceError
    if status == HTTPStatus.PAYMENT_REQUIRED:
        error = CostStopped(reason)
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        error = Transient(reason, retry_after=_retry_after(headers))
    elif status in _REDIRECTS:
        error = Refused(f"Reddit answered {status}: there is no such subreddit", whole_source=False)
    elif status in _MAY_PASS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        error = Transient(reason)
    elif status == HTTPStatus.NOT_FOUND:
        error = Missing(reason, whole_source=False)
    else:
        error = Refused(reason, whole_source=status == HTTPStatus.FORBIDDEN and _document(content) is None)
    return error


def token_problem(status: int, content: bytes, headers: Mapping[str, str]) -> SourceError | None:
    """Return the error for an answer of the token endpoint; a refusal may come as 200 with an error in it."""
    if status == HTTPStatus.OK:
        return _token_missing(_document(content))
    reason = f"Reddit gives no token: it answered {status}: {_reason(content) or 'no reason given'}"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Transient(reason, retry_after=_retry_after(headers))
    if status in _MAY_PASS or status in _REDIRECTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Transient(reason)
    return Refused(reason)


def _token_missing(document: dict[str, Any] | None) -> SourceError | None:
    if document is None:
        return Transient("Reddit's answer to the request for a token is cut or no JSON")
    if "error" in document:
        words = " ".join(str(document[name]) for name in ("error", "error_description") if document.get(name))
        return Refused(f"Reddit gives no token: {_one_line(words)}")
    if not {"access_token", "expires_in", "scope"} <= document.keys():
        return Transient("Reddit's answer to the request for a token lacks the token")
    return None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    for name in ("retry-after", "x-ratelimit-reset"):
        try:
            return max(0.0, float(headers[name]))
        except (KeyError, ValueError):
            continue
    return None


def _document(content: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _reason(content: bytes) -> str:
    document = _document(content)
    if document is None:
        return ""
    reason = document.get("reason")
    if isinstance(reason, str):
        return _one_line(_MEANINGS.get(reason, reason))
    message = document.get("message")
    return _one_line(message) if isinstance(message, str) else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_REASON]
