"""The report: right figures in Dutch, everything escaped, nothing fetched, and a reason where there is no figure."""

import json
import random
import re
import shutil
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import duckdb
import pytest
from stocked import annotate, collect, load, post, vault

from connectors.source import Window
from nlp import codebook
from warehouse import ledger, runs
from warehouse.errors import WarehouseError
from warehouse.page import corrected, dutch, palette, wording
from warehouse.page.facts import read_facts
from warehouse.publish import publish
from warehouse.report import write_report
from warehouse.sql import query
from warehouse.sqlfiles import ROOT

HOSTILE = "<script>alert('x')</script> & Zn"
TEMPLATES = ROOT / "page" / "templates"


class Page(HTMLParser):
    """What a reader's program finds in the page: elements, their attributes, the words a person sees."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.words = ""
        self.inside = []
        self.feed(html)
        self.words = re.sub(r"\s+", " ", self.words)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag in {"script", "style"}:
            self.inside.append(tag)

    def handle_endtag(self, tag):
        if tag in {"script", "style"}:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.words += data + " "

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def publish_posts(folder, posts, read=None, *, windows=()):
    """Publish posts and return the file."""
    with vault(folder) as con:
        collect(con)
        ledger.plan(con, windows)
        if posts:
            load(con, *posts)
            annotate(con, read)
        publish(con, folder / "etalage.duckdb")
    return folder / "etalage.duckdb"


def page_of(published):
    """Write the report and return it."""
    target = published.with_name("report.html")
    write_report(published, target)
    return Page(target.read_text(encoding="utf-8"))


def ask(published, sql):
    """Return the first row of a question."""
    with duckdb.connect(str(published), read_only=True) as con:
        return con.execute(sql).fetchone()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a file with 900 posts by 60 authors up to yesterday, some hostile names, a fifth by marketing."""
    chance = random.Random(2013)  # noqa: S311 -- repeatable, not secret
    yesterday = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=1)

    def read(row):
        number = int(row.post_id[-5:])
        goal = chance.choice([goal for goals in codebook.GOALS.values() for goal in goals])
        has_theme = number % 6 == 0
        return {
            "goal": goal,
            "purpose": codebook.PURPOSE_OF[goal],
            "themes": (chance.choice(list(codebook.THEMES)),) if has_theme else (),
            "themes_p": (0.8,) if has_theme else (),
            "role": "marketing" if number % 60 < 12 else "hr",
            "employer": HOSTILE if number % 60 > 50 else f"Bureau {number % 60 % 7}",
            "hashtags": ("<b>hr",) if number % 3 == 0 else (),
        }

    posts = [
        post(
            number,
            author_id=f"55{number % 60:04d}",
            handle=f"voorbeeldmens_{number % 60}",
            display_name=None,
            created_at=yesterday - timedelta(days=number % 300, minutes=number),
            collected_at=yesterday + timedelta(hours=1),
            source="sample",
        )
        for number in range(900)
    ]
    return publish_posts(tmp_path_factory.mktemp("published"), posts, read)


@pytest.fixture(scope="module")
def page(published):
    """Return the report of that file."""
    return page_of(published)


def test_shows_the_marts_figures(published, page):
    """The headline's shares and intervals are those of mart.purpose_share, written as Dutch percentages."""
    rows = []
    with duckdb.connect(str(published), read_only=True) as con:
        rows = con.execute(
            "select share, share_low, share_high from mart.purpose_share "
            "where period_kind = 'year' and platform = 'all' and role = 'hr'"
        ).fetchall()

    assert len(rows) == 3
    for share, low, high in rows:
        assert f"{100 * share:.0f}%" in page.words
        assert f"tussen {100 * low:.0f} en {100 * high:.0f}%" in page.words


def test_prefers_corrected_shares(published, tmp_path, page):
    """Where an audit corrected every share of a chart the page shows those and says so; else it says why not."""
    assert "niet gecorrigeerd: er is nog geen steekproef door mensen nagekeken" in page.words
    audited = tmp_path / "etalage.duckdb"
    shutil.copy(published, audited)
    with duckdb.connect(str(audited)) as con:
        con.execute(
            "update mart.purpose_share set share_corrected = 0.123, corrected_low = 0.071, corrected_high = 0.216, "
            "effective_n = 97.0, count_audited = 412, corrected_withheld = null where period_kind = 'year'"
        )
    words = page_of(audited).words

    assert words.count("tussen 7 en 22%") == 4  # three shares, and what such an interval means
    assert "met 412 door mensen nagekeken berichten" in words
    assert words.count("Zoals het taalmodel de berichten leest") == 6


