"""What a person did wrong, and how a command ended. Imports nothing: `etalage --help` has to answer at once."""

FAILED, USAGE, PARTIAL, BUSY, UNPUBLISHED = 1, 2, 3, 4, 5
"""Exit codes; `flows.faults` says which error has which."""


class InputError(Exception):
    """A file or an argument is wrong; the message is one line: what, where, what to do."""
