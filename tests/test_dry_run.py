"""What a night would read, said beforehand: counted where that may be paid for, else by what is known."""

import json
from datetime import UTC, datetime, timedelta

import fake_x
import pytest
from collecting import patience
from fake_mastodon import FakeMastodon
from loopback import Told, serving
from noted import Notes

from connectors.source import Window
from connectors.x.source import XSource
from flows import progress
from flows.collect import Collecting, collect_window
from flows.dry_run import print_backfill, print_night
from flows.erasing import opt_out
from flows.forecast import foreseeing
from flows.opening import opened
from flows.settings import Settings
from flows.steps import load
from warehouse import ledger
from warehouse.past import past

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
PRICES = {("x", "post"): 0.005, ("x", "user"): 0.01, ("x", "counts"): 0.005}
PEOPLE = [fake_x.user(), fake_x.user("502", "joris_hr")]
REFUSED = Told({"title": "Client Forbidden", "detail": "no counts for you"}, 404)


@pytest.fixture
def notes():
    """Keep what is said on the screen."""
    kept = Notes()
    token = progress.current.set(kept)
    yield kept.lines
    progress.current.reset(token)


@pytest.fixture
def x():
    """An X with thirty recent posts of one of two people."""
    with serving(fake_x.FakeX(fake_x.series(30, newest=NOW - timedelta(hours=3)), users=PEOPLE)) as platform:
        yield platform


def settings(home, base_url, *queries, budget=None, **others):
    """X at a loopback address with these queries."""
    others = {"nightly": {"first_days": 5}} | others
    given = {"bearer_token": "token-of-noor", "base_url": base_url, "queries": queries, "budget": budget or {}}
    return Settings(home=home, x=given | others.pop("x", {}), _env_file=None, **others)


def read_before(given, base_url, *windows):
    """Read these windows to their end, as nights before did."""
    source = XSource(bearer_token="token-of-noor", base_url=base_url, waiting=patience())
    with opened(given) as (con, keys):
        ledger.plan(con, windows)
        for window in windows:
            collect_window(Collecting(con, "r0", {"x": source}, lambda _window: None, prices=PRICES), window)
        load.fn(con, keys.pseudonym)


def contents(given):
    """All that the vault holds, table by table."""
    with opened(given) as (con, _):
        tables = con.execute("select table_name from duckdb_tables() where database_name = current_database()")
        return {name: con.execute(f'from "{name}" order by all').fetchall() for (name,) in tables.fetchall()}


def night(given, capsys):
    """Return exit code, rows and totals of a night's dry run."""
    capsys.readouterr()
    code = print_night(given, as_json=True)
    printed = json.loads(capsys.readouterr().out)
    return code, printed["windows"], printed


def test_a_night_is_foretold_and_nothing_is_read(etalage):
    """The command tells posts, requests and dollars a source and window; no post is asked for, no server is started."""
    posts = fake_x.series(30, newest=NOW - timedelta(hours=3))
    fake = fake_x.FakeX(posts, users=PEOPLE)
    with serving(fake) as x, serving(FakeMastodon()) as mastodon:
        etalage.configure(
            f'[x]\nbearer_token = "token-of-noor"\nbase_url = "{x.base_url}"\n'
            'queries = ["timeline:noor_vdberg_hr", "timeline:joris_hr", "search:werk"]\n'
            f'[mastodon]\ninstances = {{ here = "{mastodon.base_url}" }}\nqueries = ["tag:hr@here"]\n'
            "[nightly]\nfirst_days = 5\n"
        )
        answer = etalage("nightly", "--dry-run", "--json", PREFECT_API_URL="http://127.0.0.1:1/api")
        table = etalage.here("nightly", "--dry-run", PREFECT_API_URL="http://127.0.0.1:1/api")

    assert (answer.returncode, answer.stderr) == (0, "")
    found = json.loads(answer.stdout)
    assert [
        (row["source"], row["query"], row["posts"], row["requests"], row["dollars"]) for row in found["windows"]
    ] == [
        ("x", "search:werk", 30, 1, 0.6),
        ("x", "2 timelines", 30, 2, 0.32),
        ("mastodon", "tag:hr@here", None, None, 0.0),
    ]
    assert found["sources"]["x"] == {"windows": 3, "posts": 60, "requests": 3, "dollars": 0.92}
    assert [*x.paths, *mastodon.paths] == ["/2/tweets/counts/recent"] * 4
    assert "x: 3 windows, 3 with figures: at most 60 posts in 3 requests for $0.92" in table.stdout
    assert "mastodon: 1 windows, 0 with figures; free" in table.stdout


