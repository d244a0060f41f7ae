"""The marts: documented, honest about their size, and right on cases worked out by hand."""

import random
from datetime import UTC, datetime
from math import isclose

import pytest
from stocked import KEY, annotate, load, post, vault
from test_estimates import by_author, put, rows

from nlp import codebook
from warehouse.audit import draw
from warehouse.publish import publish
from warehouse.sql import open_published, query
from warehouse.sqlfiles import scripts
from warehouse.vault import open_vault

MARTS = {
    "agenda_quarters", "authors", "coverage", "engagement", "goal_mix", "model_quality", "organisation_agenda",
    "purpose_share", "review_queue", "role_comparison", "survey_2013", "themes", "trend",
}  # fmt: skip


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Return a file with 400 posts by 40 authors over four months, a quarter of them by marketing."""
    chance = random.Random(13)  # noqa: S311 -- repeatable, not secret

    def read(row):
        number = int(row.post_id[-5:])
        goal = chance.choice([goal for goals in codebook.GOALS.values() for goal in goals])
        return {
            "goal": goal,
            "purpose": codebook.PURPOSE_OF[goal],
            "themes": ("privacy",) if number % 4 == 0 else (),
            "themes_p": (0.8,) if number % 4 == 0 else (),
            "role": "marketing" if number % 40 < 10 else "hr",
            "needs_review": number % 10 == 0,
            "employer": f"Bureau {number % 40 % 8} B.V." if number % 2 else f"bureau {number % 40 % 8}",
        }

    posts = [
        post(
            number,
            author_id=f"66{number % 40:04d}",
            handle=f"voorbeeldmens_{number % 40}",
            display_name=None,
            created_at=datetime(2026, 1 + number % 4, 1 + number % 27, 12, tzinfo=UTC),
        )
        for number in range(400)
    ]
    return put(tmp_path_factory.mktemp("mixed"), posts, read)


def test_every_mart_is_there(mixed):
    """The marts of the design are all in the file, and every .sql file makes the table it is named for."""
    found = {
        row["table_name"] for row in rows(mixed, "select table_name from duckdb_tables() where schema_name = 'mart'")
    }

    assert found == MARTS == {name for name, _ in scripts("marts")}


def test_every_table_and_column_is_described(mixed):
    """No table, view or column of the file is without a comment."""
    bare = rows(
        mixed,
        "select schema_name, table_name, null as column_name from duckdb_tables() where comment is null "
        "union all select schema_name, table_name, column_name from duckdb_columns() "
        "where comment is null and not internal",
    )

    assert bare == []


@pytest.mark.parametrize("folder", ["core", "ops", "marts", "build", "summary"])
def test_every_file_tells_its_grain(folder):
    """The first line of a table's .sql file says what one row is."""
    openings = {name: sql.splitlines()[0] for name, sql in scripts(folder) if name not in {"macros", "agenda"}}

    assert not {name: line for name, line in openings.items() if not line.startswith("-- Grain: one row")}


def test_marts_read_no_marts():
    """A mart reads core and ops, never another mart."""
    assert not [name for name, sql in scripts("marts") if "from mart." in sql or "join mart." in sql]


@pytest.mark.parametrize(
    ("posts", "authors", "withheld"),
    [(19, 19, "too few posts"), (40, 4, "too few authors"), (20, 5, None)],
)
def test_small_cells_are_withheld(tmp_path, posts, authors, withheld):
    """Below the minimum of posts or of authors a figure is withheld, and says why."""
    made = [
        post(number, author_id=f"33{number % authors:05d}", handle=f"iemand_{number % authors}")
        for number in range(posts)
    ]
    path = put(tmp_path, made, None)
    [row] = rows(
        path,
        "select * from mart.purpose_share where period_kind = 'all' and platform = 'all' and role = 'all' "
        "and purpose = 'organisational'",
    )

    assert row["withheld"] == withheld
    assert (row["share"] is None) == (row["count_labelled"] is None) == (withheld is not None)


def test_only_dutch_counts(tmp_path):
    """Other languages, and Dutch that is not sure enough, are kept and not counted."""
    languages = [{}, {"language": "en"}, {"language_p": 0.4}]
    path = put(tmp_path, [by_author(number) for number in range(60)], lambda row: languages[int(row.post_id[-5:]) % 3])

    assert rows(path, "select count(*) as a, count(*) filter (where is_dutch) as b from core.posts") == [
        {"a": 60, "b": 20}
    ]
    assert {row["count_posts"] for row in rows(path, "select * from mart.goal_mix where period_kind = 'all'")} == {20}


def test_months_are_dutch_months(tmp_path):
    """A post in the last hour of a month in UTC belongs to the next month in Amsterdam."""
    late = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
    path = put(tmp_path, [by_author(1, created_at=late, collected_at=late)], None)

    assert str(rows(path, "select created_month from core.posts")[0]["created_month"]) == "2026-02-01"


def test_hr_against_marketing(mixed):
    """The difference is that of the two shares, within its interval, and the roles add up to all."""
    found = rows(mixed, "select * from mart.role_comparison where period_kind = 'all' and platform = 'all'")

    assert len(found) == 20
    for row in found:
        assert isclose(row["difference"], row["share_hr"] - row["share_marketing"], abs_tol=1e-12)
        assert row["difference_low"] <= row["difference"] <= row["difference_high"]
        assert (row["count_posts_hr"], row["count_posts_marketing"]) == (300, 100)


def test_themes(mixed):
    """A quarter of the posts holds a theme that every fourth post was given."""
    [row] = rows(
        mixed,
        "select * from mart.themes where period_kind = 'all' and platform = 'all' and role = 'all' "
        "and theme = 'privacy'",
    )

    assert row["share"] == 0.25


