"""Reddit, through praw.

The client is imported with `RedditSource`, and not before: mapping stored pages needs none.
"""

from typing import TYPE_CHECKING

__all__ = ["RedditSource"]

if TYPE_CHECKING:
    from connectors.reddit.source import RedditSource
else:

    def __getattr__(name: str) -> type:
        if name != "RedditSource":
            raise AttributeError(name)
        from connectors.reddit.source import RedditSource  # noqa: PLC0415 - see the module's first line

        return RedditSource
