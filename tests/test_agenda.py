"""The agenda of organisations, by quarter and beside 2013: thresholds, what is withheld, and who counts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from stocked import WINDOW, post
from test_marts import by_author, put, rows


def test_the_agenda(tmp_path):
    """Three serving posts of three: on the agenda; one of ten: talked about; none: absent."""

    def read(row):
        number = int(row.post_id[-5:])
        serves = number // 100 == 0 or number == 100
        other = {} if serves else {"purpose": "personal", "goal": "showcase"}
        return {"employer": ["Gemeente Waterbroek", "De Linde B.V.", "Vrachtwerf"][number // 100], **other}

    def made(number):
        return post(number, author_id=f"22{number // 100}{number % 2}000", handle=f"iemand_{number // 100}{number % 2}")

    posts = [made(number) for number in (*range(3), *range(100, 110), *range(200, 204))]
    path = put(tmp_path, posts, read, organisation_minimum_authors=2)

    found = {row["organisation"]: row for row in rows(path, "select * from mart.organisation_agenda")}
    assert {name: row["class"] for name, row in found.items()} == {
        "Gemeente Waterbroek": "on_agenda",
        "De Linde B.V.": "talked_about",
        "Vrachtwerf": "absent",
    }
    assert {row["withheld"] for row in found.values()} == {"figures: too few authors"}
    assert {row["count_posts"] for row in found.values()} == {None}


@pytest.mark.parametrize(
    ("people", "shown", "withheld"),
    [
        ((1,) * 5, (5, 5, 5), None),
        ((1,) * 4, (4, 4, None), "too few organisations"),
        ((2,) * 6, (6, 0, 6), None),
        ((2, 2, 2, 2, 2, 1), (6, 1, None), "protects a smaller cell"),
    ],
)
def test_the_agendas_quarters(tmp_path, people, shown, withheld):
    """All organisations count, named or not; what would be left of fewer than five is withheld, with the reason."""
    employers = [f"Organisatie {at}" for at, count in enumerate(people) for _ in range(count)]
    posts = [by_author(number) for number in range(3 * len(employers))]
    posts = [
        replace(one, author_id=f"x{at % len(employers)}", handle=f"x{at % len(employers)}")
        for at, one in enumerate(posts)
    ]
    path = put(
        tmp_path,
        posts,
        lambda row: {"employer": employers[int(row.post_id[-5:]) % len(employers)]},
        organisation_minimum_authors=2,
    )

    [row] = rows(path, "select * from mart.agenda_quarters")
    assert (row["count_organisations"], row["count_unnamed"], row["on_agenda"]) == shown
    assert row["withheld"] == withheld
    beside = rows(path, "select distinct count_organisations, withheld from mart.survey_2013")
    assert beside == [{"count_organisations": len(people), "withheld": withheld}]


@pytest.mark.parametrize(
    ("autumn", "winter", "withheld"),
    [
        ((2,) * 6, (2,) * 6, None),
        ((1, 2, 2, 2, 2, 2), (2,) * 6, "protects a smaller cell"),
        ((1,) * 6, (1, 2, 2, 2, 2, 2), "protects a smaller cell"),
        ((1,) * 6, (2, 1, 1, 1, 1, 1), None),
    ],
)
def test_the_years_organisations(tmp_path, autumn, winter, withheld):
    """Beside 2013 nothing is told when one to four organisations are left of which no quarter told the class."""
    quarters = ((-150, autumn), (-60, winter))
    staffed = [(day, at, person) for day, people in quarters for at in range(6) for person in range(people[at])]
    passer_by = post(len(staffed), created_at=WINDOW.since)
    posts = [
        replace(
            post(number),
            created_at=WINDOW.since + timedelta(days=day),
            author_id=f"x{at}{person}",
            handle=f"x{at}{person}",
            display_name=None,
        )
        for number, (day, at, person) in enumerate(staffed)
    ]

    def read(row):
        if row.post_id == passer_by.post_id:
            return {"role": "other"}
        return {"employer": f"Organisatie {staffed[int(row.post_id[-5:])][1]}"}

    path = put(tmp_path, [*posts, passer_by], read, organisation_minimum_authors=2)

    assert rows(path, "select distinct count_organisations, withheld from mart.survey_2013") == [
        {"count_organisations": 6, "withheld": withheld}
    ]


def test_a_quarter_that_has_just_begun_takes_nobody_off_the_agenda(tmp_path):
    """Beside 2013 stand quarters that are over: one post on the first day of the next changes nothing."""
    posts = [
        replace(
            post(number),
            created_at=WINDOW.since + timedelta(days=0 if number < 18 else 61),
            collected_at=WINDOW.since + timedelta(days=62),
            author_id=f"x{number % 6}",
            handle=f"x{number % 6}",
            display_name=None,
        )
        for number in range(19)
    ]
    path = put(tmp_path, posts, lambda row: {"employer": f"Organisatie {int(row.post_id[-5:]) % 6}"})

    [first, *_] = rows(path, "select class, count_organisations, share, until from mart.survey_2013")
    assert first == {"class": "on_agenda", "count_organisations": 6, "share": 1.0, "until": date(2026, 7, 1)}


def test_an_organisation_without_hr_people_has_no_agenda(tmp_path):
    """Marketing people's posts say nothing of HR's agenda: no row, rather than one that says absent."""
    posts = [post(number, author_id=f"22{number}000", handle=f"iemand_{number}") for number in range(6)]
    path = put(tmp_path, posts, lambda _: {"employer": "De Linde B.V.", "role": "marketing"})

    assert rows(path, "select * from mart.organisation_agenda") == []
    beside = rows(path, "select share, count_organisations, withheld from mart.survey_2013")
    assert {(row["share"], row["count_organisations"]) for row in beside} == {(None, 0)}
    assert all(row["withheld"] for row in beside)


def test_an_organisation_of_one_is_not_named(tmp_path):
    """An organisation with one known author has no name and no class; it counts in the totals."""

    def read(row):
        return {"employer": f"Bureau Voorbeeld {int(row.post_id[-5:]) % 6}"}

    path = put(
        tmp_path,
        [post(number, author_id=f"11{number % 6:05d}", handle=f"i_{number % 6}") for number in range(30)],
        read,
    )

    assert {row["organisation"] for row in rows(path, "select * from core.organisations")} == {None}
    assert {(row["class"], row["withheld"]) for row in rows(path, "select * from mart.organisation_agenda")} == {
        (None, "all: too few HR people")
    }
    [first, *_] = rows(path, "select * from mart.survey_2013")
    assert (first["class"], first["count_organisations"], first["share"]) == ("on_agenda", 6, 1.0)
