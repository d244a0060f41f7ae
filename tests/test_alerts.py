"""Alerts: a person is told once a day of what needs one, at a webhook on loopback."""

import errno
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from loopback import Told, serving
from stocked import vault

from flows import drifting
from flows.alerts import Alert, failure_alert, recent, run_alerts, send, sweep_alerts
from flows.drifting import drift_alerts
from flows.nightly import nightly
from flows.run import RunResult
from flows.settings import Settings
from warehouse.drift import Drift
from warehouse.errors import WarehouseError
from warehouse.publish import publish


def settings(home, hook=None):
    """Settings with a webhook that Apprise speaks JSON to."""
    return Settings(
        home=home, alerts={"urls": (hook.base_url.replace("http://", "json://") + "/geheim-pad",) if hook else ()}
    )


def test_one_message_a_subject_a_day(tmp_path):
    """The same subject twice on a day is one message; another subject, and the next day, are another."""
    days = [datetime(2026, 5, day, 3, tzinfo=UTC) for day in (1, 1, 2)]
    with serving(lambda _: Told({})) as hook:
        went = [send(settings(tmp_path, hook), [Alert("nightly failed", "reden")], lambda day=day: day) for day in days]
        other = send(settings(tmp_path, hook), [Alert("gap", "gat")], lambda: days[0])

    assert (went, other, len(hook.asked)) == ([1, 0, 1], 1, 3)
    assert [row["subject"] for row in recent(tmp_path, days[2].date())] == ["nightly failed", "gap"]


@pytest.mark.parametrize("status", [500, 404])
def test_a_webhook_that_fails_stops_nothing(tmp_path, status, caplog):
    """The alert is noted for `status` as not sent, and the log does not hold the address."""
    with serving(lambda _: Told({}, status)) as hook:
        assert send(settings(tmp_path, hook), [Alert("gap", "gat")]) == 0

    assert [row["told"] for row in recent(tmp_path)] == [False]
    assert "geheim-pad" not in "".join(record.getMessage() for record in caplog.records if record.name == "etalage")
    assert "geheim-pad" not in (tmp_path / "alerts.json").read_text()


def test_a_disk_that_is_full_keeps_no_message_back(tmp_path, monkeypatch, caplog):
    """What was sent cannot be noted then: the log says so, and the next message goes out too."""

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device", "/home/willemijn")

    monkeypatch.setattr("flows.alerts.write_state", full)
    with serving(lambda _: Told({})) as hook:
        assert send(settings(tmp_path, hook), [Alert("gap", "gat"), Alert("drift", "weg")]) == 2

    assert len(hook.asked) == 2
    noted = [record.getMessage() for record in caplog.records if record.name == "etalage"]
    assert [line.partition(":")[0] for line in noted] == [
        f"the alert {subject!r} could not be noted" for subject in ("gap", "drift")
    ]
    assert "willemijn" not in "".join(noted)


def test_an_address_that_was_not_reached_is_tried_again_and_no_other(tmp_path):
    """The next run of the day tells it there; who had the message gets no second one."""
    status = [503]
    with serving(lambda _: Told({})) as good, serving(lambda _: Told({}, status[0])) as bad:
        both = settings(tmp_path, good)
        urls = (*both.alerts.urls, *settings(tmp_path, bad).alerts.urls)
        both = both.model_copy(update={"alerts": both.alerts.model_copy(update={"urls": urls})})
        first = send(both, [Alert("gap", "gat")])
        told = [recent(tmp_path)[0]["told"]]
        status[0] = 200
        went = [first, *(send(both, [Alert("gap", "gat")]) for _ in range(2))]
        told.append(recent(tmp_path)[0]["told"])

    assert (went, told) == ([1, 1, 0], [False, True])
    assert (len(good.asked), len(bad.asked)) == (1, 2)


def test_without_an_address_it_is_noted_all_the_same(tmp_path):
    """`status` shows what would have been sent."""
    assert send(settings(tmp_path), [failure_alert("nightly", "reden")]) == 0
    assert [(row["subject"], row["told"]) for row in recent(tmp_path)] == [("nightly failed", False)]


