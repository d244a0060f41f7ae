"""A feed's bytes to text, and whether all of it has come."""

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_PROLOG = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)[\"']", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:\w+:)?(?:rss|feed|RDF|channel)\s*>\Z", re.IGNORECASE)
_TAIL = 20_000


def decoded(content: bytes, content_type: str) -> str:
    """Decode by byte order mark, then the header's charset, then the XML declaration, then UTF-8."""
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return content.decode(codec, "replace")
    header, prolog = _CHARSET.search(content_type), _PROLOG.search(content[:400])
    names = [header[1] if header else None, prolog[1].decode("ascii") if prolog else None, "utf-8"]
    for name in names:
        try:
            if name is not None:
                return content.decode(name)
        except (LookupError, UnicodeError):
            continue
    return content.decode("cp1252", "replace")


def is_whole(text: str) -> bool:
    """Tell whether a feed's last tag is there (some forget the very last): a cut one is read with fewer entries."""
    tail = text[-_TAIL:].rstrip()
    while tail.endswith(("-->", "?>")):  # from the end: one search over tag and comments tries every way to split them
        tail = tail[: max(0, tail.rfind("<!--" if tail.endswith("-->") else "<?"))].rstrip()
    return _CLOSED.search(tail) is not None
