"""What sweeps may spend: within every limit, and never what the night needs."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from collecting import same_day
from fake_x import FakeX, post
from loopback import serving
from stocked import post as stored

from connectors.source import Mapped, Window
from flows.budget import allowing
from flows.settings import Settings
from flows.sources import build_sources
from flows.sweep import sweep_now
from warehouse import runs
from warehouse.budget import enter
from warehouse.keys import read_keys
from warehouse.load import merge_posts
from warehouse.vault import open_vault

NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=60)


@contextmanager
def opened(home):
    """The vault of a home."""
    with open_vault(home / "vault.duckdb", read_keys(home / "keys").vault) as con:
        yield con


@contextmanager
def sweeping(home, count, **budget):
    """Settings for a home with so many posts, all due and all still there, and these limits."""
    ids = [str(3000 + number) for number in range(count)]
    posts = (stored(number, post_id=post_id, created_at=OLD, collected_at=OLD) for number, post_id in enumerate(ids))
    pseudonym = read_keys(home / "keys").pseudonym
    with opened(home) as con:
        merge_posts(con, [(0, Mapped(tuple(posts)))], pseudonym)
    with serving(FakeX([post(id=key) for key in ids])) as x:
        section = {"bearer_token": "token-of-noor", "base_url": x.base_url, "queries": ("timeline:501",)}
        yield Settings(home=home, x=section | {"budget": budget}, _env_file=None)


@pytest.mark.parametrize("period", ["day", "month"])
def test_sweeps_leave_the_night_half_of_a_limit(tmp_path, period):
    """The first sweep of a UTC day comes before the night: at most half goes to them, and the night may collect."""
    same_day(60)
    with sweeping(tmp_path, 200, **{f"per_{period}": 1.0}) as settings:
        first, second = (sweep_now(settings) for _ in range(2))
        sources = build_sources(settings, sample_anchor=NOW.date())
        with opened(tmp_path) as con:
            [(dollars,)] = con.execute("select sum(amount * price) from reads").fetchall()
            allowed = allowing(settings, con, runs.start_run(con, "nightly"), sources)

            assert allowed(Window("x", "timeline:501", OLD, NOW)) is None
    assert dollars == pytest.approx(0.5)
    assert (first["counts"], second["counts"]) == ({"asked_x": 100}, {})
    assert first["refusals"] == second["refusals"]
    assert f"x: sweeps may spend 50%, and of that $0.50 of $0.50 for one {period} is spent" in first["refusals"][0]
    assert f"raise x.budget.per_{period}" in first["refusals"][0]


@pytest.mark.parametrize(("limit", "counts"), [(0.94, {}), (0.96, {"asked_x": 10})])
def test_what_nights_have_spent_is_not_of_the_sweeps_half(tmp_path, limit, counts):
    """A limit that pays for both goes on doing so, to its last dollar."""
    same_day(60)
    with sweeping(tmp_path, 10, per_day=limit) as settings:
        with opened(tmp_path) as con:
            price = {("x", "post"): 0.005}
            enter(con, "x", [("post", 180)], datetime.now(UTC), runs.start_run(con, "nightly"), price)

        assert sweep_now(settings)["counts"] == counts


def test_batches_are_small_enough_for_half_of_a_limit(tmp_path):
    """Where half pays for less than a hundred posts a sweep asks about some of them, and not about none for ever."""
    with sweeping(tmp_path, 100, per_day=0.6) as settings:
        assert sweep_now(settings)["counts"] == {"asked_x": 50}
