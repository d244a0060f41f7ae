"""Training: the code of `etalage train` on a tiny corpus, and what it refuses."""

import json
import re
import shutil

import numpy as np
import onnx
import pytest
import tokenizers

from flows import train_model
from flows.errors import InputError
from nlp.annotate import annotate
from nlp.artefact import MODEL, ModelError, read_meta
from nlp.codebook import PURPOSE_OF, ROLES
from nlp.corpus_files import CorpusError
from nlp.head import Head, read_head, softmax
from nlp.onnx_encoder import OnnxEncoder
from nlp.pipeline import load
from nlp.train import MARGIN, WorseError, review_below, train
from nlp.training.regression import best_temperature, fit_sigmoids, fit_softmax, one_hot, softmax_loss

TINY = {
    "showcase": ["Trots op mijn diploma!", "Mijn nieuwe boek is uit", "Ik start maandag in een nieuwe baan"],
    "peer_exchange": [
        "Wie heeft tips voor een systeem?",
        "Interessant artikel over arbeidsrecht",
        "Hoe doen jullie dat?",
    ],
    "recruitment": ["Vacature: recruiter gezocht", "Solliciteer voor vrijdag", "Kom ons team versterken"],
    "employer_branding": [
        "Zo leuk is werken hier #werkenbij",
        "Wij zijn Top Employer",
        "Een kijkje bij ons op kantoor",
    ],
    "internal_branding": [
        "Bedankt collega's, topteam",
        "Welkom aan onze nieuwe collega",
        "Jubileum gevierd met het team",
    ],
    "learning": ["Training voor onze leidinggevenden", "Onboarding vernieuwd", "Onze academie opent de deuren"],
    "knowledge_sharing": ["Kennissessie voor alle teams", "Lessen gedeeld met partners", "Onze community of practice"],
    "collaboration": ["Hybride werken bij ons", "Zelfsturende teams gestart", "Samen plannen in een app"],
    "people_policy": ["Ons verzuim daalt", "Nieuwe cao in onze organisatie", "Medewerkersonderzoek afgerond"],
    "none": ["Barbecue aan!", "Lekker weertje", "Gewonnen met 3-0"],
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Thirty posts, eight bios and a few texts for language, in the corpus's own files."""
    place = tmp_path_factory.mktemp("corpus")
    posts = [
        {"id": f"{goal}-{i}", "text": text, "goal": goal, "themes": ["adoption"] if "app" in text else []}
        for goal, texts in TINY.items()
        for i, text in enumerate(texts)
    ]
    bios = [("HR", "hr"), ("pr", "marketing"), ("kok", "other"), ("Gent", "unknown")] * 2
    texts = [("the cat sat on the mat", "en"), ("de kat zit op de mat", "nl"), ("le chat est sur la table", "fr")] * 4
    rows = {
        "posts-train": posts,
        "posts-dev": posts,
        "bios-train": [{"id": str(i), "bio": bio, "role": role} for i, (bio, role) in enumerate(bios)],
        "language-train": [{"id": str(i), "text": text, "language": name} for i, (text, name) in enumerate(texts)],
    }
    for name, some in rows.items():
        (place / f"{name}.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in some), "utf-8")
    return place


@pytest.fixture(scope="module")
def trained(corpus, tmp_path_factory):
    """A model trained on the tiny corpus over the shipped encoder."""
    target = tmp_path_factory.mktemp("trained") / "model"
    return target, train(corpus, target, encoder=MODEL / "encoder")


def test_tiny_model_learns_its_posts(trained):
    """Trained and loaded again, it gives the posts their labels back."""
    target, outcome = trained
    nlp = load(target, threads=1)
    pairs = [(text, goal) for goal, texts in TINY.items() for text in texts]
    found = list(annotate(nlp, [(text, None) for text, _ in pairs]))
    assert np.mean([one.goal == goal for one, (_, goal) in zip(found, pairs, strict=True)]) > 0.8
    assert found[0].model_version == outcome.version


def test_a_model_tells_of_the_encoder_that_it_was_saved_with(trained):
    """How sure is sure enough to stop early is learnt with the heads: meta.json tells what it came to."""
    for model in (trained[0], MODEL):
        encoder = json.loads((model / "encoder" / "encoder.json").read_text("utf-8"))
        assert read_meta(model)["encoder"] == encoder


def word_pieces():
    """A tokenizer as BERT has them: a vocabulary without scores, and texts padded to the longest."""
    words = re.findall(r"\w+", " ".join(text for texts in TINY.values() for text in texts))
    vocabulary = {piece: at for at, piece in enumerate(["[PAD]", "[UNK]", *dict.fromkeys(words)])}
    made = tokenizers.Tokenizer(tokenizers.models.WordPiece(vocabulary, unk_token="[UNK]"))
    made.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    made.enable_padding(pad_token="[PAD]")
    return made


def export(place, **weights):
    """Write a sentence encoder as other tools do, one vector a token; `weights` say whether those lie beside it."""
    place.mkdir()
    shutil.copy(MODEL / "encoder" / "tokenizer.json", place)
    table = np.random.default_rng(1).normal(size=(40_000, 16)).astype(np.float32)
    inputs = [
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    output = onnx.helper.make_tensor_value_info(
        "last_hidden_state", onnx.TensorProto.FLOAT, ["batch", "length", table.shape[1]]
    )
    nodes = [onnx.helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])]
    made = onnx.helper.make_graph(nodes, "elsewhere", inputs, [output], [onnx.numpy_helper.from_array(table, "table")])
    model = onnx.helper.make_model(made, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=9)
    onnx.save_model(model, str(place / "model.onnx"), **weights)


def beside(name):
    """Keep all weights in a file of this name, as exporters do with those of a large graph."""
    return {"save_as_external_data": True, "location": name, "size_threshold": 0}


@pytest.mark.parametrize(
    ("pieces", "weights"), [("sentence", {}), ("word", {}), ("sentence", beside("model.onnx_data"))]
)
def test_an_encoder_from_elsewhere_will_do(corpus, tmp_path, pieces, weights):
    """A sentence encoder as other tools export it is trained on, saved and loaded again, its weights beside it too."""
    export(tmp_path / "encoder", **weights)
    if pieces == "word":
        word_pieces().save(str(tmp_path / "encoder" / "tokenizer.json"))

    train(corpus, tmp_path / "model", encoder=tmp_path / "encoder")
    found = list(annotate(load(tmp_path / "model", threads=1), [(texts[0], None) for texts in TINY.values()]))

    assert np.mean([one.goal == goal for one, goal in zip(found, TINY, strict=True)]) > 0.5
    assert read_meta(tmp_path / "model")["encoder"]["base"] == "encoder"
    encoder = OnnxEncoder(tmp_path / "model" / "encoder", threads=1)
    short, longer = "Ons verzuim daalt", "Een kijkje bij ons op kantoor"
    assert encoder.encode([short, longer])[0] == pytest.approx(encoder.encode([short])[0], abs=1e-6)
    assert np.isfinite(encoder.encode([""])).all()
    assert encoder.encode(["", short])[1] == pytest.approx(encoder.encode([short])[0], abs=1e-6)


def test_an_encoder_that_cannot_be_copied_replaces_nothing(corpus, tmp_path):
    """Weights of another name than the graph's stay behind: that is said, naming the encoder, and no model is left."""
    export(tmp_path / "encoder", **beside("weights.bin"))

    with pytest.raises(ModelError, match=f"^the encoder at {re.escape(str(tmp_path / 'encoder'))} cannot be read"):
        train(corpus, tmp_path / "model", encoder=tmp_path / "encoder")
    assert not (tmp_path / "model").exists()


def test_a_corpus_of_posts_alone_learns_roles_from_the_bios_that_ship(corpus, tmp_path, monkeypatch):
    """Who brings posts alone does not lose the reading of roles, and is told whose bios teach it."""
    monkeypatch.setattr("nlp.corpus_files.CORPUS", corpus)
    alone = shutil.copytree(corpus, tmp_path / "alone", ignore=shutil.ignore_patterns("bios-*"))
    said = []
    train(alone, tmp_path / "model", encoder=MODEL / "encoder", say=said.append)
    (one,) = annotate(load(tmp_path / "model", threads=1), [("Hoi", "HR-adviseur")])

    assert one.role == "hr"
    assert one.role_p != 0.5
    assert f"roles are learnt from the bios of {corpus}: {alone} has none" in said


@pytest.mark.parametrize("split", ["train", "dev"])
def test_a_corpus_without_posts_is_refused_before_any_work(corpus, tmp_path, split):
    """Nothing to train on or to calibrate on is said at once, not after the encoder's half hour."""
    empty = shutil.copytree(corpus, tmp_path / "empty")
    (empty / f"posts-{split}.jsonl").write_text("\n", "utf-8")

    with pytest.raises(CorpusError, match=f"posts-{split}.jsonl holds no posts"):
        train(empty, tmp_path / "model", encoder=tmp_path / "never read")


@pytest.mark.parametrize(
    ("name", "line", "fault"),
    [
        ("bios-train", '{"bio": "HR"}', "field 'role' is None"),
        ("bios-dev", "{", "not a JSON object"),
        (
            "language-train",
            '{"text": "el gato", "language": "es"}',
            "field 'language' is 'es'; it should be one of nl, ",
        ),
    ],
)
def test_a_wrong_line_is_refused_before_any_work(corpus, tmp_path, name, line, fault):
    """A line of any file that is trained on is named at once, not after the encoder's hours."""
    wrong = shutil.copytree(corpus, tmp_path / "wrong")
    (wrong / f"{name}.jsonl").write_text(f"\n{line}\n", "utf-8")

    with pytest.raises(CorpusError, match=f"{name}.jsonl:2: {fault}"):
        train(wrong, tmp_path / "model", encoder=tmp_path / "never read")


def test_same_seed_same_model(trained, corpus, tmp_path):
    """Training twice gives the same bytes."""
    assert train(corpus, tmp_path / "model", encoder=MODEL / "encoder").version == trained[1].version


def test_both_models_are_measured_on_the_same_posts(trained, corpus, tmp_path):
    """Development posts that became harder are harder for the old model too: its figure of then says nothing."""
    target = tmp_path / "model"
    shutil.copytree(trained[0], target)
    harder = shutil.copytree(corpus, tmp_path / "harder")
    rows = [json.loads(line) for line in (harder / "posts-dev.jsonl").read_text("utf-8").splitlines()]
    none = {"goal": "none", "purpose": "other"}
    turned = [row if at % 4 else row | none for at, row in enumerate(rows)]
    (harder / "posts-dev.jsonl").write_text("\n".join(map(json.dumps, turned)), "utf-8")
    saved = read_meta(target)["figures"]["goal_f1"]
    found = train(harder, target, encoder=MODEL / "encoder")
    assert found.figures["goal_f1"] < saved - MARGIN


def test_worse_model_is_refused(trained, corpus, tmp_path):
    """A model with lower figures on dev replaces the old one only when told to."""
    target, _ = trained
    before = read_meta(target)["model_version"]
    poor = shutil.copytree(corpus, tmp_path / "poor")
    lines = (corpus / "posts-train.jsonl").read_text("utf-8").splitlines()
    goals = list(PURPOSE_OF)
    turned = [json.loads(line) for line in lines]
    for row in turned:
        row["goal"] = goals[(goals.index(row["goal"]) + 1) % len(goals)]
    (poor / "posts-train.jsonl").write_text("\n".join(map(json.dumps, turned)), "utf-8")
    (poor / "posts-dev.jsonl").write_text("\n".join(lines), "utf-8")
    with pytest.raises(WorseError, match="nothing was replaced"):
        train(poor, target, encoder=MODEL / "encoder")
    assert read_meta(target)["model_version"] == before
    assert train(poor, target, encoder=MODEL / "encoder", force=True).version != before


@pytest.mark.parametrize("through", [None, "shipped", "link"])
def test_what_people_posted_stays_out_of_the_shipped_model(corpus, tmp_path, monkeypatch, through):
    """It holds words of what it learnt from, and is in Git: by default, by its own path or by another path to it."""
    corrected = shutil.copytree(corpus, tmp_path / "corpus")
    shutil.copy(corpus / "posts-train.jsonl", corrected / "posts-train-corrections.jsonl")
    monkeypatch.setattr(train_model, "MODEL", tmp_path / "shipped")  # the real one is not for a test to endanger
    (tmp_path / "shipped").mkdir()
    (tmp_path / "link").symlink_to("shipped")

    with pytest.raises(InputError, match=r"posts-train-corrections\.jsonl holds what people posted.* --target"):
        train_model.train_model(
            corrected, through and tmp_path / through, tmp_path / "never read", seed=20, force=False
        )
    assert list((tmp_path / "shipped").iterdir()) == []


def test_what_people_posted_may_teach_a_model_elsewhere(corpus, tmp_path):
    """The words of a correction are in it, which is why it is kept apart; its goal counts more than the corpus's."""
    corrected = shutil.copytree(corpus, tmp_path / "corpus")
    rows = [{"id": f"c{i}", "text": "Sjoerdje Verzonnenstra zoekt werk", "goal": "none"} for i in range(2)]
    rows.append({"id": "c2", "text": TINY["learning"][0], "goal": "none"})
    (corrected / "posts-train-corrections.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    target = tmp_path / "own"

    assert train_model.train_model(corrected, target, MODEL / "encoder", seed=20, force=False) == 0
    assert "verzonnenstra" in json.loads((target / "hashtags/words.json").read_text("utf-8"))
    (read,) = annotate(load(target), [(TINY["learning"][0], None)])
    assert read.goal == "none"


def test_softmax_regression_finds_the_labels():
    """Three clouds of points are told apart, and probabilities are near the truth."""
    chance = np.random.default_rng(1)
    which = chance.integers(0, 3, 600)
    centres = np.array([[2, 0], [-1, 2], [-1, -2]], np.float32)
    points = (centres[which] + chance.normal(0, 0.7, (600, 2))).astype(np.float32)
    head = fit_softmax(points, one_hot([ROLES[i] for i in which], ROLES[:3]), ROLES[:3], 1e-3)
    p = softmax(head.scores(points))
    assert (p.argmax(1) == which).mean() > 0.95
    assert abs(p.max(1).mean() - (p.argmax(1) == which).mean()) < 0.03


def test_sigmoid_regression_is_one_label_at_a_time():
    """Each label follows its own feature."""
    points = np.random.default_rng(2).normal(0, 1, (500, 2)).astype(np.float32)
    head = fit_sigmoids(points, (points > 0).astype(np.float32), ("a", "b"), 1e-3)
    assert ((head.scores(points) > 0) == (points > 0)).mean() > 0.95


def test_temperature_mends_overconfidence():
    """Scores that are three times too large get a temperature of about three."""
    chance = np.random.default_rng(3)
    scores = chance.normal(0, 1.5, (4_000, 4)).astype(np.float32)
    drawn = (scores + chance.gumbel(size=scores.shape)).argmax(axis=1)
    targets = np.eye(4, dtype=np.float32)[drawn]
    assert best_temperature(softmax_loss(scores * 3, targets)) == pytest.approx(3, rel=0.1)


def test_head_keeps_its_order_on_disk(tmp_path):
    """A column-ordered matrix comes back as it was."""
    weight = np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3))
    Head(("a", "b"), weight, np.zeros(2, np.float32), 1.5).save(tmp_path)
    again = read_head(tmp_path)
    assert np.array_equal(again.weight, weight)
    assert (again.labels, again.temperature) == (("a", "b"), 1.5)


def test_review_threshold_is_bounded():
    """Perfect answers need no review; hopeless ones send at most two fifths to a person."""
    p = np.linspace(0.4, 1, 101)
    assert review_below(p, np.ones(101, bool)) == pytest.approx(0.4)
    assert review_below(p, np.zeros(101, bool)) == pytest.approx(0.64)
