"""What tests of Reddit share: a source that notes its pauses instead of making them, and its windows."""

from datetime import timedelta

from collecting import patience
from fake_reddit import NOON

from connectors.reddit.source import RedditSource
from connectors.source import Window

SECRET = "secret-of-the-application"
SINCE = NOON - timedelta(days=365)
UNTIL = NOON + timedelta(hours=1)


def source(base_url, waits=None, **options):
    """Make a source that notes its pauses instead of making them."""
    given = {
        "client_id": "id",
        "client_secret": SECRET,
        "user_agent": "linux:nl.etalage.test:0.1 (by u/etalage)",
        "base_url": base_url,
        "waiting": patience(waits),
    }
    return RedditSource(**given | options)


def window(query="r/werkplein/new", since=SINCE, until=UNTIL):
    """Return a window of the source under test."""
    return Window("reddit", query, since, until)
