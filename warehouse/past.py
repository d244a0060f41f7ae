"""What the last windows of each query brought: all that is known of the next one before it is asked for."""

from dataclasses import dataclass
from typing import Final

from warehouse.ledger import CLOSED
from warehouse.sqlfiles import statement
from warehouse.vault import Connection

LAST: Final = 14
"""Windows that are looked back on: two weeks of nights."""


@dataclass(frozen=True, slots=True)
class Past:
    """The most that an hour of one of the last `windows` windows brought: posts, users billed beside them, pages."""

    windows: int
    posts: float
    users: float
    pages: float


def past(con: Connection, source: str) -> dict[str, Past]:
    """Look back on the windows of each query of `source`; one that was never read to its end is not there."""
    asked = {"source": source, "closed": list(CLOSED), "windows": LAST}
    return {query: Past(*rest) for query, *rest in con.execute(statement("past_windows"), asked).fetchall()}
