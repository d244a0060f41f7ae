"""The artefact: whole or refused, the same after a round trip to disk."""

import json
import shutil

import pytest
from trained import pipeline

from nlp import artefact
from nlp.artefact import MODEL, check_whole, content_hash, saved_meta
from nlp.codebook import VERSION
from nlp.pipeline import COMPONENTS, ModelError, load, model_version, save

TEXT = "Wij zoeken een recruiter voor 24 uur. #werkenbijdegemeente"


@pytest.fixture
def copied(tmp_path):
    """A copy of the shipped model that a test may spoil."""
    shutil.copytree(MODEL, tmp_path / "model")
    return tmp_path / "model"


def test_components_run_in_order():
    """The pipeline is assembled from our registered factories."""
    assert tuple(pipeline().pipe_names) == COMPONENTS
    assert all(pipeline().get_pipe_meta(name).factory == f"etalage_{name}" for name in COMPONENTS)


def test_version_is_the_hash_of_the_content():
    """The version in the meta file is that of the files beside it; a reading carries it with the rules."""
    assert saved_meta()["model_version"] == content_hash(MODEL)
    assert model_version() == pipeline().meta["etalage"]["model_version"] != content_hash(MODEL)


@pytest.mark.parametrize("name", ["roles.toml", "organisations.toml", "places.toml"])
def test_another_rule_is_another_version(tmp_path, monkeypatch, name):
    """Who edits the rules has every post read again, by a model that is as whole as before."""
    before = model_version()
    monkeypatch.setattr(artefact, "RULES", shutil.copytree(artefact.RULES, tmp_path / "rules"))
    assert model_version() == before

    with (tmp_path / "rules" / name).open("a", encoding="utf-8") as rules:
        rules.write("# a word more\n")
    check_whole(MODEL)
    assert model_version() != before

    (tmp_path / "rules" / name).unlink()
    with pytest.raises(ModelError, match=f"{name} cannot be read"):
        model_version()


def test_round_trip_keeps_version_and_answers(tmp_path):
    """Saving and loading changes neither the version nor an answer."""
    facts = {name: value for name, value in pipeline().meta["etalage"].items() if name != "model_version"}
    assert save(pipeline(), tmp_path / "again", facts) == model_version()
    again = load(tmp_path / "again", threads=1)
    one, other = pipeline()(TEXT), again(TEXT)
    assert one.cats == pytest.approx(other.cats, abs=1e-5)
    assert one._.hashtags == other._.hashtags


def test_missing_model_says_how_to_rebuild(tmp_path):
    """Without a model there is one line with the remedy."""
    with pytest.raises(ModelError, match=r"no model at .* rebuild it with `etalage train`"):
        load(tmp_path / "nothing")


@pytest.mark.parametrize(
    "name", ["encoder/encoder.onnx", "goal/head.safetensors", "encoder/tokenizer.json", "config.cfg"]
)
def test_damaged_file_is_noticed(copied, name):
    """One changed byte in any file is found before the file is used."""
    data = bytearray((copied / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copied / name).write_bytes(data)
    with pytest.raises(ModelError, match=r"damaged .* rebuild"):
        load(copied)


def test_lost_file_is_noticed(copied):
    """A file that is gone is found too."""
    (copied / "themes" / "head.json").unlink()
    with pytest.raises(ModelError, match="damaged"):
        load(copied)


def test_unreadable_meta_is_refused(copied):
    """A truncated meta file gets the same clear line."""
    (copied / "meta.json").write_text('{"lang": "nl"', "utf-8")
    with pytest.raises(ModelError, match=r"meta.json cannot be read"):
        model_version(copied)


def test_model_for_another_codebook_is_refused(copied):
    """Labels of another codebook are never mixed in."""
    meta = json.loads((copied / "meta.json").read_text("utf-8"))
    meta["etalage"]["codebook_version"] = "1"
    (copied / "meta.json").write_text(json.dumps(meta), "utf-8")
    with pytest.raises(ModelError, match=f"codebook 1, not {VERSION}"):
        load(copied)


def test_artefact_stays_small():
    """What ships is under 45 MB."""
    assert sum(file.stat().st_size for file in MODEL.rglob("*") if file.is_file()) < 45e6
