"""Who goes by another name now is still whom the panel means: when erased, shown and counted."""

from datetime import timedelta

import pytest
from peopled import words
from stocked import PSEUDONYM, START, annotate, load, post, vault

from connectors import cutting
from warehouse import tombstones
from warehouse.access import access
from warehouse.erasure import erase
from warehouse.erasure_requests import author_request, authors_request
from warehouse.panel import put_panel
from warehouse.pseudonyms import pseudonym
from warehouse.publish import publish
from warehouse.sql import query

OLD, NEW = "zilverreiger", "blauwborst"
LATER = START + timedelta(days=9)


def renamed(con):
    """Somebody asked for by the old name, who wrote under both."""
    asked = {"author_id": "777", "display_name": None, "query": f"timeline:{OLD}"}
    load(con, post(1, handle=OLD, url=None, **asked))
    load(con, post(2, handle=NEW, url=None, collected_at=LATER, **asked))
    con.execute(
        f"insert into windows select 'x', 'timeline:{OLD}', now(), now(), 'planned', "
        "null, '{}', null, 1, 0, null, now(), now(), 'nightly'"
    )


def with_a_stranger(con):
    """Somebody else, who took the old name and came by a search."""
    renamed(con)
    load(con, post(3, author_id="999", handle=OLD, collected_at=LATER))


def by(name, opted_out=False):
    """What is asked for by a name, in the panel or by its owner."""
    return lambda con: authors_request(con, {name: "x"}) if opted_out else author_request(con, f"{name}@x")


@pytest.mark.parametrize("find", [by(OLD), by(NEW), by(OLD, opted_out=True), by(NEW, opted_out=True)])
def test_all_is_erased_under_either_name(tmp_path, find):
    """The posts under both go, the queries lose the old name, and the account stays out under the new one."""
    with vault(tmp_path) as con:
        renamed(con)
        load(con, post(4, text=f"Eens met @{NEW} en @{OLD}"))
        assert len(access(con, find(con), PSEUDONYM, cutting)["posts"]) == 2
        done = erase(con, find(con), "asked", key=PSEUDONYM, cutting=cutting)
        left = words(con)

        assert done.posts == 2
        assert [name for name in (OLD, NEW) if name in left] == []
        assert cutting.is_gone(post(5, author_id="777", handle=NEW), tombstones.gone(con, PSEUDONYM))


@pytest.mark.parametrize(
    ("find", "accounts", "names"),
    [
        (by(OLD), {"999"}, {OLD}),
        (by(NEW), {"777"}, {NEW}),
        (by(OLD, opted_out=True), {"777", "999"}, {OLD, NEW}),
    ],
)
def test_a_name_that_somebody_else_took(tmp_path, find, accounts, names):
    """Is its owner's who asks for it; an opt-out keeps out whom the panel meant, and whoever goes by that name."""
    with vault(tmp_path) as con:
        with_a_stranger(con)
        request = find(con)

    assert {author_id for _, author_id in request.authors} == accounts
    assert {name for _, name in request.handles} == names


def test_role_and_organisation_stay_with_whom_the_panel_means(tmp_path):
    """Whether listed by a former name or by number; whoever took the name has neither."""
    with vault(tmp_path) as con:
        with_a_stranger(con)
        load(con, post(4, author_id="555", handle="koolmees"))
        annotate(con)
        put_panel(con, [("x", OLD, "De Kade", "marketing"), ("x", "555", None, "other")])
        publish(con, tmp_path / "etalage.duckdb", key=PSEUDONYM)

    roles = dict(query(tmp_path / "etalage.duckdb", "select author_key, role from core.authors").rows)
    who = {pseudonym(PSEUDONYM, "author", "x", one): one for one in ("777", "999", "555")}
    assert {who[key]: role for key, role in roles.items()} == {"777": "marketing", "999": "hr", "555": "other"}
