"""Item by item through a payload: one bad item is set aside with its raw text and never costs its page."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from connectors.post import Post
from connectors.source import Mapped, Reject

Json = dict[str, Any]
_BAD_ITEM = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError)


class Skip(Exception):
    """Raised by a mapping function for an item that is no post, such as a deleted one."""


def map_items(items: Iterable[Any], to_post: Callable[[Any], Post]) -> Mapped:
    """Map each item; what `to_post` cannot read becomes a reject, what it skips becomes nothing."""
    posts: list[Post] = []
    rejects: list[Reject] = []
    for number, item in enumerate(items):
        try:
            posts.append(to_post(item))
        except Skip:
            continue
        except _BAD_ITEM as error:
            rejects.append(Reject(number, reason_of(error), raw_text(item)))
    return Mapped(tuple(posts), tuple(rejects))


def parsed(payload: str) -> Any:
    """Return the parsed JSON of a payload; raise ValueError with one line when it is cut or no JSON."""
    try:
        return json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"payload is not JSON: {error}") from None


def unreadable(payload: str, reason: str) -> Mapped:
    """Return what a page holds that cannot be read at all: one reject with its whole text."""
    return Mapped((), (Reject(0, reason, clean(payload)),))


def reason_of(error: Exception) -> str:
    """Return one line that says what was wrong with an item."""
    if isinstance(error, KeyError):
        return f"lacks {error.args[0]!r}"
    return f"{type(error).__name__}: {error}".splitlines()[0][:300]


def place(file: str, line: int) -> str:
    """Return where an item stands; a page of which something was erased says no more from which file it is."""
    return f"{file} line {line}" if file else f"line {line}"


def raw_text(item: Any) -> str:
    """Return an item as JSON text that any UTF-8 store accepts."""
    return clean(json.dumps(item, ensure_ascii=False, default=str))


def clean(text: str) -> str:
    """Return `text` with lone surrogates replaced: they are legal in JSON but not in UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def string(value: Any) -> str:
    """Return `value` when it is a non-empty string, cleaned; else raise ValueError."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"expected a text, found {type(value).__name__}")
    return clean(value)


def words(value: Any) -> str:
    """Return `value` when it is a string, cleaned, also an empty one; else raise TypeError."""
    if not isinstance(value, str):
        raise TypeError(f"expected a text, found {type(value).__name__}")
    return clean(value)


def string_or_none(value: Any) -> str | None:
    """Return a non-empty string, cleaned, or None."""
    return clean(value) if isinstance(value, str) and value else None


def count(value: Any) -> int | None:
    """Return a whole number, or None when the platform does not say."""
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def object_in(node: Json, part: str) -> Json:
    """Return a part of an object that is an object itself, an empty one when it is not."""
    value = node.get(part)
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """Return `value` when it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def objects(value: Any) -> list[Json]:
    """Return the objects in a list, and none where it is no list."""
    return [one for one in listed(value) if isinstance(one, dict)]
