"""Tombstones beside the vault: whole after a crash, and once each."""

from datetime import UTC, datetime

import pytest

from warehouse import journal
from warehouse.errors import Damaged
from warehouse.tombstones import Tombstone

STONES = [Tombstone("post", f"key-{number}", "asked", datetime(2026, 5, 1, number, tzinfo=UTC)) for number in range(4)]


def test_keeps_each_once_for_its_owner_alone(tmp_path):
    """Given again, nothing is added; the file is private."""
    journal.keep(tmp_path, STONES[:2])
    journal.keep(tmp_path, STONES)

    assert journal.read(tmp_path) == STONES
    assert (tmp_path / journal.FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("cut", [1, 20, 40])
def test_a_line_that_a_crash_cut_off_is_made_up_for(tmp_path, cut):
    """Whatever is left of the last line, the next erasure writes it whole, in the file's order."""
    journal.keep(tmp_path, STONES[:2])
    file = tmp_path / journal.FILE
    file.write_bytes(file.read_bytes()[:-cut])

    assert journal.read(tmp_path)[:1] == STONES[:1]
    journal.keep(tmp_path, STONES)
    assert journal.read(tmp_path) == STONES


def test_a_broken_line_in_the_middle_is_no_accident(tmp_path):
    """A restore that left it out would bring somebody back."""
    journal.keep(tmp_path, STONES)
    file = tmp_path / journal.FILE
    file.write_text(file.read_text().replace("key-1", 'key-1"', 1))
    with pytest.raises(Damaged, match="line 2"):
        journal.read(tmp_path)
