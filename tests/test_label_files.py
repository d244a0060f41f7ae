"""Files of labels: both formats, read and written, and nothing wrong comes in."""

import json

import pytest

from warehouse.label_files import as_label_studio, as_lines, label_from, label_row, read_labels
from warehouse.labels import BadLabel

GOOD = {"post_key": "abc", "annotator": "annotator-1", "goal": "learning", "themes": ["privacy"]}


def written(folder, text):
    """Write a file of labels."""
    path = folder / "labels.json"
    path.write_text(text, encoding="utf-8")
    return path


def task(*annotations, **data):
    """Make a task as Label Studio exports it."""
    return {"id": 1, "data": {"post_key": "abc", "question_hash": "0" * 16, **data}, "annotations": list(annotations)}


def chosen(*, goal="learning", themes=None, **more):
    """Make an annotation as Label Studio exports it."""
    result = [{"from_name": "goal", "to_name": "text", "type": "choices", "value": {"choices": [goal]}}]
    if themes is not None:
        result.append({"from_name": "themes", "to_name": "text", "type": "choices", "value": {"choices": themes}})
    return {"completed_by": 7, "created_at": "2026-03-01T12:00:00Z", "result": result, **more}


def test_lines_round_trip(tmp_path):
    """A label that is written is read as it was."""
    label = label_from({**GOOD, "labelled_at": "2026-03-01T12:00:00+00:00", "kind": "audit"})
    path = written(tmp_path, as_lines([label_row(label)]))

    assert read_labels(path).labels == [label]


def test_a_line_ends_at_a_newline_alone(tmp_path):
    """A text with Unicode's own line ends in it costs no label."""
    rows = [{**label_row(label_from(GOOD)), "text": f"eerst{end}daarna"} for end in ("\u2028", "\u2029", "\x85")]
    found = read_labels(written(tmp_path, as_lines(rows)))

    assert (len(found.labels), found.refused, found.places) == (3, {}, [])


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"goal": "fame"}, "codebook"),
        ({"goal": ["learning"]}, "codebook"),
        ({"purpose": "personal"}, "falls under"),
        ({"themes": "privacy"}, "list"),
        ({"themes": ["weather"]}, "codebook"),
        ({"themes": [1]}, "list"),
        ({"post_key": None}, "post_key"),
        ({"annotator": 7}, "annotator"),
        ({"annotator": "Jan Jansen"}, "pseudonym"),
        ({"kind": ["audit"]}, "kind"),
        ({"labelled_at": "yesterday"}, "no time"),
        ({"labelled_at": "2026-03-01T12:00:00"}, "zone"),
        ({"labelled_at": 5}, "no time"),
    ],
)
def test_a_wrong_label_is_counted_with_its_reason(tmp_path, row, word):
    """What is wrong with a label is said with its place; the right ones beside it are read."""
    found = read_labels(written(tmp_path, as_lines([GOOD, {**GOOD, **row}])))

    assert len(found.labels) == 1
    assert [word in reason for reason in found.refused] == [True]
    assert found.places[0].startswith(f"{tmp_path / 'labels.json'}:2: ")


@pytest.mark.parametrize("name", ["post_key", "annotator", "question_hash", "codebook_version"])
def test_half_a_character_is_refused(tmp_path, name):
    """JSON may hold half of a surrogate pair, which no column can: it is said in one line that can be printed."""
    found = read_labels(written(tmp_path, f"{json.dumps(GOOD)}\n{json.dumps({**GOOD, name: chr(0xD800)})}\n"))

    assert len(found.labels) == 1
    assert found.refused == {f"{name} holds half a character: '\\ud800'": 1}


@pytest.mark.parametrize("line", ["{", "7", '"text"', "null", "[" * 5000])
def test_lines_that_are_no_labels(tmp_path, line):
    """A line that is no object is counted, and nothing else is lost."""
    found = read_labels(written(tmp_path, json.dumps(GOOD) + "\n\n" + line + "\n"))

    assert (len(found.labels), found.refused) == (1, {"not a JSON object": 1})


def test_label_studio(tmp_path):
    """Annotations of Label Studio are read, each annotator by a number; skipped ones are counted."""
    tasks = [task(chosen(themes=["privacy"]), chosen(goal="none", completed_by={"id": 9, "email": "a@b.example"}))]
    tasks += [task(chosen(was_cancelled=True)), {"predictions": []}]
    found = read_labels(written(tmp_path, json.dumps(tasks)))

    assert [(label.annotator, label.goal, label.themes) for label in found.labels] == [
        ("ls-7", "learning", ("privacy",)),
        ("ls-9", "none", ()),
    ]
    assert found.refused == {"skipped by the annotator": 1, "not a task of Label Studio: it lacks data": 1}


def test_themes_that_nobody_was_asked_for(tmp_path):
    """Without any theme in the file, themes were not judged."""
    assert read_labels(written(tmp_path, json.dumps([task(chosen())]))).labels[0].themes is None


def test_label_studio_round_trip(tmp_path):
    """A stored label that is exported for Label Studio comes back as it was; questions carry no guess."""
    row = {**label_row(label_from({**GOOD, "kind": "audit", "labelled_at": "2026-03-01T12:00:00Z"})), "text": "Hallo"}
    text = as_label_studio([row, {"post_key": "def", "text": "Dag", "kind": "audit"}])

    assert read_labels(written(tmp_path, text)).labels == [label_from(row)]
    assert [sorted(task) for task in json.loads(text)] == [["annotations", "data"], ["data"]]


@pytest.mark.parametrize("content", [b"[{", b"\xff\xfe", None])
def test_a_file_that_is_none(tmp_path, content):
    """A file that cannot be read as either format is one clear line with its name."""
    path = tmp_path / "labels.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadLabel) as error:
        read_labels(path)

    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)
