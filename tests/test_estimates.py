"""Shares and their intervals, of posts and of authors: by hand, at the edges, and how often they hold the truth."""

from math import isclose

import duckdb
import numpy as np
from stocked import annotate, collect, load, post, vault

from warehouse.publish import publish
from warehouse.sql import query
from warehouse.sqlfiles import script

POSTS_OF_CELLS = """
    create table core.labels as select 'purpose' as dimension, 'organisational' as label, 1 as position;
    create table core.post_themes (post_key varchar, theme varchar);
    create table core.posts as
    with authors as (
        select unnest(range(len($posts))) as author, unnest($posts) as posts, unnest($serving) as serving
    ),
    numbered as (
        select *, unnest(range(posts)) as number from authors
    )
    select
        author || '-' || number as post_key,
        author::varchar as author_key,
        'cell ' || author // $authors as platform,
        'hr' as role,
        date '2026-05-01' as created_month,
        if(number < serving, 'organisational', 'personal') as purpose,
        'none' as goal,
        true as is_counted
    from numbered
"""
"""Posts as core.estimates reads them: each cell is a platform of so many authors."""


def put(folder, posts, read, **settings):
    """Publish posts, annotated by `read`, and return the file."""
    with vault(folder) as con:
        collect(con)
        load(con, *posts)
        annotate(con, read)
        publish(con, folder / "etalage.duckdb", settings=settings)
    return folder / "etalage.duckdb"


def rows(path, sql):
    """Return all rows as dicts."""
    answer = query(path, sql, rows=100_000)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def by_author(number, **changed):
    """Make a post of its own author."""
    return post(number, author_id=f"77{number:06d}", handle=f"iemand_{number}", display_name=None, **changed)


def holding(truth, authors, posts, serving):
    """Return the part of the naive intervals that hold the truth, in cells of so many authors with these posts each."""
    with duckdb.connect() as con:
        con.execute("create schema core; create schema ops")
        con.execute(script("ops", "settings"))
        con.execute(script("core", "macros"))
        con.execute(POSTS_OF_CELLS, {"authors": authors, "posts": posts.tolist(), "serving": serving.tolist()})
        con.execute(script("core", "estimates"))
        [(share,)] = con.execute(
            "select count(*) filter (where $truth between share_low and share_high) / count(*) from core.estimates "
            "where period_kind = 'month' and platform <> 'all' and role = 'hr' and withheld is null",
            {"truth": truth},
        ).fetchall()
    return share


def test_shares_by_hand(tmp_path):
    """Of 40 posts by 40 authors, 10 for themselves: a quarter, with about Wilson's interval."""
    path = put(
        tmp_path,
        [by_author(number) for number in range(40)],
        lambda row: {"purpose": "personal", "goal": "showcase"} if int(row.post_id[-5:]) < 10 else {},
    )
    [row] = rows(
        path,
        "select * from mart.purpose_share where period_kind = 'all' and platform = 'all' and role = 'hr' "
        "and purpose = 'personal'",
    )

    assert (row["count_posts"], row["count_labelled"], row["count_authors"]) == (40, 10, 40)
    assert row["share"] == row["author_share"] == 0.25
    assert 0.12 < row["share_low"] < 0.16
    assert 0.39 < row["share_high"] < 0.43
    assert 38 < row["effective_posts"] <= 40
    assert row["withheld"] is None


def test_authors_who_are_all_of_a_piece_make_it_less_sure(tmp_path):
    """When each of 8 authors always does the same, 80 posts are worth about 8."""
    path = put(
        tmp_path,
        [post(number, author_id=f"55{number % 8:05d}", handle=f"iemand_{number % 8}") for number in range(80)],
        lambda row: {"purpose": "personal", "goal": "showcase"} if int(row.post_id[-5:]) % 8 < 4 else {},
    )
    [row] = rows(
        path,
        "select * from core.estimates where period_kind = 'all' and platform = 'all' and role = 'all' "
        "and label = 'personal'",
    )

    assert row["share"] == 0.5
    assert 6 < row["effective_posts"] < 9
    assert row["share_high"] - row["share_low"] > 0.55


