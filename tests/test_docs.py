"""The documentation is true: every command, exit code, setting and link is there."""

import re
from pathlib import Path

import pytest
import typer

from flows import faults
from flows.cli import app

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/**/*.md"), *ROOT.glob("nlp/**/*.md")])


def commands() -> list[str]:
    """Every command, groups spelt out."""
    names = []

    def walk(command, before):
        for name, inner in getattr(command, "commands", {}).items():
            if getattr(inner, "commands", None):
                walk(inner, f"{before}{name} ")
            else:
                names.append(f"{before}{name}")

    walk(typer.main.get_command(app), "")
    return names


@pytest.mark.parametrize("command", commands())
def test_every_command_is_documented(command):
    """docs/cli.md has a row for each command."""
    assert re.search(rf"`etalage {command}[ `]", (ROOT / "docs/cli.md").read_text(encoding="utf-8"))


def test_every_exit_code_is_documented():
    """docs/cli.md names each exit code of flows/faults.py."""
    page = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    codes = {value for name, value in vars(faults).items() if name.isupper() and isinstance(value, int)}

    assert {code for code in codes if f"| {code} |" not in page} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    """A relative link in a page points at a file that exists."""
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))

    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_name_files_that_exist(page):
    """A path of ours in backticks exists."""
    paths = re.findall(
        r"`((?:connectors|nlp|warehouse|flows|tests|docs)/[\w/.-]+\.\w+)`", page.read_text(encoding="utf-8")
    )

    assert sorted({path for path in paths if not (ROOT / path).exists() and "NAME" not in path}) == []
