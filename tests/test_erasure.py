"""Erasing: all of a person, a post or an organisation goes, and does not come back by any way."""

import json
from datetime import UTC, date, datetime, timedelta
from threading import Event

import duckdb
import pytest
from peopled import SAMPLE, panel, store, words
from stocked import KEY, PSEUDONYM, START, annotate, load, post, vault

from connectors import cutting
from connectors.mapping import map_page
from connectors.source import Page, Window
from warehouse import compaction, ledger, personal, tombstones
from warehouse.access import access
from warehouse.compaction import compact
from warehouse.erasure import Request, erase
from warehouse.erasure_places import portions
from warehouse.erasure_requests import (
    author_request,
    buried_organisations,
    organisation_request,
    post_request,
)
from warehouse.errors import BadArgument
from warehouse.pages import unmapped_pages
from warehouse.publish import publish
from warehouse.stopping import Stopped
from warehouse.vault import open_vault


def wipe(con, request, reason="asked"):
    """Erase with this test's keys."""
    return erase(con, request, reason, key=PSEUDONYM, cutting=cutting)


def count(con, sql):
    """The one number that a query gives."""
    return con.execute(sql).fetchone()[0]


def busiest(con, platform):
    """The account with most posts on a platform: (author_id, handle, display_name, bio)."""
    return con.execute(
        "select author_id, any_value(authors.handle), any_value(display_name), any_value(bio) from posts "
        "join authors using (platform, author_id) where platform = $platform group by author_id "
        "order by count(*) desc, author_id limit 1",
        {"platform": platform},
    ).fetchone()


@pytest.mark.parametrize("platform", ["x", "reddit", "bluesky", "mastodon"])
def test_of_an_author_nothing_is_left(tmp_path, platform):
    """No id, handle, bio or text of the person is in any table afterwards, and everybody else is untouched."""
    with panel(tmp_path) as con:
        author_id, handle, _, bio = busiest(con, platform)
        own = con.execute(
            "select text from posts where platform = $p and author_id = $a and kind <> 'repost'",
            {"p": platform, "a": author_id},
        ).fetchall()
        before = count(con, "select count(*) from posts")
        done = wipe(con, author_request(con, f"@{handle}@{platform}"))
        left = words(con)
        kept = count(con, "select count(*) from posts")
        assert done.posts >= len(own) > 0
        assert kept == before - done.posts
        shared = con.execute("select list(distinct text) from posts").fetchone()[0]
        for word in (author_id, handle, bio, *(text for (text,) in own if text not in shared)):
            assert word is None or len(word) < 12 or word.lower() not in left, word
        annotate(con)
        publish(con, tmp_path / "etalage.duckdb")


@pytest.mark.parametrize("platform", ["x", "reddit", "bluesky", "mastodon"])
def test_of_posts_that_go_one_by_one_no_profile_is_left(tmp_path, platform):
    """When the last post of an account goes, by age or upstream, so do its name, bio and ids, pages included."""
    with panel(tmp_path) as con:
        posts = con.execute("select post_id from posts where platform = $p", {"p": platform}).fetchall()
        people = con.execute(
            "select author_id, handle, display_name, bio from authors where platform = $p", {"p": platform}
        ).fetchall()
        request = Request("post", posts=frozenset((platform, post_id) for (post_id,) in posts))
        wipe(con, request, "retention")
        left = words(con)

        assert [word for one in people for word in one if word and len(word) >= 16 and word.lower() in left] == []
        assert [post_id for (post_id,) in posts if post_id.lower() in left] == []


def test_an_author_does_not_come_back(tmp_path):
    """The same pages read again, in another window or from an import, bring back neither posts nor raw items."""
    with panel(tmp_path) as con:
        _, handle, *_ = busiest(con, "x")
        wipe(con, author_request(con, f"{handle}@x"))
        kept = count(con, "select count(*) from posts")
        gone = tombstones.gone(con, PSEUDONYM)
        again = [
            page if cut is None else type(page)(page.format, cut.payload, page.fetched_at, page.end, page.position)
            for page in SAMPLE
            for cut in [cutting.without(page, gone, source="sample", query="panel")]
        ]
        store(con, again)
        assert count(con, "select count(*) from posts") == kept
        assert f'"{handle}"'.lower() not in words(con)
        # And even when nobody looks into the pages, no post comes back.
        store(con, SAMPLE)
        assert count(con, "select count(*) from posts") == kept


