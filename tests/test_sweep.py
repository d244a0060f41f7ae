"""The deletion sweep: what its platform no longer shows goes, in time, within limits, and never in one bad hour."""

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import typer
from fake_x import FakeX, post, user
from loopback import Told, serving
from stocked import post as stored
from typer.testing import CliRunner

from connectors.cutting import EMPTY
from connectors.source import Mapped, Page, Window
from flows import sweep as sweeping
from flows.alerts import run_alerts
from flows.commands import privacy
from flows.erasing import erase_in
from flows.settings import Settings
from flows.stopping import Stop
from flows.sweep import sweep_now
from warehouse import runs
from warehouse.keys import read_keys
from warehouse.load import merge_posts
from warehouse.pages import store_page
from warehouse.sweeping import due
from warehouse.vault import open_vault

NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=60)


@contextmanager
def opened(home):
    """The vault of a home."""
    with open_vault(home / "vault.duckdb", read_keys(home / "keys").vault) as con:
        yield con


def fill(home, ids, **changed):
    """Store posts that were collected long ago."""
    keys = read_keys(home / "keys")
    with opened(home) as con:
        posts = tuple(
            stored(number, **({"post_id": post_id, "created_at": OLD, "collected_at": OLD} | changed))
            for number, post_id in enumerate(ids)
        )
        merge_posts(con, [(0, Mapped(posts))], keys.pseudonym)


def left(home):
    """The ids of the posts that are stored."""
    with opened(home) as con:
        return {post_id for (post_id,) in con.execute("select post_id from posts").fetchall()}


def settings(home, x, budget=None, **sections):
    """Settings for X at a loopback address."""
    section = {"bearer_token": "token-of-noor", "base_url": x.base_url, "queries": ("search:#hr",)}
    return Settings(home=home, x=section | {"budget": budget or {}}, **sections)


@pytest.fixture
def ids():
    """Ten posts at X."""
    return [str(2000 + number) for number in range(10)]


def test_what_is_gone_there_goes_here(tmp_path, ids):
    """Deleted, protected and suspended posts are erased at once; the others' checks are on record."""
    gone = {ids[0]: "Not Found Error", ids[1]: "Authorization Error", ids[2]: "Forbidden"}
    fill(tmp_path, ids)
    with serving(FakeX([post(id=key) for key in ids], gone=gone)) as x:
        result = sweep_now(settings(tmp_path, x))
        again = sweep_now(settings(tmp_path, x))

    assert left(tmp_path) == set(ids[3:])
    assert result["counts"] == {"asked_x": 10, "erased_deleted": 1, "erased_protected": 1, "erased_suspended": 1}
    assert again["counts"] == {}
    told = json.loads((tmp_path / "sweep.json").read_text())["platforms"]["x"]
    assert (told["posts"], told["behind_hours"], told["gone_not_erased"]) == (7, 0.0, 0)
    with opened(tmp_path) as con:
        assert con.execute("select sum(amount) from reads where resource = 'post'").fetchone() == (7,)
        assert con.execute("select count(*) from tombstones where kind = 'post'").fetchone() == (3,)


def test_the_longest_ago_first_within_the_limit(tmp_path, ids):
    """One sweep asks about as many as it may, the next about the rest; status can say how far behind."""
    for age, key in enumerate(ids):
        fill(tmp_path, [key], created_at=OLD - timedelta(days=20), collected_at=OLD - timedelta(days=age))
    with serving(FakeX([post(id=key) for key in ids])) as x:
        sweep_now(settings(tmp_path, x, sweep={"per_run": 4}))
        first = set(x.asked[-1].query["ids"].split(","))
        behind = json.loads((tmp_path / "sweep.json").read_text())["platforms"]["x"]["behind_hours"]
        sweep_now(settings(tmp_path, x, sweep={"per_run": 4}))
        second = set(x.asked[-1].query["ids"].split(","))

    assert (first, second) == (set(ids[6:]), set(ids[2:6]))
    assert behind > 24


def test_collecting_again_is_a_look_when_the_post_has_changed(tmp_path, ids):
    """One that comes again as it was keeps the moment of its page, by which erasing finds that, and is asked about."""
    fill(tmp_path, ids)
    with opened(tmp_path) as con:
        merge = {"created_at": OLD, "collected_at": NOW}
        again = stored(0, post_id=ids[0], **merge), stored(1, post_id=ids[1], likes=900, **merge)
        merge_posts(con, [(0, Mapped(again))], read_keys(tmp_path / "keys").pseudonym)
        asked = due(con, "x", 24, NOW + timedelta(minutes=1), 100)

    assert sorted(asked) == [ids[0], *ids[2:]]


