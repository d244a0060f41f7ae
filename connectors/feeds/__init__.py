"""RSS and Atom feeds, through feedparser; `source.FeedsSource` is the way in."""
