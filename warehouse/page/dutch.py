"""How numbers and dates are written for a Dutch reader. Shares are fractions; None becomes a dash."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

DASH: Final = "–"  # noqa: RUF001 - the dash that Dutch sets between the ends of a range
MONTHS: Final = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_SHORT: Final = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_NARROW: Final = 0.02  # from this width on, whole percentages are enough
_SMALL: Final = 0.05  # and shares above this


def number(value: float | None, decimals: int = 0) -> str:
    """Write 1600 as 1.600 and 2.25 as 2,3."""
    if value is None:
        return DASH
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded:,}".translate(str.maketrans(",.", ".,"))


def counted(count: float | None, one: str, many: str) -> str:
    """Write a number with what it counts: 1 bericht, 1.600 berichten."""
    return f"{number(count)} {one if count == 1 else many}"


def precision(low: float | None, high: float | None) -> int:
    """Tell how many decimals the ends of an interval of shares need to be told apart."""
    if low is None or high is None:
        return 0
    return int(high < _SMALL) or points_precision(low, high)


def points_precision(low: float | None, high: float | None) -> int:
    """Tell how many decimals the ends of an interval of differences need."""
    return int(low is not None and high is not None and high - low < _NARROW)


def percent(share: float | None, decimals: int = 0) -> str:
    """Write 0.476 as 48%, what rounds to nothing but is something as <1%, and what rounds to all but is not as >99%."""
    if share is None:
        return DASH
    if share == 0:
        return "0%"
    smallest = 10**-decimals
    written = number(100 * share, decimals)
    if written == number(0, decimals):
        return f"<{number(smallest, decimals)}%"
    # Shares of hours are of sums, which may miss the whole by the last bit.
    if written == number(100, decimals) and share < 1 - 1e-9:
        return f">{number(100 - smallest, decimals)}%"
    return f"{written}%"


def interval(low: float | None, high: float | None, decimals: int = 0) -> str:
    """Write the ends of an interval of shares: 41–54%."""  # noqa: RUF002 - as above
    if low is None or high is None:
        return DASH
    return f"{number(max(0.0, 100 * low), decimals)}{DASH}{number(100 * high, decimals)}%"


def between(low: float | None, high: float | None) -> str:
    """Write the ends of an interval of shares in words: tussen 41 en 54%."""
    if low is None or high is None:
        return ""
    decimals = precision(low, high)
    return f"tussen {number(100 * low, decimals)} en {number(100 * high, decimals)}%"


def estimate(row: Mapping[str, Any], side: str = "share") -> str:
    """Write a share with its interval, from the columns `side`, `side`_low and `side`_high: 48% (41–54%)."""  # noqa: RUF002 - as above
    low, high = row[f"{side}_low"], row[f"{side}_high"]
    decimals = precision(low, high)
    return f"{percent(row[side], decimals)} ({interval(low, high, decimals)})"


def change(row: Mapping[str, Any], side: str) -> str:
    """Write a difference with its interval, from such columns: −4 procentpunt (−19 tot +12)."""  # noqa: RUF002 - as above
    low, high = row[f"{side}_low"], row[f"{side}_high"]
    decimals = points_precision(low, high)
    return f"{points(row[side], decimals)} procentpunt ({points_interval(low, high, decimals)})"


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
