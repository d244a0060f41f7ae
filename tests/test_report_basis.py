"""The report says of every figure whether it is corrected by the audit sample or as the model reads."""

import shutil

import duckdb
import pytest
from stocked import post
from test_report import page_of, publish_posts

THEMES_APART = "De redenen, onderaan in de tabel, zijn zoals het taalmodel ze leest, niet gecorrigeerd."
CORRECTED = "Gecorrigeerd voor de fouten van het taalmodel met een door mensen nagekeken steekproef."
COMPARED = """
update mart.role_comparison set
    share_corrected_hr = 0.123, corrected_low_hr = 0.071, corrected_high_hr = 0.216,
    share_corrected_marketing = 0.152, corrected_low_marketing = 0.06, corrected_high_marketing = 0.31,
    difference_corrected = -0.029, difference_corrected_low = -0.19, difference_corrected_high = 0.1
where period_kind = 'year' and {which}"""
SHARES = "update {mart} set share_corrected = 0.123, corrected_low = 0.071, corrected_high = 0.216 where true"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a file of one month: thirty posts by HR people, thirty by marketing people."""
    posts = [post(number, author_id=f"66{number % 12:04d}", handle=f"iemand_{number % 12}") for number in range(60)]
    return publish_posts(
        tmp_path_factory.mktemp("basis"), posts, lambda row: {"role": ("hr", "marketing")[int(row.post_id[-5:]) % 2]}
    )


@pytest.fixture
def words(published, tmp_path):
    """Return what the report says once an audit has corrected what the given statements say."""

    def write(*statements):
        audited = tmp_path / "etalage.duckdb"
        shutil.copy(published, audited)
        with duckdb.connect(str(audited)) as con:
            for sql in statements:
                con.execute(sql)
        return page_of(audited).words

    return write


def section(words, title, following):
    """Cut a section out of the page by its heading and the next one."""
    return words.split(title, 1)[1].split(following, 1)[0]


@pytest.mark.parametrize(
    ("which", "is_apart"), [("dimension <> 'theme'", True), ("true", False)], ids=["themes not judged", "themes judged"]
)
def test_themes_that_nobody_judged_leave_the_rest_corrected(words, which, is_apart):
    """HR and Marketing are compared by corrected shares, HR's as above; themes left unjudged are told apart."""
    page = words(SHARES.format(mart="mart.purpose_share"), COMPARED.format(which=which))
    compared = section(page, "Is Marketing meer overtuigd dan HR?", "Waarom koudwatervrees?")

    assert "12% voor de organisatie tussen 7 en 22%" in page
    assert "Van de berichten van Marketing dient 15% de organisatie, van die van HR 12%" in compared
    assert CORRECTED in compared
    assert (THEMES_APART in compared) is is_apart
