"""Answers that wait beside the vault: none is lost on its way in, and none outlives its post there."""

import json

import pytest
from stocked import PSEUDONYM, vault

from connectors import cutting
from flows import erasing
from flows.settings import Settings
from nlp import codebook
from warehouse import labelling, labels
from warehouse.erasure import Request, erase
from warehouse.keys import read_keys
from warehouse.label_files import as_lines, label_row
from warehouse.labels import Label

OLDER = "1"


@pytest.fixture
def asked(tmp_path):
    """A vault with five posts, its inbox, and a question about each post by the end of its id."""
    with vault(tmp_path, 5) as con:
        rows = con.execute("select post_id, post_key, text, created_at from posts").fetchall()
        questions = {
            post_id[-1]: labelling.Question(key, "correction", "x", created_at, text, None, codebook.VERSION)
            for post_id, key, text, created_at in rows
        }
        yield con, tmp_path / labelling.INBOX, questions


def forget(con, *keys):
    """Erase posts."""
    rows = con.execute("select platform, post_id from posts where list_contains($keys, post_key)", {"keys": keys})
    erase(con, Request("post", posts=frozenset(rows.fetchall())), "asked", key=PSEUDONYM, cutting=cutting)


def beside(inbox):
    """Everything that the files beside the vault say."""
    return "".join(file.read_text(encoding="utf-8") for file in inbox.parent.rglob("*") if file.is_file())


def give(inbox, name, *rows, folder="inbox"):
    """Put a file in the inbox or beside it, of labels or of lines as they are."""
    place = inbox.parent / folder
    place.mkdir(parents=True, exist_ok=True)
    lines = [row if isinstance(row, str) else json.dumps(label_row(row)) for row in rows]
    (place / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def test_an_answer_is_in_the_vault_alone(asked):
    """Once it is stored no file beside the vault holds it, so that it goes with its post."""
    con, inbox, questions = asked
    labelling.store_label(inbox, questions["1"], "annotator-1", "learning", ())
    key = questions["1"].post_key
    assert key in beside(inbox)

    assert labelling.import_inbox(con, inbox).stored == 1
    assert key not in beside(inbox)
    forget(con, key)
    assert con.execute("select count(*) from labels").fetchone() == (0,)


def test_an_answer_about_a_post_that_was_erased_meanwhile(asked):
    """It is refused, and goes too."""
    con, inbox, questions = asked
    labelling.store_label(inbox, questions["1"], "annotator-1", "learning", ())
    forget(con, questions["1"].post_key)

    assert labelling.import_inbox(con, inbox).refused == {"the post was erased": 1}
    assert beside(inbox) == ""


def test_what_a_person_has_to_look_at_stays(asked):
    """Lines that are no labels, and labels of another codebook, stay alone, until their post goes."""
    con, inbox, questions = asked
    key, other, gone = (questions[number].post_key for number in "123")
    older = Label(other, "annotator-1", "learning", codebook_version=OLDER)
    strange = json.dumps({"post_key": gone, "annotator": "annotator-1", "goal": "fame"})
    give(inbox, "a.jsonl", Label(key, "annotator-1", "learning"), "{", older, strange)

    counts = labelling.import_inbox(con, inbox)
    assert (counts.stored, counts.refused.total()) == (1, 3)
    assert beside(inbox) == f"{{\n{json.dumps(label_row(older))}\n{strange}\n"
    assert labelling.import_inbox(con, inbox) == labels.LabelCounts()

    forget(con, other, gone)
    labelling.import_inbox(con, inbox)
    assert beside(inbox) == "{\n"


def test_a_line_ends_at_a_newline_alone(asked):
    """A question's text with Unicode's own line ends in it, beside its answer, costs no label."""
    con, inbox, questions = asked
    row = label_row(Label(questions["1"].post_key, "annotator-1", "learning"))
    give(inbox, "a.jsonl", as_lines([{**row, "text": "eerst\u2028daarna\x85"}]))

    assert labelling.import_inbox(con, inbox).stored == 1
    assert beside(inbox) == ""


def test_a_line_that_is_too_deep_stops_no_run(asked):
    """It is refused like any other that is no label."""
    con, inbox, _ = asked
    give(inbox, "a.jsonl", "[" * 100_000)

    assert labelling.import_inbox(con, inbox).refused == {"not a JSON object": 1}


def test_half_a_character_stops_no_run(asked):
    """JSON may hold what no column can: such a line is refused, and stays for a person to look at."""
    con, inbox, questions = asked
    lines = [json.dumps({"post_key": "\ud800", "annotator": "annotator-1", "goal": goal}) for goal in ("none", "fame")]
    give(inbox, "a.jsonl", Label(questions["1"].post_key, "annotator-1", "learning"), *lines)

    counts = labelling.import_inbox(con, inbox)
    assert (counts.stored, counts.refused.total()) == (1, 2)
    assert beside(inbox) == "".join(f"{line}\n" for line in lines)


def test_files_of_the_same_name(asked):
    """A second file does not take the place of what was kept of the first."""
    con, inbox, _ = asked
    for line in ("{", "[", "["):
        give(inbox, "a.jsonl", line)
        labelling.import_inbox(con, inbox)

    assert beside(inbox) == "{\n[\n"


def test_files_that_were_kept_before(asked):
    """What was imported earlier, and stayed, goes; a label in it that the vault lacks comes in first."""
    con, inbox, questions = asked
    give(inbox, "a.jsonl", Label(questions["1"].post_key, "annotator-1", "learning"), folder="imported")
    labelling.import_inbox(con, inbox)

    assert con.execute("select count(*) from labels").fetchone() == (1,)
    assert beside(inbox) == ""


def test_a_crash_loses_no_answer(asked, monkeypatch):
    """Nothing is removed before it is committed; the next import finds it known, and removes it then."""
    con, inbox, questions = asked
    labelling.store_label(inbox, questions["1"], "annotator-1", "learning", ())
    with monkeypatch.context() as broken:
        broken.setattr(labelling, "_left", None)
        with pytest.raises(TypeError):
            labelling.import_inbox(con, inbox)
    waiting = beside(inbox)

    again = labelling.import_inbox(con, inbox)

    assert questions["1"].post_key in waiting
    assert (again.stored, again.unchanged, beside(inbox)) == (0, 1, "")


def test_erasing_looks_beside_the_vault(tmp_path, monkeypatch):
    """Answers about a post that is erased by command go with it at once; other answers come in."""
    monkeypatch.delenv("ETALAGE_VAULT_KEY", raising=False)
    keys = read_keys(tmp_path / "keys")
    monkeypatch.setattr("stocked.KEY", keys.vault)
    monkeypatch.setattr("stocked.PSEUDONYM", keys.pseudonym)
    with vault(tmp_path, 2) as con:
        rows = con.execute("select post_key, post_id from posts order by post_id").fetchall()
    (going, post_id), (staying, _) = rows
    inbox = tmp_path / labelling.INBOX
    inbox.mkdir(parents=True)
    answers = (label_row(Label(key, "annotator-1", "learning")) for key in (going, staying))
    (inbox / "a.jsonl").write_text(as_lines(answers), encoding="utf-8")

    erasing.erase_now(
        Settings(home=tmp_path),
        lambda _: Request("post", posts=frozenset({("x", post_id)})),
        "asked",
        lambda _: True,
    )

    assert beside(inbox) == ""
    with vault(tmp_path) as con:
        assert con.execute("select post_key from labels").fetchall() == [(staying,)]
