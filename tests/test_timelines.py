"""Periods of few people: not to be worked out from the longer and shorter periods that are shown."""

import random
from datetime import UTC, datetime

import duckdb
import pytest
from stocked import annotate, load, post, vault
from subtraction import ACROSS, derived, told

from warehouse.publish import publish
from warehouse.suppression import protect_estimates
from warehouse.timelines import Period, too_telling

FEWEST = 5


def timeline(chance):
    """Make months with the people of each, and their periods, those first that are kept before others."""
    months = [
        {chance.randrange(9) for _ in range(chance.choice((1, 2, 3, 9, 15)))} for _ in range(chance.randint(3, 10))
    ]
    start, count = chance.randrange(3), len(months)
    quarters = sorted({(max(0, at - (at + start) % 3), min(count, at - (at + start) % 3 + 3)) for at in range(count)})
    spans = [(max(0, count - 6), count), (0, count), *quarters, *((at, at + 1) for at in range(count))]
    periods = []
    for cell, (first, until) in enumerate(spans):
        people = len(set().union(*months[first:until]))
        is_protected = people < FEWEST or (cell > 1 and chance.random() < 0.1)
        is_withheld = is_protected or (cell > 1 and chance.random() < 0.1)
        periods.append(Period(cell, first, until, people, is_withheld, is_protected))
    return months, periods


def spanned(period):
    """Return the months of a period."""
    return set(range(period.first, period.until))


def few_told(months, shown):
    """List the months of few people that follow from shown periods."""
    known = [spanned(period) for period in shown]
    return [some for some in derived(range(len(months)), known) if len(set().union(*(months[at] for at in some))) < 5]


def test_no_few_people_and_no_protected_period_follow():
    """Whatever follows from the periods left, by linear algebra, is of five people at least and nothing protected."""
    chance, before, counted = random.Random(2013), 0, 0  # noqa: S311 - repeatable, not secret
    for _ in range(300):
        months, periods = timeline(chance)
        gone = too_telling(periods, FEWEST)
        shown = [period for period in periods if not period.is_withheld]
        left = [period for period in shown if period.cell not in gone]
        protected = [spanned(period) for period in periods if period.is_protected]

        assert few_told(months, left) == []
        followed = list(derived(range(len(months)), [spanned(period) for period in left]))
        assert [some for some in protected if some in followed] == []
        before += bool(few_told(months, shown))
        counted += bool(left)

    assert before > 100
    assert counted > 200


def test_the_newest_year_is_kept():
    """The year stands first: whatever else has to go, it stays, unless it is all that a protected period is."""
    chance, others = random.Random(145), set()  # noqa: S311 - repeatable, not secret
    for _ in range(300):
        periods = timeline(chance)[1]
        gone = too_telling(periods, FEWEST)
        others.update(gone)

        assert 0 not in gone or spanned(periods[0]) in [spanned(one) for one in periods[1:] if one.is_protected]

    assert others > {1}


def test_nothing_is_withheld_where_nobody_is_few():
    """Months of many people all stay."""
    months = [Period(at, at, at + 1, 5, is_withheld=False, is_protected=False) for at in range(6)]

    assert too_telling([Period(9, 0, 6, 9, is_withheld=False, is_protected=False), *months], FEWEST) == []