def test_only_the_ledger_of_reads_changes(tmp_path, x, capsys):
    """Cursors, windows, posts and runs stay as they were; each count is entered; the night then wants those windows."""
    given = settings(tmp_path, x.base_url, "search:werk", "timeline:501")
    read_before(given, x.base_url, Window("x", "search:werk", NOW - 3 * DAY, NOW - DAY))
    before = contents(given)
    x.asked.clear()
    code, rows, _ = night(given, capsys)
    after = contents(given)

    assert code == 0
    assert x.paths == ["/2/tweets/counts/recent"] * 2
    assert {name for name in after if after[name] != before[name]} == {"reads"}
    new = [row for row in after["reads"] if row not in before["reads"]]
    assert len(after["reads"]) - len(before["reads"]) == 2
    assert {row[2] for row in new} == {"counts"}
    begin = NOW - DAY - timedelta(hours=6)
    assert [datetime.fromisoformat(row["since"]) for row in rows if row["query"] == "search:werk"] == [begin]


def test_what_is_open_is_read_on_and_what_was_read_is_not(tmp_path, x, capsys):
    """A window that was read in part is not counted again; one that is complete is no part of a backfill any more."""
    given = settings(tmp_path, x.base_url, "search:werk")
    since = NOW - 2 * DAY
    done = Window("x", "search:werk", since, since + DAY)
    read_before(given, x.base_url, done)
    with opened(given) as (con, _):
        ledger.plan(con, [half := Window("x", "search:werk", since - DAY, since)])
        con.execute("update windows set position = 'p2' where since = $since", {"since": half.since}).fetchall()
    x.asked.clear()
    _, rows, _ = night(given, capsys)
    assert print_backfill(given, "x", since, NOW, DAY, as_json=True) == 0
    backfill = json.loads(capsys.readouterr().out)["windows"]

    assert {row["since"][:10]: "it was counted when it was first begun" in row["note"] for row in rows} == {
        f"{half.since:%Y-%m-%d}": True,
        f"{done.until - timedelta(hours=6):%Y-%m-%d}": False,
    }
    assert [datetime.fromisoformat(row["since"]) for row in backfill] == [since + DAY]


def test_at_a_limit_the_last_nights_tell_and_else_the_cap(tmp_path, x, capsys):
    """Nothing is asked; the row says what its figures rest on and why they were not counted."""
    queries = ("search:werk", "timeline:501", "search:nieuw", "list:7")
    given = settings(tmp_path, x.base_url, *queries, budget={"per_day": 0.001})
    # Tonight's window begins six hours before it, and the test may run long after import; a night begins on a second.
    now = datetime.now(UTC).replace(microsecond=0)
    read_before(given, x.base_url, Window("x", "search:werk", now - 2 * DAY, now))
    with opened(given) as (con, _):
        lately = past(con, "x")
    x.asked.clear()
    code, rows, _ = night(given, capsys)
    by = {row["query"]: row for row in rows}

    assert (code, x.asked) == (0, [])
    assert lately["search:werk"].posts * 48 == pytest.approx(30)
    assert (by["search:werk"]["posts"], by["search:werk"]["dollars"]) == (4, 0.04 + 0.02 - 0.03)
    assert by["search:werk"]["note"].startswith("by the busiest of its last 1 windows; not counted: $")
    assert (by["timeline:501"]["posts"], by["timeline:501"]["dollars"]) == (3200, 32.01)
    assert by["timeline:501"]["note"].startswith("by X's cap; not counted: $")
    assert "a quarter of an hour, for a search has no cap" in by["search:nieuw"]["note"]
    assert by["list:7"]["note"] == "a list has no counts, this is its cap"


