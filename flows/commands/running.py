"""`etalage nightly` and `etalage backfill`: a flow in the foreground."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.options import Config, Home, Json, config_parameter, exit_code_of, print_json, read_settings
from flows.errors import InputError

if TYPE_CHECKING:
    from flows.settings import Settings

DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Print windows, posts, requests and cost; read no post. X bills the counting.")
]


def nightly(
    ctx: typer.Context, dry_run: DryRun = False, home: Home = None, config: Config = None, json: Json = False
) -> int:
    """Collect what is new, annotate it, publish it, and print what was found.

    Without credentials it reads the fictional sample panel that ships with Etalage.
    """
    settings = read_settings(ctx, home, config)
    if dry_run:
        from flows.dry_run import print_night  # noqa: PLC0415 - only here

        return print_night(settings, as_json=json)
    return _in_foreground(
        settings, "nightly", {"home": str(settings.home), "config": config_parameter(ctx, config)}, json
    )


def backfill(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(help="x, reddit, bluesky, mastodon, feeds or sample.", metavar="SOURCE")],
    since: Annotated[str, typer.Option(help="First moment (UTC): 2026-03-01 or 2026-03-01T06:00.", metavar="TIME")],
    until: Annotated[str, typer.Option(help="Moment before which to stop.", metavar="TIME")],
    step: Annotated[str | None, typer.Option(help="Cut the period in windows of, for instance, 1d or 6h.")] = None,
    dry_run: DryRun = False,
    home: Home = None,
    config: Config = None,
    json: Json = False,
) -> int:
    """Collect a period of one source, then annotate and publish as every night."""
    from flows.plans import parse_period  # noqa: PLC0415 - imports the warehouse

    settings = read_settings(ctx, home, config)
    try:
        start, end, width = parse_period(since, until, step, datetime.now(UTC).replace(microsecond=0))
    except ValueError as error:
        raise InputError(str(error)) from None
    if dry_run:
        from flows.dry_run import print_backfill  # noqa: PLC0415 - only here

        return print_backfill(settings, source, start, end, width, as_json=json)
    parameters = {
        "source": source,
        "since": start.isoformat(),
        "until": end.isoformat(),
        "step": step,
        "home": str(settings.home),
        "config": config_parameter(ctx, config),
    }
    return _in_foreground(settings, "backfill", parameters, json)


def _in_foreground(settings: "Settings", name: str, parameters: dict[str, Any], as_json: bool) -> int:
    from flows.foreground import run_in_foreground  # noqa: PLC0415 - Prefect
    from flows.summary import print_summary  # noqa: PLC0415 - Rich

    result = run_in_foreground(settings, name, parameters)
    if as_json:
        from warehouse.summary import read_summary  # noqa: PLC0415 - DuckDB

        published = settings.home / "etalage.duckdb"
        print_json({**result, "summary": read_summary(published) if published.exists() else None})
    elif result["signal"]:
        typer.echo(f"Run {result['run_id']} was stopped; nothing is lost: the next run goes on from here.")
    else:
        print_summary(settings.home, result)
    return exit_code_of(result)
