"""`etalage status`, `sql`, `report`: what the published file tells; none of them needs the vault."""

import os
import sys
from typing import Annotated

import typer

from flows.commands.options import Config, Home, Json, print_json, read_settings

MOST_ROWS = 1_000_000_000
LONGEST = 86_400
"""Seconds: a question that takes more than a day is none."""


def status(ctx: typer.Context, home: Home = None, config: Config = None, json: Json = False) -> int:
    """Show the last runs, the ledger, the budget and the model."""
    from flows.status import print_status, read_status  # noqa: PLC0415 - DuckDB and Rich

    document = read_status(read_settings(ctx, home, config))
    if json:
        print_json(document)
    else:
        print_status(document)
    return 0


def sql(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(metavar="SQL", help='One query, for instance "from mart.purpose_share".')],
    rows: Annotated[int, typer.Option(min=1, max=MOST_ROWS, help="Print this many rows at most.")] = 10_000,
    seconds: Annotated[float, typer.Option(min=0.1, max=LONGEST, help="Give up after this long.")] = 60,
    csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    table: Annotated[bool, typer.Option("--table", help="Print a table, as on a terminal.")] = False,
    home: Home = None,
    config: Config = None,
    json: Json = False,
) -> int:
    """Ask the published file; reading only, no files, no network, no extensions."""
    from flows.tables import print_csv, print_table, records  # noqa: PLC0415 - Rich
    from warehouse.sql import query as ask  # noqa: PLC0415 - DuckDB

    settings = read_settings(ctx, home, config)
    answer = ask(settings.home / "etalage.duckdb", query, rows=rows, seconds=seconds, overrun=_give_up)
    if json:
        print_json(records(answer.columns, answer.rows))
    elif csv or not (table or sys.stdout.isatty()):
        print_csv(answer.columns, answer.rows, separator="," if csv else "\t")
    else:
        print_table(answer.columns, answer.rows)
    if answer.is_cut:
        typer.echo(
            f"etalage: there are more rows than these {rows:,}: "
            "aggregate, raise --rows, or write whole tables with `etalage export DIR`",
            err=True,
        )
    return 0


def _give_up() -> None:
    typer.echo("etalage: stopped: this question takes more time or memory than it may; ask a simpler one", err=True)
    os._exit(2)  # DuckDB hears nothing while it plans


def report(
    ctx: typer.Context,
    home: Home = None,
    config: Config = None,
) -> int:
    """Write report.html again from the published file."""
    from warehouse.report import write_report  # noqa: PLC0415 - Altair

    settings = read_settings(ctx, home, config)
    target = settings.home / "report.html"
    write_report(settings.home / "etalage.duckdb", target)
    typer.echo(str(target))
    return 0
