"""Figures of few people: not shown, and not to be worked out from the figures that are."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from stocked import PSEUDONYM, START, annotate, load, post, vault
from subtraction import derived, told

from nlp import codebook
from warehouse import publish as publishing
from warehouse.audit import draw
from warehouse.labels import Label, store_labels
from warehouse.sqlfiles import script

ROLES, PLATFORMS, MONTHS = ("hr", "marketing", "other", "unknown"), ("x", "bluesky", "mastodon"), 5
FEWEST = 5


def stock(con, seed):
    """Posts of people whose roles, platforms and months make cells of every size."""
    chance, posts = random.Random(seed), []  # noqa: S311 - repeatable, not secret
    for author in range(60):
        role = chance.choices(ROLES, (10, 2, 3, 1))[0]
        platform = chance.choices(PLATFORMS, (8, 3, 1))[0]
        for _ in range(chance.randint(1, 6)):
            moment = START + timedelta(days=31 * chance.choices(range(MONTHS), (1, 2, 4, 4, 4))[0], minutes=len(posts))
            posts.append(
                post(
                    len(posts),
                    platform=platform,
                    author_id=f"77{author:05d}",
                    handle=f"verzonnen_{author}",
                    display_name=f"Verzonnen Persoon{author}",
                    bio=role,
                    created_at=moment,
                    collected_at=moment,
                    likes=chance.randint(0, 9),
                )
            )
    load(con, *posts)
    goals = sorted(codebook.PURPOSE_OF)

    def read(row):
        goal = goals[(seed + int(row.post_id[-3:]) * 7) % len(goals)]
        return {
            "role": row.bio,
            "goal": goal,
            "purpose": codebook.PURPOSE_OF[goal],
            "themes": ("privacy",),
            "themes_p": (0.9,),
        }

    annotate(con, read)


@pytest.fixture(scope="module", params=[1, 2, 3])
def published(request, tmp_path_factory):
    """Return the published file, with figures of cells however few their posts are, and most posts audited."""
    folder = tmp_path_factory.mktemp("few")
    with vault(folder) as con:
        stock(con, request.param)
        publishing.publish(con, folder / "etalage.duckdb")
        draw(con, folder / "etalage.duckdb", 150, seed="few")
        audited = con.execute("select post_key from audit_posts").fetchall()
        store_labels(con, [Label(key, "annotator-1", "learning", ("privacy",)) for (key,) in audited])
        few = {"minimum_posts": 1, "minimum_audited": 1}
        publishing.publish(con, folder / "etalage.duckdb", settings=few, key=PSEUDONYM)
    with duckdb.connect(str(folder / "etalage.duckdb"), read_only=True) as con:
        con.execute(
            "create temp table truth as select author_key, platform, role, created_month, posts.goal, "
            "answers.post_key is not null as is_audited "
            "from core.posts as posts left join ops.audit_answers as answers using (post_key)"
        )
        yield con


SPANS = """
    select period_kind, period, created_month
    from (select distinct period_kind, period from core.estimates)
    cross join (select distinct created_month from truth)
    where case period_kind
        when 'month' then created_month = period
        when 'quarter' then date_trunc('quarter', created_month) = period
        else created_month >= period
    end
