"""Nights with several Mastodon servers: one that is down costs the others nothing, and is taken out in the settings."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from etalage_command import Etalage
from fake_mastodon import FakeMastodon, status
from loopback import Told, serving
from stocked import post

from connectors.source import Mapped
from warehouse.keys import read_keys
from warehouse.load import merge_posts
from warehouse.vault import open_vault

NOW = datetime.now(UTC)
BEFORE = NOW - timedelta(hours=30)
"""On another UTC day than today, whatever the hour, so that the counts are due."""
TOMORROW = {"x-ratelimit-reset": (NOW + timedelta(days=1)).isoformat()}
"""A wish that nobody waits for, so that a window fails at once."""
NAMES = ("hr.example", "weg.example")


def fill(home):
    """Store a young post of each server."""
    keys = read_keys(home / "keys")
    posts = tuple(
        post(
            number,
            platform="mastodon",
            post_id=f"https://{name}/users/noor/statuses/{number}",
            created_at=BEFORE,
            collected_at=BEFORE,
        )
        for number, name in enumerate(NAMES)
    )
    with open_vault(home / "vault.duckdb", keys.vault) as con:
        merge_posts(con, [(0, Mapped(posts))], keys.pseudonym)


def configure(command, **servers):
    """Listen to one hashtag on each of these servers."""
    instances = ", ".join(f'"{name}" = "{server.base_url}"' for name, server in servers.items())
    queries = json.dumps([f"tag:hr@{name}" for name in servers])
    command.configure(f"[mastodon]\ninstances = {{ {instances} }}\nqueries = {queries}\n")


@pytest.fixture(scope="module")
def nights(prefect_server, quick_model, tmp_path_factory):
    """A night in which one of two servers is down, and one after that server was taken out of the settings."""
    variables = {"PREFECT_API_URL": prefect_server, "ETALAGE_MODEL": str(quick_model)}
    command = Etalage(tmp_path_factory.mktemp("servers"), variables)
    fill(command.home)
    there = FakeMastodon(tell={"/api/v1/statuses/": Told(status(5))})
    with serving(there) as hr, serving(lambda _: Told({"error": "Throttled"}, 429, TOMORROW)) as weg:
        configure(command, **dict(zip(NAMES, (hr, weg), strict=True)))
        first, asked = command("nightly"), len(weg.asked)
        configure(command, **{NAMES[0]: hr})
        second = command("nightly")
    again = weg.asked[asked:]
    runs = command.sql("select outcome, counts from ops.runs order by started_at")
    return SimpleNamespace(first=first, second=second, again=again, runs=runs)


def test_a_server_that_was_taken_out_leaves_nothing_to_do(nights):
    """What was still open of it is passed over, so that the next night is a whole one."""
    assert (nights.first.returncode, nights.second.returncode) == (3, 0), nights.second.stdout + nights.second.stderr
    assert [run["outcome"] for run in nights.runs] == ["partial", "ok"]
    assert nights.again == []


def test_a_server_that_is_down_does_not_end_the_refresh_of_the_others(nights):
    """The counts of the one that answers are read again in that same night."""
    assert "mastodon: not all counts were refreshed: " in nights.first.stderr
    assert json.loads(nights.runs[0]["counts"])["refreshed"] == 1
