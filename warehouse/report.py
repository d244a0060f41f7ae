"""The report: one page of figures in Dutch, written from the published file."""

from pathlib import Path

from warehouse.errors import clear_errors
from warehouse.page.facts import read_facts
from warehouse.private import write_private


def write_report(published: Path, target: Path) -> None:
    """Put the page at `target` in one move, for its owner alone; raise `WarehouseError` when it cannot be made."""
    from warehouse.page import library, render  # noqa: PLC0415 - Altair takes most of a second to import

    facts = read_facts(published)
    page = render.render(facts, library.script(published.parent / ".cache"))
    with clear_errors(target):
        write_private(target, page)
