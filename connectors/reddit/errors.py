"""What sets Reddit's refusals apart from other platforms': redirects, its door, and tokens refused with a 200."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from connectors import http_problem
from connectors.errors import Missing, Refused, SourceError, Transient

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
    message = http_problem.answered("Reddit", status, _reason(content))
    if status in http_problem.REDIRECTS:
        return Refused(f"Reddit answered {status}: there is no such subreddit", whole_source=False)
    if status == HTTPStatus.NOT_FOUND:
        return Missing(message, whole_source=False)
    whole = status == HTTPStatus.FORBIDDEN and _document(content) is None
    return http_problem.error_of(message, status, retry_after=_retry_after(headers), whole_source=whole)


def token_problem(status: int, content: bytes, headers: Mapping[str, str]) -> SourceError | None:
    """Return the error for an answer of the token endpoint; a refusal may come as 200 with an error in it."""
    if status == HTTPStatus.OK:
        return _token_missing(_document(content))
    message = http_problem.answered("Reddit gives no token: it", status, _reason(content))
    if status in http_problem.REDIRECTS:
        return Transient(message)
    return http_problem.error_of(message, status, retry_after=_retry_after(headers), whole_source=True)


def _token_missing(document: dict[str, Any] | None) -> SourceError | None:
    if document is None:
        return Transient("Reddit's answer to the request for a token is cut or no JSON")
    if "error" in document:
        words = " ".join(str(document[name]) for name in ("error", "error_description") if document.get(name))
        return Refused(f"Reddit gives no token: {http_problem.one_line(words)}")
    if not {"access_token", "expires_in", "scope"} <= document.keys():
        return Transient("Reddit's answer to the request for a token lacks the token")
    return None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    wishes = (http_problem.number(headers, name) for name in ("retry-after", "x-ratelimit-reset"))
    return next((max(0.0, wish) for wish in wishes if wish is not None), None)


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
        return _MEANINGS.get(reason, reason)
    message = document.get("message")
    return message if isinstance(message, str) else ""
