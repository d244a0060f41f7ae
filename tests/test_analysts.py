"""The pages for analysts: every question runs, every answer is real, every column is described."""

import pytest
from stocked import vault

from warehouse import dictionary
from warehouse.publish import publish
from warehouse.sql import open_published, query

AGAIN = "run: uv run python -m warehouse.dictionary data/etalage.duckdb docs (after `etalage nightly` on the sample)"


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """Return a published file without posts."""
    folder = tmp_path_factory.mktemp("empty")
    with vault(folder) as con:
        publish(con, folder / "etalage.duckdb", fiction=True)
    return folder / "etalage.duckdb"


def test_the_dictionary_is_current(empty, root):
    """docs/marts.md says what the comments in the file say."""
    con = open_published(empty)
    page = dictionary.dictionary(con)
    con.close()

    assert (root / "docs/marts.md").read_text(encoding="utf-8") == page, AGAIN


def test_ten_questions(root):
    """docs/analysts.md asks ten."""
    assert len(dictionary.questions((root / "docs/analysts.md").read_text(encoding="utf-8"))) == 10


@pytest.mark.parametrize("number", range(10))
def test_every_question_runs(empty, root, number):
    """Each question of the page runs as it stands, read-only, and has the columns that stand below it."""
    sql, answer = dictionary.questions((root / "docs/analysts.md").read_text(encoding="utf-8"))[number]

    assert " | ".join(query(empty, sql).columns) == answer.splitlines()[0].strip("| ")


def test_the_first_answer_is_the_samples(sample_run, root):
    """The shares on the page are those of the sample, read by the model that ships.

    Two points of play: another processor rounds the model's sums otherwise, and a few posts change sides.
    """
    sql, answer = dictionary.questions((root / "docs/analysts.md").read_text(encoding="utf-8"))[0]
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in answer.splitlines()[2:]]
    written = {row[0]: float(row[3]) for row in rows}
    con = open_published(sample_run.home / "etalage.duckdb")
    found = {row[0]: float(row[3]) for row in con.execute(sql).fetchall()}
    con.close()

    assert written == pytest.approx(found, abs=0.02), AGAIN
