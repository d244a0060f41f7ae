"""The report: one page of figures in Dutch, written from the published file."""

from pathlib import Path

from warehouse.errors import clear_errors, other_version
from warehouse.page.facts import read_facts
from warehouse.private import write_private


def write_report(published: Path, target: Path) -> None:
    """Put the page at `target` in one move, for its owner alone; raise `WarehouseError` when it cannot be made."""
    from jinja2 import UndefinedError  # noqa: PLC0415 - as the next line

    from warehouse.page import library, render  # noqa: PLC0415 - Altair takes most of a second to import

    facts = read_facts(published)
    try:
        page = render.render(facts, library.script(published.parent / ".cache"))
    except UndefinedError as error:
        raise other_version(published) from error
    with clear_errors(target):
        write_private(target, page)
