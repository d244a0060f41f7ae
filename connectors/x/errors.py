"""X's refusals, named for what to do next."""

import json
import re
from http import HTTPStatus
from typing import Any

from connectors.errors import CostStopped, Missing, Refused, SourceError, Transient

# A spent cap is described variously, as 429, 403 or 402, and none is on record: so the body decides.
_SPENT = re.compile(
    r"usage.?cap|credits?.{0,20}(?:deplet|exhaust)|spend.{0,9}(?:cap|limit)|monthly.{0,20}cap", re.IGNORECASE
)
_TOKENS = frozenset({"next_token", "pagination_token"})
_LONGEST_REASON = 300
_MAY_BE_SPENT = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
_MAY_PASS = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})
_REDIRECTS = range(300, 400)


class LostPlace(SourceError):
    """X no longer knows the page token; collecting has to go on by time instead."""


def problem(status: int, body: str, *, reset_in: float | None, one_query: bool = False) -> SourceError:
    """Return the error for an HTTP answer of X.

    `reset_in` is the number of seconds until its rate limit's announced reset. `one_query` says that a 403
    concerns this query only, as for a full-archive search without access to the archive.
    """
    document = _document(body)
    reason = f"X answered {status}: {reason_in(document) or _plain(body) or 'no reason given'}"
    if status == HTTPStatus.PAYMENT_REQUIRED or (status in _MAY_BE_SPENT and _SPENT.search(body)):
        error: SourceError = CostStopped(reason)
    elif status == HTTPStatus.TOO_MANY_REQUESTS:
        error = Transient(reason, retry_after=reset_in)
    elif status in _MAY_PASS or status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _REDIRECTS:
        error = Transient(reason)
    elif status == HTTPStatus.BAD_REQUEST and _names_token(document):
        error = LostPlace(reason)
    elif status == HTTPStatus.NOT_FOUND:
        error = Missing(reason, whole_source=False)
    else:
        whole = status == HTTPStatus.UNAUTHORIZED or (
            status == HTTPStatus.FORBIDDEN and not one_query and "not-authorized-for-resource" not in body
        )
        error = Refused(reason, whole_source=whole)
    return error


def reason_in(document: Any) -> str:
    """Return X's own words in one line, or an empty text when it gives none."""
    if not isinstance(document, dict):
        return ""
    errors = [error for error in document.get("errors") or [] if isinstance(error, dict)]
    words = [error.get("message") or error.get("detail") or error.get("title") for error in errors[:1]]
    words = words or [document.get("detail") or document.get("title")]
    return _one_line(" ".join(word for word in words if isinstance(word, str)))


def _document(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _plain(body: str) -> str:
    """Return a short text answer; an HTML page says nothing that a reader of one line could use."""
    return "" if body.lstrip().startswith("<") else _one_line(body)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_REASON]


def _names_token(document: Any) -> bool:
    errors = document.get("errors") if isinstance(document, dict) else None
    return any(isinstance(error, dict) and _TOKENS & set(error.get("parameters") or ()) for error in errors or ())
