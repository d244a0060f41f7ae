"""What reading X would cost, and what it has cost."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from connectors.errors import Refused, Transient
from connectors.items import count
from connectors.source import Window
from connectors.times import from_iso, to_iso, utc_now
from connectors.x.api import Answer, XApi
from connectors.x.queries import RECENT_REACH, Query, read_query

PRICES = {"post": 0.005, "user": 0.010, "counts": 0.005, "counts_all": 0.010}
"""Dollars, from X's price list of 2026-08-22; settings may give others."""
_MARGIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a window holds at most: posts, the requests to read them, and dollars.

    The dollars are an upper bound: every post by another author, and every author billed. `asked` counts the
    paid requests of `kind` ("counts", or "counts_all" for the archive) that this forecast itself took,
    `asked_cost` their dollars.
    """

    posts: int
    requests: int
    cost: float
    asked: int
    asked_cost: float
    kind: str = "counts"


@dataclass(frozen=True, slots=True)
class Usage:
    """Post reads that X has billed in this cycle, its cap, the day on which it begins anew, and by day."""

    used: int
    cap: int | None
    reset_day: int | None
    days: tuple[tuple[date, int], ...]


def forecast(api: XApi, window: Window, prices: Mapping[str, float], page_size: int) -> Forecast:
    """Count what would be read. Keyword counts leave reposts out (since 2026-05-04), timelines have them."""
    query = read_query(window.query)
    if query.mode == "list":
        raise Refused("X has no counts for a list: read it without a forecast", whole_source=False)
    if query.mode == "search":
        # what recent search cannot reach is neither read nor worth a count
        window = replace(window, since=max(window.since, utc_now() - RECENT_REACH + _MARGIN))
    recent = window.since > utc_now() - RECENT_REACH and query.mode != "archive"
    kind = "counts" if recent else "counts_all"
    posts, asked, token = 0, 0, None
    while window.since < window.until:
        document = _counts(api, query, window, recent=recent, token=token).document
        asked += 1
        meta = document.get("meta")
        total = count(meta.get("total_tweet_count")) if isinstance(meta, dict) else None
        if not isinstance(meta, dict) or total is None:
            raise Transient("X's counts lack a total")
        posts += total
        following = meta.get("next_token")
        if not following or following == token:
            break
        token = following
    dollars = PRICES | dict(prices)
    users = min(posts, 1) if query.mode == "timeline" else posts
    return Forecast(
        posts=posts,
        requests=max(1, ceil(posts / page_size)) if asked else 0,
        cost=round(posts * dollars["post"] + users * dollars["user"], 6),
        asked=asked,
        asked_cost=round(asked * dollars[kind], 6),
        kind=kind,
    )


def usage(api: XApi) -> Usage:
    """Read the usage endpoint, which tweepy does not model."""
    fields = {"usage.fields": "cap_reset_day,daily_project_usage,project_cap,project_usage"}
    answer = api.call("usage", lambda client: client.request("GET", "/2/usage/tweets", params=fields))
    data = answer.document.get("data")
    if not isinstance(data, dict) or _whole(data.get("project_usage")) is None:
        raise Transient("X's usage lacks its total")
    return Usage(
        used=_whole(data["project_usage"]) or 0,
        cap=_whole(data.get("project_cap")),
        reset_day=_whole(data.get("cap_reset_day")),
        days=_days(data.get("daily_project_usage")),
    )


def _days(daily: Any) -> tuple[tuple[date, int], ...]:
    try:
        return tuple((from_iso(day["date"]).date(), _whole(day["usage"]) or 0) for day in (daily or {})["usage"] or [])
    except (KeyError, TypeError, ValueError):
        return ()  # the total stands without its days


def _counts(api: XApi, query: Query, window: Window, *, recent: bool, token: str | None) -> Answer:
    value = f"from:{query.value.lstrip('@')}" if query.mode == "timeline" else query.value
    options: dict[str, Any] = {"granularity": "day", "start_time": to_iso(window.since)}
    if window.until < utc_now() - timedelta(minutes=1):
        options["end_time"] = to_iso(_next_second(window.until))
    if recent:
        return api.call("counts", lambda client: client.get_recent_tweets_count(value, **options))
    options["next_token"] = token
    return api.call("counts_all", lambda client: client.get_all_tweets_count(value, **options), one_query=True)


def _next_second(moment: datetime) -> datetime:
    whole = moment.replace(microsecond=0)
    return whole if whole == moment else whole + timedelta(seconds=1)


def _whole(value: Any) -> int | None:
    """X writes these numbers as texts."""
    return int(value) if isinstance(value, str) and value.isdigit() else count(value)
