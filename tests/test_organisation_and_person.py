"""Organisation and person: from an employer to a row of somebody who works there, no table leads."""

import random
from datetime import timedelta
from itertools import combinations

import duckdb
import numpy as np
import pytest
from stocked import START, annotate, load, post, vault

from warehouse.publish import publish

FEWEST = 5
QUARTER = timedelta(days=92)
# Employer, role, how many people on X and on Bluesky, and in which quarters each of them posts.
STAFF = (
    ("Vrachtwerf", "hr", 1, 0, (0, 1)),
    ("De Linde", "hr", 4, 0, (0, 1)),
    ("De Linde", "marketing", 1, 0, (0, 1)),
    ("Gemeente Waterbroek", "hr", 5, 0, (0, 1)),
    ("Zorggroep Klaver", "hr", 6, 0, (0, 1)),
    ("Zorggroep Klaver", "marketing", 1, 0, (0, 1)),
    ("Hogeschool Hoogkade", "hr", 3, 3, (0, 1)),
    ("Bank Veldspar", "hr", 4, 0, (0, 1, 2)),
    ("Bank Veldspar", "hr", 1, 0, (1,)),
    ("Spaakwerk", "hr", 3, 0, (0,)),
)


def stock(con):
    """Posts that serve their organisation, each naming the employer in its text."""
    employed, posts = {}, []
    for employer, role, on_x, on_bluesky, quarters in STAFF:
        for platform in ("x",) * on_x + ("bluesky",) * on_bluesky:
            number = len(employed)
            employed[f"99{number:05d}"] = (employer, role)
            posts += [
                post(
                    len(posts) + nth,
                    platform=platform,
                    author_id=f"99{number:05d}",
                    handle=f"verzonnen_{number}",
                    display_name=f"Verzonnen Persoon{number}",
                    created_at=START + quarter * QUARTER + timedelta(minutes=number),
                    collected_at=START + quarter * QUARTER + timedelta(days=1),
                )
                for nth, quarter in enumerate(quarters)
            ]
    # One person with an account on each of two platforms: the same name there, another handle.
    for platform, handle in (("x", "noor_hr"), ("bluesky", "noor.bsky.example")):
        employed[handle] = ("Spaakwerk", "hr")
        posts.append(
            post(len(posts), platform=platform, author_id=handle, handle=handle, display_name="Noor van Verzinsel")
        )
    load(con, *posts)
    people = dict(con.execute("select post_id, author_id from posts").fetchall())

    def read(row):
        employer, role = employed[people[row.post_id]]
        return {"employer": employer, "role": role, "organisations": (employer,), "hashtags": ("werkenbij",)}

    annotate(con, read)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return the published file, with every key and name of an employer that the vault knows (`words`)."""
    folder = tmp_path_factory.mktemp("employers")
    with vault(folder) as con:
        stock(con)
        publish(con, folder / "etalage.duckdb")
        words = con.execute(
            "select organisation_key from organisations union select employer from annotations"
        ).fetchall()
    with duckdb.connect(str(folder / "etalage.duckdb"), read_only=True) as con:
        con.execute("create temp table words as select unnest($words) as word", {"words": [word for (word,) in words]})
        yield con


def rows_of_people(con):
    """Every column of text that stands beside an author or a post, as (schema, table, column, is_list, key)."""
    return con.execute(
        """
        select columns.schema_name, columns.table_name, columns.column_name, columns.data_type = 'VARCHAR[]',
            if(bool_or(keys.column_name = 'author_key'), 'author_key', 'post_key')
        from duckdb_columns() as columns
        join duckdb_columns() as keys using (database_name, schema_name, table_name)
        where columns.schema_name in ('core', 'ops', 'mart') and columns.data_type in ('VARCHAR', 'VARCHAR[]')
            and keys.column_name in ('author_key', 'post_key')
        group by all
        """
    ).fetchall()


def test_no_employer_and_profile_point_to_fewer_than_five(published):
    """Wherever a row of a person or post holds an organisation, five of its role and platform do."""
    columns = rows_of_people(published)
    seen = set()
    for schema, table, column, is_list, key in columns:
        value = f'unnest("{column}")' if is_list else f'"{column}"'
        groups = published.execute(
            f"""
            select held.word, authors.role, authors.platform, count(distinct authors.author_key) as count_authors
            from (select {key}, {value} as word from {schema}.{table}) as held
            join core.posts as posts using ({key})
            join core.authors as authors on authors.author_key = posts.author_key
            where held.word in (select word from words)
            group by all
            """
        ).fetchall()
        seen |= {(table, word, role, platform) for word, role, platform, _ in groups}

        assert [group for group in groups if group[-1] < FEWEST] == [], f"{schema}.{table}.{column}"
    assert {"posts", "authors", "annotations", "mentions", "audit"} <= {table for _, table, *_ in columns}
    assert seen == {
        ("mentions", "Bank Veldspar", "hr", "x"),
        ("mentions", "Gemeente Waterbroek", "hr", "x"),
        ("mentions", "Zorggroep Klaver", "hr", "x"),
    }


def test_a_class_is_never_about_fewer_than_five(published):
    """Four HR people, with or without a colleague in marketing or a second account: no key, name or class."""
    named = published.execute("select organisation from core.organisations where organisation is not null").fetchall()
    rows = published.execute(
        "select organisation, min(quarter)::varchar, count(*), bool_and(class is not null) "
        "from mart.organisation_agenda where organisation is not null or organisation_key is not null or "
        "class is not null group by organisation order by organisation"
    ).fetchall()

    everywhere = {"Gemeente Waterbroek", "Zorggroep Klaver", "Hogeschool Hoogkade"}
    assert {name for (name,) in named} == everywhere | {"Bank Veldspar"}
    assert {name: tuple(rest) for name, *rest in rows if name in everywhere} == dict.fromkeys(
        everywhere, ("2026-04-01", 2, True)
    )


def test_a_second_account_makes_nobody_two(tmp_path):
    """Three people who post from two accounts each are three: of them no figures, whoever else there is to name it."""
    staff = {
        "Zorggroep Klaver": [*[(one, platform, 1) for one in range(3) for platform in ("x", "bluesky")]]
        + [(one, "x", quarter) for one in (3, 4) for quarter in (0, 2)],
        "Spaakwerk": [(one, platform, 1) for one in (5, 6, 7) for platform in ("x", "bluesky")],
    }
    posts, employer = [], {}
    for organisation, accounts in staff.items():
        for one, platform, quarter in accounts:
            employer[f"99{one}{platform}"] = organisation
            posts += [
                post(
                    len(posts) + nth,
                    platform=platform,
                    author_id=f"99{one}{platform}",
                    handle=f"verzonnen_{one}.{platform}",
                    display_name=f"Verzonnen Persoon{one}",
                    created_at=START + quarter * QUARTER + timedelta(minutes=nth),
                    collected_at=START + quarter * QUARTER + timedelta(days=1),
                )
                for nth in range(10)
            ]
    with vault(tmp_path) as con:
        load(con, *posts)
        people = dict(con.execute("select post_id, author_id from posts").fetchall())
        annotate(con, lambda row: {"employer": employer[people[row.post_id]]})
        publish(con, tmp_path / "etalage.duckdb")
    with duckdb.connect(str(tmp_path / "etalage.duckdb"), read_only=True) as con:
        found = con.execute(
            "select organisation, class, count_posts, count_authors, share_serving, goals, withheld "
            "from mart.organisation_agenda where quarter = '2026-07-01' order by organisation nulls last"
        ).fetchall()

    assert found == [
        ("Zorggroep Klaver", "on_agenda", None, None, None, None, "figures: too few authors"),
        (None, None, None, None, None, None, "all: too few HR people"),
    ]


@pytest.mark.parametrize(
    "others",
    [
        # Anna has two accounts of one name, Bert two of one handle: as many names as handles, one more than people.
        [("Anna Jansen", "annaj"), ("Anna Jansen", "anna.example"), ("Bert", "bert"), ("Bert de Vries", "bert")],
        # Anna and her firm's account share no name and no handle, but each has one with the account between them.
        [("Anna Jansen", "annaj"), ("Anna Jansen", "bureau"), ("Bureau Jansen", "bureau"), ("Bert de Vries", "bert")],
    ],
    ids=["one name and one handle", "another between them"],
)
def test_accounts_that_are_tied_are_one_person(tmp_path, others):
    """Four people with six or so accounts, tied by name or by handle, are four: nothing says where they work."""
    accounts = [*others, ("Carla Smit", "carla"), ("Dirk Bos", "dirk")]
    with vault(tmp_path) as con:
        load(
            con,
            *(
                post(
                    4 * number + nth,
                    platform=("x", "bluesky")[number % 2],
                    author_id=f"99{number:05d}",
                    display_name=name,
                    handle=handle,
                )
                for number, (name, handle) in enumerate(accounts)
                for nth in range(4)
            ),
        )
        annotate(con)
        publish(con, tmp_path / "etalage.duckdb")
    with duckdb.connect(str(tmp_path / "etalage.duckdb"), read_only=True) as con:
        organisations = con.execute("select organisation, count_hr_authors from core.organisations").fetchall()
        agenda = con.execute("select count_possible_authors, withheld from mart.organisation_agenda").fetchall()

    assert organisations == [(None, 6)]
    assert agenda == [(4, "all: too few HR people")]


def test_whoever_was_not_there_yet_hides_nobody(published):
    """Of five HR people four post in three quarters, the other in the second alone: only then is there a class."""
    rows = published.execute(
        "select quarter::varchar, class from mart.organisation_agenda where organisation = 'Bank Veldspar'"
    ).fetchall()
    withheld = published.execute(
        "select quarter::varchar, count(*) from mart.organisation_agenda "
        "where withheld = 'all: too few HR people' group by all order by all"
    ).fetchall()

    assert [quarter for quarter, class_ in rows if class_] == ["2026-07-01"]
    assert withheld == [("2026-04-01", 4), ("2026-07-01", 2), ("2026-10-01", 1)]


def fitting(people, rows, members, seen):
    """Count the sets of people whose sums, as `seen` shows them, are those of the members, in every quarter."""
    quarters = sorted({quarter for _, quarter in rows})
    zero = np.zeros(2)
    sums = np.array([[rows.get((one, quarter), zero) for quarter in quarters] for one in people])
    sets = np.array(list(combinations(range(len(people)), len(members))))
    shown = seen(sums[sets].sum(axis=1))
    wanted = seen(sums[[people.index(one) for one in members]].sum(axis=0)[None])
    return int((shown == wanted).all(axis=(1, 2)).sum())


def test_no_five_people_follow_from_an_organisations_figures(tmp_path):
    """Who adds up the rows of every five HR people finds one five with the exact figures, five with the published."""
    chance = random.Random(7)  # noqa: S311 - repeatable, not secret
    people, staff = range(18), {1, 4, 6, 11, 15}
    posts = [
        (one, quarter, chance.random() < 0.2 + 0.04 * one)
        for one in people
        for quarter in range(3)
        for _ in range(chance.randint(2, 12))
    ]
    with vault(tmp_path) as con:
        load(
            con,
            *(
                post(
                    number,
                    author_id=f"99{one:05d}",
                    handle=f"verzonnen_{one}",
                    display_name=f"Verzonnen Persoon{one}",
                    created_at=START + quarter * QUARTER + timedelta(minutes=number),
                    collected_at=START + quarter * QUARTER + timedelta(days=1),
                )
                for number, (one, quarter, _) in enumerate(posts)
            ),
        )

        def read(row):
            one, _, serves = posts[int(row.post_id[-5:])]
            other = {} if serves else {"purpose": "personal", "goal": "showcase"}
            return {"employer": "Zorggroep Klaver" if one in staff else f"Bureau {one}", **other}

        annotate(con, read)
        members = con.execute(
            "select author_key from authors where substr(author_id, 3)::integer in (select unnest($staff))",
            {"staff": list(staff)},
        ).fetchall()
        publish(con, tmp_path / "etalage.duckdb")
    with duckdb.connect(str(tmp_path / "etalage.duckdb"), read_only=True) as con:
        figures = con.execute(
            "select count_posts, share_serving, goals from mart.organisation_agenda "
            "where organisation = 'Zorggroep Klaver' order by quarter"
        ).fetchall()
        rows = {
            (author, quarter): np.array([count_posts, count_serving])
            for author, quarter, count_posts, count_serving in con.execute(
                "select author_key, date_trunc('quarter', created_month)::date, count(*), "
                "count(*) filter (where purpose = 'organisational') from core.posts group by all"
            ).fetchall()
        }
    hr, members = sorted({author for author, _ in rows}), [author for (author,) in members]

    def exact(sums):
        return sums

    def rounded(sums):
        share = np.round(np.round(sums[..., 1] / sums[..., 0] / 0.1) * 0.1, 4)
        return np.stack([np.round(sums[..., 0] / 10) * 10, share], axis=-1)

    assert fitting(hr, rows, members, exact) == 1
    own = rounded(
        np.array([[rows[one, quarter] for quarter in sorted({at for _, at in rows})] for one in members]).sum(axis=0)
    )
    assert [(count_posts, share) for count_posts, share, _ in figures] == [tuple(row) for row in own.tolist()]
    assert fitting(hr, rows, members, rounded) >= FEWEST


def test_the_totals_count_all_organisations(published):
    """What is withheld by name still counts in the comparison with 2013."""
    (count,) = published.execute("select any_value(count_organisations) from mart.survey_2013").fetchone()

    assert count == len({employer for employer, *_ in STAFF} | {"Spaakwerk"})
