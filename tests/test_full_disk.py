"""A disk that is full in the middle of a nightly run: one line, yesterday's file whole, and the next run goes on."""

import json
import random
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fake_reddit
import pytest
from etalage_command import Etalage
from loopback import serving

from warehouse.keys import read_keys
from warehouse.vault import open_vault

SETTINGS = """
[reddit]
client_id = "etalage-test"
client_secret = "secret"
base_url = "{base}"
queries = {queries}

[nightly]
first_days = 30
"""
YESTERDAYS, TODAYS, WORDS = 10, 40, 2500
# How large any file may become, in bytes, and the last step that is told of. Today's page makes the vault's log grow to
# 1 MB, loading and annotating it to 3 MB; the published file takes 5 MB.
ROOM = {1_500_000: "Collecting", 4_000_000: "Annotating"}
NO_ROOM = 300_000
"""Not even for today's page."""
# The last thing that still fits: all tables are made, checked and searched but not on disk; the file has its place.
LAST = ("leaks.scan", "publish._put")
FULL_AFTER = """
import resource
from warehouse import {module}
real = {module}.{name}
def last(*arguments):
    real(*arguments)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
{module}.{name} = last
"""


def posts() -> list[dict]:
    """Submissions of long texts that do not compress, the newest first."""
    chance = random.Random(6)  # noqa: S311 - repeatable, not secret
    letters = "abcdefghijklmnopqrstuvwxyz"
    made = fake_reddit.series(YESTERDAYS + TODAYS, newest=datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3))
    for item in made:
        words = ("".join(chance.choices(letters, k=7)) for _ in range(WORDS))
        item["data"]["selftext"] = f"Wij zoeken een collega. {' '.join(words)}"
    return made


@dataclass
class Night:
    """A home after yesterday's run, what is there today, and what a run with room makes of it."""

    home: Path
    variables: dict[str, str]
    today: list[dict]
    whole: tuple

    def restored(self, folder: Path) -> Etalage:
        """The command on a copy of that home."""
        shutil.copytree(self.home, folder / "data", ignore=shutil.ignore_patterns("prefect"))
        return Etalage(folder, self.variables)


def room_of(size):
    """Let no file of a run become larger than this."""
    return f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"


def run(command, items, limit="", queries=("r/werkplein/new",)):
    """Run a night on a platform with these posts, after the code of `limit`; how many pages were asked."""
    with serving(fake_reddit.FakeReddit(items)) as platform:
        command.configure(SETTINGS.format(base=platform.base_url, queries=json.dumps(queries)))
        command.before = limit
        return command("nightly"), sum(path.endswith("/new") for path in platform.paths)


def stored(command):
    """What is in vault and published file: posts with their texts, and how many are annotated and published."""
    with open_vault(command.home / "vault.duckdb", read_keys(command.home / "keys").vault) as con:
        texts = con.execute("select post_id, md5(text) from posts order by all").fetchall()
        annotated = con.execute("select count(*), count(distinct post_id) from annotations").fetchone()
    return texts, annotated, command.sql("select count(*) as posts from core.posts where is_annotated")


@pytest.fixture(scope="module")
def night(prefect_server, quick_model, tmp_path_factory) -> Night:
    """Yesterday's home, and beside it what today brings when there is room."""
    folder, today = tmp_path_factory.mktemp("yesterday"), posts()
    variables = {"PREFECT_API_URL": prefect_server, "ETALAGE_MODEL": str(quick_model)}
    yesterday = Etalage(folder, variables)
    first, _ = run(yesterday, today[-YESTERDAYS:])
    assert first.returncode == 0, first.stderr
    made = Night(yesterday.home, variables, today, ())
    undisturbed = made.restored(tmp_path_factory.mktemp("undisturbed"))
    second, _ = run(undisturbed, today)
    assert second.returncode == 0, second.stderr
    made.whole = stored(undisturbed)
    assert len(made.whole[0]) == YESTERDAYS + TODAYS
    return made


def goes_on(command, night):
    """With room again nothing is lost and nothing doubled."""
    again, _ = run(command, night.today)

    assert again.returncode == 0, again.stderr
    assert stored(command) == night.whole


def ends_in_one_line(full, last):
    """Exit code 1, and after the last step that is told of one line that says what to do."""
    told = [line.partition(":")[0] for line in full.stderr.splitlines()]

    assert full.returncode == 1, full.stderr
    assert "the disk is full: make room and run again" in full.stderr.splitlines()[-1]
    assert told[-1] == "etalage"
    assert (told[-2] if len(told) > 1 else None) == last
    assert told.count("etalage") == 1
    assert "Traceback" not in full.stderr + full.stdout


@pytest.mark.parametrize("room", ROOM)
def test_a_disk_that_fills_up_at_night(night, tmp_path, room):
    """In loading or publishing: exit code 1 and one line, yesterday's file whole; with room again it goes on."""
    command = night.restored(tmp_path)
    before = (command.home / "etalage.duckdb").read_bytes()

    full, _ = run(command, night.today, room_of(room))

    ends_in_one_line(full, ROOM[room])
    assert (command.home / "etalage.duckdb").read_bytes() == before
    assert not list(command.home.glob("*.new*"))
    if room == min(ROOM):  # after the page is stored; what publishing leaves behind is looked at below
        goes_on(command, night)


@pytest.mark.parametrize("last", LAST)
def test_a_disk_that_fills_up_at_the_end_of_publishing(night, tmp_path, last):
    """Yesterday's file stays when today's does not fit any more, today's is whole when it has its place; one line."""
    command = night.restored(tmp_path)
    before = (command.home / "etalage.duckdb").read_bytes()
    module, _, name = last.partition(".")

    full, _ = run(command, night.today, FULL_AFTER.format(module=module, name=name))

    ends_in_one_line(full, "Annotating")
    assert not list(command.home.glob("*.new*"))
    if last == "leaks.scan":
        assert (command.home / "etalage.duckdb").read_bytes() == before
        goes_on(command, night)
    else:
        assert command.sql("select count(*) as posts from core.posts")[0]["posts"] == len(night.whole[0])


def test_what_cannot_be_stored_is_not_asked_for(night, tmp_path):
    """After the first page that does not fit no other query is asked: what it brought would be paid for nothing."""
    command = night.restored(tmp_path)
    before = (command.home / "etalage.duckdb").read_bytes()

    full, pages = run(command, night.today, room_of(NO_ROOM), ("r/werkplein/new", "r/loopbaan/new", "r/verzuim/new"))

    ends_in_one_line(full, None)
    assert pages == 1
    assert (command.home / "etalage.duckdb").read_bytes() == before
