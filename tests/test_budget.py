"""What X may cost: limits that are never passed, a forecast before a search, and runs that go on where money ended."""

import json
from datetime import UTC, datetime, timedelta

import fake_x
import pytest
from collecting import same_day
from loopback import Told, serving

from connectors.source import Window
from connectors.x.source import XSource
from flows import alerts
from flows.budget import refusal, warnings
from flows.settings import Budget, Settings
from flows.sources import build_sources
from flows.state import read_state
from warehouse.budget import enter, spent
from warehouse.keys import read_keys
from warehouse.vault import open_vault

NOW = datetime.now(UTC).replace(microsecond=0)
PRICES = {("x", "post"): 0.005, ("x", "user"): 0.01, ("x", "counts"): 0.005}
CAPPED = Told({"title": "UsageCapExceeded", "detail": "Usage cap exceeded: Monthly product cap"}, 429)


def posts(number):
    """Recent posts, newest first, twenty minutes apart."""
    return fake_x.series(number, newest=NOW - timedelta(hours=3), step=timedelta(minutes=20))


def configure(command, base, *queries, budget=""):
    """Point X at a loopback address, with these queries and limits."""
    listed = ", ".join(f'"{query}"' for query in queries)
    command.configure(
        f'[x]\nbearer_token = "token-of-noor"\nbase_url = "{base}"\nqueries = [{listed}]\n'
        f"[x.budget]\n{budget}\n[nightly]\nfirst_days = 5\n"
    )


def stored(command, query):
    """Rows of the vault that a command filled."""
    with open_vault(command.home / "vault.duckdb", read_keys(command.home / "keys", None).vault) as con:
        return con.execute(query).fetchall()


def test_at_the_limit_the_window_waits_and_the_next_run_goes_on(etalage):
    """No page is asked for that the limit could not pay; the rest is read by the next run, nothing twice."""
    with serving(fake_x.FakeX(posts(200))) as x:
        configure(etalage, x.base_url, "timeline:noor_vdberg_hr", budget="per_run = 1.0\nwarn_at = 0.5")
        first = etalage("nightly")
        assert first.returncode == 3, first.stderr
        [(state, reason)] = stored(etalage, "select state, reason from windows")
        before, [(cost,)] = len(x.asked), stored(etalage, "select sum(amount * price) from reads")
        configure(etalage, x.base_url, "timeline:noor_vdberg_hr", budget="per_run = 5.0")
        second = etalage("nightly")

    assert state == "cost-stopped"
    assert [words for words in ("for one run is spent", "the next run goes on here") if words not in reason] == []
    assert 0.5 < cost <= 1.0
    assert "budget: x: $" in first.stdout
    assert second.returncode == 0, second.stderr + second.stdout
    assert before < len(x.asked)
    assert stored(etalage, "select count(*), count(distinct post_id) from posts") == [(200, 200)]
    tokens = [asked.query.get("pagination_token") for asked in x.asked if asked.path.endswith("/501/tweets")]
    last = [token for token in tokens if token]
    assert len(last) == len(set(last))
    dollars = etalage.sql("select sum(dollars) as dollars from ops.budget")[0]["dollars"]
    assert dollars == pytest.approx(stored(etalage, "select sum(amount * price) from reads")[0][0])


def test_what_is_begun_is_forecast_first_and_counts_are_paid(etalage):
    """A search by its count, the panel's timelines with one count for all of them, a list by its cap.

    Each with what is left of the budget, before the first of it is bought; the counts stand in the ledger of reads.
    """
    people = [fake_x.user(), fake_x.user("502", "bram_janssen_hr")]
    queries = ("search:werk", "timeline:noor_vdberg_hr", "timeline:bram_janssen_hr", "list:7")
    with serving(fake_x.FakeX(posts(30), users=people)) as x:
        configure(etalage, x.base_url, *queries, budget="per_run = 10.0")
        answer = etalage("nightly")

    assert answer.returncode == 0, answer.stderr + answer.stdout
    assert x.paths.count("/2/usage/tweets") == 1
    counted = {asked.query["query"]: at for at, asked in enumerate(x.asked) if "counts" in asked.path}
    search, timelines = sorted(counted, key=lambda query: "from:" in query)
    assert (len(counted), x.paths.count("/2/tweets/counts/recent")) == (2, 2)
    assert set(timelines.split(" OR ")) == {"from:noor_vdberg_hr", "from:bram_janssen_hr"}
    assert counted[search] < x.paths.index("/2/tweets/search/recent")
    assert counted[timelines] < x.paths.index("/2/users/by")
    assert "x search:werk: at most 30 posts for $0.60" in answer.stderr
    assert "x, 2 timelines: at most 30 posts for $0.32; reposts are not counted" in answer.stderr
    assert "x list:7: at most 800 posts for $16.00; a list has no counts, this is its cap; $" in answer.stderr
    assert (
        stored(etalage, "select resource, amount, price from reads where resource = 'counts'")
        == [("counts", 1, 0.005)] * 2
    )


