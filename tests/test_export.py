"""Tables as files: complete, private, and harmless in a spreadsheet."""

import csv
import io

import duckdb
import pytest
from stocked import annotate, load, post, vault

from warehouse.dashboard.files import as_csv, as_parquet
from warehouse.errors import WarehouseError
from warehouse.export import export
from warehouse.publish import publish

FORMULAS = ["=HYPERLINK(1)", "+31", "-1 dag", "@SUM(A1)", "\t=1", "gewoon = goed"]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a published file whose texts look like formulas."""
    folder = tmp_path_factory.mktemp("exported")
    with vault(folder) as con:
        load(con, *(post(number, text=text, source="sample") for number, text in enumerate(FORMULAS)))
        annotate(con)
        publish(con, folder / "etalage.duckdb")
    return folder / "etalage.duckdb"


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_every_table(published, tmp_path, form):
    """Each published table becomes one file with all its rows, for its owner alone, with the notice beside them."""
    written = export(published, tmp_path / "out", form)

    with duckdb.connect(str(published), read_only=True) as con:
        tables = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('core', 'mart', 'ops')"
        ).fetchall()
        for file, rows in written:
            name = file.name.removesuffix(f".{form}")
            assert con.execute(f"select count(*) from {name}").fetchone() == (rows,)
            assert con.execute(f"select count(*) from '{file}'").fetchone() == (rows,)
            assert file.stat().st_mode & 0o777 == 0o600
    assert {file.name for file, _ in written} == {f"{name}.{form}" for (name,) in tables}
    assert "VERZONNEN" in (tmp_path / "out" / "LEESMIJ.txt").read_text()
    assert not list((tmp_path / "out").glob(".new*"))


def test_parquet_keeps_types(published, tmp_path):
    """Dates stay dates and shares stay numbers."""
    export(published, tmp_path)
    kinds = dict(
        duckdb.sql(f"select column_name, column_type from (describe '{tmp_path}/mart.trend.parquet')").fetchall()
    )

    assert (kinds["month"], kinds["share"]) == ("DATE", "DOUBLE")


def test_csv_holds_no_formula(published, tmp_path):
    """A cell that begins like a formula is prefixed, in every file; Excel reads the file as UTF-8."""
    export(published, tmp_path, "csv")
    raw = (tmp_path / "core.posts.csv").read_bytes()
    texts = {row["text"] for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))}

    assert raw.startswith(b"\xef\xbb\xbf")
    assert {"'=HYPERLINK(1)", "'+31", "'-1 dag", "gewoon = goed"} <= texts
    for file in tmp_path.glob("*.csv"):
        rows = csv.reader(io.StringIO(file.read_bytes().decode("utf-8-sig")))
        assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+@\t\r")]


def test_downloads_hold_no_formula():
    """The dashboard's CSV is as harmless; its Parquet reads back."""
    rows = [("=1+1", -1, ["a", "b"]), ("goed", None, [])]

    assert as_csv(("a", "b", "c"), rows).decode("utf-8-sig") == "a,b,c\r\n'=1+1,-1,a;b\r\ngoed,,\r\n"
    assert as_parquet(("a", "a", "c"), rows)[:4] == b"PAR1"


def test_nothing_published_yet(tmp_path):
    """Without a published file the line says how to get one."""
    with pytest.raises(WarehouseError, match="etalage nightly"):
        export(tmp_path / "etalage.duckdb", tmp_path)
