"""Take a blog, or an entry of it, out of a stored feed, and names out of its other entries.

The mapping says which entries there are and by which keys; the XML is cut by the entries' own tags, in any namespace.
A feed in which these are not as many is not understood, and goes whole when something in it has to go.
"""

import json
import re
from typing import Final
from urllib.parse import urlsplit

from connectors.cutting_names import MARK, mark_names
from connectors.gone import Cut, Gone, plain_handle

EMPTY: Final = '{"url":"https://none.invalid","unchanged":true}'
"""A page that holds nothing."""
_TAG: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)"
    r"|<(?P<end>/?)(?:[\w.\-]{1,40}:)?(?:item|entry)(?=[\s/>])[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_SIGNED: Final = re.compile(
    r"<(?P<tag>(?P<space>[\w.\-]{1,40}:)?(?:author|creator|contributor))(?P<more>(?:\s[^<>]{0,500})?)>"
    r"(?P<who>(?:[^<]|<(?!/?(?:[\w.\-]{1,40}:)?(?:author|creator|contributor)\b)){0,4000})</(?P=tag)\s*>",
    re.IGNORECASE,
)
_WORDS: Final = re.compile(r"<!\[CDATA\[|\]\]>|<[^<>]*>")


def without(payload: str, gone: Gone) -> Cut | None:
    """Return the feed without what is gone; a feed that is gone itself, or cannot be read, goes whole."""
    try:
        document = json.loads(payload)
        url, text = document["url"], document.get("text") or ""
        server = urlsplit(url).netloc
    except (ValueError, KeyError, TypeError, AttributeError):
        return Cut(EMPTY, parts=(payload,))
    if gone.author("feed", url) or gone.handle("feed", plain_handle(server)):
        return Cut(EMPTY, parts=(text,))
    lost = _lost(text, url, gone)
    places = _entries(text) if any(lost) else []
    left, at = "", 0
    for (start, end), goes in zip(places, lost, strict=False):
        if goes:
            left, at = left + text[at:start], end
    left += text[at:]
    if any(lost) and (len(places) != len(lost) or any(_lost(left, url, gone))):
        return Cut(EMPTY, parts=(text,))
    left = mark_names("feed", _SIGNED.sub(lambda match: _signed(match, gone), left), gone)
    parts = tuple(text[start:end] for (start, end), goes in zip(places, lost, strict=False) if goes)
    return Cut(json.dumps(document | {"text": left}, ensure_ascii=False), parts=parts) if left != text else None


def _lost(text: str, url: str, gone: Gone) -> list[bool]:
    """Tell of each entry, as they stand, whether it goes: also one whose key is the address of who is gone."""
    from connectors.feeds.posts import entry_id, read_feed  # noqa: PLC0415 - feedparser is needed for feeds alone

    lost = []
    for entry in read_feed(text, url).entries:
        try:
            key = entry_id(entry, url)
        except ValueError:
            key = ""
        lost.append(bool(key) and (gone.post("feed", key) or mark_names("feed", key, gone) != key))
    return lost


def _entries(text: str) -> list[tuple[int, int]]:
    """Find where each entry begins and ends, but for what looks like one in a comment or in an entry's own text."""
    found = []
    start = depth = 0
    for match in _TAG.finditer(text):
        if match["end"] is None or match[0].endswith("/>"):
            continue
        if match["end"]:
            depth = max(0, depth - 1)
            if depth == 0:
                found.append((start, match.end()))
        else:
            start = start if depth else match.start()
            depth += 1
    return found


def _signed(match: re.Match[str], gone: Gone) -> str:
    """Take out who signs, name and all, where an address or handle says that it is somebody who is gone."""
    who = match["who"]
    name = plain_handle(_WORDS.sub("", who))
    if mark_names("feed", who, gone) == who and not gone.handle("feed", name):
        return match[0]
    inner = f"<{match['space'] or ''}name>{MARK}</{match['space'] or ''}name>" if "</" in who else MARK
    return f"<{match['tag']}{match['more']}>{inner}</{match['tag']}>"
