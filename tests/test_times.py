"""Platforms' times are read as aware UTC datetimes, or refused with one kind of error."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.times import from_epoch, from_iso, second_up, to_iso


def test_a_time_is_in_utc():
    """Whatever its offset; one without is UTC already."""
    assert [to_iso(from_iso(f"2026-03-02T12:00:00{zone}")) for zone in ("", "Z", "+01:00")] == [
        "2026-03-02T12:00:00Z",
        "2026-03-02T12:00:00Z",
        "2026-03-02T11:00:00Z",
    ]
    assert from_epoch("1772452800") == datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("read", [from_iso, from_epoch])
@pytest.mark.parametrize("value", ["gisteren", "", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1e99"])
def test_what_is_no_time_is_a_value_error(read, value):
    """Also one that the calendar has no place for, once it is in UTC."""
    with pytest.raises(ValueError, match=r"isoformat|is no time|to float|is no epoch time"):
        read(value)


@pytest.mark.parametrize("read", [from_iso, from_epoch])
@pytest.mark.parametrize("value", [None, True, [], {}])
def test_what_is_no_text_is_a_type_error(read, value):
    """None, a truth value, a list and an object."""
    with pytest.raises(TypeError):
        read(value)


def test_a_moment_is_rounded_up_to_a_whole_second():
    """The fraction would be dropped, and with it what is of that second; a whole second stays."""
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    later = [noon, noon + timedelta(microseconds=1), noon + timedelta(microseconds=999_999)]

    assert [second_up(moment) for moment in later] == [noon, *2 * [noon + timedelta(seconds=1)]]
