"""Of an imported file that is named after its person, nothing of the name is left once the person is erased."""

import json

import pytest
from peopled import store, words
from stocked import PSEUDONYM, START, vault

from connectors import cutting
from connectors.files.reading import read_pages
from connectors.mapping import map_page
from connectors.source import Page
from warehouse.erasure import Request, erase

FILE = "Zilverreiger line 7, wat die schreef"
ARCHIVED = {"name": "t3_abc", "id": "abc", "author": "anna", "title": "Eens", "created_utc": 1777629600}
TWEETS = {
    "data": [{"id": "10", "author_id": "1", "text": "Eens", "created_at": "2026-05-01T10:00:00Z"}],
    "includes": {"users": [{"id": "1", "username": "anna"}]},
}
COLUMNS = {"platform": "=x", "created_at": "t", "text": "w", "handle": "h"}
ROW = {"t": "2026-05-01T10:00:00Z", "w": "Eens", "h": "anna"}
BROKEN = {"t": "gisteren", "w": "Anders", "h": "noor"}
# For each format: what its file holds, whose platform it is, and what is said of the line that is set aside.
FILES = {
    "arctic-shift": ([ARCHIVED, "kapot"], "reddit", "line 2: "),
    "twarc": ([TWEETS, "kapot"], "x", "line 2: "),
    "table": ([ROW, BROKEN], "x", "ValueError: line 2: "),
}


@pytest.mark.parametrize("format_", FILES)
def test_a_files_name_goes_with_its_person(tmp_path, format_):
    """From all its pages, and from what is said of the lines that were set aside, which stay with their numbers."""
    lines, platform, reason = FILES[format_]
    file = tmp_path / f"{FILE}.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)))
    columns = COLUMNS if format_ == "table" else None
    with vault(tmp_path) as con:
        store(con, list(read_pages(format_, file, columns=columns)))
        assert words(con).count("zilverreiger") > 1
        before = con.execute("select raw from rejects").fetchall()
        erase(con, Request("author", handles=frozenset({(platform, "anna")})), "asked", key=PSEUDONYM, cutting=cutting)

        assert "zilverreiger" not in words(con)
        [(told, raw)] = con.execute("select reason, raw from rejects").fetchall()
        assert told.startswith(reason)
        assert [(raw,)] == before


@pytest.mark.parametrize("format_", ["twarc/lines", "reddit/archive", "table/rows", "linkedin/shares"])
def test_a_page_that_has_lost_its_files_name_still_says_which_line(format_):
    """As when it is mapped only after the erasure."""
    document = {"file": "", "line": 4}
    payload = f"{json.dumps(document)}\nkapot"
    if format_ in {"table/rows", "linkedin/shares"}:
        rows = [{"line": 4, "values": {}, "wrong": "kapot"}]
        payload = json.dumps({"file": "", "columns": COLUMNS, "owner": {"id": "donor:1"}, "rows": rows})
    [reject] = map_page(Page(format_, payload, START, "complete"), source="files", query="q").rejects

    assert reject.reason.removeprefix("ValueError: ").startswith("line 4: ")
