"""Errors named for what to do next.

SourceError
 ├─ Transient    try again later, from the last stored page
 ├─ Refused      stop this source: credentials, permission, a query the platform will not answer
 │   └─ Missing  what was asked for is not there
 └─ CostStopped  stop spending: the platform's cap or our own budget is used up

A single malformed item is no error but a `Reject`: it never costs its page.
"""


class SourceError(Exception):
    """Something between us and a platform went wrong; the message is one line for a person."""


class Transient(SourceError):
    """May pass by itself. `retry_after` is the platform's own wish in seconds, where it has one."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Refused(SourceError):
    """Will not pass by itself: a person has to change a credential, a permission or a query.

    `whole_source` is False when only this query is refused and the source's others may go on.
    """

    def __init__(self, message: str, *, whole_source: bool = True) -> None:
        super().__init__(message)
        self.whole_source = whole_source


class Missing(Refused):
    """What was asked for does not exist, or not any more; credentials are not in doubt."""


class CostStopped(SourceError):
    """Spending has to stop; the window stays open for a later run."""
