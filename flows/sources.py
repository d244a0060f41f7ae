"""From settings to sources: the one place that knows which exist. Clients are imported when they are used."""

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from connectors.account import KnowsAccounts
from connectors.presence import Askable
from connectors.priced import Priced
from connectors.source import Checkable, Source
from connectors.waiting import Waiting
from flows.discretion import unquoted
from flows.known import Known
from flows.panel import Panel, panel_of
from flows.settings import Settings, SettingsError, X


# What each source can do. Flows ask `isinstance`, which takes a renamed method for one that never was; mypy does not.
class Blogs(Source, KnowsAccounts, Checkable, Protocol):
    """Feeds."""


class Network(Askable, KnowsAccounts, Checkable, Protocol):
    """A social network that can be read for nothing."""


class PaidNetwork(Network, Priced, Protocol):
    """One that cannot."""


@dataclass(frozen=True, slots=True)
class Making:
    """What every source is made from."""

    settings: Settings
    waiting: Waiting
    panel: Panel
    known: Known
    asking: bool


PEOPLE_THERE: Final = "the panel has people there"


def build_sources(
    settings: Settings,
    sample_anchor: date,
    stop: threading.Event | None = None,
    known: Known | None = None,
    *,
    asking: bool = False,
) -> dict[str, Source]:
    """Make the sources that have credentials and something to listen to; the sample panel when there are none.

    `sample_anchor` is the day after the newest sample post; `stop` ends every pause between requests; `known`
    spares questions that the vault answers. `asking` is for stored posts: it makes a source without anything to listen
    to as well, where what that brought can still be asked about.
    """
    made = Making(settings, Waiting(stop=stop), panel_of(settings), known or Known(), asking)
    makers: dict[str, Callable[[Making], Source | None]] = {
        "x": _x,
        "reddit": _reddit,
        "bluesky": _bluesky,
        "mastodon": _mastodon,
        "feeds": _feeds,
    }
    sources: dict[str, Source] = {}
    for name, make in makers.items():
        try:
            source = make(made)
        except ValueError as error:  # a query that the connector cannot read
            listed = settings.feeds.urls if name == "feeds" else getattr(settings, name).queries
            raise SettingsError(f"{name}: {unquoted(str(error), name, listed)}") from None
        if source is not None:
            sources[name] = source
    if settings.sample or (settings.sample is None and not sources):
        from connectors.sample import SampleSource  # noqa: PLC0415 - see the module's first line

        sources["sample"] = SampleSource(anchor=sample_anchor)
    if not sources:
        raise SettingsError("no source is set up and sample = false; add credentials and queries to etalage.toml")
    return sources


def chosen(sources: Mapping[str, Source], name: str) -> Source:
    """Return the source of that name, or raise a `SettingsError` that lists what is set up."""
    if name not in sources:
        raise SettingsError(f"source {name!r} is not set up; set up are: {', '.join(sorted(sources))}")
    return sources[name]


def left_out(settings: Settings, panel: Panel) -> tuple[str, ...]:
    """Return a line for each source that has queries or people and no credential or server, as when that was lost."""
    missing = {
        "x": ("bearer_token", settings.x.bearer_token, settings.x.queries),
        "reddit": ("client_id", settings.reddit.client_id, settings.reddit.queries),
    }
    without = {
        name: (key, f"{name}.queries is set" if queries else PEOPLE_THERE)
        for name, (key, credential, queries) in missing.items()
        if credential is None and panel.queries(name, queries)
    }
    if panel.unheard("mastodon"):
        without["mastodon"] = ("instances", PEOPLE_THERE)
    return tuple(
        f"{name}: left out, for {reason} and {name}.{key} is not set; give it, or take those out"
        for name, (key, reason) in without.items()
    )


def prices(settings: Settings) -> dict[tuple[str, str], float]:
    """Return dollars a read by (source, resource); what is not listed is free."""
    return {
        ("x", "post"): settings.x.price_post,
        ("x", "user"): settings.x.price_user,
        ("x", "counts"): settings.x.price_counts,
        ("x", "counts_all"): settings.x.price_counts_all,
    }


