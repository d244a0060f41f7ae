"""The audit sample: random, stratified, each post with the chance it had, and never drawn twice."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from stocked import annotate, collect, load, post, vault

from warehouse.audit import FramePart, allocate, draw, make_strata
from warehouse.errors import WarehouseError
from warehouse.publish import publish


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """Return an open vault with a published file: 300 Dutch posts on two platforms over three months."""
    folder = tmp_path_factory.mktemp("audit")
    posts = [
        post(
            number,
            platform="mastodon" if number % 10 == 0 else "x",
            created_at=datetime(2026, 3 + number % 3, 5, 12, tzinfo=UTC),
            collected_at=datetime(2026, 6, 1, tzinfo=UTC),
        )
        for number in range(330)
    ]
    with vault(folder) as con:
        collect(con)
        load(con, *posts)
        annotate(con, lambda row: {"language": "en"} if int(row.post_id[-5:]) >= 300 else {})
        publish(con, folder / "etalage.duckdb")
        yield con, folder / "etalage.duckdb"


def rows(con, sql, **values):
    """Return all rows."""
    return con.execute(sql, values).fetchall()


def test_a_draw_is_in_proportion(stock):
    """Every stratum gives its part, each drawn post is Dutch and has its stratum's chance."""
    con, published = stock
    made = draw(con, published, 60, seed="one")

    assert (made.drawn, made.population, made.doubles) == (60, 300, 12)
    drawn = rows(
        con,
        "select posts.platform, audit_posts.inclusion_p, annotations.language from audit_posts "
        "join posts using (post_key) join annotations on annotations.platform = posts.platform "
        "and annotations.post_id = posts.post_id where draw_id = $draw",
        draw=made.draw_id,
    )
    assert Counter(row[0] for row in drawn) == {"x": 54, "mastodon": 6}
    assert {language for *_, language in drawn} == {"nl"}
    assert sum(1 / chance for _, chance, _ in drawn) == pytest.approx(300)


def test_no_post_is_drawn_twice(stock):
    """A later draw takes other posts, from what is left."""
    con, published = stock
    before = draw(con, published, 30)
    after = draw(con, published, 30)

    assert after.population == before.population - 30
    assert rows(con, "select post_key from audit_posts group by post_key having count(*) > 1") == []


def test_a_seed_repeats_a_draw(tmp_path):
    """The same seed on the same file draws the same posts."""
    taken = []
    with vault(tmp_path, 100) as con:
        publish(con, tmp_path / "etalage.duckdb")
        for _ in range(2):
            draw(con, tmp_path / "etalage.duckdb", 20, seed="again")
            taken.append(rows(con, "select post_key, is_double, position from audit_posts order by post_key"))
            con.execute("delete from audit_posts")

    assert taken[0] == taken[1]


def test_every_post_has_the_same_chance(tmp_path):
    """Over 100 draws of a tenth, each of 50 posts is taken about 10 times."""
    taken = Counter()
    with vault(tmp_path, 50) as con:
        publish(con, tmp_path / "etalage.duckdb")
        for number in range(100):
            draw(con, tmp_path / "etalage.duckdb", 5, seed=str(number))
            taken.update(key for (key,) in rows(con, "select post_key from audit_posts"))
            con.execute("delete from audit_posts")

    assert sum(taken.values()) == 500
    assert len(taken) == 50
    assert max(taken.values()) < 25
    assert sum((count - 10) ** 2 / 9 for count in taken.values()) < 90  # chi-square, 49 degrees of freedom


def test_months_are_put_together():
    """Months of one platform share a stratum until it may expect ten posts; tiny platforms share one."""
    parts = [FramePart("x", date(2026, month, 1), 60) for month in range(1, 8)]
    parts += [FramePart("feed", date(2026, 1, 1), 20), FramePart("reddit", date(2026, 1, 1), 10)]
    strata = make_strata(parts, 45)

    assert [{part.platform for part in stratum} for stratum in strata] == [{"x"}, {"x"}, {"x"}, {"feed", "reddit"}]
    assert [len(stratum) for stratum in strata] == [2, 2, 3, 2]


@pytest.mark.parametrize(
    ("posts", "count", "sizes"), [([50, 50], 5, [3, 2]), ([97, 3], 10, [9, 1]), ([1, 1, 1], 3, [1, 1, 1])]
)
def test_allocation(posts, count, sizes):
    """Posts are drawn in proportion, and a small stratum gets one before a large one gets another."""
    assert allocate(posts, count) == sizes


@pytest.mark.parametrize(("count", "overlap"), [(0, 0.2), (10_000, 0.2), (5, 1.5)])
def test_impossible_draws(stock, count, overlap):
    """Nothing, more than there is or an impossible overlap is refused in one line, and nothing is stored."""
    con, published = stock
    before = rows(con, "select count(*) from audit_draws")
    with pytest.raises(WarehouseError) as error:
        draw(con, published, count, overlap=overlap)

    assert "\n" not in str(error.value)
    assert rows(con, "select count(*) from audit_draws") == before


def test_drawing_needs_a_published_file(stock, tmp_path):
    """Without a published file there is nothing to draw from, and the message says what to do."""
    with pytest.raises(WarehouseError, match="etalage nightly"):
        draw(stock[0], tmp_path / "none.duckdb", 5)
