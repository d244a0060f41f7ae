"""Alerts: a person is told once a day of what needs one, at a webhook on loopback."""

import json
from datetime import UTC, datetime

import pytest
from loopback import Told, serving

from flows.alerts import Alert, failure_alert, recent, run_alerts, send, sweep_alerts
from flows.settings import Settings


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


def test_without_an_address_it_is_noted_all_the_same(tmp_path):
    """`status` shows what would have been sent."""
    assert send(settings(tmp_path), [failure_alert("nightly", "reden")]) == 0
    assert [(row["subject"], row["told"]) for row in recent(tmp_path)] == [("nightly failed", False)]


def test_what_there_is_to_tell(tmp_path):
    """Partial results, budgets, gaps and a late sweep each have their subject; a good run has none."""
    spent = "x: $5.00 of $5.00 for one day is spent; raise x.budget.per_day, or wait"
    (tmp_path / "sweep.json").write_text(
        json.dumps(
            {"platforms": {"reddit": {"behind_hours": 5.0}, "x": {"behind_hours": 0.0}, "feed": {"behind_hours": None}}}
        )
    )

    good = {"outcome": "ok", "refusals": [], "counts": {}}
    bad = {"outcome": "partial", "refusals": [spent], "counts": {"capped": 2}, "warnings": ["x: $4.00 of $5.00"]}

    assert run_alerts("nightly", good) == []
    assert [one.subject for one in run_alerts("nightly", bad)] == [
        "gap",
        "nightly partial",
        "budget spent",
        "budget nearly spent",
    ]
    assert "reddit: 5 hours" in sweep_alerts(tmp_path)[0].text