def test_the_budget_holds(tmp_path, ids):
    """What a batch may cost is looked at before it is asked for."""
    fill(tmp_path, ids)
    with serving(FakeX([post(id=key) for key in ids])) as x:
        result = sweep_now(settings(tmp_path, x, budget={"per_day": 0.02}))

        assert x.asked == []
    assert result["outcome"] == "partial"
    assert "budget.per_day" in result["refusals"][0]


def test_that_a_limit_is_near_is_told(tmp_path, ids, monkeypatch):
    """A sweep that has spent 45% of what a day may cost is no refusal yet; who asked to know from 40% on is told."""
    fill(tmp_path, ids)
    with serving(FakeX([post(id=key) for key in ids])) as x:
        result = sweep_now(settings(tmp_path, x, budget={"per_day": 0.05 / 0.45, "warn_at": 0.4}))

    assert (result["outcome"], result["counts"]) == ("ok", {"asked_x": 10})
    [told] = run_alerts("sweep", result)
    assert told.subject == "budget nearly spent"
    assert "45%" in told.text
    monkeypatch.setattr("flows.foreground.run_in_foreground", lambda *_: result)
    command = typer.Typer()
    command.command()(privacy.sweep)
    assert f"  budget: {told.text}\n" in CliRunner().invoke(command, ["--home", str(tmp_path)]).stdout


def test_one_bad_hour_erases_nothing(tmp_path):
    """When half of everything seems gone, it has to be gone an hour later too."""
    many = [str(3000 + number) for number in range(40)]
    gone = dict.fromkeys(many, "Not Found Error")
    fill(tmp_path, many)
    fake = FakeX([post(id=key) for key in many], gone=dict(gone))
    with serving(fake) as x:
        sweep_now(settings(tmp_path, x))
        assert left(tmp_path) == set(many)
        fake.gone = dict(list(gone.items())[:30])
        sweep_now(settings(tmp_path, x))

    assert left(tmp_path) == set(many[30:])


def test_a_bad_hour_is_doubted_to_the_last_post(tmp_path):
    """What is left over behind a hundred posts is not judged apart, as too few to be doubted."""
    many = [str(3000 + number) for number in range(115)]
    fill(tmp_path, many)
    with serving(FakeX([post(id=key) for key in many], gone=dict.fromkeys(many, "Not Found Error"))) as x:
        result = sweep_now(settings(tmp_path, x))

    assert result["counts"] == {"asked_x": 115}
    assert left(tmp_path) == set(many)
    with opened(tmp_path) as con:
        assert con.execute("select outcome, count(*) from looks group by all").fetchall() == [("doubted", 115)]


def test_a_platform_that_fails_costs_nothing(tmp_path, ids):
    """A refusal is reported; nothing is concluded from it, and retention goes on."""
    fill(tmp_path, ids)
    with serving(lambda _: Told({"title": "Unauthorized", "status": 401}, 401)) as x:
        result = sweep_now(settings(tmp_path, x))

    assert result["outcome"] == "partial"
    assert left(tmp_path) == set(ids)


def test_what_is_kept_too_long_goes(tmp_path, ids):
    """By the days of its platform, counted from when it was made; the sample and other platforms stay."""
    fill(tmp_path, ids[:3], created_at=NOW - timedelta(days=90))
    fill(tmp_path, ids[3:5])
    fill(tmp_path, ids[5:7], created_at=NOW - timedelta(days=90), source="sample")
    with serving(FakeX([post(id=key) for key in ids], users=[user()])) as x:
        result = sweep_now(settings(tmp_path, x, retention={"x": 80}, sweep={"per_run": 0}))

    assert result["counts"] == {"erased_retention": 3}
    assert left(tmp_path) == set(ids[3:7])


@pytest.mark.parametrize(
    ("gone", "erased"),
    [((), {"erased_retention": 1}), (("Not Found Error", "Authorization Error"), {"erased_deleted": 1})],
    ids=["kept too long", "gone there"],
)
def test_a_sweep_that_is_to_stop_erases_no_more(tmp_path, ids, monkeypatch, gone, erased):
    """Whatever it is erasing, it ends after the portion at hand; the next one goes on with the rest."""
    stop = Stop()

    def erase_and_stop(*given):
        done = erase_in(*given)
        stop.set()
        return done

    monkeypatch.setattr(sweeping, "Stop", lambda: stop)
    monkeypatch.setattr(sweeping, "erase_in", erase_and_stop)
    monkeypatch.setattr("warehouse.sweeping._AT_ONCE", 1)
    fill(tmp_path, ids[:3], created_at=NOW - timedelta(days=90))
    fake = FakeX([post(id=key) for key in ids], gone=dict(zip(ids, gone, strict=False)))
    with serving(fake) as x:
        result = sweep_now(settings(tmp_path, x, retention={"x": 80}))

    assert result["outcome"] == "interrupted"
    assert result["counts"] == {"asked_x": 3} | erased
    assert len(left(tmp_path)) == 2


