"""What earlier runs found out, so that it is neither asked for nor paid for again."""

from dataclasses import dataclass, field

from warehouse.known import account_ids, feed_versions
from warehouse.vault import Connection


@dataclass(frozen=True, slots=True)
class Known:
    """Versions of feeds by address; ids of accounts by handle."""

    feeds: dict[str, str] = field(default_factory=dict)
    x: dict[str, str] = field(default_factory=dict)
    bluesky: dict[str, str] = field(default_factory=dict)


def known(con: Connection) -> Known:
    """Read what the vault knows."""
    return Known(feed_versions(con), account_ids(con, "x"), account_ids(con, "bluesky"))
