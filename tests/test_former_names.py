"""Who goes by another name now stays masked under the old one, which others' texts go on saying."""

from datetime import timedelta

import pytest
from peopled import words
from stocked import PSEUDONYM, annotate, load, post, vault

from connectors import cutting
from warehouse.access import access
from warehouse.erasure import Request, erase
from warehouse.erasure_requests import author_request
from warehouse.fiction import drop_sample
from warehouse.panel import put_panel
from warehouse.publish import publish
from warehouse.sql import query

TEXT = "Mooi verhaal van Willemijn Voorbeeld 3 en van willemijn_3 gehoord"
MASKED = "Mooi verhaal van [naam] en van [naam] gehoord"
OLD = ("willemijn_3", "Willemijn Voorbeeld 3")
NEW = {
    "handle": "wmj_x",
    "display_name": "Mijntje op reis",
    "url": None,
    "collected_at": post().collected_at + timedelta(days=1),
}


def published(con, folder):
    """What is published of the texts, by number."""
    annotate(con)
    publish(con, folder / "etalage.duckdb", key=PSEUDONYM)
    shown = query(folder / "etalage.duckdb", "select text from core.posts order by created_at").rows
    return [text for (text,) in shown]


def former(con):
    """The former names that are kept."""
    return con.execute("select handle, display_name from former_names order by all").fetchall()


def of_the_account(con):
    """Ask for the account by its name of now."""
    return author_request(con, "wmj_x@x")


def of_its_last_post(_con):
    """The only post of the account, which goes by itself."""
    return Request("post", posts=frozenset({("x", post(3).post_id)}))


@pytest.mark.parametrize("find", [of_the_account, of_its_last_post])
def test_a_former_name_stays_masked(tmp_path, find):
    """The night after its owner took another name, and for good once the account has gone; then it is kept no more."""
    with vault(tmp_path) as con:
        load(con, post(1, text=TEXT), post(3))
        load(con, post(3, **NEW))
        renamed = published(con, tmp_path)
        erase(con, find(con), "asked", key=PSEUDONYM, cutting=cutting)

        assert renamed[0] == MASKED
        assert published(con, tmp_path) == [MASKED]
        assert former(con) == []
        assert [name for name in (*OLD, *(NEW["handle"], NEW["display_name"])) if name.lower() in words(con)] == []


@pytest.mark.parametrize(
    "pages",
    [
        [[post(3)], [post(10, **NEW)]],
        [[post(10, **NEW)], [post(3)]],
        [[post(3), post(10, **NEW)]],
        [[post(10, **NEW), post(3)]],
    ],
    ids=["old first", "old later", "old on the same page", "new on the same page"],
)
def test_every_name_but_the_newest_is_a_former_one(tmp_path, pages):
    """In whichever order they come in: an archive of years ago is imported after the night."""
    with vault(tmp_path) as con:
        for page in pages:
            load(con, *page)

        assert con.execute("select handle, display_name from authors").fetchall() == [("wmj_x", "Mijntje op reis")]
        assert former(con) == [OLD]


def test_a_name_is_kept_once(tmp_path):
    """However often its owner goes to and fro; what a platform leaves out is no other name."""
    with vault(tmp_path) as con:
        looks = [{}, NEW, NEW | {"display_name": None}, NEW | {"handle": None}] * 3
        for day, look in enumerate(looks):
            load(con, post(3, **look | {"collected_at": post().collected_at + timedelta(days=day)}))

        assert former(con) == [OLD, ("wmj_x", "Mijntje op reis")]


def test_the_panel_is_masked_before_it_posts(tmp_path):
    """Nothing was collected of them, but the vault has their handles; a number is no part of a longer one."""
    with vault(tmp_path) as con:
        load(con, post(1, text="Van panellid_pieters, nr 47654321"), post(2, text="Van nr 7654321"))
        put_panel(con, [("x", "Panellid_Pieters", None, "hr"), ("x", "7654321", None, "hr")])

        assert published(con, tmp_path) == ["Van [naam], nr 47654321", "Van nr [naam]"]


def test_access_shows_former_names(tmp_path):
    """They are kept about the person, beside the name of now."""
    with vault(tmp_path) as con:
        load(con, post(3))
        load(con, post(3, **NEW))
        shown = access(con, of_the_account(con), PSEUDONYM, cutting)

        assert [(row["handle"], row["display_name"]) for row in shown["former_names"]] == [OLD]


def test_who_goes_leaves_others_former_names_too(tmp_path):
    """A name that somebody had may name another account."""
    with vault(tmp_path) as con:
        load(con, post(3), post(1, display_name="Bert, fan van @willemijn_3"))
        load(con, post(1, **NEW))
        erase(con, author_request(con, "willemijn_3@x"), "asked", key=PSEUDONYM, cutting=cutting)

        assert former(con) == [("willemijn_1", "Bert, fan van @[account]")]


def test_former_names_of_the_sample_leave_with_it(tmp_path):
    """And those of real accounts stay."""
    with vault(tmp_path) as con:
        for number, source in ((3, "sample"), (2, "x")):
            load(con, post(number, source=source))
            load(con, post(number, **NEW, source=source))
        drop_sample(con)

        assert former(con) == [("willemijn_2", "Willemijn Voorbeeld 2")]
