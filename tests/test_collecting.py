"""What tests of sources share is tested itself where it can be wrong."""

from datetime import datetime, timedelta

import pytest
from collecting import same_day


@pytest.mark.parametrize(("clock", "slept"), [("23:58:59", 0), ("23:59:00", 60), ("23:59:59.5", 0.5), ("00:00:00", 0)])
def test_what_takes_a_minute_does_not_begin_in_the_last_one_of_a_day(clock, slept):
    """It waits past midnight, and no longer."""
    began = datetime.fromisoformat(f"2026-02-28T{clock}+00:00")
    moments = [began]
    found = same_day(
        60, now=lambda: moments[-1], sleep=lambda seconds: moments.append(moments[-1] + timedelta(0, seconds))
    )

    assert (found - began).total_seconds() == pytest.approx(slept, abs=0.02)
    assert found.date() == (found + timedelta(seconds=60)).date()