def test_never_mixes_corrected_with_other_shares():
    """One row without a corrected share keeps the whole chart as the model reads it."""
    whole = {"share": 0.5, "share_low": 0.4, "share_high": 0.6,
             "share_corrected": 0.3, "corrected_low": 0.2, "corrected_high": 0.4}  # fmt: skip
    missing = whole | {"share_corrected": None}

    assert [row["share"] for row in corrected.best([whole, whole], corrected.SHARES)] == [0.3, 0.3]
    assert [row["share"] for row in corrected.best([whole, missing], corrected.SHARES)] == [0.5, 0.5]


def test_calls_a_purpose_by_one_name(published, page):
    """Tiles, tables and charts say whom a post serves in the same words, and what their interval means."""
    assert "profilering" not in published.with_name("report.html").read_text(encoding="utf-8").lower()
    assert len(re.findall(r"Voor zichzelf \d+% \d+–\d+%", page.words)) == 2  # noqa: RUF001 -- Dutch range
    assert re.search(r'betrouwbaarheidsinterval van 95%, zoals "tussen \d+ en \d+%"', page.words)


def test_sets_2013_beside(page):
    """The survey's quarter of the organisations stands in the page, with its interval, and what is counted now."""
    assert re.search(r"Staat op de agenda 25% 19–33%", page.words)  # noqa: RUF001 -- Dutch range
    assert "in minstens 2 van de laatste vier kwartalen die voorbij zijn, volgens de drempels" in page.words


def test_states_the_rule_of_a_first_quarter(tmp_path):
    """With posts of one quarter an organisation is on the agenda after that one, and the page says so."""
    words = page_of(publish_posts(tmp_path, [post(number) for number in range(40)])).words

    assert "Op de agenda betekent hier: in elk kwartaal dat meetelt (tot nu toe 1), volgens de drempels" in words
    assert "vier kwartalen" not in words


def test_counts_hr_posts_apart_from_dutch_ones(tmp_path):
    """Dutch posts include bare reposts, which count for nothing: those of HR are not called a part of them."""
    posts = [post(number, kind="repost" if number < 10 else "post") for number in range(40)]

    assert "40 Nederlandstalig; van HR tellen er 30 mee" in page_of(publish_posts(tmp_path, posts)).words


def test_an_organisations_share_is_of_a_rounded_number_of_posts(page):
    """Beside an organisation's share stands of about how many posts it is; no sign that could be taken for a margin."""
    assert re.search(r"\d+% van ca\. \d+0", page.words)
    assert "±" not in page.words


def test_claims_no_more_than_was_collected(page):
    """Posts of a year of which one day was collected make no whole month, and who is read is no sample of all of HR."""
    assert "Let op: van deze twaalf maanden is er geen van de eerste tot de laatste dag verzameld." in page.words
    assert "geen steekproef van alle HR-mensen" in page.words
    assert "Nergens is gecorrigeerd of het model goed zag wie HR is" in page.words


def test_says_that_fiction_is_fiction(tmp_path, page):
    """Invented people are called so at the top and at the foot, also a single one; real ones get words for readers."""
    assert page.words.count("VERZONNEN VOORBEELD") == 2

    real = page_of(publish_posts(tmp_path, [post(number) for number in range(30)]))
    assert "VERZONNEN" not in real.words
    assert "alleen voor de analisten" not in real.words
    assert real.words.count("Niet bedoeld om mensen te volgen of te beoordelen.") == 2
    assert {"class": "notice plain", "role": "note"} in real.all("div")

    (tmp_path / "both").mkdir()
    both = page_of(
        publish_posts(tmp_path / "both", [*(post(number) for number in range(30)), post(31, source="sample")])
    )
    assert both.words.count("DEELS VERZONNEN: de berichten van het voorbeeldpanel bestaan niet") == 2
    assert {"class": "notice", "role": "note"} in both.all("div")


