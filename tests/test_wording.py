"""The Dutch pages say in Dutch what the published file calls by English names."""

import re
import shutil

import duckdb
import pytest
from stocked import vault
from test_report import page_of

from connectors.x.price import PRICES
from connectors.x.reads import Reads
from flows import importing
from flows.settings import Retention, Settings
from warehouse.fiction import SAMPLE
from warehouse.page import wording
from warehouse.publish import publish
from warehouse.sql import query
from warehouse.sqlfiles import ROOT
from warehouse.suppression import REASON

REASONS = sorted(
    {
        reason
        for folder in ("core", "marts")
        for path in (ROOT / folder).glob("*.sql")
        for reason in re.findall(r"then '((?:\w+: )?(?:too few|no) [\w ]+)'", path.read_text(encoding="utf-8"))
    }
    | {"too few authors of audited posts", REASON}
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return a home with a published file without posts."""
    folder = tmp_path_factory.mktemp("wording")
    with vault(folder) as con:
        publish(con, folder / "etalage.duckdb")
    return folder


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_dutch(home, reason):
    """Whatever the marts withhold for is said in Dutch, with the threshold's number."""
    settings = dict(query(home / "etalage.duckdb", "select name, value from ops.settings").rows)
    said = wording.reason(reason, settings)

    assert len(REASONS) >= 9
    assert reason.rpartition(": ")[2] not in said
    assert "onbekend" not in said


def test_the_dashboard_says_why_in_dutch(home, tmp_path):
    """A cell that is withheld to protect a smaller one is explained in Dutch in the overview too."""
    testing = pytest.importorskip("streamlit.testing.v1", reason="streamlit is not installed")
    with duckdb.connect(shutil.copy(home / "etalage.duckdb", tmp_path)) as con:
        con.execute(
            "insert into mart.purpose_share by name select 'year' as period_kind, 'all' as platform, 'hr' as role, "
            "'personal' as purpose, 30 as count_posts, 6 as count_authors, $reason as withheld",
            {"reason": REASON},
        )
    script = f"from pathlib import Path\nfrom warehouse.dashboard.overview import show\nshow(Path({str(tmp_path)!r}))"
    app = testing.AppTest.from_string(script, default_timeout=120).run()

    assert not app.exception
    [warning] = app.warning
    assert warning.value == "De cijfers worden niet getoond: anders is een kleinere groep eruit af te leiden."


def test_what_was_billed_has_a_dutch_name(home, tmp_path):
    """What a platform bills stands in the report by its Dutch name; what runs noted is called English."""
    reads = Reads()
    answer = {"data": [{"id": "1"}], "includes": {"users": [{"id": "2"}]}}
    billed = [*PRICES, *(name for _ in range(2) for name, _ in reads.page(answer))]
    with duckdb.connect(shutil.copy(home / "etalage.duckdb", tmp_path)) as con:
        con.execute(
            "insert into ops.budget by name "
            "select 'x' as source, date '2026-05-01' as read_date, unnest($billed) as resource, 7 as count_reads",
            {"billed": sorted(set(billed))},
        )
        con.execute("insert into ops.runs by name select 'r1' as run_id, 'nightly' as kind, 'out of reach' as message")
    words = page_of(tmp_path / "etalage.duckdb").words

    assert "post repeated" in billed
    assert set(billed) == set(wording.RESOURCES)
    for dutch in wording.RESOURCES.values():
        assert f"X {dutch} 0 0 7" in words
    assert "afloop opmerking (Engels)" in words


def test_every_source_and_platform_has_a_name():
    """What can be collected, imported or kept has a name for readers, blogs the same one as source and as platform."""
    sections = {name: field.annotation for name, field in Settings.model_fields.items()}
    collected = {name for name, kind in sections.items() if "lag_hours" in getattr(kind, "model_fields", {})}

    assert {"x", "feeds"} < collected
    assert collected | {importing.SOURCE, SAMPLE} | set(Retention.model_fields) == set(wording.PLATFORMS)
    assert wording.PLATFORMS["feed"] == wording.PLATFORMS["feeds"]


def test_files_are_read_in_not_planned(home, tmp_path):
    """Months of imported posts stand in the report as read in: nobody planned them; blogs bear their name."""
    with duckdb.connect(shutil.copy(home / "etalage.duckdb", tmp_path)) as con:
        con.execute(
            "insert into mart.coverage by name select * from (values ('files', date '2026-04-01', null, 350), "
            "('files', date '2026-05-01', 1.0, 0), ('feeds', date '2026-05-01', 0.5, 7)) "
            "as months (source, month, share_covered, count_posts)"
        )
    words = page_of(tmp_path / "etalage.duckdb").words

    assert "Maand Blogs bestanden april 2026 niet gepland ingelezen 350 mei 2026 50% 7 – " in words  # noqa: RUF001 -- dash
