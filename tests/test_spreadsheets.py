"""What a spreadsheet would run, in the files that it may open."""

import csv
import io

import duckdb
import pytest

from warehouse.dashboard.files import as_csv
from warehouse.spreadsheets import FORMULA, as_meant, harmless


@pytest.mark.parametrize("text", ["=1+1", "+31", "-1 dag", "@som", "\t=1", "\r=1"])
def test_a_formula_becomes_a_text_and_back(text):
    """Python and DuckDB see a formula in it, and its apostrophe comes off again."""
    [(found,)] = duckdb.execute("select regexp_matches($text, $formula)", {"text": text, "formula": FORMULA}).fetchall()

    assert harmless(text) == f"'{text}"
    assert as_meant(f"'{text}") == text
    assert found
    assert [*csv.reader(io.StringIO(as_csv(("a",), [(text,)]).decode("utf-8-sig"), newline=""))][1] == [f"'{text}"]


@pytest.mark.parametrize("text", ["", "gewoon = goed", "'t is zo", "'"])
def test_other_texts_stay(text):
    """Nothing is put before them, nor taken off."""
    assert harmless(text) == as_meant(text) == text