SHARES = {"Date": "2026-03-01 10:00:00", "ShareLink": "", "ShareCommentary": "Geheim verhaal"}
COMMENTS = {"Date": "2026-03-01 10:00:00", "Link": "", "Message": "Geheim verhaal"}
COLUMNS = {"platform": "=x", "created_at": "d", "text": "w", "likes": "l"}


@pytest.mark.parametrize(
    ("format_", "rest", "first", "second"),
    [
        ("table/rows", {"columns": COLUMNS}, {"d": "2026-03-01", "w": "Geheim verhaal", "l": "1"}, {}),
        ("table/rows", {"columns": COLUMNS}, {"d": "2026-03-01", "w": "Geheim verhaal", "l": "1"}, {"l": "5"}),
        ("linkedin/shares", {"owner": {"id": "donor:1", "name": "Noor Verzonnen"}}, SHARES, {}),
        ("linkedin/comments", {"owner": {"id": "donor:1", "name": "Noor Verzonnen"}}, COMMENTS, {}),
    ],
)
def test_a_row_without_an_id_goes_from_every_file(tmp_path, format_, rest, first, second):
    """Imported twice, unchanged or with another count, it leaves neither page; rows of others stay on both."""
    with vault(tmp_path) as con:
        for number, values in enumerate((first, first | second), start=1):
            other = {name: value.replace("Geheim", f"Ander {number}") for name, value in values.items()}
            rows = [{"line": line, "values": row, "wrong": None} for line, row in enumerate((values, other), start=2)]
            moment = START + timedelta(days=number)
            page = Page(format_, json.dumps({"file": f"{number}.csv", "rows": rows, **rest}), moment, "complete")
            store(con, [page], Window("files", f"table {number}", START, moment))
        going = con.execute("select platform, post_id from posts where starts_with(text, 'Geheim')").fetchall()
        wipe(con, Request("post", posts=frozenset(going)), "retention")

        assert len(going) == 1
        assert count(con, "select count(*) from pages where contains(payload, 'Ander')") == 2
        assert "geheim" not in words(con)


def test_a_post_goes_with_its_reposts(tmp_path):
    """By its address, however written; its author stays when there are other posts."""
    with vault(tmp_path) as con:
        load(con, post(1), post(8), post(2, kind="repost", parent_id=post(1).post_id, text="Van een ander"))
        done = wipe(con, post_request(con, post(1).url.replace("https://x.com", "http://www.twitter.com") + "?s=20"))

        assert (done.posts, done.authors) == (2, 1)
        assert con.execute("select post_id from posts").fetchall() == [(post(8).post_id,)]
        assert load(con, post(1), post(2, kind="repost", parent_id=post(1).post_id)).erased == 2


def test_every_kind_of_address_is_found(tmp_path):
    """Each stored post is found by its own address, and only that post."""
    with panel(tmp_path) as con:
        for platform, post_id, url in con.execute(
            "select platform, post_id, url from posts where kind = 'post' qualify row_number() over "
            "(partition by platform order by post_id) <= 3"
        ).fetchall():
            assert post_request(con, url).posts == {(platform, post_id)}


def test_an_organisation_goes(tmp_path):
    """Its name, the posts that name it and its key go; new annotations that name it are cleared."""
    with vault(tmp_path, 20) as con:
        load(con, post(50, text="Iets anders"))
        annotate(con, lambda row: {"organisations": ("Gemeente Esdoorn",), "employer": "Gemeente Waterbroek BV"})
        publish(con, tmp_path / "etalage.duckdb")
        wipe(con, organisation_request(con, "gemeente waterbroek b.v."))
        assert count(con, "select count(*) from posts") == 1
        load(con, post(60))
        annotate(con)
        rows = con.execute("select employer, organisations, role_evidence from annotations").fetchall()
        assert sorted(rows, key=str) == [(None, ["Gemeente Esdoorn"], None), (None, [], None)]
        assert count(con, "select count(*) from organisations") == 0
        publish(con, tmp_path / "etalage.duckdb")
    with duckdb.connect(str(tmp_path / "etalage.duckdb"), read_only=True) as con:
        assert count(con, "select count(*) from core.organisations") == 0
        # posts, not the organisation's own tombstone
        assert count(con, "select value::integer from ops.about where name = 'count_erased'") == 20


