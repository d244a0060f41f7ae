"""`etalage import` and `etalage panel`: files that people already have, and who is listened to."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import Config, Home, Json, exit_code_of, print_json, read_settings
from flows.errors import PARTIAL

panel = typer.Typer(no_args_is_help=True, help="Who is listened to: check the panel, suggest people for it.")

Sheet = Annotated[Path, typer.Argument(metavar="FILE.csv", help="The suggestions, with decisions in their column.")]


def import_(
    ctx: typer.Context,
    format_: Annotated[
        str, typer.Argument(metavar="FORMAT", help="twarc, arctic-shift, linkedin or table (CSV, JSONL).")
    ],
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="The files; plain, .gz or .zst.")],
    columns: Annotated[
        str | None,
        typer.Option(metavar="FIELD=COLUMN,...", help='For a table: "text=body,created_at=date,platform==x".'),
    ] = None,
    author: Annotated[
        str | None, typer.Option(metavar="NAME", help="A LinkedIn export's owner, if it lacks one.")
    ] = None,
    home: Home = None,
    config: Config = None,
    json: Json = False,
) -> int:
    """Take in files that people already have; then annotate and publish as every night."""
    from rich.console import Console  # noqa: PLC0415 - not needed for --help

    from flows import progress  # noqa: PLC0415 - the same
    from flows.columns import columns_for  # noqa: PLC0415 - zstandard
    from flows.importing import check_files, import_files  # noqa: PLC0415 - every room

    settings = read_settings(ctx, home, config)
    check_files(format_, paths)
    ask = _ask if sys.stdin.isatty() else None
    tables = {path: columns_for(settings.home, path, columns, ask) for path in paths} if format_ == "table" else {}
    token = progress.current.set(progress.show_on(Console(stderr=True)))
    try:
        result = import_files(settings, format_, paths, tables, author)
    finally:
        progress.current.reset(token)
    if json:
        print_json(result)
    else:
        _print_import(result)
    return exit_code_of(result)


def _ask(field: str, heading: list[str]) -> str:
    answer: str = typer.prompt(
        f"Which column holds {field}? ({', '.join(heading)}; =value for a fixed one; empty for none)",
        default="",
        show_default=False,
        err=True,
    )
    return answer


def _print_import(result: dict[str, object]) -> None:
    files: list[dict[str, object]] = result["files"]  # type: ignore[assignment] # as import_files makes it
    counts: dict[str, int] = result["counts"]  # type: ignore[assignment] # the same
    rejects: list[str] = result["rejects"]  # type: ignore[assignment] # the same
    from flows.fiction import LEFT, left_out_line  # noqa: PLC0415 - DuckDB

    for one in files:
        typer.echo(
            f"{one['file']}: {one['state']}, {one['pages']} pages" + (f"; {one['reason']}" if one["reason"] else "")
        )
    typer.echo(
        f"{counts.get('inserted', 0):,} new posts, {counts.get('updated', 0):,} changed, "
        f"{counts.get('unchanged', 0):,} known already, {counts.get('annotated', 0):,} annotated, "
        f"{counts.get('rejected', 0):,} set aside."
    )
    if left := counts.get(LEFT):
        typer.echo(left_out_line(left))
    for reason in rejects:
        typer.echo(f"  set aside: {reason}")


@panel.command()
def check(ctx: typer.Context, home: Home = None, config: Config = None, json: Json = False) -> int:
    """Ask the platforms who is missing, renamed, protected or suspended; reads no post."""
    from dataclasses import asdict  # noqa: PLC0415 - not needed for --help

    from flows.panel_check import check_panel  # noqa: PLC0415 - every room
    from flows.tables import print_table  # noqa: PLC0415 - Rich

    rows = [asdict(one) for one in check_panel(read_settings(ctx, home, config))]
    if json:
        print_json(rows)
    else:
        columns = ("person", "platform", "handle", "standing", "detail")
        print_table(columns, [[row[name] for name in columns] for row in rows])
        typer.echo(f"{sum(row['standing'] == 'found' for row in rows)} of {len(rows)} accounts found.")
    asked = (row for row in rows if row["platform"] != "linkedin")  # its posts are given: nobody can be asked
    return 0 if all(row["standing"] == "found" for row in asked) else PARTIAL


@panel.command()
def suggest(
    ctx: typer.Context,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE.csv", help="Where to write.")] = Path(
        "suggestions.csv"
    ),
    home: Home = None,
    config: Config = None,
) -> int:
    """Write down authors whose public bio says HR, with the evidence, for a person to accept or reject."""
    from flows.panel_suggest import suggest as write  # noqa: PLC0415 - DuckDB

    number = write(read_settings(ctx, home, config), output)
    typer.echo(
        f"{number} new suggestions in {output}; write accept or reject there, then: etalage panel accept {output}"
    )
    return 0


@panel.command()
def accept(ctx: typer.Context, file: Sheet, home: Home = None, config: Config = None) -> int:
    """Take the accepted suggestions into the panel."""
    from flows.panel_suggest import accept as take  # noqa: PLC0415 - DuckDB

    taken, waiting = take(read_settings(ctx, home, config), file)
    typer.echo(f"{taken} people taken into the panel; {waiting} suggestions wait for a decision.")
    return 0
