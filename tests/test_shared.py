"""What the test processes share is made once, and whole."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import sleep

import pytest
from shared import made_once


def test_it_is_made_once(tmp_path):
    """Whoever comes while it is made waits, and gets what the first one made."""
    calls = []

    def make(place):
        calls.append(place)
        sleep(0.2)
        (place / "file").write_text("whole")
        return {"made by": len(calls)}

    with ThreadPoolExecutor(4) as several:
        found = list(several.map(partial(made_once, tmp_path, "dear"), [make] * 4))

    assert calls == [tmp_path / "dear"]
    assert found == [(tmp_path / "dear", {"made by": 1})] * 4
    assert (tmp_path / "dear" / "file").read_text() == "whole"


def test_what_was_broken_off_is_made_again(tmp_path):
    """From an empty folder; nobody takes half of it for the whole."""

    def broken(place):
        (place / "half").touch()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        made_once(tmp_path, "dear", broken)
    place, _ = made_once(tmp_path, "dear", lambda _: None)

    assert list(place.iterdir()) == []
