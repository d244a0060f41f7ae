"""Runs: begun, ended, or found to have been interrupted."""

from stocked import vault

from warehouse.runs import finish_run, start_run


def test_a_run_leaves_its_outcome(tmp_path):
    """A run's outcome, counts and message are kept."""
    with vault(tmp_path) as con:
        run_id = start_run(con, "nightly")
        finish_run(con, run_id, "partial", {"inserted": 3}, "x: refused")

        row = con.execute(
            "select kind, outcome, counts->>'inserted', message, ended_at >= started_at from runs"
        ).fetchone()
        assert row == ("nightly", "partial", "3", "x: refused", True)


def test_a_crashed_run_is_marked_at_the_next_start(tmp_path):
    """A run that was left running is marked as interrupted, others are left alone."""
    with vault(tmp_path) as con:
        first, crashed = start_run(con, "nightly"), None
        finish_run(con, first, "ok", {})
        crashed = start_run(con, "nightly")
    with vault(tmp_path) as con:
        start_run(con, "backfill")

        outcomes = dict(con.execute("select run_id, outcome from runs").fetchall())
        assert outcomes[first] == "ok"
        assert outcomes[crashed] == "interrupted"
        assert list(outcomes.values()).count("running") == 1
