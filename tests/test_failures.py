"""What a failed run leaves behind, also when its own settings are why it failed."""

import errno
import json
import re
import stat
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import duckdb
import pytest
from loopback import Told, serving
from prefect.states import Failed

from connectors.errors import Refused
from flows.backlog import FILE as SWEEP
from flows.failures import FILE, last_failure, remember_failure
from flows.faults import safe_reason
from flows.foreground import run_in_foreground
from flows.settings import Settings, SettingsError
from flows.sources import build_sources
from flows.state import write_state
from warehouse.errors import BadArgument, WrongKey

SERVERS = {"m": "https://m.example"}


@pytest.fixture(autouse=True)
def empty_place(tmp_path, monkeypatch):
    """No configuration of the person who runs the tests."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ETALAGE_HOME", raising=False)


def failed(parameters, error=WrongKey("v: the key does not fit\nTraceback"), flow="nightly"):  # noqa: B008 - not changed
    """Call the hook as Prefect does, with a state that holds the error and repeats its words."""
    state = Failed(message=f"Flow run encountered an exception: {error!r}", data=error)
    remember_failure(SimpleNamespace(name=flow), SimpleNamespace(parameters=parameters), state)


def test_flow_time_and_reason_are_kept_for_this_user_alone(tmp_path):
    """One line, no traceback, and an alert for `status`."""
    home = tmp_path / "home"

    failed({"home": str(home), "config": None})

    kept = json.loads((home / FILE).read_text())
    assert (kept["flow"], kept["reason"]) == ("nightly", "WrongKey: v: the key does not fit")
    assert stat.S_IMODE((home / FILE).stat().st_mode) == 0o600
    assert "nightly failed" in (home / "alerts.json").read_text()


def test_a_failure_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    """On a full disk, which is perhaps why the run failed, the message goes out all the same."""

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    for room in ("failures", "alerts"):
        monkeypatch.setattr(f"flows.{room}.write_state", full)
    with serving(lambda _: Told({})) as hook:
        address = hook.base_url.replace("http://", "json://")
        (tmp_path / "etalage.toml").write_text(f'[alerts]\nurls = ["{address}/hook"]\n')
        failed({"home": str(tmp_path / "home")})

    assert len(hook.asked) == 1
    assert not (tmp_path / "home").exists()


def test_what_fails_before_the_flow_begins_is_told(tmp_path):
    """Nobody is at a timer's terminal: a panel that cannot be read is kept and sent, and a first run leaves nothing."""
    (panel := tmp_path / "panel.csv").write_text("platform,naam\nx,anna_hr\n")
    home = tmp_path / "home"
    with serving(lambda _: Told({})) as hook:
        address = hook.base_url.replace("http://", "json://")
        settings = Settings(home=home, panel={"file": panel}, alerts={"urls": [f"{address}/hook"]})
        for _ in range(2):
            with pytest.raises(SettingsError):
                run_in_foreground(settings, "sweep", {})
            if not hook.asked:
                assert not home.exists()
                home.mkdir()

    assert len(hook.asked) == 1
    assert last_failure(home, ())["flow"] == "sweep"


def test_settings_that_cannot_be_read_are_remembered_as_well(tmp_path):
    """A scheduled run that fails on etalage.toml is seen in `status` as soon as the file is mended."""
    (tmp_path / "etalage.toml").write_text("[x]\nbearer = 'typing error'\n")

    wrong = SettingsError("etalage.toml: x.bearer is not a setting")
    failed({"home": str(tmp_path / "home")}, wrong)
    failed({}, wrong)

    assert last_failure(tmp_path / "home", ())["reason"].startswith("SettingsError: etalage.toml")
    assert last_failure(tmp_path / "data", ())["reason"].startswith("SettingsError: etalage.toml")


NOW = datetime.now(UTC)
AT = NOW - timedelta(hours=2)
"""When the run failed, for `told`."""


def told(home, flow, *runs):
    """Tell whether that failure is still told beside these published runs, each (kind, ended, outcome)."""
    failed({"home": str(home)}, flow=flow)
    write_state(home, FILE, json.loads((home / FILE).read_text()) | {"at": AT.isoformat()})
    return (
        last_failure(home, [dict(zip(("kind", "ended_at", "outcome"), run, strict=True)) for run in runs]) is not None
    )


