"""X (API v2), through tweepy; `source.XSource` is the way in."""
