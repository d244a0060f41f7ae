"""How an account of the panel stands at its platform; asked for by handle."""

from dataclasses import dataclass
from typing import Literal

Standing = Literal["found", "missing", "renamed", "protected", "suspended", "unknown"]
"""`renamed`: the account goes by another handle now. `unknown`: the platform did not say."""


@dataclass(frozen=True, slots=True)
class Account:
    """One handle and what became of its account; `detail` is the new handle, or the platform's own words."""

    handle: str
    standing: Standing
    detail: str = ""
