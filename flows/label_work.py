"""Drawing the audit sample and moving labels in and out: each opens the vault alone, and publishes what changed.

The report is not written again: the next run does, or `etalage report`.
"""

from datetime import date
from pathlib import Path
from typing import Any, Literal

from flows.errors import InputError
from flows.opening import stored
from flows.settings import Settings
from nlp.corpus_files import CORPUS, training_posts
from warehouse import audit, label_files, labels
from warehouse.drift import Drift, measure_drift
from warehouse.errors import clear_errors
from warehouse.keys import Keys
from warehouse.label_files import Format
from warehouse.private import write_private
from warehouse.publish import publish
from warehouse.vault import Connection

What = Literal["audit", "review", "labels", "training"]


def draw_audit(settings: Settings, count: int, overlap: float, seed: str | None) -> audit.Draw:
    """Draw an audit sample and publish its queue."""
    with stored(settings) as (con, keys):
        made = audit.draw(con, published_file(settings), count, overlap=overlap, seed=seed)
        _publish(settings, con, keys)
    return made


def audit_status(settings: Settings) -> dict[str, Any]:
    """Tell how far every draw is, and how far annotators agree, from the published file."""
    return audit.status(published_file(settings))


def import_file(settings: Settings, file: Path) -> tuple[labels.LabelCounts, list[str]]:
    """Import a file of labels and publish what it changes; return the counts and the first malformed places."""
    try:
        found = label_files.read_labels(file)
    except labels.BadLabel as error:
        raise InputError(str(error)) from None
    with stored(settings) as (con, keys):
        counts = labels.store_labels(con, found.labels)
        counts.refused.update(found.refused)
        if counts.stored and published_file(settings).exists():
            _publish(settings, con, keys)
    return counts, found.places


def export_file(settings: Settings, file: Path, what: What, format_: Format) -> int:
    """Write questions (audit, review), stored labels or what may be trained on to a file of its owner alone."""
    if what == "training" and format_ != "jsonl":
        raise InputError("what is for training is read by `etalage train`: leave --format out")
    if what == "audit" or what == "review":  # noqa: PLR1714 - so that mypy knows which of the four it is
        rows = labels.questions(published_file(settings), what)
    else:
        with stored(settings) as (con, _):
            rows = labels.training_rows(con) if what == "training" else labels.stored_rows(con)
    text = label_files.as_lines(rows) if format_ == "jsonl" else label_files.as_label_studio(rows)
    with clear_errors(file):
        write_private(file, text)
    return len(rows)


def drift(settings: Settings, month: str | None = None) -> Drift:
    """Compare a month ("2026-03") with what the model knows: the months before, and the words of its corpus."""
    try:
        first = date.fromisoformat(f"{month}-01") if month else None
    except ValueError:
        raise InputError(f"--month {month}: write it as 2026-03") from None
    texts = [post.text for post in training_posts(CORPUS)]
    return measure_drift(published_file(settings), first, texts or None)


def published_file(settings: Settings) -> Path:
    """Where analysts' file is."""
    return settings.home / "etalage.duckdb"


def _publish(settings: Settings, con: Connection, keys: Keys) -> None:
    publish(con, published_file(settings), text=settings.publish.text, key=keys.pseudonym)
