"""Reddit, through praw; `source.RedditSource` is the way in."""
