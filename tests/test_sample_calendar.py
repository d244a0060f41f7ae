"""The sample panel on days on which it touches thirteen months: what the pages ask for is shown all the same."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from peopled import store
from stocked import KEY, annotate

from connectors.sample import FOLDER, SampleSource
from connectors.source import Window
from nlp.codebook import PURPOSE_OF
from nlp.role import named
from warehouse.dictionary import questions
from warehouse.publish import publish
from warehouse.sample_labels import intentions
from warehouse.sql import query
from warehouse.vault import open_vault

MAY_BE_EMPTY = ("corrected", "withheld")
MEANT = intentions(FOLDER / "labels.jsonl")


def read(row):
    """Read a post as its writer meant it, and a bio by its words."""
    goal, role = MEANT.get((row.platform, row.post_id)), named(row.bio or "")
    if goal is None:
        return {"language": "en"}
    return {
        "role": role[0] if role else "unknown",
        "goal": goal,
        "purpose": PURPOSE_OF[goal],
        "themes": ("privacy", "advocacy"),
        "themes_p": (0.9, 0.9),
    }


def published(folder, anchor):
    """Publish the panel as a run of the day `anchor` does."""
    now = datetime.combine(anchor, time(), UTC)
    window = Window("sample", "panel", now.replace(year=2020, day=1), now)
    pages = [replace(page, fetched_at=now) for page in SampleSource(anchor).pages(window)]
    with open_vault(folder / "vault.duckdb", KEY) as con:
        store(con, pages, window)
        annotate(con, read)
        publish(con, folder / "etalage.duckdb")
    return folder / "etalage.duckdb"


@pytest.mark.parametrize("anchor", ["2026-12-13", "2026-12-20", "2026-12-28", "2027-02-26", "2027-03-28"])
def test_no_day_withholds_what_the_page_asks_for(tmp_path, root, anchor):
    """The few people of the first days before the newest twelve months take figures over everything along, not these.

    Withheld in turn, those would be empty on the page, and for whoever tries its questions on that day.
    """
    path = published(tmp_path, date.fromisoformat(anchor))
    asked = [sql for sql, _ in questions((root / "docs/analysts.md").read_text("utf-8")) if "period_kind" in sql]
    empty = {}
    for sql in asked:
        answer = query(path, sql)
        shown = [at for at, name in enumerate(answer.columns) if not name.startswith(MAY_BE_EMPTY)]
        empty[sql] = not answer.rows or any(row[at] is None for row in answer.rows for at in shown)

    assert len(asked) == 6
    assert [sql for sql, is_empty in empty.items() if is_empty] == []