"""


def people_of(con, mart, cell):
    """Return the people in a cell of a mart, by the posts themselves."""
    names = {
        "estimates": ("period_kind", "period", "platform", "role"),
        "engagement": ("platform", "role", "goal"),
        "model_quality": ("dimension", "role"),
    }[mart]
    given = dict(zip(names, cell, strict=True))
    where = (
        " and ".join(f"{name} = ${name}" for name in ("platform", "role") if given.get(name, "all") != "all") or "true"
    )
    where += " and is_audited" if "dimension" in given else ""
    where += " and goal = $goal" if "goal" in given else ""
    if "period" in given:
        where += f" and created_month in (select created_month from ({SPANS}) "
        where += "where period_kind = $period_kind and period = $period)"
    used = {name: value for name, value in given.items() if f"${name}" in where}
    return set(con.execute(f"select distinct author_key from truth where {where}", used).fetchall())


def people_in(con, mart, cells):
    """How many different people are in cells of a mart together."""
    return len(set().union(*(people_of(con, mart, cell) for cell in cells)))


def left_over(rows, total, parts):
    """Return the parts of a line that are withheld although its total and at least one other part are shown."""
    shown = [part for part in parts if rows[part]]
    hidden = [part for part in parts if not rows[part]]
    return hidden if rows.get(total) and shown and hidden else []


def lines_of(cells, place):
    """Every total with its parts, along one name of a cell's key."""
    for cell in cells:
        if cell[place] == "all":
            parts = [
                other
                for other in cells
                if other != cell and other[:place] + other[place + 1 :] == cell[:place] + cell[place + 1 :]
            ]
            yield cell, parts


def estimates_shown(published):
    """Say of every cell of core.estimates whether it is shown."""
    sql = "select period_kind, period, platform, role, bool_and(withheld is null) from core.estimates group by all"
    return {tuple(row[:4]): row[4] for row in published.execute(sql).fetchall()}


def test_what_is_left_of_a_total_is_never_few_people(published):
    """Subtract every shown role or platform from its total: what is left is nothing, or five people at least."""
    rows = estimates_shown(published)
    lines = [line for place in (2, 3) for line in lines_of(rows, place)]
    hidden = [left_over(rows, total, parts) for total, parts in lines]

    assert sum(map(bool, hidden)) > 5
    assert [cells for cells in hidden if cells and people_in(published, "estimates", cells) < FEWEST] == []
    chosen = published.execute(
        "select count(*) from core.estimates where withheld = 'protects a smaller cell'"
    ).fetchone()
    assert chosen != (0,)


def test_no_withheld_total_is_the_sum_of_shown_parts(published):
    """A total is not withheld in vain: not all roles or platforms that make it up are shown."""
    rows = estimates_shown(published)
    lines = [line for place in (2, 3) for line in lines_of(rows, place)]

    assert [total for total, parts in lines if not rows[total] and all(rows[part] for part in parts)] == []


def test_nor_of_what_periods_tell_together(published):
    """Whatever follows from year, all, quarters and months by linear algebra is of five people at least."""
    rows, spans = estimates_shown(published), published.execute(SPANS).fetchall()
    checked = 0
    for whose in {cell[2:] for cell in rows}:
        pieces = [cell for cell in rows if cell[0] == "month" and cell[2:] == whose]
        known = [
            {piece for piece in pieces if (*cell[:2], piece[1]) in spans}
            for cell, is_shown in rows.items()
            if is_shown and cell[2:] == whose
        ]
        for some in derived(pieces, known):
            assert people_in(published, "estimates", some) >= FEWEST, some
            checked += 1

    assert checked > 50


def parts_of(cell, pieces):
    """Return the pieces, of one platform and one role, that a cell is the sum of within its period."""
    return {piece for piece in pieces if all(of in ("all", one) for of, one in zip(cell[2:], piece[2:], strict=True))}


def test_nor_of_what_platforms_and_roles_tell_together(published):
    """Whatever follows from the cells of one period by linear algebra is of five people at least."""
    rows, checked = estimates_shown(published), 0
    for when in {cell[:2] for cell in rows}:
        table = [cell for cell in rows if cell[:2] == when]
        pieces = [cell for cell in table if "all" not in cell[2:]]
        people = {piece: people_of(published, "estimates", piece) for piece in pieces}
        for some in derived(pieces, [parts_of(cell, pieces) for cell in table if rows[cell]]):
            assert len(set().union(*(people[piece] for piece in some))) >= FEWEST, some
            checked += 1

    assert checked > 50


