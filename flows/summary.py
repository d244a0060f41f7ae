"""What a run found, for a person at a terminal."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.fiction import LEFT, left_out_line
from warehouse.page.corrected import SHARES, are_corrected, best
from warehouse.summary import read_summary

FICTION = "FICTION: these people, organisations and posts are invented; the figures say nothing about the real world."


def print_summary(home: Path, result: dict[str, Any]) -> None:
    """Print what the run did, the headline with its interval, the goals, and where to go on."""
    out = Console()

    def say(line: str = "", style: str | None = None) -> None:
        # A terminal gets lines broken between words; a file or a pipe gets them whole.
        out.print(line, style=style, highlight=False, markup=False, soft_wrap=not out.is_terminal)

    summary = read_summary(home / "etalage.duckdb")
    counts = summary["counts"]
    say()
    if summary["about"].get("is_fiction") == "true":
        say(FICTION, "bold yellow")
    say(_run_line(result))
    if left := result["counts"].get(LEFT):
        say(f"  {left_out_line(left)}", "yellow")
    for refusal in result["refusals"]:
        say(f"  not complete: {refusal}", "yellow")
    for warning in result.get("warnings", ()):
        say(f"  budget: {warning}", "yellow")
    say(
        f"Stored in all: {counts['posts']:,} posts ({counts['dutch_posts']:,} Dutch) by {counts['authors']:,} authors;"
        f" {counts['to_review']:,} wait for review."
    )
    say()
    for line in _headline(summary):
        say(line)
    if summary["goals"]:
        out.print(_goals(summary))
    say(_agenda(summary))
    say()
    say(f"Report:   {home / 'report.html'}")
    say(f'Analysts: {home / "etalage.duckdb"}, for instance: etalage sql "from mart.trend"')


def _run_line(result: dict[str, Any]) -> str:
    counts = result["counts"]
    line = (
        f"Run {result['run_id']} {result['outcome']}: {counts.get('pages', 0):,} pages, "
        f"{counts.get('inserted', 0):,} new posts, {counts.get('updated', 0):,} changed, "
        f"{counts.get('annotated', 0):,} annotated"
    )
    amiss = {"set aside": counts.get("rejected"), "labels refused": counts.get("labels_refused")}
    return ", ".join([line, *(f"{number:,} {what}" for what, number in amiss.items() if number)]) + "."


def _headline(summary: dict[str, Any]) -> Iterator[str]:
    shares = {row["purpose"]: row for row in summary["purposes"] if row["role"] == "hr"}
    if not shares.keys() >= {"personal", "organisational"} or any(row["share"] is None for row in shares.values()):
        reasons = (row["withheld"] for row in shares.values() if row["withheld"])
        reason = next(reasons, "no Dutch posts by HR people yet")
        yield f"HR people, last twelve months: withheld ({reason})."
        return
    rows = best([shares["personal"], shares["organisational"]], SHARES)
    personal, organisational = rows
    yield (
        f"HR people, last twelve months: {interval(personal)} of their posts serve themselves,"
        f" {interval(organisational)} their organisation (95% intervals)."
    )
    if are_corrected(rows, SHARES):
        yield (
            f"Corrected for the model's errors by {personal['count_audited']:,} posts that people labelled;"
            f" uncorrected {100 * personal['model_share']:.0f}% and {100 * organisational['model_share']:.0f}%."
        )
    else:
        yield "As the model reads, its errors included: to correct for them, label a sample (etalage audit draw 300)."


def interval(row: dict[str, Any]) -> str:
    """Return a share as "42% (38-46)", or "withheld"."""
    if row["share"] is None:
        return "withheld"
    low, high = row["share_low"], row["share_high"]
    bounds = f" ({100 * low:.0f}-{100 * high:.0f})" if low is not None and high is not None else ""
    return f"{100 * row['share']:.0f}%{bounds}"


def _goals(summary: dict[str, Any]) -> Table:
    rows = best(summary["goals"], SHARES)
    base, how = rows[0], "corrected" if are_corrected(rows, SHARES) else "as the model reads"
    title = f"Goals of {base['count_posts']:,} posts by {base['count_authors']:,} HR people, {how}"
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("goal")
    table.add_column("in Dutch")
    table.add_column("share (95%)", justify="right")
    for row in rows:
        table.add_row(Text(row["goal"]), Text(row["dutch"]), interval(row))
    return table


def _agenda(summary: dict[str, Any]) -> str:
    rows = {row["class"]: row for row in summary["survey"]}
    on_agenda = rows.get("on_agenda")
    if on_agenda is not None and on_agenda["withheld"] == "protects a smaller cell":
        return "On HR's agenda: withheld, for the class of a few organisations would follow from it."
    if on_agenda is None or on_agenda["share"] is None:
        return "On HR's agenda: too few organisations to say."
    before = f"{100 * on_agenda['survey_share']:.0f}% in the survey of 2013"
    return (
        f"On HR's agenda at {interval(on_agenda)} of {on_agenda['count_organisations']} organisations"
        f" (by the thresholds in ops.settings; {before}, by another method)."
    )


def run_counts(row: dict[str, Any]) -> dict[str, int]:
    """Return the counts of a run's row, which the published file holds as JSON."""
    return dict(json.loads(row["counts"] or "{}"))
