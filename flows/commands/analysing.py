"""`etalage search`, `similar`, `export` and `dashboard`: the published file for those who ask it things."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.options import Config, Home, Json, folder, print_json, read_settings, words


class Format(StrEnum):
    """What `export` writes."""

    parquet = "parquet"
    csv = "csv"


def search(
    ctx: typer.Context,
    asked: Annotated[
        str, typer.Argument(metavar="WORDS", parser=words, help='Dutch words, for instance "hybride werken".')
    ],
    rows: Annotated[int, typer.Option(min=1, max=1000, help="Show this many posts.")] = 10,
    all_words: Annotated[bool, typer.Option("--all", help="Only posts that hold every word.")] = False,
    home: Home = None,
    config: Config = None,
    json: Json = False,
) -> int:
    """Find posts by words, whatever their ending (gemeente, gemeenten), the best first; masked text."""
    from warehouse.search import search as find  # noqa: PLC0415 - DuckDB

    settings = read_settings(ctx, home, config)
    hits = find(settings.home / "etalage.duckdb", asked, rows=rows, all_words=all_words)
    columns = ("score", "post_key", "platform", "created_at", "role", "purpose", "goal", "text")
    if not hits and not json:
        typer.echo("No post holds these words (or only words that every post holds).", err=True)
    else:
        _show(columns, [tuple(getattr(hit, column) for column in columns) for hit in hits], as_json=json)
    return 0


def _show(columns: tuple[str, ...], found: list[tuple[Any, ...]], *, as_json: bool) -> None:
    """Print posts: as JSON, as a table on a terminal, else separated by tabs; the first column is a number."""
    from flows.tables import print_csv, print_table  # noqa: PLC0415 - Rich

    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in found])
    elif sys.stdout.isatty():
        print_table(
            (columns[0], "key", "created", "role", "goal", "text"),
            [
                (f"{row[0]:.2f}", row[1], f"{row[3]:%Y-%m-%d}", row[4], row[6], " ".join((row[7] or "").split()))
                for row in found
            ],
        )
    else:
        print_csv(columns, found, separator="\t")


def similar(
    ctx: typer.Context,
    post: Annotated[str, typer.Argument(metavar="KEY", parser=words, help="A post_key, as `etalage search` shows it.")],
    rows: Annotated[int, typer.Option(min=1, max=1000, help="Show this many posts.")] = 10,
    home: Home = None,
    config: Config = None,
    json: Json = False,
) -> int:
    """Find posts that say something like a post, in other words too, the nearest first; masked text."""
    from warehouse.vectors import similar as find  # noqa: PLC0415 - DuckDB

    found = find(read_settings(ctx, home, config).home / "etalage.duckdb", post, rows=rows)
    columns = ("similarity", "post_key", "platform", "created_at", "role", "purpose", "goal", "text")
    _show(columns, [tuple(getattr(one, column) for column in columns) for one in found], as_json=json)
    return 0


def export(
    ctx: typer.Context,
    target: Annotated[
        Path, typer.Argument(metavar="DIR", parser=folder, help="Where the files go; made when it is not there.")
    ],
    form: Annotated[
        Format, typer.Option("--format", help="Parquet for programs, CSV for spreadsheets.")
    ] = Format.parquet,
    home: Home = None,
    config: Config = None,
    json: Json = False,
) -> int:
    """Write every published table to a file; in CSV nothing can be taken for a formula."""
    from warehouse.export import export as write  # noqa: PLC0415 - DuckDB

    settings = read_settings(ctx, home, config)
    written = write(settings.home / "etalage.duckdb", target, form.value)
    if json:
        print_json([{"file": str(file), "rows": rows} for file, rows in written])
    else:
        typer.echo(f"{len(written)} tables, {sum(rows for _, rows in written):,} rows: {target}")
    return 0


def dashboard(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Port on 127.0.0.1.")] = 8501,
    browser: Annotated[bool, typer.Option(help="Open the browser.")] = True,
    home: Home = None,
    config: Config = None,
) -> int:
    """Look around in the published file, and label posts, in a browser (uv sync --inexact --extra dashboard)."""
    from warehouse.dashboard.start import serve  # noqa: PLC0415 - Streamlit

    settings = read_settings(ctx, home, config)
    typer.echo(f"Dashboard: http://127.0.0.1:{port} (this machine alone). Stop: Ctrl-C.")
    return serve(settings.home, port, open_browser=browser)
