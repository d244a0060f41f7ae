"""Ids in a table: those that went through a spreadsheet as numbers are those of many rows."""

import json

import pytest
from collecting import ids_of, posts_of, rejects_of

from connectors.files.reading import read_pages


@pytest.mark.parametrize("field", ["post_id", "author_id", "parent_id"])
@pytest.mark.parametrize("rounded", ["1.82345E+18", "1,82345E+18", "1E+18", "1.5e+18", "1,82345E18"])
def test_ids_that_a_spreadsheet_rounded_are_set_aside(tmp_path, field, rounded):
    """Many rows have the same one then, and would be one post."""
    path = tmp_path / "table.csv"
    path.write_text(f't;x;i\n2024-01-01;een;"{rounded}"\n2024-01-01;twee;"{rounded}"\n')
    pages = list(read_pages("table", path, columns={"platform": "=x", "created_at": "t", "text": "x", field: "i"}))

    assert posts_of(pages) == []
    assert [reject.reason for reject in rejects_of(pages)] == [
        f"ValueError: table.csv line {line}: {field} {rounded!r} was rounded by a spreadsheet; export it as text"
        for line in (2, 3)
    ]


def test_an_id_in_jsonl_is_no_number_with_a_fraction(tmp_path):
    """Long ones are rounded in it, others get ".0"; NaN is an empty cell, as pandas writes it."""
    ids = [1.5765949461357650e18, 7.0, float("nan"), 1576994746135764992]
    rows = [{"t": "2024-01-01", "x": f"rij {number}", "i": key} for number, key in enumerate(ids)]
    columns = {"platform": "=x", "created_at": "t", "text": "x", "post_id": "i"}
    path = tmp_path / "table.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    pages = list(read_pages("table", path, columns=columns))

    assert [post.text for post in posts_of(pages)] == ["rij 2", "rij 3"]
    assert ids_of(pages)[0].startswith("row:")
    rounded, fraction = [reject.reason for reject in rejects_of(pages)]
    assert "table.jsonl line 1: post_id '1.576594946135765e+18' was rounded" in rounded
    assert "table.jsonl line 2: post_id '7.0' is a number with a fraction" in fraction


@pytest.mark.parametrize("key", ["t3_1e5", "1e5", "1576994746135764992", "at://did:plc:a/app.bsky.feed.post/3e+5"])
def test_other_ids_of_a_table_are_taken_as_they_are(tmp_path, key):
    """A bare 1e5 may be one of Reddit's, which count with letters too."""
    path = tmp_path / "table.csv"
    path.write_text(f"t,x,i\n2024-01-01,goed,{key}\n")
    columns = {"platform": "=reddit", "created_at": "t", "text": "x", "post_id": "i", "parent_id": "i"}
    (post,) = posts_of(list(read_pages("table", path, columns=columns)))

    assert (post.post_id, post.parent_id) == (key, key)