def test_what_there_is_to_tell(tmp_path):
    """Partial results, budgets, gaps and a late sweep each have their subject; a good run has none."""
    spent = "x: $5.00 of $5.00 for one day is spent; raise x.budget.per_day, or wait"
    looks = {"reddit": (41.0, 36.0), "x": (41.0, 720.0), "feed": (41.0, None)}
    platforms = {
        name: {"oldest_look_hours": age, "every_hours": every, "behind_hours": 0}
        for name, (age, every) in looks.items()
    }
    written = {"at": datetime.now(UTC).isoformat(), "platforms": platforms}
    (tmp_path / "sweep.json").write_text(json.dumps(written))

    good = {"outcome": "ok", "refusals": [], "counts": {}}
    bad = {
        "outcome": "partial",
        "refusals": [spent],
        "cost_stopped": [spent],
        "counts": {"capped": 2},
        "warnings": ["x: $4.00 of $5.00"],
    }

    assert run_alerts("nightly", good) == []
    assert [one.subject for one in run_alerts("nightly", bad)] == [
        "gap",
        "nightly partial",
        "budget spent",
        "budget nearly spent",
    ]
    assert "reddit: 5 hours" in sweep_alerts(tmp_path)[0].text
    assert "credentials" in sweep_alerts(tmp_path)[0].text  # a platform of imported posts may be asked nothing at all


def test_a_refusal_is_told_when_the_run_was_asked_to_stop_too():
    """Else a token that was refused would wait for a run that ends by itself."""
    refused = {"outcome": "interrupted", "refusals": ["x: X answered 401"], "counts": {}}
    [told] = run_alerts("sweep", refused)

    assert "X answered 401" in told.text
    assert "published" not in told.text
    assert run_alerts("sweep", refused | {"refusals": []}) == []


def test_a_sweep_says_nothing_of_publishing():
    """What a sweep did beside what it could not is done, and published hours later."""
    [told] = run_alerts("sweep", {"outcome": "partial", "refusals": ["reddit: 503"], "counts": {}})

    assert told.text == "Not complete: reddit: 503. The rest is done."


def test_a_sweep_that_never_comes_is_noticed(tmp_path):
    """What was written two days ago counts on: nobody has to sweep to learn that nobody sweeps."""
    platforms = {"reddit": {"oldest_look_hours": 1.0, "every_hours": 36.0, "behind_hours": 0.0}}
    written = {"at": (datetime.now(UTC) - timedelta(hours=48)).isoformat(), "platforms": platforms}
    (tmp_path / "sweep.json").write_text(json.dumps(written))

    assert "reddit: 13 hours" in sweep_alerts(tmp_path)[0].text


@pytest.mark.parametrize(("outcome", "looked"), [("interrupted", False), ("ok", True)])
def test_a_night_that_was_asked_to_stop_measures_no_drift(tmp_path, monkeypatch, outcome, looked):
    """What is published then is an older night's: the month is left to the next night, which publishes."""
    with vault(tmp_path, 10) as con:
        publish(con, tmp_path / "etalage.duckdb")
    result = RunResult("r1", outcome, {}, (), signal=15 if outcome == "interrupted" else 0)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("flows.nightly.run", lambda *_: result)
    monkeypatch.setattr("flows.nightly.record", lambda *_: None)
    monkeypatch.setattr("flows.label_work.measure_drift", lambda *_: Drift(None, "", (), audit_due=False, reasons=()))

    assert nightly.fn(home=str(tmp_path))["outcome"] == outcome
    assert (tmp_path / drifting.FILE).exists() is looked