def test_five_authors_of_whom_one_writes_most_are_hardly_one(tmp_path):
    """Of 120 posts 100 are one author's: what the other four say leaves nearly all of it open."""
    serving = {0: 60, 1: 3, 2: 3, 3: 3, 4: 2}

    def author(number):
        return 0 if number < 100 else 1 + number % 4

    posts = [
        post(number, author_id=f"66{author(number):05d}", handle=f"iemand_{author(number)}") for number in range(120)
    ]

    def read(row):
        at = int(row.post_id[-5:])
        before = at if at < 100 else (at - 100) // 4
        return {} if before < serving[author(at)] else {"purpose": "personal", "goal": "showcase"}

    [row] = rows(
        put(tmp_path, posts, read),
        "select * from core.estimates where period_kind = 'all' and platform = 'all' and role = 'all' "
        "and label = 'organisational'",
    )

    assert isclose(row["share"], 71 / 120)
    assert row["share_low"] < 0.35
    assert row["share_high"] > 0.75


def test_intervals_hold_the_truth_where_few_authors_write_most():
    """Of 12 authors whose numbers of posts differ widely, at least 90 of 100 naive intervals hold the true share."""
    chance = np.random.default_rng(2013)
    cells, authors, truth = 1_000, 12, 1.5 / (1.5 + 2.5)
    posts = np.maximum(1, np.round(chance.lognormal(np.log(5), 1.5, cells * authors))).astype(int)
    serving = chance.binomial(posts, chance.beta(1.5, 2.5, cells * authors))

    assert holding(truth, authors, posts, serving) >= 0.9


def test_intervals_of_a_rare_label_hold_the_truth():
    """Where 3 in 100 posts carry a label, of 300 by 30 authors, at least 95 of 100 naive intervals hold that share."""
    chance = np.random.default_rng(2013)
    cells, authors, truth = 300, 30, 0.03
    posts = np.full(cells * authors, 10)
    serving = chance.binomial(posts, chance.beta(3 * truth, 3 * (1 - truth), cells * authors))

    assert holding(truth, authors, posts, serving) >= 0.95


def test_one_busy_author_moves_posts_more_than_authors(tmp_path):
    """The share of posts follows the busiest; the mean share per author does not."""
    posts = [by_author(number) for number in range(9)] + [
        post(number, author_id="4400000", handle="druk_mens") for number in range(100, 191)
    ]
    path = put(
        tmp_path,
        posts,
        lambda row: {"purpose": "personal", "goal": "showcase"} if int(row.post_id[-5:]) >= 100 else {},
    )
    [row] = rows(
        path,
        "select * from mart.purpose_share where period_kind = 'all' and platform = 'all' and role = 'all' "
        "and purpose = 'personal'",
    )

    assert isclose(row["share"], 0.91)
    assert isclose(row["author_share"], 0.1)


def test_unknown_authors_count_as_posts_not_as_authors(tmp_path):
    """Posts whose author is hidden are in the share, and neither in the number of authors nor in the mean over them."""
    nobody = {"author_id": None, "handle": None, "display_name": None, "bio": None}
    path = put(
        tmp_path,
        [post(number, **nobody) for number in range(30)] + [by_author(number) for number in range(40, 46)],
        lambda row: {"purpose": "personal", "goal": "showcase"} if int(row.post_id[-5:]) >= 40 else {},
    )
    [row] = rows(
        path,
        "select * from mart.purpose_share where period_kind = 'all' and platform = 'all' and role = 'all' "
        "and purpose = 'organisational'",
    )

    assert (row["count_posts"], row["count_authors"], row["withheld"]) == (36, 6, None)
    assert isclose(row["share"], 30 / 36)
    assert row["author_share"] == row["author_share_low"] == 0
    assert 0.3 < row["author_share_high"] < 0.6  # six people, not 36 posts


def test_authors_who_agree_leave_room_for_others(tmp_path):
    """Where all seven authors serve their organisation alone, the mean over authors has an interval all the same."""
    path = put(tmp_path, [post(number) for number in range(70)], None)
    found = rows(
        path,
        "select purpose, author_share, author_share_low, author_share_high from mart.purpose_share "
        "where period_kind = 'all' and platform = 'all' and role = 'hr' order by purpose",
    )
    low, high = {row["purpose"]: row for row in found}["organisational"], found[-1]

    assert (low["author_share"], low["author_share_high"]) == (1, 1)
    assert 0.4 < low["author_share_low"] < 0.7
    assert (high["purpose"], high["author_share"], high["author_share_low"]) == ("personal", 0, 0)
    assert isclose(high["author_share_high"], 1 - low["author_share_low"])