def test_shows_a_script_as_text(published, page):
    """Markup in an organisation's name or a hashtag is shown as it is written, and becomes no element."""
    assert ask(published, "select count(*) from core.organisations where organisation like '%<script>%'") == (1,)
    assert HOSTILE in page.words
    assert "#<b>hr" in page.words
    assert not page.all("b")
    html = published.with_name("report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in html


def test_asks_nothing_of_the_network(published, page):
    """Nothing in the page has an address elsewhere, a policy forbids it, and the drawing library is there once."""
    for tag, attributes in page.elements:
        for name in ("src", "href", "srcset", "action", "data", "poster"):
            assert attributes.get(name, "#").startswith("#"), (tag, attributes)
    assert not page.all("link")
    policy = next(row["content"] for row in page.all("meta") if row.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy
    assert len([row for row in page.all("script") if "type" not in row]) == 3
    assert published.with_name("report.html").stat().st_size < 1_500_000


def test_every_chart_has_words_and_a_table(published, page):
    """Each chart is described, its data stand in the page, ids are used once, headings of tables say what they head."""
    charts = [row for tag, row in page.elements if tag == "div" and row.get("class") == "chart"]
    ids = [row["id"] for _, row in page.elements if "id" in row]
    assert len(charts) == 8
    assert len(ids) == len(set(ids))
    assert all(row["role"] == "img" and len(row["aria-label"]) > 20 for row in charts)
    assert {row["data-spec"] for row in charts} <= set(ids)
    assert all("scope" in row for row in page.all("th"))
    assert not re.search(r"<th[^>]*>\s*</th>", published.with_name("report.html").read_text(encoding="utf-8"))
    assert len(page.all("table")) >= len(charts)
    assert page.all("html")[0]["lang"] == "nl"


def test_private_and_whole(published, tmp_path):
    """The page is its owner's alone, nothing half-made lies beside it, and a failure keeps the old one."""
    target = tmp_path / "report.html"
    write_report(published, target)
    before = target.read_bytes()
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]

    with pytest.raises(WarehouseError, match="etalage nightly"):
        write_report(tmp_path / "nothing.duckdb", target)
    with pytest.raises(WarehouseError, match=r"no-such-folder"):
        write_report(published, tmp_path / "no-such-folder" / "report.html")
    assert target.read_bytes() == before


@pytest.mark.parametrize(
    "lacking",
    [
        "drop table mart.themes",
        "delete from ops.about where name = 'holds_fiction'",
        "delete from ops.about where name = 'count_rejects'",
        "delete from ops.settings where name = 'agenda_quarters'",
    ],
)
def test_a_file_of_another_version(tmp_path, lacking):
    """A published file that lacks a mart, a fact or a threshold is refused with what to do."""
    published = publish_posts(tmp_path, [post(1)])
    with duckdb.connect(str(published)) as con:
        con.execute(lacking)

    with pytest.raises(WarehouseError, match="etalage nightly"):
        write_report(published, tmp_path / "report.html")


def test_no_posts_at_all(tmp_path):
    """Without posts the page is whole and says so, with no share of anything but the survey of 2013."""
    page = page_of(publish_posts(tmp_path, []))

    assert "Er zijn nog geen berichten van HR-professionals" in page.words
    assert "minder dan 5 organisaties" in page.words
    assert "Nog geen organisatie" in page.words
    assert not re.search(r"\b(None|nan|null|undefined)\b", page.words)
    assert not re.search(r"In \w+ \d{4} diende", page.words)


def test_an_empty_vault(tmp_path):
    """Without even a run or a window the page is written and says that nothing was planned."""
    with vault(tmp_path) as con:
        publish(con, tmp_path / "etalage.duckdb")

    words = page_of(tmp_path / "etalage.duckdb").words
    assert "Er is nog niets gepland om te verzamelen." in words
    assert "Etalage heeft nog niet gedraaid." in words


def test_one_author(tmp_path):
    """The figures of one author are withheld, with the reason, and no share of theirs is in the page."""
    posts = [post(number, author_id="8800001", handle="willemijn_1") for number in range(40)]
    published = publish_posts(tmp_path, posts)
    words = page_of(published).words

    assert ask(published, "select count(*) from mart.purpose_share where share is not null") == (0,)
    assert "Nog geen uitspraak mogelijk" in words
    assert "minder dan 5 auteurs" in words
    assert not re.search(r"tussen \d+ en \d+%", words)
    charts = [row for tag, row in page_of(published).elements if row.get("class") == "chart"]
    assert {row["data-spec"] for row in charts} == {"spec-survey", "spec-posts", "spec-comparison"}


def test_a_month_not_collected(tmp_path):
    """A month whose windows failed stands in the trend as not collected, and the page warns of the gap."""
    spring = [
        Window("x", "search:#hr", datetime(2026, month, 1, tzinfo=UTC), datetime(2026, month + 1, 1, tzinfo=UTC))
        for month in (1, 2, 3)
    ]
    posts = [
        post(number, author_id=f"77{number % 9}", handle=f"iemand_{number % 9}", display_name=None,
             created_at=datetime(2026, (1, 3)[number % 2], 2 + number % 25, 12, tzinfo=UTC))
        for number in range(90)
    ]  # fmt: skip
    with vault(tmp_path) as con:
        run_id = runs.start_run(con, "nightly")
        ledger.plan(con, spring)
        for window in (spring[0], spring[2]):
            ledger.begin(con, window, run_id)
            ledger.finish(con, window, "complete", None)
        ledger.begin(con, spring[1], run_id)
        ledger.finish(con, spring[1], "failed", "the platform did not answer")
        load(con, *posts)
        annotate(con)
        publish(con, tmp_path / "etalage.duckdb")
    page = page_of(tmp_path / "etalage.duckdb")

    assert re.search(r"februari 2026 0 niet verzameld niet verzameld <1%", page.words)
    assert "Let op: van 3 geplande tijdvakken is er 1 nog niet verzameld." in page.words
    spec = json.loads(_script(tmp_path / "report.html", "spec-trend"))
    february = [row for row in _values(spec) if row.get("month") == "feb 26" and "share" in row]
    assert february
    assert all(row["share"] is None for row in february)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (dutch.number(1234567.891, 1), "1.234.567,9"),
        (dutch.number(2.25, 1), "2,3"),
        (dutch.percent(0.045), "5%"),
        (dutch.counted(1, "bericht", "berichten"), "1 bericht"),
        (dutch.counted(1600, "bericht", "berichten"), "1.600 berichten"),
        (dutch.percent(0.4759), "48%"),
        (dutch.percent(0.0004, 1), "<0,1%"),
        (dutch.percent(0.0), "0%"),
        (dutch.percent(0.996), ">99%"),
        (dutch.percent(0.9996, 1), ">99,9%"),
        (dutch.percent(1.0), "100%"),
        (dutch.percent(1 - 2**-53), "100%"),
        (dutch.percent(None), "–"),  # noqa: RUF001 -- the dash of the page
        (dutch.interval(6e-18, 0.103, 1), "0,0–10,3%"),  # noqa: RUF001 -- same
        (dutch.points(-0.0366), "−4"),  # noqa: RUF001 -- a minus sign
        (dutch.points(0.002), "0"),
        (dutch.day("2026-11-23 19:35"), "23 november 2026"),
        (dutch.moment("2026-03-01 03:05"), "1 maart 2026, 03.05 uur"),
        (dutch.quarter(datetime(2026, 10, 1, tzinfo=UTC).date()), "K4 2026"),
        (wording.reason("marketing: too few posts", {"minimum_posts": 20.0}), "Marketing: minder dan 20 berichten"),
        (wording.reason("something new", {}), "something new"),
    ],
)
def test_writes_as_the_dutch_do(written, expected):
    """Numbers, shares, differences, dates and reasons are written the Dutch way."""
    assert written == expected


