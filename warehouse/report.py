"""The report: one HTML page from the published file."""

from html import escape
from pathlib import Path

from warehouse.summary import read_summary


def write_report(published: Path, target: Path) -> None:
    """Write the page beside the old one and put it in its place."""
    summary = read_summary(published)
    page = f"<!doctype html><html lang=nl><title>Etalage</title><pre>{escape(str(summary['counts']))}</pre></html>"
    new = target.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(page, encoding="utf-8")
    new.replace(target)
