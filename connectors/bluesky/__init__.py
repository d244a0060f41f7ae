"""Bluesky, through atproto; `source.BlueskySource` is the way in."""
