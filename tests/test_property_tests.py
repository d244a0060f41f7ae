"""Property tests: what holds for all of them."""

from hypothesis import settings


def test_a_busy_machine_fails_none():
    """How long an example may take is not limited: beside other work one of milliseconds takes a second."""
    assert settings().deadline is None


def test_every_run_tries_the_same_examples():
    """A fault that is found at random is found in somebody else's change."""
    assert settings().derandomize