@pytest.mark.parametrize(
    ("told", "why"),
    [(REFUSED, "404: no counts for you"), (Told("", 503), "answered 503")],
    ids=["refused", "transient"],
)
def test_when_counts_are_refused_a_window_is_foretold_all_the_same(tmp_path, notes, told, why):
    """Before a window is begun its line has a figure: by its last windows, or by its cap; and no account's name."""
    x = fake_x.FakeX([])
    with serving(lambda asked: told if "counts" in asked.path else x(asked)) as platform:
        given = settings(tmp_path, platform.base_url, "timeline:noor_vdberg_hr", "timeline:joris_hr")
        source = XSource(bearer_token="token-of-noor", base_url=platform.base_url, waiting=patience())
        windows = [Window("x", query, NOW - DAY, NOW) for query in given.x.queries]
        with opened(given) as (con, _):
            ledger.plan(con, windows)
            foresee = foreseeing(given, con, "r1", {"x": source}, ledger.open_windows(con))
            for window in windows:
                foresee(window)

    (line,) = notes
    assert line.startswith("x, 2 timelines: at most 6,400 posts for $64.02; by X's cap; not counted: ")
    assert why in line
    assert "noor" not in line


def test_counts_that_were_paid_before_one_failed_are_spent(tmp_path, notes):
    """A count in pages of which a later one fails tells nothing; what its first page cost is spent."""
    first = Told({"meta": {"total_tweet_count": 3, "next_token": "t2"}})
    window = Window("x", "timeline:501", NOW - 40 * DAY, NOW - 39 * DAY)
    with serving(lambda asked: Told("", 503) if "next_token" in asked.query else first) as platform:
        given = settings(tmp_path, platform.base_url, window.query, budget={"per_run": 2}, x={"price_counts_all": 0.25})
        source = XSource(bearer_token="token-of-noor", base_url=platform.base_url, waiting=patience())
        with opened(given) as (con, _):
            ledger.plan(con, [window])
            foreseeing(given, con, "r1", {"x": source}, ledger.open_windows(con))(window)

    (line,) = notes
    assert "answered 503" in line
    assert line.endswith("$1.75 is left, so later runs will go on with it")


@pytest.mark.parametrize("change", ["state = 'refused'", "state = 'failed'", "position = 'p2'"])
def test_a_window_that_is_taken_up_again_is_foretold_without_a_count(tmp_path, x, notes, change):
    """It was counted when it was first begun; what is known of its query stands in, once a run."""
    window = Window("x", "search:werk", NOW - DAY, NOW)
    given = settings(tmp_path, x.base_url, window.query)
    read_before(given, x.base_url, Window("x", window.query, NOW - 2 * DAY, NOW - DAY))
    x.asked.clear()
    source = XSource(bearer_token="token-of-noor", base_url=x.base_url, waiting=patience())
    with opened(given) as (con, _):
        ledger.plan(con, [window])
        con.execute(f"update windows set {change} where until = $until", {"until": window.until}).fetchall()
        foresee = foreseeing(given, con, "r1", {"x": source}, ledger.open_windows(con))
        foresee(window)
        foresee(window)

    (line,) = notes
    assert x.asked == []
    assert line.startswith("x search:werk: at most 8 posts for $0.05; by")
    assert line.endswith("by the busiest of its last 1 windows; not counted: it was counted when it was first begun")


