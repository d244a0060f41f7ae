"""`etalage panel suggest` and `accept`: rows for the panel that a person accepts or rejects."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from connectors.gone import person_in, plain_handle
from flows.erasing import spellings
from flows.opening import stored
from flows.panel import COLUMNS, Panel, panel_of, read_panel, table_rows
from flows.settings import Settings, SettingsError
from warehouse.private import write_private
from warehouse.spreadsheets import as_meant, harmless
from warehouse.suggestions import Suggestion, suggested

DECISION: Final = "decision"
DECISIONS: Final = ("", "accept", "reject")
EVIDENCE: Final = ("evidence", "bio", "queries", "posts", "example")
SHEET: Final = (DECISION, *COLUMNS, *EVIDENCE)


def suggest(settings: Settings, target: Path) -> int:
    """Write suggestions to `target` and return how many are new; what was decided there stays as it is."""
    panel = panel_of(settings)
    with stored(settings) as (con, _):
        found = suggested(con)
    kept = [cells for _, cells in table_rows(target, SHEET)] if target.exists() else []
    known: set[tuple[str, str]] = {
        (row.platform, name) for row in panel.rows for name in spellings(row.platform, row.handle, settings)
    }
    known |= {(cells["platform"], as_meant(cells["handle"]).lower()) for cells in kept}
    # an opt-out is also whoever goes by its name now
    refused = {(row.platform, row.handle.lower()) for row in panel.opted_out()}
    new = [
        one
        for one in found
        if _by_query(one)
        and known.isdisjoint((one.platform, name) for name in one.names)
        and (one.platform, one.handle.lower()) not in refused
    ]
    today = datetime.now(UTC).date().isoformat()
    _write(target, SHEET, [*kept, *(_row(one, today) for one in new)])
    return len(new)


def accept(settings: Settings, source: Path) -> tuple[int, int]:
    """Take the accepted rows into the panel; return how many were taken and how many wait for a decision."""
    file = settings.panel.file
    if file is None:
        raise SettingsError("the settings name no panel; set panel.file to where it should be")
    rows = list(table_rows(source, SHEET))
    for line, cells in rows:
        if cells[DECISION].lower() not in DECISIONS:
            raise SettingsError(f"{source} line {line}: decision {cells[DECISION]!r}; write accept, reject or nothing")
    instances = settings.mastodon.instances
    panel = Panel(tuple(read_panel(file, instances))) if file.exists() else Panel()
    known = {(row.platform, row.handle.lower()) for row in panel.rows}
    taken = [
        {name: as_meant(cells[name]) for name in COLUMNS}
        for _, cells in rows
        if cells[DECISION].lower() == "accept" and (cells["platform"], as_meant(cells["handle"]).lower()) not in known
    ]
    if taken:
        before = [cells for _, cells in table_rows(file, COLUMNS)] if file.exists() else []
        draft = file.with_name(f".{file.name}.new")
        _write(draft, COLUMNS, [*before, *taken])
        try:
            list(read_panel(draft, instances))
        except SettingsError as error:
            draft.unlink()
            raise SettingsError(f"{error} (accepted in {source}; the panel is as it was)") from None
        draft.replace(file)
    return len(taken), sum(not cells[DECISION] for _, cells in rows)


def _by_query(one: Suggestion) -> bool:
    """Tell whether an author came by words, a hashtag, a subreddit: not by being listened to already."""
    return any(person_in(query) is None for query in one.queries)


def _row(one: Suggestion, today: str) -> dict[str, str]:
    evidence = " ".join((one.evidence or "").split())
    return {
        DECISION: "",
        "person": f"{one.handle} ({one.platform})",
        "platform": one.platform,
        "handle": one.handle if plain_handle(one.handle) in one.names else one.author_id,
        "role": "hr",
        "organisation": one.employer or "",
        "sector": "",
        "eligibility": f"public bio says: {evidence}" if evidence else "public bio says HR",
        "date": today,
        "consent": "no",
        "evidence": evidence,
        "bio": " ".join(one.bio.split()),
        "queries": "; ".join(query for query in one.queries if person_in(query) is None),
        "posts": str(one.posts),
        "example": one.example or "",
    }


def _write(file: Path, columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a CSV file for its owner alone, whole or not at all."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        # A bio is text from the network.
        writer.writerow({name: harmless(cell) for name, cell in row.items()})
    write_private(file, text.getvalue())