def test_drift_is_looked_at_once_a_month(tmp_path, monkeypatch):
    """The first night of a month measures and tells; the others do not measure; fiction is never measured."""
    with vault(tmp_path, 10) as con:
        con.execute("update posts set source = 'sample'")
        publish(con, tmp_path / "etalage.duckdb")
        chosen, days = settings(tmp_path), [date(2026, 6, day) for day in (1, 2, 30)]
        assert drift_alerts(chosen, days[0]) == []
        assert not (tmp_path / drifting.FILE).exists()
        con.execute("update posts set source = 'x'")
        publish(con, tmp_path / "etalage.duckdb")
    moved = [
        Drift(date(2026, 5, 1), "the months before", (), audit_due=True, reasons=("goals moved",)) for _ in range(2)
    ]
    asked = []
    monkeypatch.setattr("flows.label_work.measure_drift", lambda *given: (asked.append(given[1]), moved.pop())[1])

    told = [[one.subject for one in drift_alerts(chosen, day)] for day in (*days, date(2026, 7, 1))]

    assert told == [["drift"], [], [], ["drift"]]
    assert asked == [date(2026, 5, 1), date(2026, 6, 1)]


def test_drift_that_was_not_told_is_told_the_next_night(tmp_path, monkeypatch):
    """Measured once, and told again until everybody had the message; then no more that month."""
    with vault(tmp_path, 10) as con:
        publish(con, tmp_path / "etalage.duckdb")
    moved = [Drift(date(2026, 5, 1), "the months before", (), audit_due=True, reasons=("goals moved",))]
    monkeypatch.setattr("flows.label_work.measure_drift", lambda *_: moved.pop())
    answers = {1: 500, 2: 200, 3: 200}
    day = 0
    went = []
    with serving(lambda _: Told({}, answers[day])) as hook:
        chosen = settings(tmp_path, hook)
        for day in answers:
            now = datetime(2026, 6, day, 3, tzinfo=UTC)
            went.append(send(chosen, drift_alerts(chosen, now.date()), lambda now=now: now))

    assert went == [0, 1, 0]
    [told] = [row for row in recent(tmp_path, date(2026, 6, 3)) if row["told"]]
    assert (told["on"], "goals moved" in told["text"]) == ("2026-06-02", True)


def test_that_drift_was_not_measured_stands_for_no_other_message(tmp_path, monkeypatch):
    """What it shows is told by the night that measures it, also on the same day."""
    with vault(tmp_path, 10) as con:
        publish(con, tmp_path / "etalage.duckdb")
    found = [None, Drift(date(2026, 5, 1), "the months before", (), audit_due=True, reasons=("goals moved",))]
    monkeypatch.setattr("flows.label_work.measure_drift", lambda *_: found.pop(0) or 1 / 0)
    now = datetime(2026, 6, 1, 3, tzinfo=UTC)
    with serving(lambda _: Told({})) as hook:
        chosen = settings(tmp_path, hook)
        went = [send(chosen, drift_alerts(chosen, now.date()), lambda: now) for _ in range(3)]

    assert went == [1, 1, 0]


def test_drift_that_cannot_be_noted_is_told(tmp_path, monkeypatch):
    """On a full disk the night has published: its month is measured again by the next, and the message goes out."""
    with vault(tmp_path, 10) as con:
        publish(con, tmp_path / "etalage.duckdb")
    moved = Drift(date(2026, 5, 1), "the months before", (), audit_due=True, reasons=("goals moved",))
    monkeypatch.setattr("flows.label_work.measure_drift", lambda *_: moved)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(drifting, "write_state", full)

    assert [one.subject for one in drift_alerts(settings(tmp_path), date(2026, 6, 1))] == ["drift"]


def test_drift_that_cannot_be_measured_costs_nothing_else(tmp_path, monkeypatch):
    """A person is told why; the night is published, and the month is looked at by the next one."""
    with vault(tmp_path, 10) as con:
        publish(con, tmp_path / "etalage.duckdb")

    def broken(*_):
        raise WarehouseError("the file went away")

    monkeypatch.setattr("flows.label_work.measure_drift", broken)

    (alert,) = drift_alerts(settings(tmp_path), date(2026, 6, 1))

    assert alert == Alert("drift not measured", "drift was not measured (WarehouseError): `etalage drift` says why")
    assert not (tmp_path / drifting.FILE).exists()