def test_trend(mixed):
    """Every month has its share; the change is that from the month before."""
    found = rows(mixed, "select * from mart.trend where role = 'hr' and purpose = 'personal' order by month")

    assert len(found) == 4
    assert found[0]["change"] is None
    assert isclose(found[1]["change"], found[1]["share"] - found[0]["share"], abs_tol=1e-12)
    assert found[1]["change_low"] < found[1]["change"] < found[1]["change_high"]


def test_an_organisations_names_are_one(mixed):
    """Legal form, case and accents do not make two organisations of one."""
    assert len(rows(mixed, "select * from core.organisations")) == 8


@pytest.mark.parametrize("first", [0, 1])
def test_an_organisations_name_is_the_same_every_night(tmp_path, first):
    """Of two spellings that as many people write the same one is shown, whoever comes first."""
    spellings = ["Gemeente Waterbroek", "gemeente waterbroek"]
    path = put(
        tmp_path,
        [by_author(number) for number in range(6)],
        lambda row: {"employer": spellings[(int(row.post_id[-5:]) + first) % 2]},
    )

    assert rows(path, "select organisation from core.organisations") == [{"organisation": "Gemeente Waterbroek"}]


def test_the_survey_of_2013(mixed):
    """The survey's figures stand there with the intervals of 145 respondents, beside shares that add up to one."""
    found = rows(mixed, "select * from mart.survey_2013")

    assert [(row["class"], row["survey_share"]) for row in found] == [
        ("on_agenda", 0.25),
        ("talked_about", 0.39),
        ("absent", 0.36),
    ]
    assert 0.18 < found[0]["survey_share_low"] < 0.19
    assert 0.32 < found[0]["survey_share_high"] < 0.33
    assert isclose(sum(row["share"] for row in found), 1)


def test_the_panel_goes_before_the_bio(tmp_path):
    """Role and employer of somebody on the panel are those of the panel."""
    with vault(tmp_path, 6) as con:
        con.execute(
            "insert into panel values ('x', 'Willemijn_1', 'Stichting Voorbeeld', 'marketing', false), "
            "('x', 'willemijn_2', 'Stichting Voorbeeld', null, false), "
            "('x', 'willemijn_3', 'Stichting Voorbeeld', 'hr', false)"
        )
        publish(con, tmp_path / "etalage.duckdb", settings={"organisation_minimum_authors": 2})

    sql = "select * exclude (organisation_key) from core.organisations order by organisation"
    assert [tuple(row.values()) for row in rows(tmp_path / "etalage.duckdb", sql)] == [
        ("Gemeente Waterbroek", 3, 3, 0),
        ("Stichting Voorbeeld", 3, 2, 1),
    ]


def test_bare_reposts_count_in_no_figure(tmp_path):
    """Forty reposts of one vacancy change no share, agenda, engagement or audit frame; a quote counts."""
    own = [by_author(number, text=f"Bericht {number}") for number in range(20)]
    passed_on = [by_author(100 + number, kind="repost", text="Kom bij ons werken!") for number in range(40)]
    quote = by_author(200, kind="quote", text="Kijk eens")

    def read(row):
        learned = {"goal": "learning", "purpose": "organisational", "employer": f"Bureau {int(row.post_id[-5:]) % 2}"}
        return learned if row.text.startswith("Bericht") else {"goal": "recruitment"}

    path = put(tmp_path, [*own, quote, *passed_on], read)
    [(counted, dutch, posts)] = query(
        path, "select count(*) filter (where is_counted), count(*) filter (where is_dutch), count(*) from core.posts"
    ).rows
    shares = query(
        path,
        "select label, count_posts, count_labelled from core.estimates where dimension = 'goal' "
        "and period_kind = 'all' and platform = 'all' and role = 'hr' and count_labelled > 0 order by label",
    ).rows
    engagement = "select sum(count_posts) from mart.engagement where platform = 'all' and role = 'hr'"
    authors = "select sum(count_posts) from mart.authors"
    agenda = "select organisation, count_posts from mart.organisation_agenda order by all"

    assert (counted, dutch, posts) == (21, 61, 61)
    assert shares == [("learning", 21, 20), ("recruitment", 21, 1)]
    assert query(path, engagement).rows == [(21,)]
    assert query(path, authors).rows == [(21,)]
    assert query(path, agenda).rows == [("Bureau 0", 10), ("Bureau 1", 10), ("Gemeente Waterbroek", None)]
    with open_vault(tmp_path / "vault.duckdb", KEY) as con:
        assert draw(con, path, 21, overlap=0, seed="any").population == 21


def test_people_without_a_handle_are_people(tmp_path):
    """Six LinkedIn members of one employer, known by name alone, make it an organisation that is told of."""
    with vault(tmp_path) as con:
        load(
            con,
            *(
                post(
                    number,
                    platform="linkedin",
                    author_id=f"member-{number % 6}",
                    handle=None,
                    display_name=f"Noor Verzonnen {number % 6}",
                )
                for number in range(30)
            ),
        )
        annotate(con)
        publish(con, tmp_path / "etalage.duckdb")

    [row] = rows(tmp_path / "etalage.duckdb", "select organisation, count_hr_authors from core.organisations")
    assert row == {"organisation": "Gemeente Waterbroek", "count_hr_authors": 6}
    classes = rows(tmp_path / "etalage.duckdb", "select distinct class, withheld from mart.organisation_agenda")
    assert classes == [{"class": "on_agenda", "withheld": None}]


def test_answers_are_quick(mixed):
    """Every mart is a table, not a view that is worked out again for every question."""
    con = open_published(mixed)
    views = con.execute("select count(*) from duckdb_views() where not internal").fetchone()
    con.close()

    assert views == (0,)
