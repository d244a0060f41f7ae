"""Mastodon, through Mastodon.py; `source.MastodonSource` is the way in."""
