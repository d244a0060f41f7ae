"""What runs leave in the home: whole, private, and no reason to fail when it is damaged."""

import os
import stat

import pytest

from flows import alerts, backlog, failures, usage
from flows.settings import Settings
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


def test_what_a_killed_process_of_the_same_number_left_is_in_nobodys_way(tmp_path):
    """In a container each run may have the number of the one before, whose half-made file is still there."""
    (tmp_path / f"{NAME}.{os.getpid()}.new").write_text('{"half')
    write_state(tmp_path, NAME, {"new": 1})

    assert read_state(tmp_path, NAME) == {"new": 1}
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


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


def test_what_is_damaged_stays_beside_what_is_written_next(tmp_path):
    """Columns that a person once named are in no other place."""
    (tmp_path / NAME).write_bytes(b'{"body": ')
    assert read_state(tmp_path, NAME) == {}
    write_state(tmp_path, NAME, {"new": 1})

    assert (tmp_path / f"{NAME}.damaged").read_bytes() == b'{"body": '
    assert read_state(tmp_path, NAME) == {"new": 1}


def test_what_cannot_be_read_stays_too(tmp_path):
    """Whatever keeps it from being read, nothing is written over it."""
    (tmp_path / NAME).mkdir()
    assert read_state(tmp_path, NAME) == {}
    write_state(tmp_path, NAME, {"new": 1})

    assert (tmp_path / f"{NAME}.damaged").is_dir()
    assert read_state(tmp_path, NAME) == {"new": 1}


@pytest.mark.parametrize(
    "content",
    [
        b'{"x": 1}',
        b'{"flow": "nightly"}',
        b'{"flow": "nightly", "at": "gisteren"}',
        b'{"flow": "nightly", "at": 5}',
        b'{"drift": "x"}',
        b'{"drift": {}}',
        b'{"drift": {"on": "gisteren"}}',
    ],
)
def test_an_object_of_another_kind_is_nothing(tmp_path, content):
    """JSON that is sound and says something else."""
    for name in (alerts.FILE, backlog.FILE, failures.FILE):
        (tmp_path / name).write_bytes(content)

    assert alerts.recent(tmp_path) == []
    assert backlog.read_backlog(tmp_path) is None
    assert failures.last_failure(tmp_path, ()) is None


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        (alerts.FILE, '{"gap": "x"}'),
        (alerts.FILE, '{"gap": {"on": "gisteren", "text": "x"}}'),
        (usage.FILE, '{"x": 3}'),
        (usage.FILE, '{"x": [{"day": "2026-11-01"}]}'),
        (usage.FILE, '{"nobody": [{"day": "2026-11-01", "billed": 3, "ledger": 2}]}'),
    ],
)
def test_what_is_json_of_another_shape_is_nothing(tmp_path, name, damage):
    """An alert after a good night fails over nothing that an earlier one left."""
    (tmp_path / name).write_text(damage)
    settings = Settings(home=tmp_path)

    assert alerts.recent(tmp_path) == []
    assert usage.usage_lines(settings) == {}
    assert alerts.usage_alerts(settings) == []
    assert alerts.send(settings, [alerts.Alert("gap", "one window")]) == 0
    assert [row["subject"] for row in alerts.recent(tmp_path)] == ["gap"]