def test_the_published_file_follows(tmp_path, ids, monkeypatch):
    """What was erased leaves the published file and the vault's bytes within half a day, not by night alone."""
    monkeypatch.setattr(sweeping, "PUBLISH_AFTER", timedelta(0))
    fill(tmp_path, ids)
    with serving(FakeX([post(id=key) for key in ids], gone={ids[0]: "Not Found Error"})) as x:
        sweep_now(settings(tmp_path, x))
        with opened(tmp_path) as con:
            con.execute("update erasures set erased_at = now() - interval '11 hours 1 minute'")
        inode = (tmp_path / "vault.duckdb").stat().st_ino
        sweep_now(settings(tmp_path, x))

    assert (tmp_path / "etalage.duckdb").exists()
    assert (tmp_path / "vault.duckdb").stat().st_ino != inode


def test_the_defaults_meet_the_deadlines():
    """Reddit's 48 hours, with an hour between sweeps and twelve to spare; X's day begins at the notice."""
    defaults = Settings().sweep

    assert defaults.reddit_hours + 1 + 6 < 48
    # sweeps come by the hour, and one that publishes began before the first that erased had ended
    assert sweeping.PUBLISH_AFTER + timedelta(hours=1) <= timedelta(hours=6)


def test_what_became_no_post_is_not_kept_longer_than_posts(tmp_path, ids):
    """Items that were hidden, malformed or dated ahead go with the age of their page, with what was set aside."""
    fill(tmp_path, ids[:2])
    window = Window("x", "search:#hr", OLD, NOW)
    with opened(tmp_path) as con:
        run_id = runs.start_run(con, "nightly")
        for moment, words in ((OLD, "Oudwoord"), (NOW, "Nieuwwoord")):
            payload = json.dumps({"data": [{"text": words}], "meta": {}})
            store_page(con, window, Page("x/posts", payload, moment, "more", position="2"), run_id)
        pages = [page_id for (page_id,) in con.execute("select page_id from pages order by page_id").fetchall()]
        for page_id in pages:
            con.execute("insert into rejects values ($page, 0, 'no id', 'Terzijdewoord', now())", {"page": page_id})
        con.execute("update pages set mapped_at = now()")
    with serving(FakeX([])) as x:
        sweep_now(settings(tmp_path, x, sweep={"per_run": 0}, retention={"x": 30}))
        with opened(tmp_path) as con:
            kept = con.execute("select payload from pages order by page_id").fetchall()
            aside = con.execute("select page_id from rejects").fetchall()
            erased = con.execute("select count_posts, count_pages from erasures order by all").fetchall()

    assert (["Oudwoord" in text for (text,) in kept], ["Nieuwwoord" in text for (text,) in kept]) == (
        [False, False],
        [False, True],
    )
    assert (aside, erased) == ([(pages[1],)], [(0, 1), (2, 0)])


def test_a_place_goes_with_the_age_of_its_page(tmp_path):
    """It may hold an account's id; also of a page that an erasure had emptied, and the window that is done has none."""
    window = Window("x", "search:#hr", OLD, NOW)
    with opened(tmp_path) as con:
        for payload, ending in ((EMPTY["x/posts"], "more"), ('{"meta":{"result_count":0}}', "complete")):
            store_page(con, window, Page("x/posts", payload, OLD, ending, position='{"user": "501"}'), "r")
    with serving(FakeX([])) as x:
        sweep_now(settings(tmp_path, x, sweep={"per_run": 0}, retention={"x": 30}))
        with opened(tmp_path) as con:
            held = con.execute("select position from pages union all select position from windows").fetchall()

    assert held == [(None,)] * 3


def test_every_format_of_pages_has_its_days():
    """No page is kept because nobody thought of its format; a table is kept as long as the longest of its platforms."""
    days = {"x": 1, "reddit": 2, "bluesky": 3, "mastodon": 4, "feed": 5, "linkedin": 6}

    assert {sweeping._days(name, days) for name in EMPTY} == set(days.values())
    assert sweeping._days("table/rows", days | {"feed": 0}) == 0
