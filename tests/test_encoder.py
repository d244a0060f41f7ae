"""The encoder: one vector a text, whatever stands beside it."""

import pickle

import numpy as np
import pytest
from trained import pipeline

from nlp.artefact import MODEL
from nlp.encoder import OnnxEncoder
from nlp.pipeline import blank

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
