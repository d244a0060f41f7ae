"""How things stand: runs, ledger, budget, model; from the published file, so that no run is disturbed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from flows.alerts import recent
from flows.backlog import read_backlog
from flows.budget import limits_of, warnings
from flows.failures import last_failure
from flows.lock import running_process
from flows.settings import Settings
from flows.summary import FICTION, run_counts
from flows.tables import print_rows, print_table
from flows.usage import COMPARED, read_usage, usage_lines
from nlp.artefact import ModelError, read_meta
from warehouse.summary import read_summary


def read_status(settings: Settings) -> dict[str, Any]:
    """Gather the status as plain values; `published` is None before the first run."""
    home = settings.home
    published = home / "etalage.duckdb"
    summary = read_summary(published) if published.exists() else None
    return {
        "home": str(home),
        "running_process": running_process(home),
        "last_failure": last_failure(home, summary["runs"] if summary else ()),
        "model": _model(settings),
        "published": summary,
        "sweep": read_backlog(home),
        "alerts": recent(home),
        "budget": summary["budget"] if summary else [],
        "warnings": _near(settings, summary["budget"]) if summary else [],
        "usage": COMPARED.dump_python(read_usage(home), mode="json"),
        "usage_lines": {name: line for name, (line, _) in usage_lines(settings).items()},
    }


def _print_sweep(sweep: dict[str, Any], say: Callable[[str], None]) -> None:
    if sweep["platforms"] and not sweep["swept_at"]:
        say("Sweep: never ran here; schedule `etalage sweep` (docs/operations.md), or let `etalage serve` do it")
    for name, one in sweep["platforms"].items():
        every = f", to be looked at every {one['every_hours']:g} h" if one["every_hours"] else ""
        late = f"; BEHIND by {one['behind_hours']:g} h" if one["behind_hours"] else ""
        waiting = f"; {one['gone_not_erased']:,} gone there and not yet here" if one["gone_not_erased"] else ""
        looked = f"the oldest look {one['oldest_look_hours']:g} h ago{every}{late}"
        say(f"Sweep {name}: {one['posts']:,} posts, {looked}{waiting}")


def _model(settings: Settings) -> dict[str, Any]:
    try:
        return {key: value for key, value in read_meta(settings.model).items() if isinstance(value, str | int | float)}
    except ModelError as error:
        return {"error": str(error)}


def _near(settings: Settings, rows: list[dict[str, Any]]) -> list[str]:
    """Return a line for each limit that was come near to, as far as the published file knows."""
    today = datetime.now(UTC).date()
    near: list[str] = []
    for source, budget in limits_of(settings).items():
        mine = [row for row in rows if row["source"] == source]
        dollars = {
            "day": sum(row["dollars_day"] for row in mine if row["newest_day"] == today),
            "month": sum(
                row["dollars_month"] for row in mine if row["newest_day"].replace(day=1) == today.replace(day=1)
            ),
        }
        near += warnings(source, budget, dollars)
    return near


def print_status(status: dict[str, Any]) -> None:
    """Print the status for a person."""
    out = Console()

    def say(line: str) -> None:
        out.print(line, highlight=False, markup=False, soft_wrap=True)

    process = status["running_process"]
    say(f"Home: {status['home']}; " + (f"a run is at work (process {process})" if process else "no run is at work"))
    model = status["model"]
    say(f"Model: {model.get('error') or model['model_version']}")
    if failure := status["last_failure"]:
        say(f"Last failure: {failure['flow']} at {failure['at']}: {failure['reason']}")
    if status["sweep"]:
        _print_sweep(status["sweep"], say)
    for alert in status["alerts"]:
        say(f"Alert {alert['on']}{'' if alert['told'] else ' (not sent)'}: {alert['subject']}: {alert['text']}")
    summary = status["published"]
    if summary is None:
        say("Nothing is published yet: run `etalage nightly`.")
        return
    about, counts = summary["about"], summary["counts"]
    if about.get("is_fiction") == "true":
        out.print(FICTION, style="bold yellow", soft_wrap=True)
    say(
        f"Published {about['published_at']}: {counts['posts']:,} posts ({counts['dutch_posts']:,} Dutch) by"
        f" {counts['authors']:,} authors; {counts['to_review']:,} to review, {counts['pending']:,} to annotate."
    )
    print_table(
        ("run", "kind", "began (UTC)", "outcome", "pages", "new posts", "message"),
        [
            (
                row["run_id"],
                row["kind"],
                row["started_at"],
                row["outcome"],
                run_counts(row).get("pages"),
                run_counts(row).get("inserted"),
                row["message"],
            )
            for row in summary["runs"]
        ],
        title="Last runs",
    )
    print_rows("Ledger", summary["coverage"])
    print_rows("Budget (paid reads)", [row for row in status["budget"] if row["dollars_month"]])
    for warning in status["warnings"]:
        say(f"Budget: {warning}")
    for name, line in status["usage_lines"].items():
        say(f"Usage {name}: {line}")
