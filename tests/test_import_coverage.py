"""Which months count as collected: those that windows were planned for; a file that is imported plans nothing."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from stocked import annotate, load, post, vault

from connectors.source import Window
from warehouse import ledger
from warehouse.page import findings
from warehouse.page.facts import read_facts
from warehouse.page.periods import is_hole
from warehouse.publish import publish
from warehouse.sql import query

MAY = date(2026, 5, 1)
COVERED = "select period_kind, period, platform, hours_planned, share_covered from core.covered order by all"


def published(con, folder, *saved):
    """Publish the vault with files that were last saved at these moments."""
    for number, moment in enumerate(saved):
        window = Window("files", f"table {number}", moment - timedelta(seconds=1), moment)
        ledger.plan(con, [window])
        ledger.finish(con, window, "complete")
    publish(con, folder / "etalage.duckdb")
    return folder / "etalage.duckdb"


def midnight(day):
    """When a day begins in Amsterdam."""
    return datetime.combine(day, time(), ZoneInfo("Europe/Amsterdam"))


def months(path):
    """What the report says of each month's collecting."""
    return {row["month"]: (row["is_partial"], row["share_covered"]) for row in read_facts(path)["trend"]}


def test_an_import_makes_no_month_whole(tmp_path):
    """A month collected for a day stays one, and those of the file's own moment are not called collected."""
    yesterday = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    with vault(tmp_path, 40) as con:
        path = published(con, tmp_path)
        before, covered = months(path), query(path, COVERED).rows
        published(con, tmp_path, datetime(2026, 1, 10, 12, tzinfo=UTC), yesterday)

    after = months(path)
    assert before == {MAY: (True, 1.0)}
    assert after[MAY] == before[MAY]
    assert {told for month, told in after.items() if month != MAY} == {(True, None)}
    assert query(path, COVERED).rows == covered
    assert [row["share_covered"] for row in read_facts(path)["weeks"]] == [None, None]


def test_imports_alone_make_no_month_whole(tmp_path):
    """Where nothing was ever planned, nobody can tell that a month is there from its first to its last day."""
    with vault(tmp_path) as con:
        load(con, *(post(number, source="files") for number in range(40)))
        annotate(con)

        assert set(months(published(con, tmp_path, datetime(2026, 9, 1, tzinfo=UTC))).values()) == {(True, None)}


def test_an_import_is_no_planned_window(tmp_path):
    """What the report says of the planned windows leaves files out; of files alone it says that nothing was planned."""
    two_years_ago = datetime.now(UTC) - timedelta(days=730)
    with vault(tmp_path, 40) as con:
        ledger.plan(con, [Window("x", "search:#werk", two_years_ago, two_years_ago + timedelta(days=1))])
        said = findings.coverage(read_facts(published(con, tmp_path, two_years_ago)))
    with vault(tmp_path / "files") as con:
        alone = findings.coverage(read_facts(published(con, tmp_path / "files", two_years_ago)))

    assert said.startswith("Let op: van 2 geplande tijdvakken is er 1 nog niet verzameld.")
    assert alone == "Er is nog niets gepland om te verzamelen."


def test_a_month_in_which_a_source_begins_is_not_whole(tmp_path):
    """X from May on and Reddit from 20 June on: of June not everything that is read in July was read."""
    with vault(tmp_path) as con:
        for source, first in (("x", MAY), ("reddit", date(2026, 6, 20))):
            window = Window(source, "search:#werk", midnight(first), midnight(date(2026, 8, 1)))
            ledger.plan(con, [window])
            ledger.finish(con, window, "complete")
        load(con, *(post(number) for number in range(40)))
        annotate(con)

        assert [is_partial for is_partial, _ in months(published(con, tmp_path)).values()] == [False, True, False]


def test_months_between_two_runs_of_windows_are_not_whole(tmp_path):
    """A backfill of December 2025 and nights from October 2026 on leave what lies between uncollected."""
    backfill_and_nights = [
        (date(2025, 12, 1), date(2025, 12, 15)),
        (date(2025, 12, 10), date(2026, 1, 1)),
        (date(2026, 10, 1), date(2026, 11, 29)),
    ]
    december, november = datetime(2025, 12, 5, tzinfo=UTC), datetime(2026, 11, 5, tzinfo=UTC)
    with vault(tmp_path) as con:
        for days in backfill_and_nights:
            window = Window("x", "search:#werk", *(midnight(day) for day in days))
            ledger.plan(con, [window])
            ledger.finish(con, window, "complete")
        load(con, *(post(at, created_at=december) for at in range(40)))
        load(con, *(post(at, created_at=november, collected_at=november) for at in range(40, 80)))
        annotate(con)
        facts = read_facts(published(con, tmp_path))

    assert [row["month"] for row in facts["trend"] if not is_hole(row)] == [date(2025, 12, 1), date(2026, 10, 1)]
    said = findings.collected_months(facts["purposes"], facts["trend"])
    assert said.startswith("Let op: van deze twaalf maanden zijn er 2 ")
