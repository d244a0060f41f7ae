"""Languages: learnt from texts and word lists, else told as a whole model tells them."""

import json
import shutil

import pytest
from test_train import TINY

from nlp.annotate import annotate
from nlp.artefact import MODEL, saved_meta, stamp
from nlp.corpus_files import CorpusError, training_posts
from nlp.language import LanguageStep
from nlp.pipeline import load
from nlp.train import teach_languages, train
from nlp.training.languages import kept_languages

ENGLISH = "The cat sat on the mat and we are hiring"
DUTCH = [("de kat zit op de mat", "nl")]
SEVERAL = [("the cat sat on the mat", "en"), ("le chat est sur la table", "fr"), *DUTCH] * 4
ONE = {"no file": None, "no texts": [], "Dutch alone": DUTCH}


@pytest.fixture
def corpus(tmp_path):
    """Posts alone."""
    rows = [{"text": text, "goal": goal, "themes": []} for goal, texts in TINY.items() for text in texts]
    for split in ("train", "dev"):
        written(tmp_path / f"posts-{split}.jsonl", rows)
    return tmp_path


@pytest.fixture
def before(tmp_path):
    """What tells languages in a whole model, by a threshold of its own."""
    place = tmp_path / "before"
    shutil.copytree(MODEL / "language", place / "language")
    shutil.copy(MODEL / "meta.json", place)
    facts = json.loads((place / "language" / "language.json").read_text("utf-8"))
    written(place / "language" / "language.json", [{**facts, "unsure": 0.9}])
    stamp(place, {name: fact for name, fact in saved_meta(place).items() if name != "model_version"})
    return place


def written(file, rows):
    """Write rows, one a line."""
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def teach(corpus, texts):
    """Give the corpus texts in languages."""
    if texts is not None:
        written(corpus / "language-train.jsonl", [{"text": text, "language": name} for text, name in texts])


def without_word_lists(monkeypatch):
    """Do as if the extra were not installed."""
    monkeypatch.setattr("nlp.training.languages.has_word_lists", lambda: False)


def flipped(content, at):
    """Change one byte."""
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def test_a_model_trained_on_posts_alone_tells_languages(corpus):
    """Whose corpus holds no texts in other languages gets no model that takes all for Dutch."""
    told: list[str] = []
    train(corpus, corpus / "model", encoder=MODEL / "encoder", say=told.append)

    assert next(annotate(load(corpus / "model", threads=1), [(ENGLISH, None)])).language == "en"
    assert any(f"told as the model at {MODEL} tells" in line and "language-train.jsonl has no" in line for line in told)


@pytest.mark.parametrize("texts", ONE.values(), ids=ONE)
def test_one_language_is_not_learnt(corpus, before, texts, monkeypatch):
    """With word lists too, whatever stands in the place of texts in several languages, languages are told as before."""
    monkeypatch.setattr("nlp.training.languages.has_word_lists", lambda: True)
    teach(corpus, texts)

    assert kept_languages(corpus, before, print).unsure == 0.9


def test_texts_and_word_lists_teach(corpus, before, monkeypatch):
    """Where both are there, nothing is kept."""
    monkeypatch.setattr("nlp.training.languages.has_word_lists", lambda: True)
    teach(corpus, SEVERAL)

    assert kept_languages(corpus, before, print) is None


def test_languages_are_kept_where_their_word_lists_are_not(corpus, before, monkeypatch):
    """Who trains without the extra gets a model that tells languages as the one before did, and is told so."""
    told: list[str] = []
    without_word_lists(monkeypatch)
    teach(corpus, SEVERAL)
    step = LanguageStep()
    kept = kept_languages(corpus, before, told.append)
    teach_languages(step, corpus, training_posts(corpus), kept, 20, told.append)
    step.to_disk(corpus / "language")

    for name in ("head.safetensors", "head.json", "language.json"):
        assert (corpus / "language" / name).read_bytes() == (before / "language" / name).read_bytes(), name
    (line,) = told
    assert f"told as the model at {before} tells them: the word lists" in line


DAMAGE = {
    "a byte of its weights": ("head.safetensors", lambda found: flipped(found, len(found) // 2)),
    "its labels": ("head.json", lambda _: b"{}"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_how_a_damaged_model_told_languages_is_not_kept(corpus, before, monkeypatch, damage):
    """Damaged bytes do not get into the new model, where a fresh version would vouch for them."""
    told: list[str] = []
    without_word_lists(monkeypatch)
    teach(corpus, SEVERAL)
    name, damaged = DAMAGE[damage]
    file = before / "language" / name
    file.write_bytes(damaged(file.read_bytes()))

    assert kept_languages(corpus, before, told.append).unsure == LanguageStep().from_disk(MODEL / "language").unsure
    (line,) = told
    assert f"told as the model at {MODEL} tells" in line
    assert f"{before} is damaged" in line


def test_without_any_model_texts_have_to_do(corpus, monkeypatch):
    """Languages are learnt from them then, less well, which is said."""
    told: list[str] = []
    without_word_lists(monkeypatch)
    monkeypatch.setattr("nlp.training.languages.MODEL", corpus / "none")
    teach(corpus, SEVERAL)
    step = LanguageStep()
    teach_languages(step, corpus, training_posts(corpus), kept_languages(corpus, corpus, told.append), 20, print)

    assert told[0].startswith("languages will be told less well")
    assert f"no model at {corpus}" in told[0]
    assert step.identify(ENGLISH)[0] == "en"


def test_with_neither_nothing_is_trained(corpus, monkeypatch):
    """Without texts and without a model to keep, it is said at once what is missing."""
    monkeypatch.setattr("nlp.training.languages.MODEL", corpus / "none")

    with pytest.raises(CorpusError, match=r"language-train\.jsonl has no texts.*every text would be taken for Dutch"):
        train(corpus, corpus / "model", encoder=corpus / "never read")
