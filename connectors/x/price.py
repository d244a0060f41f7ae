"""What reading X would cost, and what it has cost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from connectors.errors import Transient
from connectors.items import count
from connectors.priced import Forecast, Usage
from connectors.source import Window
from connectors.times import from_iso, second_up, to_iso, utc_now
from connectors.x.api import Answer, XApi
from connectors.x.errors import LostPlace
from connectors.x.queries import A_QUARTER, CAPS, LONGEST_QUERY, RECENT_REACH, read_query
from connectors.x.reads import Reads

PRICES = {"post": 0.005, "user": 0.010, "counts": 0.005, "counts_all": 0.010}
"""Dollars, from X's price list of 2026-08-22; settings may give others."""
_MARGIN = timedelta(minutes=1)
_COUNTED_AT_ONCE = timedelta(days=30)
"""An answer of the archive's counts spans 31 days; what is more has further pages, each a paid request."""


def countable(windows: Sequence[Window]) -> list[tuple[Window, ...]]:
    """Put together what one question can count: timelines over the same hours, as many as a query has room for."""
    batches: dict[tuple[object, ...], list[list[Window]]] = {}
    for window in windows:
        alone = read_query(window.query).mode != "timeline"
        found = batches.setdefault((_hour(window.since), _hour(window.until), window if alone else None), [[]])
        longest = LONGEST_QUERY["search" if _asks_recent(window) else "archive"]
        if found[-1] and len(_expression([*found[-1], window])) > longest:
            found.append([])
        found[-1].append(window)
    return [tuple(batch) for found in batches.values() for batch in found]


def asking_cost(windows: Sequence[Window], prices: Mapping[str, float]) -> float:
    """Return the most dollars that counting these windows may itself cost."""
    mode = read_query(windows[0].query).mode
    if mode == "list":
        return 0.0
    if mode == "search" or _asks_recent(windows[0]):
        return prices["counts"]
    return (1 + (windows[0].until - windows[0].since) // _COUNTED_AT_ONCE) * prices["counts_all"]


def forecast(
    api: XApi, reads: Reads, windows: Sequence[Window], prices: Mapping[str, float], page_size: int
) -> Forecast:
    """Count what would be read of windows that `countable` put together.

    Counts leave reposts out (since 2026-05-04); timelines have them. A list has no counts: its cap stands in.
    """
    mode = read_query(windows[0].query).mode
    if mode == "list":
        return replace(capped(windows[0], prices, page_size), note="a list has no counts, this is its cap")
    first, last = min(window.since for window in windows), max(window.until for window in windows)
    window = replace(windows[0], since=first, until=last)
    if mode == "search":
        # what recent search cannot reach is neither read nor worth a count
        window = replace(window, since=max(window.since, utc_now() - RECENT_REACH + _MARGIN))
    recent = _asks_recent(window)
    posts, asked = _total(api, reads, _expression(windows), window, recent=recent)
    users = len(windows) if mode == "timeline" else posts
    return Forecast(
        posts=posts,
        requests=len(windows) + max(0, posts - 1) // page_size if asked else 0,
        dollars=round(2 * posts * prices["post"] + users * prices["user"], 6),
        note="reposts are not counted" if mode == "timeline" else "",
        asked=round(asked * prices[_kind(recent=recent)], 6),
    )


def capped(window: Window, prices: Mapping[str, float], page_size: int) -> Forecast:
    """Return the most that X shows of a window, for when it cannot be counted; nothing is asked.

    A search has no cap: what its limit of requests gives in a quarter of an hour stands in.
    """
    mode = read_query(window.query).mode
    most = CAPS[mode] if mode in CAPS else A_QUARTER[mode] * page_size
    users = 1 if mode == "timeline" else most
    return Forecast(
        posts=most,
        requests=ceil(most / page_size),
        dollars=round(2 * most * prices["post"] + users * prices["user"], 6),
        note="by X's cap" if mode in CAPS else "by what X gives in a quarter of an hour, for a search has no cap",
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


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _asks_recent(window: Window) -> bool:
    """Tell whether the counts of recent search are asked, which take shorter queries; an archive: query never does."""
    return window.since > utc_now() - RECENT_REACH and read_query(window.query).mode != "archive"


def _expression(windows: Sequence[Window]) -> str:
    queries = [read_query(window.query) for window in windows]
    return " OR ".join(
        f"from:{query.value.lstrip('@')}" if query.mode == "timeline" else query.value for query in queries
    )


def _total(api: XApi, reads: Reads, expression: str, window: Window, *, recent: bool) -> tuple[int, int]:
    """Return how many posts an expression has in a window, and how many requests that took, each told to `reads`."""
    posts, asked, token = 0, 0, None
    while window.since < window.until:
        try:
            document = _counts(api, expression, window, recent=recent, token=token).document
        except LostPlace as error:  # what was counted so far is no total
            raise Transient(str(error)) from None
        asked += 1
        reads.asked(_kind(recent=recent), 1)
        meta = document.get("meta")
        total = count(meta.get("total_tweet_count")) if isinstance(meta, dict) else None
        if not isinstance(meta, dict) or total is None:
            raise Transient("X's counts lack a total")
        posts += total
        following = meta.get("next_token")
        if not following or following == token:
            break
        token = following
    return posts, asked


def _counts(api: XApi, expression: str, window: Window, *, recent: bool, token: str | None) -> Answer:
    options: dict[str, Any] = {"granularity": "day", "start_time": to_iso(window.since)}
    if window.until < utc_now() - timedelta(minutes=1):
        options["end_time"] = to_iso(second_up(window.until))
    if recent:
        return api.call("counts", lambda client: client.get_recent_tweets_count(expression, **options))
    options["next_token"] = token
    return api.call("counts_all", lambda client: client.get_all_tweets_count(expression, **options), one_query=True)


def _kind(*, recent: bool) -> str:
    """Name the resource that a request for counts is billed as."""
    return "counts" if recent else "counts_all"


def _whole(value: Any) -> int | None:
    """X writes these numbers as texts."""
    return int(value) if isinstance(value, str) and value.isdigit() else count(value)
