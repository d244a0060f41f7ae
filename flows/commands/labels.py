"""`etalage audit`, `etalage labels` and `etalage drift`: people's labels, and when new ones are due."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from flows.commands.options import Config, Home, Json, print_json, read_settings

if TYPE_CHECKING:
    from warehouse.labels import LabelCounts

audit = typer.Typer(help="Draw the audit sample that measures the model, and see how far it is.", no_args_is_help=True)
labels = typer.Typer(help="Move labels in and out, as JSON Lines or as Label Studio's JSON.", no_args_is_help=True)


@audit.command()
def draw(
    ctx: typer.Context,
    count: Annotated[int, typer.Argument(metavar="N", min=1, help="How many posts people are to label.")],
    overlap: Annotated[float, typer.Option(min=0, max=1, help="Share that two annotators label.")] = 0.2,
    seed: Annotated[str | None, typer.Option(help="Repeat a draw on the same posts.")] = None,
    home: Home = None,
    config: Config = None,
    json: Json = False,
) -> int:
    """Draw N posts at random, by platform and month, and put them in the labelling queue."""
    from dataclasses import asdict  # noqa: PLC0415 - for this alone

    from flows.label_work import draw_audit  # noqa: PLC0415 - DuckDB

    made = draw_audit(read_settings(ctx, home, config), count, overlap, seed)
    if json:
        print_json(asdict(made))
    else:
        typer.echo(
            f"Draw {made.draw_id}: {made.drawn:,} of {made.population:,} Dutch posts in {made.strata} strata,"
            f" {made.doubles:,} of them for two annotators. Label them: etalage labels export FILE, or the dashboard."
        )
    return 0


@audit.command()
def status(ctx: typer.Context, home: Home = None, config: Config = None, json: Json = False) -> int:
    """Show how far each draw is labelled, and how far annotators agree (Krippendorff's alpha)."""
    from flows.label_work import audit_status  # noqa: PLC0415 - DuckDB
    from flows.tables import print_rows  # noqa: PLC0415 - Rich

    found = audit_status(read_settings(ctx, home, config))
    if json:
        print_json(found)
        return 0
    if not found["audit_draws"]:
        typer.echo("No audit sample yet: etalage audit draw 300")
    for row in found["audit_draws"]:
        typer.echo(
            f"Draw {row['draw_id']} ({row['drawn_at']:%Y-%m-%d}): {row['count_labelled']:,} of {row['count_posts']:,}"
            f" posts labelled, {row['count_labelled_twice']:,} twice; {row['count_open']:,} to label,"
            f" {row['count_disputed']:,} to adjudicate."
        )
    print_rows("Agreement", [row for row in found["agreement"] if row["count_posts"]])
    return 0


@labels.command("export")
def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write, for this user alone.")],
    what: Annotated[
        Literal["audit", "review", "labels", "training"],
        typer.Option(help="Questions of the audit or the review queue, stored labels, or what may be trained on."),
    ] = "audit",
    format_: Annotated[Literal["jsonl", "label-studio"], typer.Option("--format", help="The file's format.")] = "jsonl",
    home: Home = None,
    config: Config = None,
) -> int:
    """Write questions or labels to a file; what may be trained on holds no post of the audit sample, nor of Reddit."""
    from flows.label_work import export_file  # noqa: PLC0415 - DuckDB

    count = export_file(read_settings(ctx, home, config), file, what, format_)
    typer.echo(f"{file}: {count:,} rows ({what}, {format_})")
    return 0


@labels.command("import")
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON Lines, or Label Studio's JSON export.")],
    home: Home = None,
    config: Config = None,
    json: Json = False,
) -> int:
    """Read labels from a file: what cannot be right is refused and counted, the same label is stored once."""
    from flows.label_work import import_file  # noqa: PLC0415 - DuckDB

    counts, places = import_file(read_settings(ctx, home, config), file)
    if json:
        print_json(
            {"stored": counts.stored, "unchanged": counts.unchanged, "refused": counts.refused, "places": places}
        )
    else:
        _print_counts(counts, places)
    return 0


def _print_counts(counts: "LabelCounts", places: list[str]) -> None:
    refused = sum(counts.refused.values())
    typer.echo(f"{counts.stored:,} labels stored, {counts.unchanged:,} known already, {refused:,} refused.")
    if counts.stored:
        typer.echo("The published figures count them; the report does after the next run, or: etalage report")
    for reason, count in counts.refused.most_common():
        typer.echo(f"  refused: {reason} ({count:,})")
    for place in places:
        typer.echo(f"  {place}", err=True)


def drift(
    ctx: typer.Context,
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Else the newest whole month.")] = None,
    home: Home = None,
    config: Config = None,
    json: Json = False,
) -> int:
    """Compare a month's labels, confidence and words with what the model knows; say when a new audit sample is due."""
    from dataclasses import asdict  # noqa: PLC0415 - for this alone

    from flows.label_work import drift as measured  # noqa: PLC0415 - DuckDB

    found = measured(read_settings(ctx, home, config), month)
    if json:
        print_json(asdict(found))
        return 0
    typer.echo(f"{found.month:%Y-%m} against {found.reference}:" if found.month else "Nothing to compare:")
    for finding in found.findings:
        typer.echo(f"  {finding.verdict:8}{finding.what}: {finding.sentence}")
    typer.echo("A new audit sample is due:" if found.audit_due else "No new audit sample is due.")
    for reason in found.reasons:
        typer.echo(f"  - {reason}")
    return 0
