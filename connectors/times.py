"""Platforms' times to aware UTC datetimes and back."""

from datetime import UTC, datetime, timedelta
from typing import Any


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def from_iso(text: Any) -> datetime:
    """Read an ISO 8601 time; one without an offset is taken as UTC. ValueError or TypeError when it is none."""
    if not isinstance(text, str):
        raise TypeError(f"expected a time, found {type(text).__name__}")
    moment = datetime.fromisoformat(text)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text!r} is no time in UTC") from None


def from_epoch(value: Any) -> datetime:
    """Read seconds since 1970, as a number or as the text of one. ValueError or TypeError when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(f"expected an epoch time, found {type(value).__name__}")
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except (OverflowError, OSError):
        raise ValueError(f"{value!r} is no epoch time") from None


def to_iso(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC, whole seconds, with Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def second_up(moment: datetime) -> datetime:
    """Round up to a whole second: platforms drop the fraction, and with it what was posted in that second."""
    return moment.replace(microsecond=0) + timedelta(seconds=1) if moment.microsecond else moment
