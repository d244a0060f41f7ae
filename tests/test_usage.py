"""What X says it billed beside what the ledger of reads has: compared once a run, told where they differ."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from fake_x import FakeX
from loopback import Told, serving
from noted import Notes

from connectors.x.source import XSource
from flows import doctor, progress
from flows.alerts import usage_alerts
from flows.settings import Settings
from flows.usage import Reads, compare_usage, read_usage, usage_lines
from warehouse.budget import enter
from warehouse.vault import open_vault

NOW = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
DAYS = {"2026-03-08": 7, "2026-03-10": 700, "2026-03-11": 35, "2026-03-12": 3}


@pytest.fixture
def con(tmp_path):
    """A vault in which 40 posts were read on the 10th and 30 on the 11th, with users and repeats beside them."""
    with open_vault(tmp_path / "vault.duckdb", "a key for this test") as opened:
        for day, number in ((10, 40), (11, 30)):
            reads = [("post", number), ("user", 9), ("post repeated", 500)]
            enter(opened, "x", reads, datetime(2026, 3, day, 12, tzinfo=UTC), "r1", {})
        yield opened


def settings(home, **budget):
    """Settings with X's limits."""
    return Settings(home=home, x={"bearer_token": "t", "queries": ("search:hr",), "budget": budget}, _env_file=None)


def source(x):
    """X at a loopback address."""
    return {"x": XSource(bearer_token="token-of-noor", base_url=x.base_url), "sample": object()}


def test_ended_days_since_the_first_read_are_compared(con, tmp_path):
    """Today still grows and the 8th was before our first read; repeats and users are no post reads."""
    with serving(FakeX([], usage=DAYS)) as x:
        compare_usage(con, settings(tmp_path), source(x), NOW)

    assert read_usage(tmp_path)["x"] == [
        Reads(day=date(2026, 3, 10), billed=700, ledger=40),
        Reads(day=date(2026, 3, 11), billed=35, ledger=30),
    ]
    assert x.paths == ["/2/usage/tweets"]


def test_a_day_that_has_just_ended_is_left_for_later(con, tmp_path):
    """What was billed shows with a delay."""
    with serving(FakeX([], usage=DAYS)) as x:
        compare_usage(con, settings(tmp_path), source(x), NOW.replace(hour=2))

    assert [row.day for row in read_usage(tmp_path)["x"]] == [date(2026, 3, 10)]


@pytest.mark.parametrize("status", [401, 403, 404, 402])
def test_a_platform_that_does_not_say_is_one_line(con, tmp_path, status):
    """Nothing fails, and what was compared before stays."""
    with serving(FakeX([], usage=DAYS)) as x:
        compare_usage(con, settings(tmp_path), source(x), NOW)
    before, notes = read_usage(tmp_path), Notes()
    token = progress.current.set(notes)
    try:
        with serving(lambda _: Told({"detail": "no"}, status)) as x:
            compare_usage(con, settings(tmp_path), source(x), NOW + timedelta(days=1))
    finally:
        progress.current.reset(token)

    assert len(x.asked) == 1
    assert [f"answered {status}" in line for line in notes.lines] == [True]
    assert read_usage(tmp_path) == before


@pytest.mark.parametrize(("limit", "told"), [(0.03, False), (0.02, True)])
def test_a_difference_beyond_the_setting_is_told(tmp_path, limit, told):
    """Five reads are $0.025; `doctor` has the same line."""
    rows = [{"day": "2026-03-10", "billed": 700, "ledger": 40}, {"day": "2026-03-11", "billed": 35, "ledger": 30}]
    (tmp_path / "usage.json").write_text(json.dumps({"x": rows}))
    given = settings(tmp_path, differ_at=limit)
    line = "35 post reads billed on 2026-03-11, 30 in the ledger (+5, $0.03)"

    assert usage_lines(given, NOW) == {"x": (line, told)}
    assert [line in alert.text for alert in usage_alerts(given, NOW)] == [True] * told


@pytest.mark.parametrize(("later", "alerts"), [(0, 1), (2, 1), (3, 0), (7, 0)])
def test_a_difference_is_told_no_more_once_its_day_is_old(tmp_path, later, alerts):
    """X may have left the settings since, or answers no more: the line stays, and nobody is told each day again."""
    (tmp_path / "usage.json").write_text(json.dumps({"x": [{"day": "2026-03-11", "billed": 700, "ledger": 40}]}))
    now = NOW + timedelta(days=later)

    assert "700 post reads billed on 2026-03-11" in usage_lines(settings(tmp_path), now)["x"][0]
    assert len(usage_alerts(settings(tmp_path), now)) == alerts


def test_doctor_tells_a_refusal_from_a_check_that_is_not_there():
    """A 401 is wrong; a 404 of the usage endpoint leaves the token in doubt, and is no more than a warning."""
    findings = []
    for status in (401, 404):
        with serving(lambda _, status=status: Told({"detail": "no"}, status)) as x:
            findings.append(doctor._source("x", source(x)["x"]))

    assert [finding.verdict for finding in findings] == ["wrong", "warning"]
    assert "not there (404)" in findings[1].finding