def _x(made: Making) -> PaidNetwork | None:
    x = made.settings.x
    if x.bearer_token is None:
        return None
    from connectors.x.source import XSource  # noqa: PLC0415 - tweepy

    page_size, lookup_size = _sizes_within(x)
    return XSource(
        bearer_token=x.bearer_token.get_secret_value(),
        base_url=x.base_url,
        queries=_needed(made, "x", x.queries),
        lag=x.lag_hours,
        waiting=made.waiting,
        page_size=page_size,
        lookup_size=lookup_size,
        known_users=made.known.x,
        prices={resource: price for (source, resource), price in prices(made.settings).items() if source == "x"},
    )


def _sizes_within(x: X) -> tuple[int, int]:
    """Return how many posts a page and names a look-up may have, so that one of each stays within the least limit.

    A page that may cost more than a limit would never be asked for.
    """
    limit = min(x.budget.periods().values(), default=math.inf)
    post, name = 2 * x.price_post + x.price_user, x.price_user

    def fitting(price: float, most: int) -> int:
        return max(1, int(min(most, limit / 2 / price))) if price else most

    return fitting(post, 500), fitting(name, 100)


def _reddit(made: Making) -> Network | None:
    reddit = made.settings.reddit
    if reddit.client_id is None:
        return None
    if reddit.client_secret is None:
        raise SettingsError("reddit.client_secret is missing; add it beside reddit.client_id")
    from connectors.reddit.source import RedditSource  # noqa: PLC0415 - praw

    return RedditSource(
        client_id=reddit.client_id,
        client_secret=reddit.client_secret.get_secret_value(),
        user_agent=reddit.user_agent,
        base_url=reddit.base_url,
        token_url=reddit.token_url,
        queries=_needed(made, "reddit", reddit.queries),
        lag=reddit.lag_hours,
        waiting=made.waiting,
    )


def _bluesky(made: Making) -> Network | None:
    bluesky = made.settings.bluesky
    queries = made.panel.queries("bluesky", bluesky.queries)
    if not queries and not made.asking:
        return None
    from connectors.bluesky.source import BlueskySource  # noqa: PLC0415 - atproto

    return BlueskySource(
        handle=bluesky.handle,
        app_password=bluesky.app_password.get_secret_value() if bluesky.app_password else None,
        base_url=bluesky.base_url,
        queries=queries,
        lag=bluesky.lag_hours,
        waiting=made.waiting,
        known_authors=made.known.bluesky,
    )


def _mastodon(made: Making) -> Network | None:
    mastodon = made.settings.mastodon
    queries = made.panel.queries("mastodon", mastodon.queries)
    if not queries and not (made.asking and mastodon.instances):
        return None
    from connectors.mastodon.source import MastodonSource  # noqa: PLC0415 - Mastodon.py

    return MastodonSource(
        instances=mastodon.instances,
        tokens={name: token.get_secret_value() for name, token in mastodon.tokens.items()},
        queries=queries,
        lag=mastodon.lag_hours,
        waiting=made.waiting,
    )


def _feeds(made: Making) -> Blogs | None:
    urls = made.panel.queries("feeds", made.settings.feeds.urls)
    if not urls:
        return None
    from connectors.feeds.source import FeedsSource  # noqa: PLC0415 - feedparser

    return FeedsSource(urls=urls, lag=made.settings.feeds.lag_hours, state=made.known.feeds, waiting=made.waiting)


def _needed(made: Making, source: str, listed: tuple[str, ...]) -> tuple[str, ...]:
    queries = made.panel.queries(source, listed)
    if not queries and not made.asking:
        raise SettingsError(
            f"{source}.queries is empty and the panel has nobody there; say what to collect, "
            "for instance as in etalage.example.toml"
        )
    return queries
