"""How numbers, dates and reasons are written for a Dutch reader. Shares are fractions; None becomes a dash."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

DASH: Final = "–"  # noqa: RUF001 - the dash that Dutch sets between the ends of a range
MONTHS: Final = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_SHORT: Final = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_UNKNOWN: Final = "onbekend"

ROLES: Final = {"hr": "HR", "marketing": "Marketing", "other": "anderen", "unknown": "rol onbekend", "all": "iedereen"}
CLASSES: Final = {"on_agenda": "op de agenda", "talked_about": "onderwerp van gesprek", "absent": "speelt niet"}
SHORT_CLASSES: Final = {"on_agenda": "agenda", "talked_about": "gesprek", "absent": "niets"}
STATES: Final = {
    "planned": "gepland",
    "running": "bezig",
    "complete": "volledig",
    "capped": "afgekapt door het platform",
    "refused": "geweigerd door het platform",
    "cost-stopped": "gestopt om de kosten",
    "failed": "mislukt",
}
KINDS: Final = {"nightly": "nachtelijk", "backfill": "aanvulling", "import": "bestand"}
OUTCOMES: Final = {
    "ok": "gelukt",
    "partial": "deels gelukt",
    "failed": "mislukt",
    "interrupted": "afgebroken",
    "cancelled": "afgebroken",
    "running": "bezig",
}
PLATFORMS: Final = {
    "x": "X",
    "reddit": "Reddit",
    "bluesky": "Bluesky",
    "mastodon": "Mastodon",
    "feed": "Blogs",
    "linkedin": "LinkedIn",
    "sample": "voorbeeldpanel",
}
THEME_HINTS: Final = {
    "privacy": "zorg om privacy en het blootgeven van mensen",
    "unproven_technology": "eerst maar eens bewijzen dat het werkt",
    "data_aversion": "HR gaat over mensen en niet over cijfers",
    "adoption": "collega's gebruiken het niet",
    "overpromise": "de belofte kwam niet uit",
    "conversation_first": "liever een gewoon gesprek",
    "advocacy": "overtuigd van het nut",
}


def named(name: str) -> str:
    """Write a name from the codebook with a capital, its other letters as they are."""
    return name[:1].upper() + name[1:]


def number(value: float | None, decimals: int = 0) -> str:
    """Write 1600 as 1.600 and 2.25 as 2,3."""
    if value is None:
        return DASH
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def percent(share: float | None, decimals: int = 0) -> str:
    """Write 0.476 as 48%, and what rounds to nothing but is something as <1%."""
    if share is None:
        return DASH
    if share == 0:
        return "0%"
    smallest = 10**-decimals
    return f"<{number(smallest, decimals)}%" if 100 * share < smallest / 2 else f"{number(100 * share, decimals)}%"


def interval(low: float | None, high: float | None, decimals: int = 0) -> str:
    """Write the ends of an interval of shares: 41–54%."""  # noqa: RUF002 - as above
    if low is None or high is None:
        return DASH
    return f"{number(max(0.0, 100 * low), decimals)}{DASH}{number(100 * high, decimals)}%"


def between(low: float | None, high: float | None) -> str:
    """Write the ends of an interval of shares in words: tussen 41 en 54%."""
    return "" if low is None or high is None else f"tussen {number(100 * low)} en {number(100 * high)}%"


def points(difference: float | None, decimals: int = 0) -> str:
    """Write a difference of shares in percentage points, with its sign: +12."""
    if difference is None:
        return DASH
    written = number(abs(100 * difference), decimals)
    if not written.strip("0,"):
        return written
    return ("+" if difference > 0 else "−") + written  # noqa: RUF001 - a minus sign, as wide as the plus


def points_interval(low: float | None, high: float | None, decimals: int = 0) -> str:
    """Write the ends of the interval of a difference: −4 tot +12."""  # noqa: RUF002 - as above
    if low is None or high is None:
        return DASH
    return f"{points(low, decimals)} tot {points(high, decimals)}"


def day(value: date | str | None) -> str:
    """Write a date, or the date at the start of an ISO text: 23 november 2026."""
    if value is None:
        return DASH
    if isinstance(value, str):
        value = datetime.fromisoformat(value).date()
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: str | None) -> str:
    """Write an ISO moment in Dutch local time: 23 november 2026, 19.35 uur."""
    if value is None:
        return DASH
    return f"{day(value)}, {datetime.fromisoformat(value):%H.%M} uur"


def days(first: date, last: date) -> str:
    """Write a period of days where there is little room: 16–22 nov, 28 okt – 3 nov."""  # noqa: RUF002 - as above
    if first.month == last.month:
        return f"{first.day}{DASH}{last.day} {_SHORT[last.month - 1]}"
    return f"{first.day} {_SHORT[first.month - 1]} {DASH} {last.day} {_SHORT[last.month - 1]}"


def month(value: date | None) -> str:
    """Write a month: november 2026."""
    return DASH if value is None else f"{MONTHS[value.month - 1]} {value.year}"


def short_month(value: date) -> str:
    """Write a month where there is little room: nov 26."""
    return f"{_SHORT[value.month - 1]} {value:%y}"


def quarter(value: date) -> str:
    """Write a quarter: K4 2026."""
    return f"K{(value.month + 2) // 3} {value.year}"


def reason(withheld: str | None, settings: Mapping[str, float]) -> str:
    """Say why a figure is withheld, with the threshold that it missed; an unknown reason is shown as it stands."""
    if withheld is None:
        return ""
    side, _, why = withheld.rpartition(": ")
    sides = {"hr": "HR: ", "marketing": "Marketing: "}
    reasons = {
        "too few posts": f"minder dan {_threshold('minimum_posts', settings)} berichten",
        "too few authors": f"minder dan {_threshold('minimum_authors', settings)} auteurs",
        "too few organisations": f"minder dan {_threshold('minimum_organisations', settings)} organisaties",
        "too few known authors": f"minder dan {_threshold('organisation_minimum_authors', settings)} bekende auteurs",
        "no posts": "geen berichten",
        "not collected": "niet verzameld",
        "not planned": "niet gepland",
    }
    return sides.get(side, "") + reasons.get(why, why)


def _threshold(name: str, settings: Mapping[str, float]) -> str:
    return number(settings[name]) if name in settings else _UNKNOWN
