"""Each fault of a platform in the middle of a night: what came before it is stored, the next night brings the rest."""

from datetime import UTC, datetime

import pytest
from collecting import IMPATIENT, patience
from replay import needs_replay, replaying
from stocked import KEY, PSEUDONYM

from connectors.bluesky.source import BlueskySource
from connectors.errors import Transient
from connectors.mastodon.source import MastodonSource
from connectors.source import Window
from flows.collect import Collecting, collect_window
from flows.steps import load
from warehouse import ledger, runs
from warehouse.vault import open_vault

pytestmark = needs_replay

SINCE, UNTIL = datetime(2007, 1, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
WINDOWS = [
    Window("bluesky", "author:chriskenny.bsky.social", SINCE, UNTIL),
    Window("mastodon", "tag:any@here", SINCE, UNTIL),
]
PASSING = ["429", "429-noreset", "500", "503", "timeout", "drip", "truncated", "short", "reset", "empty"]
LASTING = {
    **dict.fromkeys(["429", "503", "truncated", "reset"], "failed"),
    **dict.fromkeys(["401", "403", "404"], "refused"),
    "402": "cost-stopped",
}


@pytest.fixture(scope="module")
def replay():
    """Run one replay server for the module."""
    with replaying() as running:
        yield running


def night(home, base_url):
    """Collect what is open and load it, as every night begins; return how each window ended, and what is stored."""
    sources = {
        "bluesky": BlueskySource(base_url=base_url, page_size=30, waiting=patience(), **IMPATIENT),
        "mastodon": MastodonSource(instances={"here": base_url}, page_size=10, waiting=patience(), **IMPATIENT),
    }
    with open_vault(home / "vault.duckdb", KEY) as con:
        run_id = runs.start_run(con, "nightly")
        ledger.plan(con, WINDOWS)
        for one in ledger.open_windows(con):
            try:
                collect_window(Collecting(con, run_id, sources, lambda _: None), one.window)
            except Transient:
                continue  # Prefect's retries come here; the ledger keeps the window open
        load.fn(con, PSEUDONYM)
        runs.finish_run(con, run_id, "ok", {})
        states = dict(con.execute("select source, state from windows").fetchall())
        posts = con.execute("select platform, post_id, text from posts order by all").fetchall()
        pages = con.execute("select count(*) from pages").fetchone()[0]
    return states, posts, pages


@pytest.fixture(scope="module")
def undisturbed(replay, tmp_path_factory):
    """Return what a night without a fault brings."""
    replay.reset()
    states, posts, pages = night(tmp_path_factory.mktemp("quiet"), replay.base_url)
    assert set(states.values()) == {"complete"}
    assert {platform for platform, _, _ in posts} == {"bluesky", "mastodon"}
    return posts, pages


@pytest.mark.parametrize("mode", PASSING)
def test_a_fault_that_passes_costs_nothing(replay, undisturbed, tmp_path, mode):
    """The second page of both platforms fails once: the same posts, on the same number of pages."""
    replay.reset()
    for target in ("bluesky", "mastodon"):
        replay.fault(target, mode, skip=1, seconds=1)
    states, posts, pages = night(tmp_path, replay.base_url)

    assert set(states.values()) == {"complete"}
    assert (posts, pages) == undisturbed


@pytest.mark.parametrize("mode", LASTING)
def test_a_fault_that_stays_costs_a_night(replay, undisturbed, tmp_path, mode):
    """One platform fails from its second request on, the other does not notice; the next night makes it whole."""
    replay.reset()
    replay.fault("mastodon", mode, skip=1, count=0)
    states, posts, _ = night(tmp_path, replay.base_url)
    replay.reset()
    again, whole, pages = night(tmp_path, replay.base_url)

    assert states == {"bluesky": "complete", "mastodon": LASTING[mode]}
    assert (
        0
        < sum(platform == "mastodon" for platform, _, _ in posts)
        < sum(platform == "mastodon" for platform, _, _ in whole)
    )
    assert set(again.values()) == {"complete"}
    assert (whole, pages) == undisturbed