def test_no_cell_of_few_people_follows_from_all_that_is_shown(published):
    """Periods, platforms and roles all together tell of no cell that too few authors withhold."""
    rows, spans = estimates_shown(published), set(published.execute(SPANS).fetchall())
    pieces = [cell for cell in rows if cell[0] == "month" and "all" not in cell[2:]]
    months = {cell: {piece for piece in parts_of(cell, pieces) if (*cell[:2], piece[1]) in spans} for cell in rows}
    few = "select distinct period_kind, period, platform, role from core.estimates where withheld = 'too few authors'"
    hidden = [months[cell] for cell in published.execute(few).fetchall()]

    assert len(hidden) > 20
    assert told(pieces, [months[cell] for cell, is_shown in rows.items() if is_shown], hidden) == []


def test_nor_of_what_the_audience_answers(published):
    """The same for likes and replies."""
    rows = {
        tuple(row[:3]): row[3]
        for row in published.execute("select platform, role, goal, withheld is null from mart.engagement").fetchall()
    }
    hidden = [left_over(rows, *line) for place in (0, 1) for line in lines_of(rows, place)]

    assert any(hidden)
    assert [cells for cells in hidden if cells and people_in(published, "engagement", cells) < FEWEST] == []


def test_nor_of_its_posts_by_goal(published):
    """Where the shares of goals are withheld nothing counts the goals' posts, and no mean has their number under it."""
    hidden = published.execute(
        """
        select
            mix.withheld,
            bool_and(engagement.withheld = mix.withheld),
            count(count_labelled),
            count(engagement.count_posts),
            count(engagement.count_authors),
            count(coalesce(mean_likes, mean_replies, mean_reposts, median_likes, median_replies, median_reposts))
        from mart.engagement as engagement
        join mart.goal_mix as mix using (platform, role, goal)
        where mix.period_kind = 'all' and mix.withheld is not null
        group by mix.withheld
        order by mix.withheld
        """
    ).fetchall()

    assert hidden == [(reason, True, 0, 0, 0, 0) for reason in ("protects a smaller cell", "too few authors")]


def test_nor_of_the_audited_posts_of_a_role(published):
    """The same for the model's errors."""
    rows = {
        tuple(row[:2]): row[2]
        for row in published.execute(
            "select dimension, role, bool_and(withheld is null) from mart.model_quality group by all"
        ).fetchall()
    }
    hidden = [left_over(rows, *line) for line in lines_of(rows, 1)]

    assert len(rows) == 3 * 5
    assert [cells for cells in hidden if cells and people_in(published, "model_quality", cells) < FEWEST] == []
    chosen = published.execute(
        "select count(*) from mart.model_quality where withheld = 'protects a smaller cell' "
        "and coalesce(count_found, count_guessed, precision, recall, false_positive_rate) is null"
    ).fetchone()
    assert chosen != (0,)


@pytest.fixture(scope="module")
def daily(tmp_path_factory):
    """Return a published file with posts by HR of four months, busy weeks beside weeks of few people."""
    chance, posts = random.Random(2013), []  # noqa: S311 - repeatable, not secret
    folder = tmp_path_factory.mktemp("daily")
    for day in range(120):
        for _ in range(chance.choice((0, 0, 0, 1, 2, 9))):
            author, moment = chance.randrange(25), START + timedelta(days=day, minutes=len(posts))
            posts.append(
                post(
                    len(posts),
                    author_id=f"66{author:05d}",
                    handle=f"verzonnen_{author}",
                    display_name=f"Verzonnen Persoon{author}",
                    created_at=moment,
                    collected_at=moment,
                )
            )
    with vault(folder) as con:
        load(con, *posts)
        annotate(con)
        publishing.publish(con, folder / "etalage.duckdb", settings={"minimum_posts": 1})
    with duckdb.connect(str(folder / "etalage.duckdb")) as con:
        yield con


PIECES = """
    select
        case
            when (created_at at time zone 'Europe/Amsterdam')::date between $newest_first and $newest_last then 0
            when (created_at at time zone 'Europe/Amsterdam')::date between $before_first and $before_last then 1
        end as week,
        created_month,
        list(distinct author_key) as people
    from core.posts
    group by all
"""


