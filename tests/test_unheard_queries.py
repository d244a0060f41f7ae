"""A query that names somebody goes from the ledger once nobody listens to it and nothing that it brought is left."""

from datetime import UTC, datetime, timedelta

import pytest
from peopled import words
from stocked import post

from connectors.source import Mapped, Page, Window
from flows.erasing import erase_in, erase_now
from flows.opening import opened
from flows.settings import Settings
from flows.sweep import sweep_now
from warehouse import ledger, runs
from warehouse.erasure import Request
from warehouse.erasure_requests import author_request
from warehouse.load import merge_posts
from warehouse.pages import store_page

NOW = datetime.now(UTC).replace(microsecond=0)
BLOG = "https://blog.example/dirkvoorbeeld/feed"
GONE = ("reddit", "user:annagone")
HEARD = {("x", "timeline:elsvoorbeeld"), ("x", "search:hr from:frankvoorbeeld"), ("feeds", BLOG)}
SEARCH = ("x", "search:vacature (from:carlahr OR from:berthr)")
KEPT = {*HEARD, ("x", "search:vroeger")}
"""Listened to, and words alone."""
BERT = post(1, handle="berthr", query=SEARCH[1], created_at=NOW, collected_at=NOW)

TRIGGERS = {
    "sweep": sweep_now,
    "erasure": lambda given: erase_now(given, lambda con: author_request(con, "iemand@x"), "asked", lambda _: True),
}


@pytest.fixture
def given(tmp_path, monkeypatch):
    """Settings, with in their vault windows of all these queries, one with a waiting page, and a post by Bert."""
    monkeypatch.delenv("ETALAGE_VAULT_KEY", raising=False)
    monkeypatch.setattr("flows.erasing.write_report", lambda *_: None)
    queries = tuple(query for source, query in HEARD if source == "x")
    made = Settings(
        home=tmp_path / "home",
        x={"bearer_token": "token-of-noor", "queries": queries},
        feeds={"urls": (f" {BLOG}#boven",)},
        sweep={"per_run": 0},
        _env_file=None,
    )
    windows = {one: Window(*one, NOW - timedelta(days=1), NOW) for one in (GONE, SEARCH, *KEPT)}
    with opened(made) as (con, keys):
        ledger.plan(con, windows.values())
        run_id = runs.start_run(con, "nightly")
        page = Page("reddit/listing", '{"data":{"children":[]}}', NOW, "more", position='{"user": "4711471147"}')
        ledger.begin(con, windows[GONE], run_id)
        store_page(con, windows[GONE], page, run_id)
        merge_posts(con, [(0, Mapped((BERT,)))], keys.pseudonym)
    return made


def named(con):
    """The ledger's queries that have their names, and the words of the vault."""
    rows = con.execute("select distinct source, query from windows where not starts_with(query, 'erased ')").fetchall()
    return set(rows), words(con)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_spent_query_loses_its_name(given, trigger):
    """When the sweep comes by, or somebody is erased; a search of several people once the last one's posts are gone."""
    TRIGGERS[trigger](given)
    with opened(given) as (con, keys):
        first, told = named(con)
        assert "annagone" not in told
        assert "4711471147" not in told
        erase_in(con, keys, given.home, Request("post", posts=frozenset({("x", BERT.post_id)})), "deleted")
    TRIGGERS[trigger](given)

    with opened(given) as (con, _):
        second, told = named(con)
        assert "carlahr" not in told
        assert con.execute("select count(*) from erasures where scope = 'query'").fetchone() == (2,)
        assert con.execute("select state from windows where starts_with(query, 'erased ')").fetchall() == [
            ("running",),
            ("planned",),
        ]
        assert [ledger.horizon(con, *one, NOW) for one in HEARD] == [NOW] * 3
    assert (first, second) == ({SEARCH, *KEPT}, KEPT)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_nothing_is_renamed_twice(given, trigger):
    """What has lost its name is left alone, and so is everything while there is nothing to do."""
    TRIGGERS[trigger](given)
    with opened(given) as (con, _):
        before = con.execute("select query from windows order by all").fetchall()
    TRIGGERS[trigger](given)

    with opened(given) as (con, _):
        assert con.execute("select query from windows order by all").fetchall() == before
        assert con.execute("select count(*) from erasures where scope = 'query'").fetchone() == (1,)


def test_a_wrong_panel_stops_no_erasure(given, tmp_path):
    """Who is listened to cannot be told then, so every query keeps its name until the panel is mended."""
    (tmp_path / "panel.csv").write_text("person\n")
    wrong = given.model_copy(update={"panel": given.panel.model_copy(update={"file": tmp_path / "panel.csv"})})
    TRIGGERS["erasure"](wrong)

    with opened(given) as (con, _):
        assert named(con)[0] == {GONE, SEARCH, *KEPT}


def test_what_was_never_read_of_who_is_erased_is_not_covered(given):
    """An erasure ends an account's windows; only those that were read to their end count as collected."""
    ends = {"complete": "complete", "capped": "capped", "refused": "capped", "failed": "capped"}
    with opened(given) as (con, _):
        for days, state in enumerate(ends, start=2):
            window = Window(*GONE, NOW - timedelta(days=days), NOW - timedelta(days=days - 1))
            ledger.plan(con, [window])
            ledger.finish(con, window, state)
    erase_now(given, lambda con: author_request(con, "annagone@reddit"), "asked", lambda _: True)

    with opened(given) as (con, _):
        found = con.execute(
            "select state from windows where source = 'reddit' and starts_with(query, 'erased ') order by since desc"
        ).fetchall()
    assert [state for (state,) in found][-len(ends) :] == [*ends.values()]
