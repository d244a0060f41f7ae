"""Loading: merged on (platform, post_id), the newest look wins, nothing doubled, nothing brought back."""

from dataclasses import fields
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stocked import PSEUDONYM, START, load, post, vault

from connectors.post import Post
from connectors.source import Mapped, Reject
from nlp.annotation import Annotation
from warehouse.load import MergeCounts, merge_posts
from warehouse.pseudonyms import LENGTH, pseudonym
from warehouse.rows import ANNOTATION_SCHEMA, POST_SCHEMA

HOUR = timedelta(hours=1)


def one(con, sql):
    """Return the first row."""
    return con.execute(sql).fetchone()


def test_columns_are_the_records_fields(tmp_path):
    """Every field of Post and Annotation has its column; none is lost on the way."""
    made_here = {"post_key", "author_key", "parent_key", "masked_text", "masking_version"}
    with vault(tmp_path) as con:
        columns = {row[0] for row in con.execute("select column_name from duckdb_columns()").fetchall()}

    assert set(POST_SCHEMA.names) - made_here == {field.name for field in fields(Post)}
    assert set(ANNOTATION_SCHEMA.names) - {"platform", "post_id"} == {field.name for field in fields(Annotation)}
    assert set(POST_SCHEMA.names) | set(ANNOTATION_SCHEMA.names) <= columns


def test_the_same_page_twice(tmp_path):
    """A page that is loaded twice changes nothing the second time."""
    posts = [post(number) for number in range(5)]
    with vault(tmp_path) as con:
        assert load(con, *posts) == MergeCounts(inserted=5)
        assert load(con, *posts) == MergeCounts(unchanged=5)
        assert one(con, "select count(*), count(distinct post_id) from posts") == (5, 5)
        assert one(con, "select count(*) from metrics") == (5,)


def test_the_newest_look_wins(tmp_path):
    """Of one post in one batch, or in two in any order, the newest look stands."""
    old, new = post(1, likes=1), post(1, likes=9, text="verbeterd", collected_at=post(1).collected_at + HOUR)
    for number, batches in enumerate(([(old, new)], [(new, old)], [(old,), (new,)], [(new,), (old,)])):
        with vault(tmp_path / str(number)) as con:
            for batch in batches:
                load(con, *batch)

            assert one(con, "select likes, text, masked_text from posts") == (9, "verbeterd", "verbeterd")


@pytest.mark.parametrize("again", [None, 20], ids=["before any edit", "before the last edit"])
def test_an_older_version_of_an_edited_post_changes_nothing(tmp_path, again):
    """An archive may bring it years later: which version is the newer its edit tells, not when it was read."""
    edit = START + timedelta(minutes=40)
    new = post(1, text="verbeterd", likes=9, edited_at=edit, created_at=START)
    old = post(
        1,
        likes=1,
        created_at=START,
        edited_at=again and START + timedelta(minutes=again),
        collected_at=new.collected_at + HOUR,
    )
    for number, batches in enumerate(([(old, new)], [(new, old)], [(old,), (new,)], [(new,), (old,)])):
        with vault(tmp_path / str(number)) as con:
            for batch in batches:
                load(con, *batch)

            assert one(con, "select likes, text, edited_at from posts") == (9, "verbeterd", edit)


@pytest.mark.parametrize("edited", [START + timedelta(days=2), None], ids=["dated", "not dated"])
def test_an_edit_dated_ahead_does_not_keep_later_ones_out(tmp_path, edited):
    """A clock that ran ahead once leaves the next edit its turn: a number taken out goes."""
    later = START + timedelta(days=2)
    with vault(tmp_path) as con:
        load(con, post(1, text="Bel 06-12345678", edited_at=START.replace(year=2030)))
        load(con, post(1, text="Zonder nummer", edited_at=edited, collected_at=later))

        assert one(con, "select text from posts") == ("Zonder nummer",)