def test_colours_can_be_read():
    """Words on the page and marks in the charts differ enough from what is behind them (WCAG AA)."""
    words = (palette.INK, palette.SOFT, palette.ORGANISATION, palette.PERSONAL, palette.OTHER, palette.MARKETING)
    assert min(_contrast(colour, "#ffffff") for colour in words) >= 4.5
    assert _contrast(palette.HOLE, "#ffffff") >= 3
    css = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    pairs = re.findall(r"background: (#\w{3,6}); color: (#\w{3,6})", css)
    assert len(pairs) >= 7
    assert min(_contrast(*pair) for pair in pairs) >= 4.5


def _contrast(one, other):
    def light(colour):
        digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lights = sorted((light(one), light(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _script(page, name):
    return re.search(rf'id="{name}">(.*?)</script>', page.read_text(encoding="utf-8"), re.DOTALL).group(1)


def _values(spec):
    return [row for rows in spec.get("datasets", {}).values() for row in rows] + [
        row for layer in spec.get("layer", []) for row in layer.get("data", {}).get("values", [])
    ]


@pytest.mark.parametrize("people", [3, 7])
def test_a_weeks_interval_is_that_of_every_period(tmp_path, people):
    """Where all posts are of one week, its interval is that of the estimates, also when every post agrees."""
    day = datetime.now(UTC) - timedelta(days=3)
    posts = [post(number, created_at=day, collected_at=day) for number in range(45)]

    def read(row):
        return {} if int(row.post_id[-5:]) % 7 < people else {"purpose": "personal", "goal": "showcase"}

    path = publish_posts(tmp_path, posts, read)
    [(share, low, high)] = query(
        path,
        "select share, share_low, share_high from core.estimates "
        "where period_kind = 'all' and platform = 'all' and role = 'hr' and label = 'organisational'",
    ).rows
    week = read_facts(path)["weeks"][0]

    assert 0 < low < share <= 1
    assert (week["share"], week["share_low"], week["share_high"]) == (share, low, high)
