"""Blogs that share a host are each their own author: the panel's role and organisation are those of the address."""

import pytest
from stocked import annotate, post

from connectors import cutting
from connectors.source import Mapped
from flows.erasing import erase_in
from flows.listening import keep_panel
from flows.opening import opened
from flows.panel import COLUMNS, panel_of
from flows.settings import Settings
from warehouse.access import access
from warehouse.erasure_requests import author_request
from warehouse.load import merge_posts
from warehouse.publish import _prepare

HOST = "medium.example"
BERT, CARLA, OTHER = (f"https://{HOST}/feed/@{name}" for name in ("Bert", "carla", "ander"))
ROWS = (f"p1,feed,{BERT},hr,Zilverbeek,,bio,2026-03-01,no", f"p2,feed,{CARLA},marketing,De Kade,,bio,2026-03-01,no")


@pytest.fixture
def chosen(tmp_path):
    """Settings with a panel of two blogs of one host; a third is no part of it."""
    file = tmp_path / "panel.csv"
    file.write_text("\n".join([",".join(COLUMNS), *ROWS]) + "\n", encoding="utf-8")
    return Settings(home=tmp_path / "home", panel={"file": file}, feeds={"urls": (OTHER,)}, _env_file=None)


def collect(con, keys):
    """A post of each blog, as its feed's page gives it."""
    found = [
        post(at, platform="feed", post_id=f"{url}#{at}", author_id=url, handle=HOST, bio=None, url=None, query=url)
        for at, url in enumerate((BERT, CARLA, OTHER))
    ]
    merge_posts(con, [(0, Mapped(tuple(found)))], keys.pseudonym)
    annotate(con, lambda _: {"role": "unknown", "employer": None})


def test_each_has_its_own_role_and_organisation(chosen):
    """One that the panel does not list has neither; the next run puts right a vault that has blogs by their hosts."""
    with opened(chosen) as (con, keys):
        con.execute("insert into panel values ('feed', $host, 'Zilverbeek', 'hr', false)", {"host": HOST})
        collect(con, keys)
        keep_panel(con, keys, chosen, panel_of(chosen))
        _prepare(con)
        people = con.execute("select author_id, role, employer from people join authors using (author_key)").fetchall()

    assert {author_id: told for author_id, *told in people} == {
        BERT: ["hr", "Zilverbeek"],
        CARLA: ["marketing", "De Kade"],
        OTHER: ["unknown", None],
    }


def test_a_blog_is_told_from_its_neighbours_by_its_address(chosen):
    """As docs/privacy.md has it: the server's name means all that are there."""
    with opened(chosen) as (con, keys):
        collect(con, keys)

        assert author_request(con, f"{BERT}@feed").authors == {("feed", BERT)}
        assert author_request(con, f"{HOST}@feed").authors == {("feed", url) for url in (BERT, CARLA, OTHER)}


def test_blogs_that_are_erased_by_their_host_leave_the_panel(chosen):
    """At once, shown before, and for good: the next run puts none of them back."""
    with opened(chosen) as (con, keys):
        collect(con, keys)
        keep_panel(con, keys, chosen, panel_of(chosen))
        request = author_request(con, f"{HOST}@feed")
        shown = access(con, request, keys.pseudonym, cutting)["panel"]
        erase_in(con, keys, chosen.home, request, "asked")
        left = con.execute("select handle from panel").fetchall()
        keep_panel(con, keys, chosen, panel_of(chosen))

        assert {row["handle"] for row in shown} == {BERT, CARLA}
        assert left == con.execute("select handle from panel").fetchall() == []
