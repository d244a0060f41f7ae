"""What tests of X share: a source that notes its pauses instead of making them, and its windows."""

from datetime import timedelta

from collecting import patience
from fake_x import NOON

from connectors.source import Window
from connectors.x.source import XSource

TOKEN = "token-of-noor"
SINCE = NOON - timedelta(days=30)
UNTIL = NOON + timedelta(hours=1)


def source(base_url, waits=None, **options):
    """Make a source that notes its pauses instead of making them."""
    return XSource(**{"bearer_token": TOKEN, "base_url": base_url, "waiting": patience(waits), **options})


def window(query, since=SINCE, until=UNTIL):
    """Return a window of the source under test."""
    return Window("x", query, since, until)
