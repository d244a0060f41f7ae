"""An opt-out in the panel takes effect however the panel names the account."""

from stocked import post

from connectors.source import Mapped
from flows.erasing import erase_in
from flows.listening import keep_panel
from flows.opening import opened
from flows.panel import COLUMNS, panel_of
from flows.settings import Settings
from warehouse.erasure_requests import author_request
from warehouse.load import merge_posts
from warehouse.tombstones import bury

NUMBERED = (("x", "12345"), ("bluesky", "did:plc:zilverreiger"))


def settings(tmp_path, *rows, consent="opt-out", **more):
    """Settings with a panel of these (platform, handle)."""
    file = tmp_path / "panel.csv"
    lines = [f"p1,{platform},{handle},hr,,,bio,2026-03-01,{consent}" for platform, handle in rows]
    file.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
    return Settings(home=tmp_path / "home", panel={"file": file}, _env_file=None, **more)


def collected(con, keys):
    """What becomes of posts by the numbered accounts that a search finds: how many may come in."""
    found = (
        post(1, author_id="12345", query="search:hr"),
        post(2, platform="bluesky", author_id="did:plc:zilverreiger", handle="zilver.example", query="search:hr"),
    )
    return merge_posts(con, [(0, Mapped(found))], keys.pseudonym).inserted


def test_a_number_or_did_is_an_account_before_it_is_collected(tmp_path):
    """Opted out on an empty vault, its posts do not come in under its name."""
    given = settings(tmp_path, *NUMBERED)
    with opened(given) as (con, keys):
        erased = keep_panel(con, keys, given, panel_of(given))

        assert (erased, collected(con, keys)) == (2, 0)
        assert keep_panel(con, keys, given, panel_of(given)) == 0


def test_an_opt_out_by_number_that_left_a_name_is_carried_out(tmp_path):
    """As homes have them: the number was buried as if it were a name, and the account's posts came in."""
    given = settings(tmp_path, *NUMBERED)
    with opened(given) as (con, keys):
        bury(con, keys.pseudonym, "opt-out", [("handle", *one) for one in NUMBERED])
        before = collected(con, keys)
        erased = keep_panel(con, keys, given, panel_of(given))

        assert (before, erased, collected(con, keys)) == (2, 2, 0)
        assert con.execute("select count(*) from posts").fetchone() == (0,)


def test_who_was_erased_by_name_does_not_come_back_by_number(tmp_path):
    """The panel goes on listing the number, and says nothing of it to the vault."""
    given = settings(tmp_path, ("x", "12345"), consent="no")
    with opened(given) as (con, keys):
        collected(con, keys)
        put = keep_panel(con, keys, given, panel_of(given)), con.execute("select handle from panel").fetchall()
        erase_in(con, keys, given.home, author_request(con, f"{post(1).handle}@x"), "asked")
        keep_panel(con, keys, given, panel_of(given))

        assert put == (0, [("12345",)])
        assert con.execute("select handle from panel").fetchall() == []
