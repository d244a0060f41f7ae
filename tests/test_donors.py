"""Who gave a LinkedIn export is known by name alone: by that name they are shown, erased, kept out and listed."""

import zipfile
from datetime import timedelta

import pytest
from peopled import words
from stocked import START, annotate

from connectors import cutting
from connectors.files.reading import read_pages
from connectors.mapping import map_page
from connectors.source import Window
from flows.erasing import erase_in, still_listening
from flows.forgetting import forgetting, without_gone
from flows.listening import keep_panel
from flows.opening import opened
from flows.panel import COLUMNS, panel_of
from flows.settings import Settings
from warehouse import tombstones
from warehouse.access import access
from warehouse.erasure_requests import author_request
from warehouse.load import merge_posts
from warehouse.pages import store_page, unmapped_pages
from warehouse.publish import publish
from warehouse.sql import query
from warehouse.tombstones import bury

NAME = "Noor Verzonnen"
SHARES = "Date,ShareLink,ShareCommentary\n2025-05-07 07:08:09,,Wij zoeken een HR-adviseur\n"
PROFILE = "First Name,Last Name,Headline\nNoor,Verzonnen,Planner bij De Kade\n"
WINDOW = Window("files", "linkedin 1", START, START + timedelta(seconds=1))


@pytest.fixture
def export(tmp_path):
    """A zip as LinkedIn gives it to Noor."""
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("Shares.csv", SHARES)
        archive.writestr("Profile.csv", PROFILE)
    return tmp_path / "export.zip"


def settings(tmp_path, handle=NAME, consent="yes"):
    """Settings with a panel of one LinkedIn member."""
    file = tmp_path / "panel.csv"
    row = f"p1,linkedin,{handle},marketing,Zilverbeek,,own export,2026-03-01,{consent}"
    file.write_text(f"{','.join(COLUMNS)}\n{row}\n", encoding="utf-8")
    return Settings(home=tmp_path / "home", panel={"file": file}, _env_file=None)


def take_in(con, keys, export):
    """Take an export in as a run does: cut, stored, mapped, merged; return how many posts came in."""
    gone = tombstones.gone(con, keys.pseudonym)
    for page in read_pages("linkedin", export):
        store_page(con, WINDOW, forgetting(gone)(page, WINDOW.source, WINDOW.query), "run-1")
    mapped = [
        (one.page_id, without_gone(map_page(one.page, source=one.source, query=one.query), gone))
        for one in unmapped_pages(con)
    ]
    return merge_posts(con, mapped, keys.pseudonym).inserted


@pytest.mark.parametrize("asked", [NAME, "Noor  verzonnen", "donor:abdca4841660a6db00c2eb76"])
def test_an_owner_is_shown_and_erased_by_name(tmp_path, export, asked):
    """Or by the id that is made of it: posts and pages go, and another export of the same person gives nothing."""
    given = settings(tmp_path)
    with opened(given) as (con, keys):
        took = take_in(con, keys, export)
        request = author_request(con, f"{asked}@linkedin")
        shown = access(con, request, keys.pseudonym, cutting)
        done = erase_in(con, keys, given.home, request, "asked")

        assert (took, done.posts, done.authors, done.pages) == (1, 1, 1, 1)
        assert [len(shown[table]) for table in ("posts", "authors", "pages")] == [1, 1, 1]
        assert take_in(con, keys, export) == 0
        assert [word for word in ("noor", "verzonnen", "planner", "zoeken") if word in words(con)] == []
        assert still_listening(given, request) == ["panel: p1, linkedin"]


@pytest.mark.parametrize("is_named", [False, True])
def test_an_opt_out_keeps_an_export_out(tmp_path, export, is_named):
    """Before anything of it came in, and in a home where the name alone was buried and the export came in."""
    given = settings(tmp_path, NAME if is_named else "Noor  Verzonnen", consent="opt-out")
    with opened(given) as (con, keys):
        if is_named:
            bury(con, keys.pseudonym, "opt-out", [("handle", "linkedin", NAME)])
            assert take_in(con, keys, export) == 1
        erased = keep_panel(con, keys, given, panel_of(given))

        assert (erased, take_in(con, keys, export)) == (1, 0)
        assert con.execute("select count(*) from posts").fetchone() == (0,)
        assert keep_panel(con, keys, given, panel_of(given)) == 0


def test_the_panels_role_and_organisation_are_the_owners(tmp_path, export):
    """Whatever their headline says; erased, they leave the panel and do not come back to it."""
    given = settings(tmp_path)
    with opened(given) as (con, keys):
        take_in(con, keys, export)
        annotate(con)
        keep_panel(con, keys, given, panel_of(given))
        publish(con, tmp_path / "etalage.duckdb", key=keys.pseudonym)
        request = author_request(con, f"{NAME}@linkedin")
        shown = access(con, request, keys.pseudonym, cutting)["panel"]
        erase_in(con, keys, given.home, request, "asked")
        left = con.execute("select handle from panel").fetchall()
        keep_panel(con, keys, given, panel_of(given))

        assert {row["organisation"] for row in shown} == {"Zilverbeek"}
        assert left == con.execute("select handle from panel").fetchall() == []
    assert query(tmp_path / "etalage.duckdb", "select role from core.authors").rows == [("marketing",)]
