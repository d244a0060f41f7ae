"""What runs leave in the home: whole, private, and no reason to fail when it is damaged."""

import stat

import pytest

from flows import alerts, backlog, failures, usage
from flows.state import read_state, write_state

NAME = "example.json"


def test_what_is_written_is_read(tmp_path):
    """Also in a home that is not there yet; for its owner alone, and nothing else is left behind."""
    home = tmp_path / "home"
    write_state(home, NAME, {"wie": "Noor Verzonnen", "café": 1})

    assert read_state(home, NAME) == {"wie": "Noor Verzonnen", "café": 1}
    assert [path.name for path in home.iterdir()] == [NAME]
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", [b"", b'{"on": ', b"\xff\xfe", b"[1, 2]", b"null"])
def test_what_is_damaged_is_nothing(tmp_path, damage):
    """Whoever reads a file of the home goes on as if it were not there."""
    for name in (alerts.FILE, backlog.FILE, failures.FILE, usage.FILE):
        (tmp_path / name).write_bytes(damage)

    assert read_state(tmp_path, alerts.FILE) == read_state(tmp_path, NAME) == {}
    assert alerts.recent(tmp_path) == []
    assert backlog.read_backlog(tmp_path) is None
    assert failures.last_failure(tmp_path, ()) is None
    assert usage.read_usage(tmp_path) == {}
