"""A disk that is full in the middle of a nightly run: one line, yesterday's file whole, and the next run goes on."""

import json
import random
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fake_reddit
import pytest
from etalage_command import ENTRY, Etalage
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
ROOM = {300_000: None, 1_500_000: "Collecting", 4_000_000: "Annotating"}


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
    server: str
    today: list[dict]
    whole: tuple

    def restored(self, folder: Path) -> Etalage:
        """The command on a copy of that home."""
        shutil.copytree(self.home, folder / "data", ignore=shutil.ignore_patterns("prefect"))
        return Etalage(folder, {"PREFECT_API_URL": self.server})


def run(command, items, room=None, queries=("r/werkplein/new",)):
    """Run a night on a platform with these posts, no file of it larger than `room` bytes; how many pages were asked."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room})); " if room else ""
    with serving(fake_reddit.FakeReddit(items)) as platform:
        command.configure(SETTINGS.format(base=platform.base_url, queries=json.dumps(queries)))
        command.command = lambda *arguments: [*Etalage.command()[:2], f"{limit}{ENTRY}", *arguments]
        return command("nightly"), sum(path.endswith("/new") for path in platform.paths)


def stored(command):
    """What is in vault and published file: posts with their texts, and how many are annotated and published."""
    with open_vault(command.home / "vault.duckdb", read_keys(command.home / "keys").vault) as con:
        texts = con.execute("select post_id, md5(text) from posts order by all").fetchall()
        annotated = con.execute("select count(*), count(distinct post_id) from annotations").fetchone()
    return texts, annotated, command.sql("select count(*) as posts from core.posts where is_annotated")


@pytest.fixture(scope="module")
def night(prefect_server, tmp_path_factory) -> Night:
    """Yesterday's home, and beside it what today brings when there is room."""
    folder, today = tmp_path_factory.mktemp("yesterday"), posts()
    yesterday = Etalage(folder, {"PREFECT_API_URL": prefect_server})
    first, _ = run(yesterday, today[-YESTERDAYS:])
    assert first.returncode == 0, first.stderr
    made = Night(yesterday.home, prefect_server, today, ())
    undisturbed = made.restored(tmp_path_factory.mktemp("undisturbed"))
    second, _ = run(undisturbed, today)
    assert second.returncode == 0, second.stderr
    made.whole = stored(undisturbed)
    assert len(made.whole[0]) == YESTERDAYS + TODAYS
    return made


@pytest.mark.parametrize("room", ROOM)
def test_a_disk_that_fills_up_at_night(night, tmp_path, room):
    """In collecting, loading or publishing: exit code 1 and one line; with room again nothing is lost or doubled."""
    command = night.restored(tmp_path)
    before = (command.home / "etalage.duckdb").read_bytes()

    full, _ = run(command, night.today, room)
    told = [line.partition(":")[0] for line in full.stderr.splitlines()]

    assert full.returncode == 1, full.stderr
    assert "the disk is full: make room and run again" in full.stderr.splitlines()[-1]
    assert told[-1] == "etalage"
    assert (told[-2] if len(told) > 1 else None) == ROOM[room]
    assert "Traceback" not in full.stderr + full.stdout
    assert (command.home / "etalage.duckdb").read_bytes() == before
    assert not list(command.home.glob("*.new*"))

    again, _ = run(command, night.today)

    assert again.returncode == 0, again.stderr
    assert stored(command) == night.whole


def test_what_cannot_be_stored_is_not_asked_for(night, tmp_path):
    """After the first page that does not fit no other query is asked: what it brought would be paid for nothing."""
    command = night.restored(tmp_path)

    full, pages = run(command, night.today, 300_000, ("r/werkplein/new", "r/loopbaan/new", "r/verzuim/new"))

    assert (full.returncode, pages) == (1, 1), full.stderr