def test_an_organisation_goes_as_a_handle_writes_it(tmp_path):
    """In one word: as an employer of before the erasure and of after it."""
    with vault(tmp_path) as con:
        load(con, post(1, bio="HR bij @gemeentewaterbroek"))
        annotate(con, lambda row: {"organisations": (), "employer": "gemeentewaterbroek"})
        wipe(con, organisation_request(con, "Gemeente Waterbroek"))
        assert con.execute("select employer from annotations").fetchall() == [(None,)]
        load(con, post(2, bio="HR bij @gemeentewaterbroek"))
        annotate(con, lambda row: {"organisations": (), "employer": "gemeentewaterbroek"})
        assert con.execute("select distinct employer from annotations").fetchall() == [(None,)]


def test_an_organisations_account_goes_by_its_name_too(tmp_path):
    """From others' words and from the ledger; rows of a table that have no more than its name do not bring it back."""
    with vault(tmp_path) as con:
        own = post(1, author_id="77", handle="gemwaterbroek", display_name="Gemeente Waterbroek", bio=None)
        load(con, own, post(2, text="Dank @gemwaterbroek"))
        ledger.plan(con, [Window("x", "timeline:gemwaterbroek", START, START + timedelta(days=1))])
        wipe(con, organisation_request(con, "Gemeente Waterbroek"))
        gone = tombstones.gone(con, PSEUDONYM)

        assert con.execute("select text from posts").fetchall() == [("Dank @[account]",)]
        assert "gemwaterbroek" not in words(con)
        assert cutting.is_gone(post(3, author_id="gemwaterbroek", handle="gemwaterbroek"), gone)


def test_the_server_of_an_organisations_blog_stays(tmp_path):
    """Others may write there: only the feed that bears the name goes."""
    with vault(tmp_path) as con:
        for number, name in enumerate(("Gemeente Waterbroek", "Bram Voorbeeld")):
            feed = f"https://blogs.example/{number}"
            load(con, post(number, platform="feed", author_id=feed, handle="blogs.example", display_name=name))
        request = organisation_request(con, "Gemeente Waterbroek")

        assert (request.authors, request.handles) == ({("feed", "https://blogs.example/0")}, frozenset())


def test_an_organisation_that_a_backup_brings_is_asked_for_once_more(tmp_path):
    """Wherever an older vault names it: as employer, mentioned, in the panel; others are left alone."""
    with vault(tmp_path, 20) as con:
        wipe(con, organisation_request(con, "Gemeente Waterbroek"))
        assert buried_organisations(con) == []
        load(con, post(60), post(61))
        annotate(con)
        con.execute("update annotations set employer = 'gemeente waterbroek', organisations = ['Gemeente Esdoorn']")
        (request,) = buried_organisations(con)
        assert request.organisations == {"gemeente waterbroek"}
        wipe(con, request, "restored")
        assert buried_organisations(con) == []
        con.execute("insert into panel values ('x', 'iemand', 'De Gemeente Waterbroek', null, false)")
        assert len(buried_organisations(con)) == 1