def test_a_dry_run_reads_no_post_and_its_counts_are_paid(etalage):
    """Posts, requests and dollars a window; the counts stand in the ledger, and at a limit nothing is asked."""
    same_day(120)
    days = ("--since", (NOW - timedelta(days=5)).isoformat(), "--until", NOW.isoformat())
    with serving(fake_x.FakeX(posts(250))) as x:
        configure(etalage, x.base_url, "search:werk", "archive:werk", "list:7", budget="per_day = 0.019")
        first = etalage("backfill", "x", *days, "--dry-run", "--json")
        second = etalage("backfill", "x", *days, "--dry-run", "--json")

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    counted = json.loads(first.stdout)
    assert [(row["posts"], row["dollars"]) for row in counted["windows"]] == [(250, 5.0), (800, 16.0), (250, 5.0)]
    assert counted["total"]["dollars"] == 26.0
    assert x.paths == ["/2/tweets/counts/all", "/2/tweets/counts/recent"]
    assert stored(etalage, "select resource, amount from reads order by all") == [("counts", 1), ("counts_all", 1)]
    again = json.loads(second.stdout)["windows"]
    assert ["may cost $0.01" in row["note"] for row in again] == [True, False, True]
    # what X gives at most is known without a count; under so low a limit pages are of ten posts
    assert [row["posts"] for row in again] == [300 * 10, 800, 450 * 10]


def test_a_usage_cap_stops_the_source_at_once(etalage):
    """X says that the month is spent: nothing more is asked that costs, every window waits, the next run goes on.

    Whether it says so early in a window or later in its pages.
    """
    fake = fake_x.FakeX(posts(150))
    with serving(fake) as x:
        configure(etalage, x.base_url, "timeline:noor_vdberg_hr", "search:werk", "search:team")
        for at in (1, 2):
            fake.number, fake.faults, before = -1, {at: CAPPED}, len(x.asked)
            night = etalage("nightly")

            assert night.returncode == 3, night.stderr
            assert "Usage cap exceeded" in night.stdout
            assert "Usage cap exceeded" in read_state(etalage.home, alerts.FILE)["budget spent"]["text"]
            assert x.paths[before + at + 1 :] in ([], ["/2/usage/tweets"])
        fake.faults = {}
        last = etalage("nightly")

    assert last.returncode == 0, last.stderr + last.stdout
    assert stored(etalage, "select distinct state from windows") == [("complete",)]


def test_a_limit_counts_what_the_next_page_may_cost():
    """A page that could pass the limit is refused before it is asked for, and every limit counts."""
    budget = Budget(per_run=1.0, per_month=10.0)
    free = {"run": 0.5, "day": 0.0, "month": 0.5}

    assert refusal("x", budget, free, 0.5) is None
    assert "may cost $0.51" in refusal("x", budget, free, 0.51)
    assert "for one month" in refusal("x", budget, {"run": 0.0, "day": 0.0, "month": 10.0}, 0.0)
    assert refusal("x", Budget(), free, 1e9) is None


def test_a_warning_comes_from_eighty_percent_on():
    """The share is a setting; each limit warns for itself."""
    budget = Budget(per_run=1.0, per_day=2.0)

    assert warnings("x", budget, {"run": 0.79, "day": 0.79, "month": 9}) == ()
    assert [line.split(" for ")[1] for line in warnings("x", budget, {"run": 0.8, "day": 1.7, "month": 9})] == [
        "one run is spent (80%)",
        "one day is spent (85%)",
    ]


def test_reads_keep_the_price_they_had(tmp_path):
    """Another price list later changes nothing; by run, UTC day and UTC month, and repeated reads are free."""
    with open_vault(tmp_path / "vault.duckdb", "a key for this test") as con:
        enter(con, "x", [("post", 100), ("post repeated", 50), ("counts", 1)], datetime.now(UTC), "r1", PRICES)
        enter(con, "x", [("user", 2)], datetime.now(UTC), None, PRICES)
        enter(con, "x", [("post", 1000)], datetime.now(UTC) - timedelta(days=40), "r0", PRICES)

        assert spent(con, "x", "r1", {("x", "post"): 9.0}) == pytest.approx(
            {"run": 0.505, "day": 0.525, "month": 0.525}
        )


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ("timeline:noor_vdberg_hr", 100 * 2 * 0.005 + 0.01 + 2 * 0.01),
        ("timeline:501", 100 * 2 * 0.005 + 0.01),
        ("search:werk", 100 * (2 * 0.005 + 0.01)),
    ],
)
def test_the_most_that_a_page_may_cost(query, most):
    """Every post with another original, every author billed, and the names to be looked up."""
    source = XSource(bearer_token="t", queries=["timeline:noor_vdberg_hr", "timeline:joris"])

    assert source.next_cost(Window("x", query, NOW, NOW)) == pytest.approx(most)


@pytest.mark.parametrize("limit", [0.05, 0.5, 1.0, 20.0])
def test_pages_are_small_enough_for_the_least_limit(limit):
    """A page that costs more than a limit would never be read: pages shrink with it."""
    settings = Settings(
        x={"bearer_token": "t", "queries": ["list:7"], "budget": {"per_run": limit}}, home="x", _env_file=None
    )
    source = build_sources(settings, sample_anchor=NOW.date())["x"]

    assert source.next_cost(Window("x", "list:7", NOW, NOW)) <= limit
