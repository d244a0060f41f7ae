"""The encoder: one vector a text, whatever stands beside it."""

import pickle

import numpy as np
import pytest
from trained import pipeline

from nlp.artefact import MODEL
from nlp.head import Head
from nlp.onnx_encoder import OnnxEncoder, joined
from nlp.pipeline import blank
from nlp.training.stops import clear_from, one_head

TEXTS = ["Wij zoeken een collega.", "kort", "Een veel langere tekst over verzuim en vitaliteit. " * 8, ""]


@pytest.fixture(scope="module")
def encoder():
    """The shipped encoder on one thread."""
    return OnnxEncoder(MODEL / "encoder", threads=1)


def test_vectors_have_unit_length(encoder):
    """Every vector is of length one, also that of an empty text."""
    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_neighbours_do_not_matter(encoder):
    """A text's vector is the same alone, in a batch and in another order."""
    together = encoder.encode(TEXTS)
    assert np.abs(together - np.concatenate([encoder.encode([text]) for text in TEXTS])).max() < 1e-4
    assert np.abs(together - encoder.encode(TEXTS[::-1])[::-1]).max() < 1e-4


def test_nothing_gives_nothing(encoder):
    """No texts give no vectors."""
    assert encoder.encode([]).shape == (0, encoder.hidden)
    assert [len(part) for part in encoder.read([])] == [0, 0]


def test_what_is_clear_stops_early(encoder):
    """A vacancy needs the first layers alone; what they are unsure of goes through all of them, as `encode` does."""
    texts = [
        "Vacature: wij zoeken een recruiter, solliciteer voor vrijdag!",
        "Wij gaan het morgen anders doen.",
    ]
    vectors, features = encoder.read(texts)
    early, deep, which = np.split(features, [encoder.hidden, 2 * encoder.hidden], axis=1)

    assert which.tolist() == [[1, 0], [0, 1]]
    assert early[0] == pytest.approx(vectors[0])
    assert not deep[0].any()
    assert not early[1].any()
    assert deep[1] == pytest.approx(encoder.encode(texts)[1], abs=1e-4)


def test_one_head_serves_both(encoder):
    """Scores of a row that stopped early are the early head's, those of another the deep head's, both calibrated."""
    chance = np.random.default_rng(5)
    heads = [
        Head(("a", "b"), *(chance.normal(size=size).astype(np.float32) for size in ((2, encoder.hidden), 2)), heat)
        for heat in (0.5, 2.0)
    ]
    early, deep, deeper = encoder.run(TEXTS, clear_from=encoder.clear_from)
    expected = np.where(deeper[:, None], heads[1].scores(deep), heads[0].scores(early))

    assert one_head(heads).scores(joined(early, deep, deeper)) == pytest.approx(expected, abs=1e-4)


def test_how_clear_is_clear_enough():
    """The threshold is the lowest above which early and late answers agree nearly always."""
    early = np.array([[0.9, 0.1], [0.8, 0.2], [0.6, 0.4], [0.55, 0.45]], np.float32)
    deep = np.array([[0.99, 0.01], [0.95, 0.05], [0.9, 0.1], [0.2, 0.8]], np.float32)

    assert clear_from(early, deep) == pytest.approx(0.56)
    assert clear_from(early, 1 - early) > 1


def test_like_texts_lie_near(encoder):
    """Two vacancies are nearer to each other than either is to a barbecue."""
    one, two, far = encoder.encode(
        ["Wij zoeken een HR-adviseur, solliciteer nu", "Vacature: recruiter, reageer voor vrijdag", "Barbecue aan!"]
    )
    assert one @ two > max(one @ far, two @ far)


def test_pickles_without_its_session(encoder):
    """A process that is started afresh gets the encoder and opens its own session."""
    again = pickle.loads(pickle.dumps(encoder))  # noqa: S301 - our own bytes
    assert np.abs(again.encode(TEXTS) - encoder.encode(TEXTS)).max() < 1e-6


def test_bios_are_encoded_once():
    """An author's bio is encoded the first time it is met."""
    step = pipeline().get_pipe("encoder")
    step.bios.clear()
    docs = [pipeline().make_doc(text) for text in TEXTS[:2]]
    for doc in docs:
        doc._.bio = "HR-adviseur"
    step.fill(docs)
    assert list(step.bios) == ["HR-adviseur"]
    assert docs[0]._.bio_vector is docs[1]._.bio_vector


def test_untrained_encoder_says_so():
    """A pipeline without a model does not guess."""
    with pytest.raises(ValueError, match="load the pipeline from disk"):
        blank()("tekst")


def test_what_is_compared_is_what_is_read(encoder):
    """The cheaper way gives the same vectors."""
    assert encoder.compare(TEXTS) == pytest.approx(encoder.read(TEXTS)[0], abs=1e-6)


def test_an_error_while_reading_ahead_is_raised():
    """A stream that the encoder cannot read fails; it does not end early or wait for ever."""
    made = blank()
    with pytest.raises(ValueError, match="load the pipeline from disk"):
        list(made.get_pipe("encoder").pipe([made.make_doc("een"), made.make_doc("twee")], batch_size=1))