def test_nor_of_a_month_without_its_weeks(daily):
    """Whatever follows from the report's weeks and all months together, day after day, is of five people at least."""
    states = Counter()
    for day in range(119, 20, -1):
        now = START + timedelta(days=day)
        daily.execute("update ops.about set value = $at where name = 'published_at'", {"at": now.isoformat()})
        daily.execute("delete from core.posts where created_at > $at", {"at": now})
        newest, before = daily.execute(script("page/queries", "weeks")).fetchall()
        spans = {
            f"{name}_{end}": row[at]
            for name, row in (("newest", newest), ("before", before))
            for end, at in (("first", 1), ("last", 2))
        }
        people = {(week, month): set(who) for week, month, who in daily.execute(PIECES, spans).fetchall()}
        touched = {month for week, month in people if week is not None}
        pieces = [piece for piece in people if piece[1] in touched]
        months = [{piece for piece in pieces if piece[1] == month} for month in touched]
        shown = [{piece for piece in pieces if piece[0] == row[0]} for row in (newest, before) if row[-1] is None]
        without_weeks = list(derived(pieces, months)) if months else []
        for some in derived(pieces, months + shown) if shown else ():
            few = len(set().union(*(people[piece] for piece in some))) < FEWEST

            assert some in without_weeks or not few, (now, some)
        states.update((newest[-1], before[-1]))

    assert states[None] > 50
    assert states["protects a smaller cell"] > 5


def test_nor_of_two_months_without_both_weeks(tmp_path):
    """November and December less both weeks leave one person's posts, whoever wrote in October: one week goes."""
    october, ten = datetime(2025, 10, 1, 11, 0, tzinfo=UTC), range(10)
    written = [
        *((day, author) for day in range(10) for author in ten),
        *((day, 99) for day in range(32, 39)),  # the first week of November
        *((day, author) for day in range(50, 64) for author in ten),  # 20 November to 3 December
    ]
    posts = []
    for number, (day, author) in enumerate(written):
        moment, handle = october + timedelta(days=day, seconds=number), f"verzonnen_{author}"
        account = {"author_id": f"66{author:05d}", "handle": handle, "display_name": None}
        posts.append(post(number, created_at=moment, collected_at=moment, **account))
    with vault(tmp_path) as con:
        load(con, *posts)
        annotate(con)
        publishing.publish(con, tmp_path / "etalage.duckdb")
    with duckdb.connect(str(tmp_path / "etalage.duckdb")) as con:
        con.execute("update ops.about set value = '2025-12-04T02:00:00Z' where name = 'published_at'")
        weeks = con.execute(script("page/queries", "weeks")).fetchall()

    assert [(row[4], row[-1]) for row in weeks] == [(70, None), (70, "protects a smaller cell")]


def test_hr_as_a_whole_is_the_last_to_go(published):
    """What the survey asks about stays shown: others make way for it."""
    (reason,) = published.execute(
        "select any_value(withheld) from core.estimates where period_kind = 'all' and platform = 'all' and role = 'hr'"
    ).fetchone()

    assert reason is None


def test_no_mart_shows_a_figure_of_few_authors(published):
    """Every mart that counts authors: under five, every figure that a person could be read from is null."""
    marts = published.execute(
        "select table_name, list(column_name) from duckdb_columns() where schema_name = 'mart' group by all "
        "having list_contains(list(column_name), 'count_authors')"
    ).fetchall()
    figures = (
        "share",
        "mean",
        "median",
        "count_labelled",
        "count_serving",
        "author_share",
        "change",
        "corrected",
        "precision",
    )

    assert {name for name, _ in marts} >= {"purpose_share", "goal_mix", "themes", "trend", "engagement"}
    for mart, columns in marts:
        kept = [
            column
            for column in columns
            if column.startswith(figures) and column not in {"share_covered", "corrected_withheld"}
        ]
        (few,) = published.execute(
            f"select count(*) from mart.{mart} where count_authors < {FEWEST} "
            f"and coalesce({', '.join(f'{column}::varchar' for column in kept)}, null) is not null"
        ).fetchone()
        assert (mart, few) == (mart, 0)
