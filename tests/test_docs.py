"""The documentation is true: every command, exit code, setting and link is there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer

from connectors.files.table_posts import OPTIONAL, REQUIRED
from flows import errors
from flows.cli import app

ROOT = Path(__file__).parent.parent
AGAIN = "run: uv run python docs/capture.py"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/**/*.md"), *ROOT.glob("nlp/**/*.md")])


SHARED = {"--home", "--config", "--json", "--help"}
"""Options that the page explains once."""


def commands() -> dict[str, list[str]]:
    """Every command, groups spelt out, with the options of its own."""
    found = {}

    def walk(command, before):
        for name, inner in getattr(command, "commands", {}).items():
            if getattr(inner, "commands", None):
                walk(inner, f"{before}{name} ")
            else:
                options = ([*one.opts, *one.secondary_opts] for one in inner.params)
                found[f"{before}{name}"] = [one for one in options if one[0].startswith("-") and not SHARED & {*one}]

    walk(typer.main.get_command(app), "")
    return found


@pytest.mark.parametrize(("command", "options"), commands().items(), ids=commands())
def test_every_command_is_documented(command, options):
    """docs/cli.md has a row for each command, with each of its options in one of the ways to write it."""
    row = re.search(rf"^\| `etalage {command}[ `].*$", (ROOT / "docs/cli.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert row
    assert [one for one in options if not any(re.search(rf"{name}\b", row[0]) for name in one)] == []


def test_every_exit_code_is_documented():
    """docs/cli.md names each exit code of flows/errors.py."""
    page = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    codes = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, int)}

    assert {code for code in codes if f"| {code} |" not in page} == set()


def test_an_extra_is_added_to_what_is_there():
    """`uv sync` takes out what it is not told of: one extra would drive out the other."""
    code = (file for room in ("flows", "nlp", "warehouse") for file in ROOT.glob(f"{room}/**/*.py"))
    files = [*ROOT.glob("docs/*.md"), *code]
    told = re.findall(r"uv sync[a-z -]* --extra \w+", "\n".join(file.read_text(encoding="utf-8") for file in files))

    assert len(told) >= 6
    assert [line for line in told if "--inexact" not in line] == []


def test_every_module_of_flows_is_on_the_map():
    """docs/architecture.md says of each module of flows/ what is in it."""
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`(?:flows/)?(\w+\.py)`", page)

    assert {file.name for file in (ROOT / "flows").glob("*.py")} - {"__init__.py", *named} == set()


def test_flows_leave_sql_to_the_warehouse():
    """docs/architecture.md: everything about DuckDB stands in warehouse/, and flows say when and in what order."""
    asking = re.compile(r"\.execute\(|\bsqlfiles\b")
    files = (ROOT / "flows").rglob("*.py")

    assert [file.name for file in files if asking.search(file.read_text(encoding="utf-8"))] == []


def test_every_field_of_a_table_is_documented():
    """docs/cli.md names what --columns may map."""
    page = (ROOT / "docs/cli.md").read_text(encoding="utf-8")

    assert [name for name in (*REQUIRED, *OPTIONAL) if f"`{name}`" not in page] == []
    assert [name for name in REQUIRED if f"| `{name}` (needed) |" not in page] == []


def test_a_new_machine_is_led_through():
    """docs/operations.md has credentials, alerts, backups and timers; the README leads to every page for readers."""
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8").partition("\n## From nothing\n")[2]
    steps = (
        "`x.bearer_token`",
        "`mastodon.tokens`",
        "[alerts]",
        "etalage backup",
        "vault.key",
        "OnCalendar",
        "git pull",
    )
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    inner = {"codebook-notes.md", "licences.md"}  # led to by the model card and by operations

    assert [step for step in steps if step not in page] == []
    assert [
        one.name for one in ROOT.glob("docs/*.md") if one.name not in inner and f"(docs/{one.name})" not in readme
    ] == []


ROOMS = ("connectors", "flows", "warehouse")
OWN = re.compile(r"connectors/(sample\.py|(x|reddit|bluesky|mastodon|feeds|files|sample)/)")
"""What is about one platform, or about the sample panel in their formats."""


def test_every_place_that_knows_the_platforms_is_in_the_recipe():
    """Whoever adds a source is led to each file that names them, and to what a sweep looks up by name."""
    recipe = (ROOT / "docs/connectors.md").read_text(encoding="utf-8").partition("**Make it known**")[2]
    files = (file for room in ROOMS for end in ("py", "sql") for file in (ROOT / room).rglob(f"*.{end}"))
    texts = {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in files}
    known = {name for name, text in texts.items() if {"bluesky", "mastodon"} <= {*re.findall(r"\w+", text)}}
    known |= {"connectors/gone.py", "flows/sweep.py", "warehouse/erasure_requests.py"}

    assert {"flows/asking.py", "warehouse/core/posts.sql", "warehouse/page/wording.py"} < known
    assert sorted(name for name in known if not OWN.match(name) and f"`{name}`" not in recipe) == []
    assert [words for words in ("`retention.NAME`", "`sweep.NAME_hours`") if words not in recipe] == []


def test_every_scheduled_run_waits_for_its_turn():
    """A night that finds a sweep at work ends at once, and is lost: it waits by flock, or for a worker's one run."""
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    starts = re.findall(r"^ExecStart=(.*)$", page, re.MULTILINE)
    workers = re.findall(r"worker start.*", page + (ROOT / "prefect.yaml").read_text(encoding="utf-8"))

    assert [one.split("etalage ")[-1] for one in starts] == ["nightly", "sweep"]
    assert [one for one in starts if not one.startswith("/usr/bin/flock --")] == []
    assert len(workers) == 2
    assert [one for one in workers if "--limit 1" not in one] == []


