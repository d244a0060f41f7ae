"""What in a post's text would lead to a person, replaced by a word that says what stood there.

Links go whole, because a path so often holds a handle. Numbers of citizens and of bank accounts are tested
by their check digits, so that an order number stays readable. Names are not masked here: which names are
people's is known only when the vault is published (`leaks.py`).
"""

import re
from collections.abc import Callable
from typing import Final

from connectors.reddit.posts import unescaped
from nlp.cleaning import usual

VERSION: Final = 8
"""Raise it with every change here: texts masked by an older version are masked again at the next publishing."""

LINK: Final = "[link]"
EMAIL: Final = "[e-mail]"
PHONE: Final = "[telefoon]"
ACCOUNT: Final = "[account]"
BANK: Final = "[iban]"
CITIZEN: Final = "[bsn]"

_CONTROL: Final = r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
CONTROL: Final = re.compile(f"[{_CONTROL}]")
"""What no text needs and a terminal obeys: it sets colours, titles, the clipboard."""
BREAK: Final = re.compile(r"[\x0b-\x0d\x1c-\x1f\x85]")
"""Blanks that nobody types and only some programs take for blanks."""
INVISIBLE: Final = re.compile(
    f"[{_CONTROL}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
"""What a text may hold without showing it; statements/plain.sql has the same."""

# Blanks and dashes also as word processors and websites write them: hard, thin, long, full-width.
_BLANK: Final = r" \t\r\n\u00a0\u2000-\u200a\u202f"
_DASH: Final = r"\-\u2010-\u2015\u2212\uff0d"
_SIGNS: Final = f"[{_BLANK}{_DASH}.()/]{{0,3}}"
"""Between the digits of a telephone number."""
_SIGN: Final = f"[{_BLANK}{_DASH}.]"
"""Between those of other numbers."""

# Most posts hold none of these and are done after this one look. Without a flag for case, and with every branch
# beginning in a few characters, it runs three times as fast.
_SUSPECT: Final = re.compile(rf"[@\uff20/]|[wW]{{3}}\.|[\[(][aA]|\d(?:{_SIGNS}\d){{6}}")

# What touches something masked may be told only after it: 06-12345678/06-87654321, a link right behind a number.
_TIMES: Final = 8
# Every repeat is bounded: a text of 100,000 characters may be nearly anything, all the way.
# Every "://" goes, whatever stands around it: the search before publishing (`leaks.py`) stops at the least of them.
_LINK: Final = re.compile(
    r"(?:(?<![a-z])[a-z][a-z0-9+.\-]{0,20})?://\S*|\bwww\.\S+|\b(?:[\w\-]{1,63}\.){1,6}[a-z]{2,24}/\S*", re.IGNORECASE
)
_EMAIL: Final = re.compile(
    r"[\w.+%\-]{1,64}(?:@|\uff20|\s?[\[(](?:at|apenstaart)[\])]\s?)[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,6}", re.IGNORECASE
)
_ACCOUNT: Final = re.compile(
    r"(?<![\w/])/?u/[\w\-]{2,}|[@\uff20]\w(?:[\w.\-]{0,62}\w)?(?:@\w(?:[\w.\-]{0,62}\w)?)?", re.IGNORECASE
)
_FEDERATED: Final = re.compile(r"(?<!\w)[@\uff20]\w(?:[\w.\-]{0,62}\w)?@\w(?:[\w.\-]{0,62}\w)?")
_KEPT: Final = re.compile(f"{_LINK.pattern}|{_FEDERATED.pattern}|{_ACCOUNT.pattern}", re.IGNORECASE)
_PLACE: Final = 0x100000
_PLACES: Final = 0xFFFD
"""Characters that no text needs, from the last plane of those for private use: one stands for each thing kept."""
_PLACED: Final = re.compile(f"[{chr(_PLACE)}-{chr(_PLACE + _PLACES - 1)}]")
_PHONE: Final = re.compile(
    rf"(?<![\d+])(?:(?:\+|00)[1-9](?:{_SIGNS}\d){{8,12}}|\(?0{_SIGNS}[1-9](?:{_SIGNS}\d){{7,8}})(?:[/{_DASH}]\d{{1,8}}(?![.{_DASH}/]?\d))?(?!\d|\.\d)"
)
# Looks ahead, so that a word like HR24 before an account number does not take its place.
_IBAN: Final = re.compile(rf"\b(?=([a-z]{{2}}\d{{2}}(?:{_SIGN}?[a-z0-9]){{11,30}}))", re.IGNORECASE)
_IBAN_LENGTHS: Final = {"NL": 18, "BE": 16, "DE": 22, "FR": 27, "LU": 20, "GB": 22, "ES": 24, "IT": 27, "PL": 28}
_CITIZEN: Final = re.compile(rf"(?<!\d)(?<!\d[.,{_DASH}])\d(?:{_SIGN}?\d){{7,10}}(?!\d|[.,]\d)")
_CITIZEN_ALONE: Final = re.compile(rf"(?<!\d)(?<!\d[.,{_DASH}])\d{{8,11}}(?!\d|[.,]\d)")
"""Also when another number stands beside it: BSN 123456782 12 maart."""
_MOMENT: Final = re.compile(
    rf"\d{{1,2}}{_SIGN}\d{{1,2}}{_SIGN}\d{{4}}|\d{{4}}{_SIGN}\d{{2}}{_SIGN}\d{{2}}"
    rf"|[012]?\d\.[0-5]\d[{_DASH}][012]?\d\.[0-5]\d"
)


def mask(text: str) -> str:
    """Replace links, addresses, numbers and accounts in `text`, until there are none.

    Bold letters become usual, and control characters go.
    """
    text = usual(unescaped(uncontrolled(text)))
    masked = _mask_all(text)
    if not INVISIBLE.search(text):
        return masked
    # People put something invisible behind an @ to name somebody without a notice. Where it hides nothing it stays: it
    # also makes one emoji of two.
    visible = _mask_all(usual(INVISIBLE.sub("", text)))
    return masked if INVISIBLE.sub("", masked) == visible else visible


def uncontrolled(text: str) -> str:
    """Return a text without control characters but for line ends and tabs."""
    return text if text.isprintable() else CONTROL.sub("", BREAK.sub(" ", text))


def _mask_all(text: str) -> str:
    for _ in range(_TIMES):
        masked = _mask_once(text) if _SUSPECT.search(text) else text
        if masked == text:
            break
        text = masked
    return text


def _mask_once(text: str) -> str:
    text = _LINK.sub(LINK, text)
    text = _FEDERATED.sub(ACCOUNT, text)  # @who@where holds what looks like an address
    text = _EMAIL.sub(EMAIL, text)
    text = _mask_banks(text)
    text = _CITIZEN.sub(_mask_citizen, text)
    text = _CITIZEN_ALONE.sub(_mask_citizen, text)
    text = _PHONE.sub(PHONE, text)
    return _ACCOUNT.sub(ACCOUNT, text)


def beside_accounts(text: str, change: Callable[[str], str]) -> str:
    """Change a text but for its links and accounts: those of others may hold a name within their own."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        if len(kept) == _PLACES:
            return match[0]
        kept.append(match[0])
        return chr(_PLACE + len(kept) - 1)

    changed = change(_KEPT.sub(keep, _PLACED.sub("", text)))
    return _PLACED.sub(lambda match: kept[ord(match[0]) - _PLACE], changed)


def is_bsn(digits: str) -> bool:
    """Test a Dutch citizen number of 8 or 9 digits by its weighted sum."""
    if len(digits) not in (8, 9) or not int(digits):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, digits.zfill(9), strict=True)) % 11 == 0


def is_national_register(digits: str) -> bool:
    """Test a Belgian national register number of 11 digits, for people born before or after 2000."""
    if len(digits) != 11:  # noqa: PLR2004 -- nine digits and two that check them
        return False
    body, check = digits[:9], int(digits[9:])
    return check in (97 - int(body) % 97, 97 - int("2" + body) % 97)


def is_iban(characters: str) -> bool:
    """Test a bank account number, written without spaces, by its remainder of 97."""
    turned = characters[4:] + characters[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def _mask_banks(text: str) -> str:
    done, start = [], 0
    for match in _IBAN.finditer(text):
        length = _length_of_bank(match[1])
        if length and match.start() >= start:
            done += [text[start : match.start()], BANK]
            start = match.start() + length
    return "".join(done) + text[start:]


def _length_of_bank(written: str) -> int:
    """Return how many characters of `written` are an account number; 0 when it begins with none."""
    # The words after an account number look like more of it: only as much as its country uses is tested.
    characters = "".join(filter(str.isalnum, written)).upper()
    length = _IBAN_LENGTHS.get(characters[:2], len(characters))
    if len(characters) < length or not is_iban(characters[:length]):
        return 0
    end = seen = 0
    while seen < length:
        seen += written[end].isalnum()
        end += 1
    return end


def _mask_citizen(match: re.Match[str]) -> str:
    if _MOMENT.fullmatch(match[0]):
        return match[0]
    digits = re.sub(r"\D", "", match[0])
    return CITIZEN if is_bsn(digits) or is_national_register(digits) else match[0]
