"""What docs/privacy.md promises is what the settings and the code do."""

import re

import duckdb
import pytest
from stocked import vault

from flows.settings import Settings
from flows.sweep import _days
from nlp import codebook
from nlp.role import FIELDS
from warehouse.publish import publish


def test_the_retention_table_is_the_defaults(root):
    """Each platform's days stand in the table as they are."""
    page = (root / "docs/privacy.md").read_text(encoding="utf-8")
    told = {name: int(days) for name, days in re.findall(r"\| `retention\.(\w+)` \| (\d+) \|", page)}

    assert told == Settings().retention.model_dump()


def test_pages_of_a_table_are_kept_as_told(root):
    """By the defaults they stay for good, for a feed's posts do; the page says so of imported tables."""
    page = " ".join((root / "docs/privacy.md").read_text(encoding="utf-8").split())

    assert _days("table/rows", Settings().retention.model_dump()) == 0
    assert re.search(r"an imported table .{0,120}`retention\.feed = 0`, the default, for good\.", page)


def test_sweep_hours_are_told_as_they_are(root):
    """The page names the default for Reddit, and the notice promises no more than the defaults do."""
    page = (root / "docs/privacy.md").read_text(encoding="utf-8")
    sweep = Settings().sweep

    assert f"looks at each post every {sweep.reddit_hours:g} hours" in page
    assert "[op X binnen een maand, elders binnen twee dagen]" in page
    assert sweep.x_hours <= 30 * 24
    assert max(sweep.reddit_hours, sweep.bluesky_hours, sweep.mastodon_hours) < 2 * 24


def test_the_lengths_of_what_is_searched_for_are_told_as_they_are(root):
    """From how many characters a name, handle or id is looked for before publishing."""
    page = " ".join((root / "docs/privacy.md").read_text(encoding="utf-8").split())
    told = re.search(r"the names \(from (\d+) characters\), handles \(from (\d+)\) and ids \(from (\d+)\)", page)
    needles = (root / "warehouse/build/needles.sql").read_text(encoding="utf-8")
    least = re.findall(r"(?:when '(\w+)' then|else) length\(needle\) >= (\d+)", needles)

    assert told is not None
    assert dict(least) == dict(zip(("name", "handle", ""), told.groups(), strict=True))


def test_the_rule_that_a_measure_rests_on_is_there(root):
    """The page has analysts keep no copies by a rule of docs/analysts.md: it stands among what they may not."""
    page = (root / "docs/privacy.md").read_text(encoding="utf-8")
    _, _, rules = (root / "docs/analysts.md").read_text(encoding="utf-8").partition("\n## What may not\n")

    assert "analysts keep no copies (docs/analysts.md)" in page
    assert re.search(r"^- A copy of your own", rules, re.MULTILINE)


def test_no_label_can_hold_a_sensitive_trait():
    """Nothing in the codebook says health, pregnancy, union, ethnicity, religion or orientation of a person."""
    labels = [*codebook.GOALS, *codebook.PURPOSE_OF, *codebook.THEMES, *codebook.ROLES, *codebook.DUTCH.values()]
    labels += set(FIELDS) - {"health"}  # somebody's work: occupational health, as the page says
    sensitive = r"gezond|ziek|health|zwanger|pregnan|vakbond|union|etnic|ethnic|afkomst|relig|geloof|orient|geaard|seks"

    assert [label for label in labels if re.search(sensitive, label, re.IGNORECASE)] == []


def test_the_notice_tells_what_is_encrypted_read_and_inferred(root, tmp_path):
    """The published file opens without a key, the vault does not: the notice says so, and of reading and backups."""
    page = (root / "docs/privacy.md").read_text(encoding="utf-8").split("## Bericht voor wie wij volgen")[1]
    notice = " ".join(page.replace("\n>", " ").split())
    with vault(tmp_path, 3) as con:
        publish(con, tmp_path / "etalage.duckdb")

    with duckdb.connect(str(tmp_path / "etalage.duckdb"), read_only=True) as con:
        assert con.execute("select count(text) from core.posts").fetchall() == [(3,)]
        assert con.execute("select distinct role from core.authors").fetchall() == [("hr",)]
    with pytest.raises(duckdb.Error, match="encrypted"):
        duckdb.connect(str(tmp_path / "vault.duckdb"), read_only=True)
    for said in (
        "de oorspronkelijke berichten staan er versleuteld",
        "niet versleuteld",
        "berichten wel lezen",
        "als dat er staat, voor welke organisatie",
        "in onze reservekopieën",
        "U mag ook bezwaar maken: dan volgen wij u niet meer en wissen wij wat wij van u hebben.",
        "[Van accounts op onze lijst hebben wij functie en organisatie zelf genoteerd, uit: bron.]",
    ):
        assert said in notice
    assert "Uit uw profiel leidt het af of u in HR of marketing werkt" in notice