def test_half_an_erasure_is_none(tmp_path, monkeypatch):
    """An error in the middle leaves everything as it was."""
    with panel(tmp_path) as con:
        _, handle, *_ = busiest(con, "x")
        before = words(con)
        monkeypatch.setattr("warehouse.erasure.bury", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            wipe(con, author_request(con, f"{handle}@x"))

        assert words(con) == before


def test_the_audit_names_nobody(tmp_path):
    """A line says when, why and how much; the effect on past months is there as counts."""
    with panel(tmp_path) as con:
        _, handle, *_ = busiest(con, "reddit")
        done = wipe(con, author_request(con, f"u/{handle}@reddit"))
        rows = con.execute("select * exclude (erased_at, compacted_at) from erasures").fetchall()
        effects = con.execute("select sum(count_erased), bool_and(count_before >= count_erased) from erasure_effects")

        assert rows == [("author", "asked", done.posts, 1, done.pages)]
        assert effects.fetchone() == (done.posts, True)


def published_erasures(con, folder):
    """Publish the vault; return the months of ops.erasures."""
    publish(con, folder / "etalage.duckdb")
    with duckdb.connect(str(folder / "etalage.duckdb"), read_only=True) as pub:
        return pub.execute("from ops.erasures").fetchall()


def test_analysts_see_what_was_erased_by_month(tmp_path):
    """In tens, by the month in Amsterdam, all erasures together; few, or those of two days, are not told."""
    moment = datetime(2026, 5, 31, 22, 30, tzinfo=UTC)
    june = {"created_at": moment, "collected_at": moment}
    with vault(tmp_path) as con:
        load(con, *(post(number, **june) for number in range(18)), post(99, **june))
        annotate(con)
        load(con, *(post(number, **june) for number in range(20, 28)), *(post(n) for n in range(30, 33)))
        going = [("x", post_id) for (post_id,) in con.execute("select post_id from posts where likes < 99").fetchall()]
        wipe(con, Request("post", posts=frozenset(going[:14])), "deleted")
        con.execute("update erasure_effects set erased_on = erased_on - 1")
        wipe(con, Request("post", posts=frozenset(going[14:])), "retention")
        first = published_erasures(con, tmp_path)
        con.execute("update erasure_effects set erased_on = erased_on - 1")
        load(con, *(post(number, **june) for number in range(40, 46)))
        annotate(con)
        wipe(con, Request("post", posts=frozenset(("x", post(n).post_id) for n in range(40, 46))), "asked")
        second = published_erasures(con, tmp_path)

    assert (first, second) == ([], [(date(2026, 6, 1), 30, 20)])


def test_every_table_is_known(tmp_path):
    """Each table of the vault has a key of a post or account, or is known to tell of nobody or to be searched."""
    with vault(tmp_path) as con:
        known = {*personal.post_tables(con), *personal.author_tables(con), *personal.BY_NAME, *personal.IMPERSONAL}

        assert set(personal.tables(con)) - known == set()
        assert {"posts", "metrics", "annotations"} <= set(personal.post_tables(con))
        assert {"authors", "former_names", "panel"} == set(personal.author_tables(con))


def test_a_table_made_later_is_erased_too(tmp_path):
    """Labels or vectors, by the key of a post, need no change here."""
    with vault(tmp_path, 10) as con:
        con.execute("create table vectors_new as select post_key, [1.0, 2.0] as vector from posts")
        wipe(con, author_request(con, "willemijn_1@x"))

        assert count(con, "select count(*) from vectors_new") == count(con, "select count(*) from posts") < 10


def test_names_in_other_peoples_posts(tmp_path):
    """Who is mentioned by others is mentioned no more, and queries that listen to the person lose the name."""
    with vault(tmp_path) as con:
        load(con, post(1), post(2, text="Eens met @Willemijn_1 en @willemijn_12!"))
        con.execute(
            "insert into windows select 'x', 'timeline:willemijn_1', now(), now(), 'refused', "
            "'X has nothing for timeline:willemijn_1', '{}', null, 1, 0, null, now(), now(), 'nightly'"
        )
        wipe(con, author_request(con, "willemijn_1@x"))

        assert con.execute("select text from posts").fetchall() == [("Eens met @[account] en @willemijn_12!",)]
        assert "willemijn_1\n" not in words(con)
        assert "timeline" not in words(con)


def test_access_shows_what_an_erasure_takes(tmp_path):
    """Every row and raw item about a person, as plain JSON; afterwards there is nothing to show."""
    with panel(tmp_path) as con:
        author_id, handle, *_ = busiest(con, "mastodon")
        request = author_request(con, f"{handle}@mastodon")
        shown = json.loads(json.dumps(access(con, request, PSEUDONYM, cutting)))
        done = wipe(con, request)
        after = access(con, request, PSEUDONYM, cutting)

    assert {row["author_id"] for row in shown["authors"]} == {author_id}
    assert len(shown["posts"]) == len(shown["annotations"]) == done.posts
    assert sum(len(page["items"]) for page in shown["pages"]) >= done.posts
    assert {table: rows for table, rows in after.items() if rows} == {}


@pytest.mark.parametrize("who", ["anna", "anna@nergens", "@x", "@@x"])
def test_who_cannot_be_understood_gets_one_line(tmp_path, who):
    """The line says how to write an account."""
    with vault(tmp_path) as con, pytest.raises(BadArgument, match="HANDLE@PLATFORM"):
        author_request(con, who)


def test_somebody_unknown_is_kept_out_beforehand(tmp_path):
    """Who was never collected may ask not to be."""
    with vault(tmp_path) as con:
        wipe(con, author_request(con, "willemijn_3@x"))
        gone = tombstones.gone(con, PSEUDONYM)

        assert cutting.is_gone(post(3), gone)
        assert not cutting.is_gone(post(4), gone)


def test_bytes_are_gone_after_compacting(tmp_path):
    """The vault is a new file of the same content under the same key; no other file is left."""
    with panel(tmp_path) as con:
        before = count(con, "select count(*) from posts")
        page = count(con, "select max(page_id) from pages")
    inode = (tmp_path / "vault.duckdb").stat().st_ino

    compact(tmp_path / "vault.duckdb", KEY)

    assert (tmp_path / "vault.duckdb").stat().st_ino != inode
    assert (tmp_path / "vault.duckdb").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["vault.duckdb"]
    with open_vault(tmp_path / "vault.duckdb", KEY) as con:
        assert count(con, "select count(*) from posts") == before
        assert count(con, "select nextval('page_ids')") == page + 1


def test_a_compaction_that_is_to_stop_leaves_the_vault(tmp_path, monkeypatch):
    """Asked to stop before the copy is whole, the old file stays and the half-made one goes."""
    with panel(tmp_path) as con:
        before = count(con, "select count(*) from posts")
    inode = (tmp_path / "vault.duckdb").stat().st_ino
    stop = Event()
    copy = compaction.copy_vault

    def asked_in_its_midst(*given, **more):
        stop.set()
        return copy(*given, **more)

    monkeypatch.setattr(compaction, "copy_vault", asked_in_its_midst)
    with pytest.raises(Stopped):
        compact(tmp_path / "vault.duckdb", KEY, stop=stop)

    assert [path.name for path in tmp_path.iterdir()] == ["vault.duckdb"]
    assert (tmp_path / "vault.duckdb").stat().st_ino == inode
    with open_vault(tmp_path / "vault.duckdb", KEY) as con:
        assert count(con, "select count(*) from posts") == before


def test_pages_of_others_still_map(tmp_path):
    """After an erasure every stored page maps without a reject, to posts that are all stored."""
    with panel(tmp_path) as con:
        for platform in ("x", "bluesky"):
            wipe(con, author_request(con, f"{busiest(con, platform)[1]}@{platform}"))
        stored = set(con.execute("select platform, post_id from posts").fetchall())
        con.execute("update pages set mapped_at = null")
        seen = set()
        for one in unmapped_pages(con):
            mapped = map_page(one.page, source=one.source, query=one.query)
            assert mapped.rejects == ()
            seen.update((found.platform, found.post_id) for found in mapped.posts)

        assert seen == stored


def test_pages_come_a_few_megabytes_at_a_time():
    """Pages are looked into by their bytes together, the largest alone, and none is left out."""
    sizes = [(1, 4), (2, 5), (3, 2), (4, 30), (5, 0), (6, 10)]

    assert list(portions(sizes, 10)) == [[1, 2], [3], [4], [5, 6]]
    assert list(portions([], 10)) == []
