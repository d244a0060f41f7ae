"""What became of a stored post at its platform; asked for by the deletion sweep."""

from typing import Literal

Presence = Literal["found", "deleted", "protected", "suspended", "unknown"]
"""One outcome per id. `unknown`: the platform did not say, so nothing may be concluded."""
