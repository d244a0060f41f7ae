"""Who was erased after a backup was made is named by nothing in it once it is put back, and not asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from peopled import words
from stocked import annotate, post

from connectors.source import Mapped, Window
from flows.erasing import erase_now
from flows.forgetting import may_ask
from flows.keeping import backup_now, restore_now
from flows.opening import opened
from flows.plans import nightly_windows, waiting
from flows.settings import Settings
from flows.sources import build_sources
from warehouse import ledger, tombstones
from warehouse.erasure_requests import author_request
from warehouse.load import merge_posts

NOW = datetime.now(UTC).replace(microsecond=0)
ANNA, BEN, BLOG = "annavoorbeeld", "benvoorbeeld", "https://blog.example/feed/@CarlaVoorbeeld"
ASKED = {"x": ("search:hr",), "mastodon": ("tag:hr@nl",)}


@pytest.fixture
def chosen(tmp_path, monkeypatch):
    """Settings that go on listening to three people, of whom one by a server's short name."""
    monkeypatch.delenv("ETALAGE_VAULT_KEY", raising=False)
    monkeypatch.setattr("flows.erasing.write_report", lambda *_: None)
    queries = (f"account:{BEN}@nl", *ASKED["mastodon"])
    return Settings(
        home=tmp_path / "home",
        x={"bearer_token": "token-of-noor", "queries": (f"timeline:{ANNA}", *ASKED["x"])},
        mastodon={"instances": {"nl": "https://hr.example"}, "queries": queries},
        feeds={"urls": (BLOG,)},
        _env_file=None,
    )


def test_who_was_only_asked_for_is_named_no_more(chosen, tmp_path):
    """Not by a window, nor by what others wrote; the next night sends nothing for them and has all other windows."""
    sources = build_sources(chosen, sample_anchor=NOW.date())
    with opened(chosen) as (con, keys):
        ledger.plan(con, nightly_windows(con, sources, NOW, chosen.nightly))
        mention = post(1, text=f"Dank @{ANNA} voor je uitleg", bio=None)
        merge_posts(con, [(0, Mapped((mention,)))], keys.pseudonym)
        assert [name for name in (ANNA, BEN, BLOG.lower()) if name not in words(con)] == []
    backup_now(chosen, tmp_path / "backups")
    for who in (f"{ANNA}@x", f"{BEN}@hr.example@mastodon", f"{BLOG}@feed"):
        erase_now(chosen, lambda con, who=who: author_request(con, who), "asked", lambda _: True)

    restore_now(chosen, tmp_path / "backups")

    with opened(chosen) as (con, keys):
        gone = tombstones.gone(con, keys.pseudonym)
        night = nightly_windows(con, sources, NOW + timedelta(days=1), chosen.nightly)
        ledger.plan(con, [one for one in night if may_ask(one, gone)])
        told, turns = words(con), waiting(con, sources, gone)
    assert [name for name in (ANNA, BEN, BLOG.lower()) if name in told] == []
    assert {(one.window.source, one.window.query) for one in turns} == {
        (source, query) for source, queries in ASKED.items() for query in queries
    }


@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
def test_a_name_taken_out_of_a_text_stays_out(chosen, tmp_path, times):
    """Of a post newer than the backup, when its night is collected again; a restore may be done twice."""
    anna = post(1, handle=ANNA, display_name="Anna Voorbeeld", bio=None)
    praise = post(2, text="Gefeliciteerd Anna Voorbeeld met de prijs", bio=None)
    with opened(chosen) as (con, keys):
        merge_posts(con, [(0, Mapped((anna,)))], keys.pseudonym)
    backup_now(chosen, tmp_path / "backups")
    with opened(chosen) as (con, keys):
        merge_posts(con, [(0, Mapped((praise,)))], keys.pseudonym)
    erase_now(chosen, lambda con: author_request(con, f"{ANNA}@x"), "asked", lambda _: True)

    for _ in range(times):
        restore_now(chosen, tmp_path / "backups")

    with opened(chosen) as (con, keys):
        merge_posts(con, [(0, Mapped((praise,)))], keys.pseudonym)
        assert con.execute("select text from posts").fetchall() == [("Gefeliciteerd [naam] met de prijs",)]
        assert con.execute("select count(*) from erased_names").fetchone() == (1,)


def test_a_name_leaves_a_text_that_is_older_than_the_backup(chosen, tmp_path):
    """Its owner's account came later, so the restored vault knows it no more; nor is it left as a hashtag."""
    praise = post(2, text="Gefeliciteerd #AnnaVoorbeeld!", bio=None)
    with opened(chosen) as (con, keys):
        merge_posts(con, [(0, Mapped((praise, post(3, bio=None))))], keys.pseudonym)
        annotate(con, lambda _: {"hashtags": ("anna voorbeeld",)})
    backup_now(chosen, tmp_path / "backups")
    with opened(chosen) as (con, keys):
        anna = post(1, handle=ANNA, display_name="Anna Voorbeeld", bio=None)
        merge_posts(con, [(0, Mapped((anna,)))], keys.pseudonym)
    erase_now(chosen, lambda con: author_request(con, f"{ANNA}@x"), "asked", lambda _: True)

    restore_now(chosen, tmp_path / "backups")

    with opened(chosen) as (con, _):
        told = con.execute("select text, masked_text from posts where post_id = $id", {"id": praise.post_id}).fetchall()
        assert told == [("Gefeliciteerd #[naam]!",) * 2]
        assert con.execute("select post_id from unread").fetchall() == [(praise.post_id,)]
        assert con.execute("select hashtags from annotations order by post_id").fetchall()[0] == ([],)


def test_an_open_window_of_who_was_erased_has_no_turn(chosen):
    """Though the ledger names them still, as those of vaults that were restored before do."""
    sources = build_sources(chosen, sample_anchor=NOW.date())
    with opened(chosen) as (con, keys):
        ledger.plan(con, [Window("x", query, NOW - timedelta(hours=1), NOW) for query in chosen.x.queries])
        tombstones.bury(con, keys.pseudonym, "asked", [("handle", "x", ANNA)])
        turns = waiting(con, sources, tombstones.gone(con, keys.pseudonym))

    assert [one.window.query for one in turns] == ["search:hr"]
