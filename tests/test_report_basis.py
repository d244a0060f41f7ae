"""The report says of every figure whether it is corrected by the audit sample or as the model reads."""

import shutil

import duckdb
import pytest
from stocked import post
from test_report import page_of, publish_posts

from warehouse.page import corrected

CORRECTED = "Gecorrigeerd voor de fouten van het taalmodel met een door mensen nagekeken steekproef."
AS_READ = "Zoals het taalmodel de berichten leest, niet gecorrigeerd voor zijn fouten."
THEMES_APART = "De redenen, onderaan in de tabel, zijn zoals het taalmodel ze leest, niet gecorrigeerd."
SHARES = "share_corrected = 0.123, corrected_low = 0.071, corrected_high = 0.216"
COMPARED = """
share_corrected_hr = 0.123, corrected_low_hr = 0.071, corrected_high_hr = 0.216,
share_corrected_marketing = 0.152, corrected_low_marketing = 0.06, corrected_high_marketing = 0.31,
difference_corrected = -0.029, difference_corrected_low = -0.19, difference_corrected_high = 0.1"""
AS_MANY = "update mart.purpose_share set effective_posts = 41.4"
GOALS_JUDGED = (
    f"update mart.purpose_share set {SHARES}, effective_n = 27.6",
    f"update mart.goal_mix set {SHARES}",
    f"update mart.trend set {SHARES}",
    f"update mart.role_comparison set {COMPARED} where dimension <> 'theme'",
)
THEMES_JUDGED = (f"update mart.themes set {SHARES}", f"update mart.role_comparison set {COMPARED}")
MONTHS = ("Wordt het meer of minder?", "Welke doelen dienen de berichten?")
MARKETING = ("Is Marketing meer overtuigd dan HR?", "Waarom koudwatervrees?")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Return the words of a month's reports by what an audit corrected: nothing, all but the themes, and all."""
    folder = tmp_path_factory.mktemp("basis")
    posts = [post(number, author_id=f"66{number % 12:04d}", handle=f"iemand_{number % 12}") for number in range(60)]
    published = publish_posts(folder, posts, lambda row: {"role": ("hr", "marketing")[int(row.post_id[-5:]) % 2]})

    def words(name, statements):
        audited = folder / name / "etalage.duckdb"
        audited.parent.mkdir()
        shutil.copy(published, audited)
        with duckdb.connect(str(audited)) as con:
            for sql in (AS_MANY, *statements):
                con.execute(sql)
        return page_of(audited).words

    judged = {"nothing": (), "goals": GOALS_JUDGED, "all": GOALS_JUDGED + THEMES_JUDGED}
    return {name: words(name, statements) for name, statements in judged.items()}


def section(words, first, last):
    """Cut out what stands between two headings."""
    return words.split(first, 1)[1].split(last, 1)[0]


@pytest.mark.parametrize(("judged", "is_apart"), [("goals", True), ("all", False)])
def test_themes_that_nobody_judged_leave_the_rest_corrected(reports, judged, is_apart):
    """HR and Marketing are compared by corrected shares, HR's as above; themes left unjudged are told apart."""
    compared = section(reports[judged], *MARKETING)

    assert "12% voor de organisatie tussen 7 en 22%" in reports[judged]
    assert "Van de berichten van Marketing dient 15% de organisatie, van die van HR 12%" in compared
    assert CORRECTED in compared
    assert (THEMES_APART in compared) is is_apart


def test_months_are_corrected_where_all_can_be(reports):
    """The months are drawn and told as the audit corrects them, like the year above; else as the model reads."""
    before, after = section(reports["nothing"], *MONTHS), section(reports["goals"], *MONTHS)

    assert AS_READ in before
    assert "In mei 2026 diende 12% (7–22%) van de berichten de organisatie." in after  # noqa: RUF001 -- Dutch range
    assert CORRECTED in after
    assert AS_READ not in after


@pytest.mark.parametrize(("judged", "counts_as"), [("nothing", "41"), ("goals", "28")])
def test_a_share_counts_as_its_own_number_of_posts(reports, judged, counts_as):
    """Beside a corrected share stands how many posts that one is worth, beside the model's how many its own is."""
    beside = section(reports[judged], "Per bericht en per auteur gerekend", "Het gemiddelde per auteur")

    assert [word for word in beside.split() if word in {"28", "41"}] == [counts_as] * 3


def test_a_month_without_figures_keeps_no_other_from_being_corrected():
    """What is withheld or was not collected has nothing to correct; a shown month that lacks a corrected share has."""
    whole = dict.fromkeys(corrected.TREND, 0.5) | dict.fromkeys(corrected.TREND.values(), 0.3)
    first = whole | dict.fromkeys(("change", "change_low", "change_high"))
    empty = dict.fromkeys(whole)
    unaudited = whole | dict.fromkeys(corrected.TREND.values())

    assert [row["share"] for row in corrected.best([first, empty, whole], corrected.TREND)] == [0.3, None, 0.3]
    assert [row["share"] for row in corrected.best([first, unaudited], corrected.TREND)] == [0.5, 0.5]
    assert not corrected.are_corrected([empty], corrected.TREND)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Wat veranderde er deze week?", "Wordt het meer of minder?"),
        ("Naast het onderzoek van 2013", "Wat veranderde er deze week?"),
        ("Bij welke organisaties staat het op de agenda?", "Is Marketing meer overtuigd"),
        ("Per platform", "Bij welke organisaties staat het op de agenda?"),
        ("Per kwartaal", "Een bericht kan meer dan één reden noemen"),
    ],
    ids=["week", "2013", "organisations", "platforms", "themes by quarter"],
)
def test_what_is_never_corrected_says_so_by_what_is(reports, first, last):
    """A table that is always as the model reads says so where the figures above it are corrected, and only there."""
    before, after = section(reports["nothing"], first, last), section(reports["all"], first, last)

    assert AS_READ.lower() not in before.lower()
    assert AS_READ.lower() in after.lower()