def test_prefects_commands_are_told_not_to_report():
    """Before the first of each block, and a server in its own environment: `etalage` does so for itself alone."""
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    texts, blocks = page.split("```")[::2], page.split("```")[1::2]
    before = [
        re.split(r"\bprefect (?=[a-z-])", block) for block in [*blocks, (ROOT / "prefect.yaml").read_text("utf-8")]
    ]
    told = [parts[0] for parts in before if len(parts) > 1]
    servers = [parts[0] for parts in before if "server start" in "".join(parts[1:])]

    assert (len(told), len(servers)) == (3, 1)
    assert [text for text in told if "DO_NOT_TRACK=1" not in text] == []
    assert "PREFECT_SERVER_ANALYTICS_ENABLED=false" in servers[0]
    assert [text for text in texts if "run prefect " in text] == []  # what is copied stands in a block


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here to ask")
def test_systemd_understands_the_units(tmp_path):
    """Each unit of docs/operations.md is whole: no key or value that systemd passes over with a warning."""
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    units = re.findall(r"```ini\n# (\S+)\n(.*?)```", page, re.DOTALL)
    for name, text in units:
        (tmp_path / name).write_text(text)
    answer = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / name for name, _ in units)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert {name.partition(".")[2] for name, _ in units} == {"service", "timer"}
    assert answer.returncode == 0, answer.stderr
    assert [line for line in answer.stderr.splitlines() if "etalage" in line] == []


@pytest.mark.parametrize("number", range(3))
def test_the_readme_shows_what_the_sample_gives(sample_run, number):
    """Each question has the answer that stands below it, but for what differs from home to home and day to day.

    Another processor rounds otherwise; months divide the audit sample and move with the calendar, and with them
    corrected shares; quarters move too, and with them which organisations count.
    """
    page = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- capture: sql -->")[2]
    sql, shown = re.findall(r"```sql\n(.*?)\n```\n\n```\n(.*?)\n```", page, flags=re.DOTALL)[number]
    lines = [line for line in shown.splitlines() if line[0] in "┃│"]
    heading, *rows = [[cell.strip() for cell in line.strip("┃│").split(line[0])] for line in lines]
    found = sample_run.sql(sql)

    assert heading == list(found[0])
    assert len(rows) == len(found)
    for row, real in zip(rows, found, strict=True):
        for cell, (name, value) in zip(row, real.items(), strict=True):
            if cell and real.get("platform") == "all":  # of one platform too few posts may be audited, of all never
                assert value is not None, f"{name}: {AGAIN}"
            if isinstance(value, float) and cell:
                assert float(cell) == pytest.approx(value, abs=0.05 if name == "as_read" else 0.3), AGAIN
            elif isinstance(value, str):
                assert cell == value, AGAIN


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