def test_a_later_run_makes_it_good(tmp_path):
    """What failed before the newest published run of its kind is told no more; a sweep makes no night good."""
    before, after = AT - timedelta(hours=1), AT + timedelta(hours=1)

    assert told(tmp_path, "nightly", ("nightly", before, "ok"))
    assert told(tmp_path, "nightly", ("sweep", after, "ok"), ("nightly", before, "ok"))
    assert told(tmp_path, "sweep", ("nightly", after, "ok"))
    assert told(tmp_path, "nightly", ("nightly", None, "running"))
    assert not told(tmp_path, "nightly", ("sweep", after, "ok"), ("nightly", after, "ok"))
    assert not told(tmp_path, "backfill", ("nightly", after, "partial"))


def test_a_run_that_did_not_end_well_makes_nothing_good(tmp_path):
    """Neither the failed run itself, a moment before its failure was noted, nor a later one that was stopped."""
    later = AT + timedelta(hours=1)
    itself = ("nightly", AT, "failed")

    assert told(tmp_path, "nightly", itself)
    assert told(tmp_path, "nightly", ("nightly", AT, "ok"))
    assert told(tmp_path, "nightly", itself, ("nightly", later, "failed"))
    assert told(tmp_path, "nightly", itself, ("nightly", later, "interrupted"))
    assert not told(tmp_path, "nightly", itself, ("nightly", later, "interrupted"), ("nightly", later, "ok"))


def test_a_run_of_a_clock_ahead_makes_nothing_good(tmp_path):
    """It ended before the failure, whatever it says, and would keep every other one untold until its date."""
    ahead = NOW + timedelta(days=365)
    write_state(tmp_path, SWEEP, {"swept_at": ahead.isoformat(), "outcome": "ok"})

    assert told(tmp_path, "nightly", ("nightly", ahead, "ok"))
    assert told(tmp_path, "sweep", ("sweep", ahead, "ok"))


@pytest.mark.parametrize(
    ("swept", "is_told"),
    [
        ({"swept_at": NOW.isoformat(), "outcome": "ok"}, False),
        ({"swept_at": NOW.isoformat(), "outcome": "partial"}, False),
        ({"swept_at": NOW.isoformat(), "outcome": "failed"}, True),
        ({"swept_at": NOW.isoformat(), "outcome": ["ok"]}, True),
        ({"swept_at": "2026-01-30T04:50:00+00:00", "outcome": "ok"}, True),
        ({"swept_at": None, "outcome": None}, True),
        ({"swept_at": "vannacht", "outcome": "ok"}, True),
        ({}, True),
    ],
)
def test_a_later_sweep_makes_a_failed_one_good_though_it_published_nothing(tmp_path, swept, is_told):
    """How the last one ended stands beside the published file; what is damaged there makes nothing good."""
    write_state(tmp_path, SWEEP, swept)

    assert told(tmp_path, "sweep") is is_told
    assert told(tmp_path, "nightly")


def test_a_librarys_words_are_not_repeated(tmp_path):
    """What DuckDB or a client puts in an error may be a post or a name: notice, alert and message have its type."""
    words = "Could not convert string 'Willemijn Voorbeeld 3' to INT64"
    for error in (ValueError(words), duckdb.ConversionException(words), Refused(words), BadArgument(words)):
        failed({"home": str(tmp_path)}, error)

        kept = (tmp_path / FILE).read_text() + (tmp_path / "alerts.json").read_text()
        assert type(error).__name__ in kept
        assert "Willemijn" not in kept
    assert safe_reason(OSError(28, "No space left on device", "/home/willemijn")) == "OSError: No space left on device"
    assert safe_reason(SettingsError("one\ntwo")) == "SettingsError: one"


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"mastodon": {"queries": ["tag:hr@m", "account:wil!emijn@m"], "instances": SERVERS}}, "[1]: this is no"),
        (
            {"mastodon": {"queries": ["account:willemijn@elders"], "instances": SERVERS}},
            "queries[0]: 'elders'",
        ),
        ({"x": {"queries": ["search:#hr", "timelin:willemijn"], "bearer_token": "t"}}, "x.queries[1]: "),
        ({"x": {"queries": [f"search:from:willemijn {'a' * 600}"], "bearer_token": "t"}}, "x.queries[0]: 615 char"),
        ({"bluesky": {"queries": ["author:willemijn voorbeeld"]}}, "bluesky.queries[0]: "),
        ({"feeds": {"urls": ["http://willemijn.example/feed"]}}, "feeds.urls[0]: "),
    ],
)
def test_a_query_that_cannot_be_read_is_told_by_its_place(tmp_path, section, words):
    """The line leads to the setting and does not repeat it: it reaches Prefect's database, alerts and `status`."""
    with pytest.raises(SettingsError) as told:
        build_sources(Settings(home=tmp_path, **section), date(2026, 5, 1))

    assert words in str(told.value)
    assert not re.search("wil.?emijn", str(told.value))
