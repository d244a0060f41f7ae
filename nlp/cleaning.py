"""Text as the pipeline reads it: valid, bounded, without what is not language."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 4_000
"""Characters read of a text: four times what the encoder can take in of ordinary Dutch."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff]")
STYLED = re.compile(r"[^\W\x00-\xff]+|[\u24b6-\u24e9\U0001f130-\U0001f149]+")
"""Where letters may stand that are others in another shape: bold, full-width, encircled, joined.

Signs are left as they are: NFKC would cut a word in two at an acute accent that serves as apostrophe."""
LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
MARKED = re.compile(r"(?<![\w&])(?:@[\w.-]+|#\w+)|^RT\b")
TAG = re.compile(r"(?<![\w&])#(\w{2,60})")
LETTER = re.compile(r"[^\W\d_]")
SPACES = re.compile(r"[^\S\n]+")


def readable(text: str | None, longest: int = LONGEST) -> str:
    """Drop control characters and broken code points, compose accents, cut at `longest` characters.

    Letters get their usual shape: who cannot write in bold takes signs that look so, which no rule or n-gram knows.
    """
    if not text:
        return ""
    valid = CONTROL.sub(" ", text[: 2 * longest])
    return SPACES.sub(" ", unicodedata.normalize("NFC", usual(valid)))[:longest].strip()


def usual(text: str) -> str:
    """Give letters and digits that are others in another shape their usual one."""
    return text if text.isascii() else STYLED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)


def plain(text: str) -> str:
    """Drop addresses, handles and hashtags: what is left is language."""
    return " ".join(MARKED.sub(" ", LINK.sub(" ", text)).split())


def wordless(text: str) -> bool:
    """Tell whether nothing in a text can be read: no word beside addresses and handles, and no hashtag."""
    return not letters(plain(text)) and not TAG.search(text)


def letters(text: str) -> int:
    """Count the letters of any script."""
    return len(LETTER.findall(text))
