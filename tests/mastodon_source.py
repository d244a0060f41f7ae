"""What tests of Mastodon share: a source that notes its pauses instead of making them, and its windows."""

from datetime import timedelta

from collecting import patience
from fake_mastodon import NOON

from connectors.mastodon.source import MastodonSource
from connectors.source import Window

SINCE, UNTIL = NOON - timedelta(days=7), NOON + timedelta(seconds=1)


def source(base_url, **options):
    """Make a source with one server that notes its pauses instead of making them."""
    return MastodonSource(**{"instances": {"hr.example": base_url}, "waiting": patience(), **options})


def window(query, since=SINCE, until=UNTIL):
    """Return a window of the source under test."""
    return Window("mastodon", query, since, until)
