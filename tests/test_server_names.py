"""Who is erased is asked for no more where the settings call a Mastodon server by a short name."""

import json

import peopled
import pytest
from fake_mastodon import NOON, status
from peopled import store, words

from connectors.source import Page, Window
from flows.erasing import erase_now
from flows.forgetting import may_ask
from flows.listening import keep_panel
from flows.opening import opened
from flows.panel import COLUMNS, panel_of
from flows.plans import nightly_windows
from flows.settings import Settings
from flows.sources import build_sources
from warehouse import tombstones
from warehouse.erasure_requests import author_request

NAME, HOST = "zilverreiger", "hr.example"
QUERY = f"account:{NAME}@nl"


def settings(tmp_path, row, **more):
    """Settings with a server by a short name, and a panel of one row."""
    file = tmp_path / "panel.csv"
    file.write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf-8")
    server = {"instances": {"nl": f"https://{HOST}"}} | more
    return Settings(home=tmp_path / "home", panel={"file": file}, mastodon=server, _env_file=None)


def collected(con):
    """Store what a night read of the person's own timeline."""
    url = f"https://{HOST}/@{NAME}"
    account = {"id": "7", "username": NAME, "acct": NAME, "uri": f"https://{HOST}/users/{NAME}", "url": url}
    one = status(5, uri=f"{url}/1", url=f"{url}/1", account=account)
    store(con, [Page("mastodon/statuses", json.dumps([one]), NOON, "complete")], Window("mastodon", QUERY, NOON, NOON))
    assert con.execute("select handle from authors").fetchall() == [(f"{NAME}@{HOST}",)]


def asked(con, keys, given):
    """The queries of the next night."""
    gone = tombstones.gone(con, keys.pseudonym)
    sources = build_sources(given, sample_anchor=NOON.date())
    return [one.query for one in nightly_windows(con, sources, NOON, given.nightly) if may_ask(one, gone)]


def test_who_is_erased_is_not_asked_for_by_a_servers_short_name(tmp_path, monkeypatch):
    """No window, page or post names the account in its query; settings and panel that go on doing so are told."""
    monkeypatch.delenv("ETALAGE_VAULT_KEY", raising=False)
    monkeypatch.setattr("flows.erasing.write_report", lambda *_: None)
    given = settings(
        tmp_path,
        f"p1,mastodon,{NAME}@{HOST},hr,,,bio,2026-03-01,no",
        queries=(f"account:{NAME.upper()}@nl", "tag:hr@nl"),
    )
    with opened(given) as (con, keys):
        monkeypatch.setattr(peopled, "PSEUDONYM", keys.pseudonym)
        collected(con)
        assert NAME in " ".join(asked(con, keys, given)).lower()

    _, named = erase_now(given, lambda con: author_request(con, f"{NAME}@{HOST}@mastodon"), "asked", lambda _: True)

    with opened(given) as (con, keys):
        assert NAME not in words(con)
        assert asked(con, keys, given) == ["tag:hr@nl"]
    assert named == ["mastodon.queries[0]", "panel: p1, mastodon"]


@pytest.mark.parametrize("server", [HOST, "nl"])
@pytest.mark.parametrize("before", [[], [HOST]])
def test_an_opt_out_takes_the_short_name_with_it(tmp_path, monkeypatch, server, before):
    """Also by that name, and where an opt-out of before left the query as it was."""
    given = settings(tmp_path, f",mastodon,{NAME}@{server},,,,,,opt-out", queries=("tag:hr@nl",))
    with opened(given) as (con, keys):
        monkeypatch.setattr(peopled, "PSEUDONYM", keys.pseudonym)
        collected(con)
        tombstones.bury(con, keys.pseudonym, "opt-out", [("handle", "mastodon", f"{NAME}@{one}") for one in before])
        erased = [keep_panel(con, keys, given, panel_of(given)) for _ in range(2)]

        assert erased == [1, 0]
        assert NAME not in words(con)


def test_a_panel_that_cannot_be_read_stops_no_erasure(tmp_path, monkeypatch):
    """The next run says what is wrong with it."""
    monkeypatch.setattr("flows.erasing.write_report", lambda *_: None)
    given = settings(tmp_path, "p1,mastodon,wrong")
    _, named = erase_now(given, lambda con: author_request(con, "iemand@x"), "asked", lambda _: True)

    assert named == []
