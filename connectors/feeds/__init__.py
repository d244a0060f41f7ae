"""RSS and Atom feeds, through feedparser.

The client is imported with `FeedsSource`, and not before: mapping stored pages needs none.
"""

from typing import TYPE_CHECKING

__all__ = ["FeedsSource"]

if TYPE_CHECKING:
    from connectors.feeds.source import FeedsSource
else:

    def __getattr__(name: str) -> type:
        if name != "FeedsSource":
            raise AttributeError(name)
        from connectors.feeds.source import FeedsSource  # noqa: PLC0415 - see the module's first line

        return FeedsSource
