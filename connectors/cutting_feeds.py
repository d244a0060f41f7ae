"""Take a blog, or an entry of it, out of a stored feed: its XML is cut by the entry's own tags."""

import html
import json
import re
from typing import Final

from connectors.gone import Cut, Gone

_NOTHING: Final = '{"url":"https://none.invalid","unchanged":true}'
_ENTRY: Final = re.compile(r"<(?P<tag>item|entry)\b.*?</(?P=tag)\s*>", re.DOTALL | re.IGNORECASE)
_KEY: Final = re.compile(
    r"<(?:guid|id)\b[^>]*>\s*(?:<!\[CDATA\[)?(?P<id>.*?)(?:\]\]>)?\s*</|<link\b[^>]*>\s*(?:<!\[CDATA\[)?(?P<link>[^<]+?)(?:\]\]>)?\s*</"
    r"|<link\b[^>]*?href\s*=\s*[\"'](?P<href>[^\"']+)|rdf:about\s*=\s*[\"'](?P<about>[^\"']+)",
    re.DOTALL | re.IGNORECASE,
)


def without(payload: str, gone: Gone) -> Cut | None:
    """Return the feed without the entries that are gone; a feed that is gone itself, or cannot be read, goes whole."""
    try:
        document = json.loads(payload)
        url, text = document["url"], document.get("text") or ""
    except (ValueError, KeyError, TypeError, AttributeError):
        return Cut(_NOTHING, frozenset(), (payload,))
    if gone.author("feed", url):
        return Cut(_NOTHING, frozenset(), (text,))
    parts: list[str] = []

    def keep(match: re.Match[str]) -> str:
        if any(gone.post("feed", key) or gone.post("feed", f"{url}#{key}") for key in _keys(match[0])):
            parts.append(match[0])
            return ""
        return match[0]

    left = _ENTRY.sub(keep, text)
    return Cut(json.dumps(document | {"text": left}, ensure_ascii=False), frozenset(), tuple(parts)) if parts else None


def _keys(entry: str) -> list[str]:
    return [html.unescape(next(filter(None, match.groups()), "")).strip() for match in _KEY.finditer(entry)]