def test_a_month_beside_two_shown_ones():
    """Of a quarter with one small month the smaller of the others goes too."""
    periods = [
        Period(1, 0, 3, 9, is_withheld=False, is_protected=False),
        Period(2, 1, 2, 7, is_withheld=False, is_protected=False),
        Period(3, 2, 3, 6, is_withheld=False, is_protected=False),
        Period(4, 0, 1, 2, is_withheld=True, is_protected=True),
    ]

    assert too_telling(periods, FEWEST) == [3]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((("2025-01", 12), ("2025-01", 3)), id="a small first quarter"),
        pytest.param((("2025-09", 16), ("2025-09", 4)), id="few before the year"),
        pytest.param((("2025-02", 15), ("2025-04", 3)), id="a small quarter, half of it before the year"),
    ],
)
def published(request, tmp_path_factory):
    """Return a file with posts by twelve HR people a month, by four of them in the months that are small."""
    (start, count), (small_start, count_small) = request.param
    posts = []
    year, month = map(int, start.split("-"))
    small_year, small_month = map(int, small_start.split("-"))
    small = range(small_year * 12 + small_month, small_year * 12 + small_month + count_small)
    for at in range(year * 12 + month, year * 12 + month + count):
        moment = datetime((at - 1) // 12, (at - 1) % 12 + 1, 5, 12, tzinfo=UTC)
        for author in range(4 if at in small else 12):
            for _ in range(6):
                account = {"author_id": f"55{author:05d}", "handle": f"verzonnen_{author}", "display_name": None}
                posts.append(post(len(posts), created_at=moment, collected_at=moment, **account))
    folder = tmp_path_factory.mktemp("small")
    with vault(folder) as con:
        load(con, *posts)
        annotate(con)
        publish(con, folder / "etalage.duckdb")
    with duckdb.connect(str(folder / "etalage.duckdb"), read_only=True) as con:
        yield con


SHOWN = """
    select list(distinct posts.created_month)
    from (select distinct period_kind, period from core.estimates where withheld is null and role = 'hr') as periods
    join core.posts as posts on case period_kind
        when 'month' then posts.created_month = period
        when 'quarter' then date_trunc('quarter', posts.created_month) = period
        else posts.created_month >= period
    end
    group by period_kind, period
"""


def test_no_period_of_few_people_follows_from_the_published_ones(published):
    """Year, all, quarters and months together tell of nothing but groups of five people and more."""
    people = dict(
        published.execute("select created_month, list(distinct author_key) from core.posts group by all").fetchall()
    )
    known = [set(months) for (months,) in published.execute(SHOWN).fetchall()]
    few = [
        some for some in derived(sorted(people), known) if len(set().union(*(people[month] for month in some))) < FEWEST
    ]

    assert len(known) > 8
    assert few == []


def test_hrs_newest_year_stays(published):
    """What the survey asks about makes way for nothing."""
    reasons = published.execute("select distinct withheld from core.estimates where period_kind = 'year'").fetchall()

    assert reasons == [(None,)]


SMALL_FILE = """
    create schema core;
    create schema ops;
    create table ops.settings as select 'minimum_authors' as name, 5 as value;
    create macro core.setting(asked) as (select value from ops.settings where name = asked);
    create table core.estimates (
        period_kind varchar, period date, platform varchar, role varchar, count_authors bigint, withheld varchar,
        count_labelled bigint, share double, share_low double, share_high double, effective_posts double,
        author_share double, author_share_low double, author_share_high double
    )
"""


def test_a_withheld_quarter_is_not_the_sum_of_its_roles():
    """Where all roles together withhold one quarter and each role another, the roles do not add up to it."""
    quarters = {"2025-01-01": (4, 0), "2025-04-01": (30, 40), "2025-07-01": (12, 70), "2025-10-01": (60, 30)}
    spans = [(kind, period, counts) for kind in ("quarter", "month") for period, counts in quarters.items()]
    spans.append(("all", "2025-01-01", (99, 99)))
    cells = [
        (kind, period, role, count)
        for kind, period, (hr, marketing) in spans
        for role, count in (("all", hr + marketing), ("hr", hr), ("marketing", marketing))
        if count
    ]
    with duckdb.connect() as con:
        con.execute(SMALL_FILE)
        con.executemany(
            "insert into core.estimates by name select $1 as period_kind, $2 as period, $3 as role, "
            "$4 as count_authors, unnest(['all', 'x']) as platform, if($4 < 5, 'too few authors', null) as withheld",
            cells,
        )
        protect_estimates(con)
        hidden = con.execute(
            "select period::varchar, role from core.estimates "
            "where withheld is not null and period_kind = 'quarter' and platform = 'all'"
        ).fetchall()

    assert {("2025-01-01", "all"), ("2025-04-01", "all"), ("2025-07-01", "hr")} <= set(hidden)
    assert {("2025-04-01", "hr"), ("2025-04-01", "marketing")} & set(hidden)


def protected(cells, people):
    """Protect cells (period kind, first month, platform, role), sets of pieces; return why each is withheld."""
    rows = [(*cell, sum(people[piece] for piece in pieces)) for cell, pieces in cells.items() if pieces]
    with duckdb.connect() as con:
        con.execute(SMALL_FILE)
        con.executemany(
            "insert into core.estimates by name select $1 as period_kind, make_date(2025, $2, 1) as period, "
            "$3 as platform, $4 as role, $5 as count_authors, if($5 < 5, 'too few authors', null) as withheld",
            rows,
        )
        protect_estimates(con)
        states = con.execute(
            "select period_kind, month(period), platform, role, withheld from core.estimates"
        ).fetchall()
    return {tuple(cell): withheld for *cell, withheld in states}


def test_three_people_do_not_follow_from_platforms_and_roles():
    """A role that is on one platform alone is its own total: what withholds the one withholds the other."""
    cells = {
        (kind, 1, platform, role): {
            piece for piece in ACROSS if platform in ("all", piece[0]) and role in ("all", piece[1])
        }
        for kind in ("month", "quarter", "year", "all")
        for platform in ("all", "x", "bluesky", "mastodon")
        for role in ("all", "hr", "marketing", "other", "unknown")
    }
    states = protected(cells, ACROSS)
    shown = [cell for cell, withheld in states.items() if cell[0] == "month" and withheld is None]
    groups = [sum(ACROSS[piece] for piece in some) for some in derived(list(ACROSS), [cells[cell] for cell in shown])]

    assert {("all", "all"), ("all", "hr"), ("x", "hr")} <= {cell[2:] for cell in shown}
    assert min(groups) >= FEWEST


def test_no_withheld_cell_follows_by_way_of_other_periods():
    """No table and no timeline by itself tells of February's three others; all of them together would."""
    people = {
        (1, "x", "hr"): 1,
        (1, "bluesky", "hr"): 8,
        (1, "bluesky", "other"): 3,
        (2, "x", "other"): 1,
        (2, "bluesky", "hr"): 20,
        (2, "bluesky", "other"): 2,
        (3, "x", "hr"): 8,
        (3, "bluesky", "hr"): 8,
        (3, "bluesky", "other"): 6,
    }
    periods = [("month", 1, {1}), ("month", 2, {2}), ("month", 3, {3}), ("all", 1, {1, 2, 3})]
    cells = {
        (kind, first, platform, role): {
            piece
            for piece in people
            if piece[0] in months and platform in ("all", piece[1]) and role in ("all", piece[2])
        }
        for kind, first, months in periods
        for platform in ("all", "x", "bluesky")
        for role in ("all", "hr", "other")
    }
    states = protected(cells, people)
    shown = [cells[cell] for cell, withheld in states.items() if withheld is None]
    few = [cells[cell] for cell, withheld in states.items() if withheld == "too few authors"]

    assert states["all", 1, "all", "hr"] is None
    assert states["all", 1, "all", "all"] is None
    assert len(few) > 5
    assert told(list(people), shown, few) == []
