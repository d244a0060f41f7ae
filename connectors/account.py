"""How an account of the panel stands at its platform; asked for by handle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

Standing = Literal["found", "missing", "renamed", "protected", "suspended", "unknown"]
"""`renamed`: the account goes by another handle now. `unknown`: the platform did not say."""


@dataclass(frozen=True, slots=True)
class Account:
    """One handle and what became of its account; `detail` is the new handle, or the platform's own words."""

    handle: str
    standing: Standing
    detail: str = ""


@runtime_checkable
class KnowsAccounts(Protocol):
    """A source that can say how the panel's accounts stand."""

    def look_up(self, queries: Sequence[str]) -> dict[str, Account]:
        """Return the account of each query that names one."""
        ...
