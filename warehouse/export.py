"""The published tables as files: Parquet for programs, CSV for spreadsheets, each table one file."""

import codecs
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

import duckdb

from warehouse.errors import WarehouseError, clear_errors
from warehouse.private import write_private
from warehouse.spreadsheets import FORMULA
from warehouse.sqlfiles import OFFLINE, QUIET, literal

Format = Literal["parquet", "csv"]

NOTE: Final = "LEESMIJ.txt"
_OPTIONS: Final[dict[str, str]] = {
    "parquet": "format parquet, compression zstd",
    "csv": "format csv, header",
}


def export(published: Path, folder: Path, form: Format = "parquet") -> list[tuple[Path, int]]:
    """Write every table of core, ops and mart to `folder` (for its owner alone) and return (file, rows).

    In CSV a text that a spreadsheet would take for a formula is prefixed with an apostrophe, and a list becomes one
    text with `;` between. Files of an earlier export are replaced one by one; others are left alone.
    """
    if not published.is_file():
        raise WarehouseError(f"{published}: there is no published file yet: run `etalage nightly` first")
    with clear_errors(published):
        con = duckdb.connect(str(published), read_only=True, config=OFFLINE)
    with con, clear_errors(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        con.execute(QUIET)
        con.execute("set timezone = 'UTC'")
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() "
            "where schema_name in ('core', 'ops', 'mart') order by all"
        ).fetchall()
        written = [_write(con, folder, schema, table, form) for schema, table in tables]
        notice = con.execute("select value from ops.about where name = 'notice'").fetchone()
        write_private(folder / NOTE, f"{notice[0] if notice else ''}\nKolommen: docs/marts.md van Etalage.\n")
    return written


def _write(con: duckdb.DuckDBPyConnection, folder: Path, schema: str, table: str, form: Format) -> tuple[Path, int]:
    target = folder / f"{schema}.{table}.{form}"
    columns = con.execute(
        "select column_name, data_type from duckdb_columns() "
        "where schema_name = $schema and table_name = $table order by column_index",
        {"schema": schema, "table": table},
    ).fetchall()
    chosen = ", ".join(_column(name, kind, form) for name, kind in columns)
    # DuckDB makes files that anybody may read: this one is made where nobody else can look.
    with TemporaryDirectory(dir=folder, prefix=".new-") as private:
        fresh = Path(private) / target.name
        row = con.execute(
            f"copy (select {chosen} from {schema}.{table}) to {literal(str(fresh))} ({_OPTIONS[form]})"
        ).fetchone()
        if form == "csv":
            fresh = _mark(fresh)
        fresh.chmod(0o600)
        fresh.replace(target)
    return target, int(row[0]) if row else 0


def _mark(file: Path) -> Path:
    """Put the mark in front by which Excel knows UTF-8."""
    marked = file.with_suffix(".marked")
    with file.open("rb") as plain, marked.open("wb") as target:
        target.write(codecs.BOM_UTF8)
        shutil.copyfileobj(plain, target, 1 << 20)
    return marked


def _column(name: str, kind: str, form: Format) -> str:
    quoted = f'"{name}"'
    if form == "parquet":
        return quoted
    if kind.endswith("[]"):
        quoted = f"array_to_string({quoted}, ';')"
    elif kind != "VARCHAR":
        return quoted
    return f"""if(regexp_matches({quoted}, '{FORMULA}'), '''' || {quoted}, {quoted}) as "{name}" """