def test_a_budget_that_forbids_the_count_does_not_silence_the_forecast(tmp_path, x, notes):
    """The line has the cap, the limit and what is left."""
    window = Window("x", "timeline:501", NOW - DAY, NOW)
    given = settings(tmp_path, x.base_url, window.query, budget={"per_run": 0.004})
    source = XSource(bearer_token="token-of-noor", base_url=x.base_url, waiting=patience())
    with opened(given) as (con, _):
        ledger.plan(con, [window])
        foreseeing(given, con, "r1", {"x": source}, ledger.open_windows(con))(window)

    (line,) = notes
    assert x.asked == []
    assert "at most 3,200 posts for $32.01; by X's cap; not counted: $0.00 of $0.00 for one run is spent" in line
    assert line.endswith("$0.00 is left, so later runs will go on with it")


def test_a_source_that_refuses_is_asked_once_and_the_others_are_told(tmp_path, capsys):
    """The rows of the refused one have their cap and the reason; the exit code says that not all was counted."""
    told = Told({"title": "Unauthorized", "detail": "Unauthorized"}, 401)
    with serving(lambda _asked: told) as x, serving(FakeMastodon()) as mastodon:
        given = settings(
            tmp_path,
            x.base_url,
            "search:werk",
            "search:team",
            mastodon={"instances": {"here": mastodon.base_url}, "queries": ("tag:hr@here",)},
        )
        code, rows, _ = night(given, capsys)

    assert code == 3
    assert len(x.asked) == 1
    assert [(row["source"], row["posts"], "401" in row["note"]) for row in rows] == [
        ("x", 45_000, True),
        ("x", 45_000, True),
        ("mastodon", None, False),
    ]


def test_young_posts_whose_counts_are_read_again_stand_in_it(tmp_path, x, capsys):
    """At X each is a paid read, which the night asks for beside its windows."""
    given = settings(tmp_path, x.base_url, "search:werk", x={"refresh_days": 3})
    read_before(given, x.base_url, Window("x", "search:werk", NOW - 2 * DAY, NOW))
    with opened(given) as (con, _):
        con.execute("update posts set collected_at = collected_at - interval 2 days").fetchall()
        con.execute("delete from metrics").fetchall()
    _, rows, _ = night(given, capsys)

    assert [(row["posts"], row["requests"], row["dollars"]) for row in rows if "again" in row["query"]] == [
        (30, 1, 0.15)
    ]


def test_who_was_erased_or_opted_out_is_not_asked_about(tmp_path, x, capsys):
    """Their names stand in no question of a dry run either."""
    given = settings(tmp_path, x.base_url, "timeline:noor_vdberg_hr", "timeline:joris_hr", "timeline:wil_niet")
    panel = tmp_path / "panel.csv"
    panel.write_text(
        "person,platform,handle,role,organisation,sector,eligibility,date,consent\n,x,wil_niet,,,,,,opt-out\n"
    )
    given = given.model_copy(update={"panel": given.panel.model_copy(update={"file": panel})})
    read_before(given, x.base_url, Window("x", "search:werk", NOW - 2 * DAY, NOW))
    with opened(given) as (con, keys):
        opt_out(con, keys, given, {"noor_vdberg_hr": "x"})
    x.asked.clear()
    _, rows, _ = night(given, capsys)

    assert [row["query"] for row in rows] == ["timeline:joris_hr"]
    assert [asked.query["query"] for asked in x.asked] == ["from:joris_hr"]


def test_the_past_is_the_busiest_hour_of_the_last_windows(tmp_path, x):
    """Reads that were billed count where there are some, repeated ones too; windows that are still open say nothing."""
    given = settings(tmp_path, x.base_url, "search:werk")
    quiet = Window("x", "search:werk", NOW - 9 * DAY, NOW - 8 * DAY)
    busy = Window("x", "search:werk", NOW - DAY, NOW)
    read_before(given, x.base_url, quiet, busy)
    with opened(given) as (con, _):
        ledger.plan(con, [Window("x", "search:ander", NOW - DAY, NOW)])
        lately = past(con, "x")

    assert set(lately) == {"search:werk"}
    assert lately["search:werk"].windows == 2
    assert lately["search:werk"].posts * 24 == pytest.approx(22)
    assert lately["search:werk"].users * 24 == pytest.approx(1)