@pytest.mark.parametrize(
    "broken", [{"likes": 10**25}, {"views": -(10**17)}, {"edited_at": datetime(2026, 5, 2)}], ids=str
)
def test_a_field_that_fits_no_column_costs_its_post_alone(tmp_path, broken):
    """It is set aside with its page, reason and words; the rest of its page and other pages are stored, once."""
    good, bad = Mapped((post(1),)), Mapped((post(2), post(3, text="Woord", **broken), post(4)), (Reject(7, "r", "{}"),))
    with vault(tmp_path) as con:
        counts = merge_posts(con, [(1, good), (2, bad)], PSEUDONYM)
        rejects = con.execute(
            "select page_id, item, raw->>'post_id', raw->>'text' from rejects order by item"
        ).fetchall()

        assert counts == MergeCounts(inserted=3, rejected=2)
        assert rejects == [(2, 1, post(3).post_id, "Woord"), (2, 7, None, None)]
        assert one(con, "select reason like 'cannot be stored: %' from rejects where item = 1") == (True,)


def test_unknown_does_not_erase_what_is_known(tmp_path):
    """A look that leaves something out keeps what an earlier look told; 0 is a number, unknown is not."""
    later = {"collected_at": post(1).collected_at + HOUR}
    with vault(tmp_path) as con:
        load(con, post(1, likes=4))
        load(con, post(1, likes=None, replies=0, url=None, bio=None, display_name=None, **later))

        assert one(con, "select likes, replies, reposts, url is not null from posts") == (4, 0, None, True)
        assert one(con, "select bio is not null, display_name is not null from authors") == (True, True)


def test_an_edits_date_moves_no_post(tmp_path):
    """Nothing is made after it was read: a date of later is that of an edit, at whichever look it comes back."""
    edited = START + timedelta(days=35)
    looks = [
        post(1, platform="feed", created_at=START, text="oud", collected_at=START + HOUR),
        post(1, platform="feed", created_at=edited, text="nieuw", collected_at=edited + HOUR),
        post(1, platform="feed", created_at=edited, text="nieuw", replies=7, collected_at=edited + 2 * HOUR),
    ]
    with vault(tmp_path) as con:
        for look, when in zip(looks, (None, edited, edited), strict=True):
            load(con, look)

            assert one(con, "select created_at, edited_at, text from posts") == (START, when, look.text)


def test_a_better_date_is_taken(tmp_path):
    """A look that dates a post before it was read, earlier or later than the look before, knows better; no edit."""
    with vault(tmp_path) as con:
        for look, hours in enumerate((3, 1, 2), start=10):
            made = START + hours * HOUR
            load(con, post(1, created_at=made, text=f"Versie {look}", collected_at=START + look * HOUR))

            assert one(con, "select created_at, edited_at from posts") == (made, None)


def test_a_date_that_lies_ahead_is_no_edits(tmp_path):
    """A post whose platform's clock runs ahead, and whose likes move, was not edited."""
    with vault(tmp_path) as con:
        for likes in (1, 2):
            load(con, post(1, created_at=START + HOUR, likes=likes, collected_at=START + likes * timedelta(minutes=1)))

        assert one(con, "select created_at, edited_at, likes from posts") == (START + HOUR, None, 2)


def test_counts_are_dated(tmp_path):
    """Each look at which a count moved is kept."""
    with vault(tmp_path) as con:
        for hours, likes in ((0, 1), (1, 1), (2, 7)):
            load(con, post(1, likes=likes, collected_at=post(1).collected_at + hours * HOUR))

        assert con.execute("select likes from metrics order by collected_at").fetchall() == [(1,), (7,)]


def test_authors(tmp_path):
    """An author is one row with the newest profile; a name of the same number elsewhere is another author."""
    with vault(tmp_path) as con:
        load(con, post(1, bio="oud"), post(8, bio="nieuw", collected_at=post(8).collected_at + HOUR))
        load(con, post(1, platform="mastodon"))

        assert con.execute("select platform, bio from authors order by platform").fetchall() == [
            ("mastodon", "HR-adviseur bij Gemeente Waterbroek"),
            ("x", "nieuw"),
        ]
        assert one(con, "select count(distinct author_key) from authors") == (2,)


def test_posts_without_an_author(tmp_path):
    """A post whose author the platform hides is kept and belongs to nobody; a handle alone is enough for somebody."""
    nobody = {"author_id": None, "handle": None, "display_name": None, "bio": None}
    with vault(tmp_path) as con:
        counts = load(con, post(1, **nobody), post(2, **nobody | {"handle": "Zonder_Nummer"}))

        assert counts.inserted == 2
        assert con.execute("select author_id, author_key is null from posts order by post_id").fetchall() == [
            (None, True),
            ("@zonder_nummer", False),
        ]
        assert one(con, "select count(*) from authors") == (1,)


