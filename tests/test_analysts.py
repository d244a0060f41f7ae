"""The pages for analysts: every question runs, every answer is real, every column is described."""

import pytest
from stocked import vault
from test_wording import REASONS

from warehouse import dictionary
from warehouse.publish import publish
from warehouse.sql import open_published, query
from warehouse.suppression import REASON

AGAIN = "run: uv run python docs/capture.py"
PLAY = 0.05
"""A share may differ by so much: another processor rounds the model's sums otherwise, and a few posts change sides."""
COUNT_PLAY = 0.35
"""And a count by this part of it, for what is left of a few posts of one theme; in some months the year is shorter."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """Return a published file without posts."""
    folder = tmp_path_factory.mktemp("empty")
    with vault(folder) as con:
        publish(con, folder / "etalage.duckdb")
    return folder / "etalage.duckdb"


def test_the_dictionary_is_current(empty, root):
    """docs/marts.md says what the comments in the file say."""
    con = open_published(empty)
    page = dictionary.dictionary(con)
    con.close()

    assert (root / "docs/marts.md").read_text(encoding="utf-8") == page, AGAIN


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_told(root, reason):
    """docs/analysts.md names whatever may stand in `withheld` or `corrected_withheld`."""
    assert f"{reason.rpartition(': ')[2]}`" in (root / "docs/analysts.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("mart", ["goal_mix", "purpose_share", "themes"])
def test_the_columns_tell_of_smaller_cells(empty, mart):
    """The comment on `withheld` names the reason of a figure that is large enough and withheld all the same."""
    sql = "select comment from duckdb_columns() where schema_name = 'mart' and column_name = 'withheld'"
    [[comment]] = query(empty, f"{sql} and table_name = $mart", {"mart": mart}).rows

    assert REASON in comment


def test_ten_questions(root):
    """docs/analysts.md asks ten."""
    assert len(dictionary.questions((root / "docs/analysts.md").read_text(encoding="utf-8"))) == 10


@pytest.mark.parametrize("number", range(10))
def test_every_question_runs(empty, root, number):
    """Each question of the page runs as it stands, read-only, and has the columns that stand below it."""
    sql, answer = dictionary.questions((root / "docs/analysts.md").read_text(encoding="utf-8"))[number]

    assert " | ".join(query(empty, sql).columns) == answer.splitlines()[0].strip("| ")


def cells(table):
    """Read a Markdown table's rows, numbers as numbers, without what the audit corrects: months divide its draw."""
    names, _, *lines = (line.strip()[1:-1].split("|") for line in table.splitlines())
    kept = [place for place, name in enumerate(names) if not name.strip().startswith("corrected")]
    for line in lines:
        yield [number(line[place].strip()) for place in kept]


def number(cell):
    """Read a cell."""
    try:
        return float(cell)
    except ValueError:
        return cell


@pytest.mark.parametrize("at", [0, 1, 4, 5, 6, 9], ids=lambda at: f"question {at + 1}")
def test_the_answers_are_the_samples(sample_run, root, at):
    """The answers on the page are the sample's, read by the model that ships, with some play.

    Answers whose rows a few posts can reorder or drop (differences, likes, authors who never) are left to the capture,
    and the one about quarters moves with the calendar.
    """
    sql, written = dictionary.questions((root / "docs/analysts.md").read_text(encoding="utf-8"))[at]
    con = open_published(sample_run.home / "etalage.duckdb")
    found = dictionary.answer(con, sql)
    con.close()
    there, now = ({row[0]: row[1:] for row in cells(table)} for table in (written, found))

    assert there.keys() == now.keys(), AGAIN
    for name, row in there.items():
        for one, other in zip(row, now[name], strict=True):
            if isinstance(one, float) and isinstance(other, float):
                part = COUNT_PLAY if one.is_integer() else 0.2
                assert other == pytest.approx(one, abs=PLAY, rel=part), f"{name}: {AGAIN}"
            else:
                assert (one or None) == (other or None), f"{name}: {AGAIN}"
