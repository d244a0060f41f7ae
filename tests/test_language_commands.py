"""`etalage explain`, `evaluate` and `train` as a person runs them."""

import json

import pytest
from etalage_command import Etalage
from test_train import TINY

from nlp.artefact import MODEL, model_version

ROWS = [
    {"text": "Solliciteer nu op deze vacature!", "goal": "recruitment"},
    {"text": "Eindelijk weekend. Barbecue aan!", "goal": "none"},
]


@pytest.fixture
def alone(tmp_path) -> Etalage:
    """The command in an empty folder."""
    return Etalage(tmp_path)


def written(path, rows):
    """Write rows as JSON Lines."""
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_explain_tells_words_and_posts(alone):
    """The decision, its probability, the words that spoke for it and labelled posts like it."""
    told = alone("explain", "Kom jij ons team versterken? Solliciteer voor vrijdag.").stdout

    assert "goal     recruitment (arbeidsmarktcommunicatie en werving)" in told
    assert "what organisational and recruitment lose when a word is left out" in told
    assert told.count("recruitment") >= 4


def test_explain_tells_what_no_word_had_a_part_in(alone):
    """Of a bare link there is the label, and why."""
    told = alone.here("explain", "https://lumenzorg.example/vacature/hr-adviseur").stdout

    assert "goal     none" in told
    assert "a text without words is other" in told
    assert "recruitment" not in told


def test_explain_for_scripts(alone):
    """`--json` gives every goal's probability, and what purpose and goal lose by a word."""
    found = json.loads(alone.here("explain", "Barbecue aan!", "--json", "--neighbours", "0").stdout)

    assert found["decision"]["purpose"] == "other"
    assert sum(p for _, p in found["goals"]) == pytest.approx(1, abs=1e-3)
    assert [list(word) for word in found["influences"]] == [["words", "purpose", "goal"]] * 2


def test_evaluate_prints_and_draws(alone):
    """Tables on standard output and a picture beside them."""
    answer = alone("evaluate", str(written(alone.place / "gold.jsonl", ROWS)), "--rounds", "10")

    assert answer.returncode == 0, answer.stderr
    assert all(word in answer.stdout for word in ("precision", "confusion", "calibration error", "95 %", "for review"))
    assert (alone.place / "gold.svg").read_text("utf-8").startswith("<svg")


def test_evaluate_says_that_no_themes_were_judged(alone):
    """A file of goals alone has no figures of themes, in words and in JSON."""
    file = written(alone.place / "gold.jsonl", [row | {"themes": None} for row in ROWS])
    told = alone.here("evaluate", str(file), "--rounds", "10").stdout
    found = json.loads(alone.here("evaluate", str(file), "--rounds", "10", "--json").stdout)

    assert "themes: no post has themes that were judged" in told
    assert (found["themes"], found["themes_posts"], found["themes_macro_f1"]) == ([], 0, None)


def test_evaluate_names_a_wrong_line(alone):
    """A label that the codebook does not know is one clear line and exit code 2."""
    answer = alone.here("evaluate", str(written(alone.place / "gold.jsonl", [ROWS[0], {"text": "x", "goal": "sales"}])))

    assert answer.returncode == 2
    assert "gold.jsonl:2: field 'goal' is 'sales'" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_train_replaces_only_what_is_worse(alone):
    """A model is trained into an empty place; a worse one does not take its place and says how to force it."""
    posts = [
        {"id": f"{goal}{i}", "text": text, "goal": goal} for goal, some in TINY.items() for i, text in enumerate(some)
    ]
    bios = [{"bio": bio, "role": role} for bio, role in (("HR", "hr"), ("pr", "marketing"), ("kok", "other"))]
    goals = list(TINY)
    turned = [{**post, "goal": goals[(goals.index(post["goal"]) + 1) % len(goals)]} for post in posts]
    for name, rows in (("good", posts), ("poor", turned)):
        (alone.place / name).mkdir()
        written(alone.place / name / "posts-train.jsonl", rows)
        written(alone.place / name / "posts-dev.jsonl", posts)
        written(alone.place / name / "bios-train.jsonl", bios)
    keep = ("--encoder", str(MODEL / "encoder"), "--target", "model")

    first = alone("train", "--corpus", "good", *keep)
    version = model_version(alone.place / "model")
    second = alone.here("train", "--corpus", "poor", *keep)

    assert (first.returncode, second.returncode) == (0, 1), first.stderr + second.stderr
    assert f"model {version} at model" in first.stdout
    assert "encoding 30 posts" in first.stderr
    assert "nothing was replaced; --force" in second.stderr
    assert model_version(alone.place / "model") == version


@pytest.mark.parametrize("arguments", [["--corpus", "nowhere"], ["--encoder", "nowhere"]])
def test_train_needs_what_it_is_given(alone, arguments):
    """A folder that is not there is one clear line, before any work."""
    answer = alone.here("train", "--target", "model", "--encoder", str(MODEL / "encoder"), *arguments)

    assert answer.returncode == 2
    assert "nowhere" in answer.stderr
