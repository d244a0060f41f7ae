"""What a failed run leaves behind, also when its own settings are why it failed."""

import json
import stat
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from flows.failures import FILE, last_failure, remember_failure


@pytest.fixture(autouse=True)
def empty_place(tmp_path, monkeypatch):
    """No configuration of the person who runs the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ETALAGE_HOME", raising=False)


def failed(parameters, message="Flow run encountered an exception: WrongKey: v: the key does not fit\nTraceback"):
    """Call the hook as Prefect does."""
    remember_failure(
        SimpleNamespace(name="nightly"), SimpleNamespace(parameters=parameters), SimpleNamespace(message=message)
    )


def test_flow_time_and_reason_are_kept_for_this_user_alone(tmp_path):
    """One line, no traceback, and an alert for `status`."""
    home = tmp_path / "home"

    failed({"home": str(home), "config": None})

    kept = json.loads((home / FILE).read_text())
    assert (kept["flow"], kept["reason"].split(": ", 1)[1]) == ("nightly", "WrongKey: v: the key does not fit")
    assert stat.S_IMODE((home / FILE).stat().st_mode) == 0o600
    assert "nightly failed" in (home / "alerts.json").read_text()


def test_settings_that_cannot_be_read_are_remembered_as_well(tmp_path):
    """A scheduled run that fails on etalage.toml is seen in `status` as soon as the file is mended."""
    (tmp_path / "etalage.toml").write_text("[x]\nbearer = 'typing error'\n")

    failed({"home": str(tmp_path / "home")}, "SettingsError: etalage.toml: x.bearer is not a setting")
    failed({}, "SettingsError: etalage.toml: x.bearer is not a setting")

    assert last_failure(tmp_path / "home", ())["reason"].startswith("SettingsError: etalage.toml")
    assert last_failure(tmp_path / "data", ())["reason"].startswith("SettingsError: etalage.toml")


def test_a_later_run_makes_it_good(tmp_path):
    """What failed before the newest published run is told no more."""
    failed({"home": str(tmp_path)})
    now = datetime.now(UTC)

    assert last_failure(tmp_path, [{"ended_at": now - timedelta(hours=1)}]) is not None
    assert last_failure(tmp_path, [{"ended_at": now + timedelta(hours=1)}]) is None
