"""X (API v2), through tweepy.

The client is imported with `XSource`, and not before: mapping stored pages needs none.
"""

from typing import TYPE_CHECKING

__all__ = ["XSource"]

if TYPE_CHECKING:
    from connectors.x.source import XSource
else:

    def __getattr__(name: str) -> type:
        if name != "XSource":
            raise AttributeError(name)
        from connectors.x.source import XSource  # noqa: PLC0415 - see the module's first line

        return XSource
