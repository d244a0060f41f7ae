"""From settings to sources: the one place that knows which exist. Clients are imported when they are used."""

import threading
from datetime import date

from connectors.source import Source
from connectors.waiting import Waiting
from flows.settings import Settings, SettingsError

NAMES = ("x", "reddit", "bluesky", "mastodon", "feeds", "sample")


def build_sources(settings: Settings, sample_anchor: date, stop: threading.Event | None = None) -> dict[str, Source]:
    """Make the sources that have credentials and queries; the sample panel when there are none.

    `sample_anchor` is the day after the newest sample post; `stop` ends every pause between requests.
    """
    waiting = Waiting(stop=stop)
    makers = {"x": _x, "reddit": _reddit, "bluesky": _bluesky, "mastodon": _mastodon, "feeds": _feeds}
    sources = {}
    for name, make in makers.items():
        try:
            source = make(settings, waiting)
        except ValueError as error:  # a query that the connector cannot read
            raise SettingsError(f"{name}: {error}") from None
        if source is not None:
            sources[name] = source
    if settings.sample or (settings.sample is None and not sources):
        from connectors.sample import SampleSource  # noqa: PLC0415 - see the module's first line

        sources["sample"] = SampleSource(anchor=sample_anchor)
    if not sources:
        raise SettingsError("no source is set up and sample = false; add credentials and queries to etalage.toml")
    return sources


def prices(settings: Settings) -> dict[tuple[str, str], float]:
    """Return dollars a read by (source, resource); what is not listed is free."""
    return {
        ("x", "post"): settings.x.price_post,
        ("x", "user"): settings.x.price_user,
        ("x", "counts"): settings.x.price_counts,
    }


def _x(settings: Settings, waiting: Waiting) -> Source | None:
    if settings.x.bearer_token is None:
        return None
    from connectors.x import XSource  # noqa: PLC0415 - tweepy

    _needs_queries("x", settings.x.queries)
    return XSource(
        bearer_token=settings.x.bearer_token.get_secret_value(),
        base_url=settings.x.base_url,
        queries=settings.x.queries,
        lag=settings.x.lag_hours,
        waiting=waiting,
        prices={resource: price for (source, resource), price in prices(settings).items() if source == "x"},
    )


def _reddit(settings: Settings, waiting: Waiting) -> Source | None:
    reddit = settings.reddit
    if reddit.client_id is None:
        return None
    if reddit.client_secret is None:
        raise SettingsError("reddit.client_secret is missing; add it beside reddit.client_id")
    from connectors.reddit import RedditSource  # noqa: PLC0415 - praw

    _needs_queries("reddit", reddit.queries)
    return RedditSource(
        client_id=reddit.client_id,
        client_secret=reddit.client_secret.get_secret_value(),
        user_agent=reddit.user_agent,
        base_url=reddit.base_url,
        token_url=reddit.token_url,
        queries=reddit.queries,
        lag=reddit.lag_hours,
        waiting=waiting,
    )


def _bluesky(settings: Settings, waiting: Waiting) -> Source | None:
    if not settings.bluesky.queries:
        return None
    from connectors.bluesky import BlueskySource  # noqa: PLC0415 - atproto

    secret = settings.bluesky.app_password
    return BlueskySource(
        handle=settings.bluesky.handle,
        app_password=secret.get_secret_value() if secret else None,
        base_url=settings.bluesky.base_url,
        queries=settings.bluesky.queries,
        lag=settings.bluesky.lag_hours,
        waiting=waiting,
    )


def _mastodon(settings: Settings, waiting: Waiting) -> Source | None:
    if not settings.mastodon.queries:
        return None
    from connectors.mastodon import MastodonSource  # noqa: PLC0415 - Mastodon.py

    return MastodonSource(
        instances=settings.mastodon.instances,
        tokens={name: token.get_secret_value() for name, token in settings.mastodon.tokens.items()},
        queries=settings.mastodon.queries,
        lag=settings.mastodon.lag_hours,
        waiting=waiting,
    )


def _feeds(settings: Settings, waiting: Waiting) -> Source | None:
    if not settings.feeds.urls:
        return None
    from connectors.feeds import FeedsSource  # noqa: PLC0415 - feedparser

    return FeedsSource(urls=settings.feeds.urls, lag=settings.feeds.lag_hours, waiting=waiting)


def _needs_queries(source: str, queries: tuple[str, ...]) -> None:
    if not queries:
        raise SettingsError(f"{source}.queries is empty; say what to collect, for instance as in etalage.example.toml")
