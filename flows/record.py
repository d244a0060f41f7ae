"""What a run leaves in Prefect: a table of counts and a page in Markdown."""

from pathlib import Path

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from flows.run import RunResult


def record(name: str, home: Path, result: RunResult) -> None:
    """Create the run's two artifacts; counts and reasons only, no posts and no names."""
    create_table_artifact(
        key="run-counts",
        table=[{"what": what, "count": count} for what, count in result.counts.items()],
        description=f"{name}, run {result.run_id}",
    )
    create_markdown_artifact(key="run-summary", markdown=_markdown(name, home, result), description=name)


def _markdown(name: str, home: Path, result: RunResult) -> str:
    counts = result.counts
    lines = [
        f"# {name}: {result.outcome}",
        "",
        (
            f"Run `{result.run_id}`: {counts.get('pages', 0):,} pages from {counts.get('windows', 0):,} windows, "
            f"{counts.get('inserted', 0):,} new posts, {counts.get('annotated', 0):,} annotated, "
            f"{counts.get('published', 0):,} published, {counts.get('rejected', 0):,} set aside."
        ),
        "",
        f"The report is `{home / 'report.html'}`.",
    ]
    if result.refusals:
        lines += ["", "## What did not complete", "", *(f"- {refusal}" for refusal in result.refusals)]
    return "\n".join(lines)
