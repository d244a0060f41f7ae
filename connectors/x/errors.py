"""What sets X's refusals apart from other platforms': spent caps, lost page tokens, and whom a 403 concerns."""

import json
import re
from http import HTTPStatus
from typing import Any

from connectors import http_problem
from connectors.errors import CostStopped, Missing, SourceError, Transient
from connectors.items import objects

# A spent cap is described variously, as 429, 403 or 402, and none is on record: so the body decides.
_SPENT = re.compile(
    r"usage.?cap|credits?.{0,20}(?:deplet|exhaust)|spend.{0,9}(?:cap|limit)|monthly.{0,20}cap", re.IGNORECASE
)
_TOKENS = frozenset({"next_token", "pagination_token"})
_MAY_BE_SPENT = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})


class LostPlace(SourceError):
    """X no longer knows the page token; collecting has to go on by time instead."""


def problem(status: int, body: str, *, reset_in: float | None, one_query: bool = False) -> SourceError:
    """Return the error for an HTTP answer of X that is no success.

    `reset_in` is the number of seconds until its rate limit's announced reset. `one_query` says that a 403
    concerns this query only, as for a full-archive search without access to the archive.
    """
    document = _document(body)
    message = http_problem.answered("X", status, reason_in(document) or body)
    if status in _MAY_BE_SPENT and _SPENT.search(body):
        return CostStopped(message)
    if status in http_problem.REDIRECTS:
        return Transient(message)
    if status == HTTPStatus.BAD_REQUEST and _names_token(document):
        return LostPlace(message)
    if status == HTTPStatus.NOT_FOUND:
        return Missing(message, whole_source=False)
    whole = status == HTTPStatus.UNAUTHORIZED or (
        status == HTTPStatus.FORBIDDEN and not one_query and "not-authorized-for-resource" not in body
    )
    return http_problem.error_of(message, status, retry_after=reset_in, whole_source=whole)


def reason_in(document: Any) -> str:
    """Return X's own words in one line, or an empty text when it gives none."""
    if not isinstance(document, dict):
        return ""
    errors = objects(document.get("errors"))
    words = [error.get("message") or error.get("detail") or error.get("title") for error in errors[:1]]
    words = words or [document.get("detail") or document.get("title")]
    return http_problem.one_line(" ".join(word for word in words if isinstance(word, str)))


def _document(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _names_token(document: Any) -> bool:
    errors = objects(document.get("errors")) if isinstance(document, dict) else []
    return any(_TOKENS & set(error.get("parameters") or ()) for error in errors)
