"""Mastodon, through Mastodon.py.

The client is imported with `MastodonSource`, and not before: mapping stored pages needs none.
"""

from typing import TYPE_CHECKING

__all__ = ["MastodonSource"]

if TYPE_CHECKING:
    from connectors.mastodon.source import MastodonSource
else:

    def __getattr__(name: str) -> type:
        if name != "MastodonSource":
            raise AttributeError(name)
        from connectors.mastodon.source import MastodonSource  # noqa: PLC0415 - see the module's first line

        return MastodonSource