def test_odd_texts(tmp_path):
    """Empty, very long, right-to-left, half a character, a zero byte: each is stored as far as it can be."""
    texts = ["", "x" * 100_000, "\u202e\u05de\u05d9\u05dc \U0001f469\u200d\U0001f4bb", "half \ud83d", "nul \x00 byte"]
    with vault(tmp_path) as con:
        counts = load(con, *(post(number, text=text, bio=text) for number, text in enumerate(texts)))

        assert counts.inserted == len(texts)
        stored = [row[0] for row in con.execute("select text from posts order by post_id").fetchall()]
        assert stored == [*texts[:3], "half \ufffd", "nul \x00 byte"]


def test_a_post_from_the_future(tmp_path):
    """A post that says it was made after it was collected is set aside and costs the others nothing."""
    with vault(tmp_path) as con:
        counts = load(con, post(1), post(2, created_at=START + timedelta(days=400)))

        assert counts == MergeCounts(inserted=1, rejected=1)
        assert one(con, "select count(*) from posts") == (1,)
        assert "after it was collected" in one(con, "select reason from rejects")[0]


def test_rejects_are_kept_with_their_raw_text(tmp_path):
    """An item that could not be mapped stands aside with its page, place, reason and text."""
    page = Mapped((post(1),), (Reject(3, "no date", '{"half": "\ud83d"}'),))
    with vault(tmp_path) as con:
        counts = merge_posts(con, [(7, page)], PSEUDONYM)

        assert counts == MergeCounts(inserted=1, rejected=1)
        assert one(con, "select page_id, item, reason, raw from rejects") == (7, 3, "no date", '{"half": "\ufffd"}')


def test_what_was_erased_stays_away(tmp_path):
    """A post or an author with a tombstone does not come back, by whatever page."""
    with vault(tmp_path) as con:
        keys = [
            ("post", pseudonym(PSEUDONYM, "post", "x", post(1).post_id)),
            ("author", pseudonym(PSEUDONYM, "author", "x", post(2).author_id)),
        ]
        for kind, key in keys:
            con.execute("insert into tombstones values ($kind, $key, 'asked', now())", {"kind": kind, "key": key})

        assert load(con, post(1), post(2), post(3), post(9)) == MergeCounts(inserted=1, erased=3)
        assert one(con, "select count(*) from authors where author_id = '8800002'") == (0,)


def test_pseudonyms():
    """A pseudonym is stable, differs by platform, thing and key, and holds nothing of the name."""
    made = pseudonym(PSEUDONYM, "author", "x", "12")

    assert made == pseudonym(PSEUDONYM, "author", "x", "12")
    assert len(made) == LENGTH
    others = {
        pseudonym(PSEUDONYM, "author", "reddit", "12"),
        pseudonym(PSEUDONYM, "post", "x", "12"),
        pseudonym(b"q" * 32, "author", "x", "12"),
        pseudonym(PSEUDONYM, "author", "x1", "2"),
        made,
    }
    assert len(others) == 5


looks = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 6), st.one_of(st.none(), st.integers(0, 3))), min_size=1, max_size=25
)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(looks=looks, cut=st.integers(1, 25))
def test_any_order_of_looks_gives_the_same_posts(tmp_path_factory, looks, cut):
    """However looks at posts are cut in batches and repeated, each post is there once with its newest count."""
    posts = [
        post(number, likes=likes, collected_at=post(number).collected_at + hour * HOUR) for number, hour, likes in looks
    ]
    newest = {}
    for item in sorted(posts, key=lambda item: item.collected_at):
        newest.setdefault(item.post_id, set()).add(item.collected_at)
    with vault(tmp_path_factory.mktemp("looks")) as con:
        load(con, *posts[:cut])
        load(con, *posts[cut:])
        load(con, *posts)
        stored = con.execute("select post_id, collected_at from posts").fetchall()

    assert sorted(row[0] for row in stored) == sorted(newest)
    assert all(row[1] in newest[row[0]] for row in stored)
