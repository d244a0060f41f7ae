"""What tests of sources share: impatient limits, pages up to an error, posts out of pages, one day of UTC."""

import time
from datetime import UTC, datetime, timedelta

from connectors.errors import SourceError
from connectors.mapping import map_page
from connectors.waiting import Waiting

IMPATIENT = {"timeout": (1.0, 0.4), "total_seconds": 0.7}
"""Limits under which a late or dripping answer is given up within a second."""


def patience(waits=None):
    """Make a waiting that notes its pauses instead of making them."""
    noted = [] if waits is None else waits
    return Waiting(sleep=lambda seconds: noted.append(seconds) is not None)


def posts_of(pages):
    """Return all posts on these pages, in their order."""
    mapped = [map_page(page, source="s", query="q") for page in pages]
    return [post for one in mapped for post in one.posts]


def ids_of(pages):
    """Return the ids of all posts on these pages, in their order."""
    return [post.post_id for post in posts_of(pages)]


def rejects_of(pages):
    """Return all items set aside on these pages."""
    return [reject for page in pages for reject in map_page(page, source="s", query="q").rejects]


def presences(looks):
    """Return what became of each post, without its counts."""
    return {post_id: look.presence for post_id, look in looks.items()}


def collected(pages):
    """Return the pages that came, and the error that ended them."""
    stored = []
    try:
        for page in pages:
            stored.append(page)  # noqa: PERF402 - what came before the error is the point
    except SourceError as error:
        return stored, error
    return stored, None


def same_day(seconds, now=None, sleep=time.sleep):
    """Wait past midnight UTC where it is nearer than that, and return the time: a limit a day begins anew there.

    So what follows lies within one day, and within one month.
    """
    now = now or (lambda: datetime.now(UTC))
    midnight = datetime.combine(now().date() + timedelta(days=1), datetime.min.time(), UTC)
    while now() < midnight <= now() + timedelta(seconds=seconds):
        sleep((midnight - now()).total_seconds() + 0.01)
    return now()
