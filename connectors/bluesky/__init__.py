"""Bluesky, through atproto.

The client is imported with `BlueskySource`, and not before: mapping stored pages needs none.
"""

from typing import TYPE_CHECKING

__all__ = ["BlueskySource"]

if TYPE_CHECKING:
    from connectors.bluesky.source import BlueskySource
else:

    def __getattr__(name: str) -> type:
        if name != "BlueskySource":
            raise AttributeError(name)
        from connectors.bluesky.source import BlueskySource  # noqa: PLC0415 - see the module's first line

        return BlueskySource
