"""The encoder: one vector a text, whatever stands beside it."""

import pickle

import numpy as np
import pytest
from trained import pipeline

from nlp.artefact import MODEL
from nlp.head import Head
from nlp.onnx_encoder import OnnxEncoder, joined, up_to_each
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


def widths(encoder):
    """What a head of each stop reads."""
    return [encoder.hidden * passed for passed, _ in enumerate(encoder.stops, 1)]


def test_what_is_clear_stops_early(encoder):
    """A vacancy needs the first layers alone; what is unclear goes on; heads see the vectors up to the last stop."""
    texts = [
        "Vacature: wij zoeken een recruiter, solliciteer voor vrijdag!",
        "Wij gaan het morgen anders doen.",
    ]
    compared, features = encoder.read(texts)
    *columns, which = np.split(features, np.cumsum(widths(encoder)), axis=1)
    reached = which.argmax(axis=1)

    assert reached[0] == 0 < reached[1]
    assert columns[0][0] == pytest.approx(compared[0])
    assert columns[reached[1]][1, : encoder.hidden] == pytest.approx(compared[1])
    for stop, seen in enumerate(columns):
        assert seen.any(axis=1).tolist() == (reached == stop).tolist()


def test_all_layers_give_what_encode_gives(encoder):
    """Where nothing is clear before the end, the last vector is that of `encode`, in whatever company."""
    vectors, reached = encoder.run(TEXTS, [np.inf] * len(encoder.stops))

    assert reached.tolist() == [len(encoder.stops) - 1] * len(TEXTS)
    assert vectors[-1] == pytest.approx(encoder.encode(TEXTS[::-1])[::-1], abs=1e-4)


def test_one_head_serves_all(encoder):
    """Scores of a row are those of the head of the stop where it ended, calibrated."""
    chance = np.random.default_rng(5)
    heads = [
        Head(("a", "b"), *(chance.normal(size=size).astype(np.float32) for size in ((2, width), 2)), heat)
        for width, heat in zip(widths(encoder), np.linspace(0.5, 2.0, len(encoder.stops)), strict=True)
    ]
    vectors, reached = encoder.run(TEXTS, encoder.clear_from)
    scores = [head.scores(one) for head, one in zip(heads, up_to_each(vectors), strict=True)]
    expected = np.stack([scores[stop][row] for row, stop in enumerate(reached)])

    assert one_head(heads).scores(joined(vectors, reached)) == pytest.approx(expected, abs=1e-4)


def test_how_clear_is_clear_enough():
    """The threshold is the lowest above which answers that came so far agree nearly always with the last."""
    early = np.array([[0.9, 0.1], [0.8, 0.2], [0.6, 0.4], [0.55, 0.45]], np.float32)
    deep = np.array([[0.99, 0.01], [0.95, 0.05], [0.9, 0.1], [0.2, 0.8]], np.float32)

    assert clear_from([early, deep]) == pytest.approx([0.56])
    assert clear_from([early, 1 - early])[0] > 1
    assert clear_from([early, 1 - early, 1 - early]) == pytest.approx([1.01, 0.3])
    assert clear_from([early, np.array([[0.9, 0.1]] * 3 + [[0.6, 0.4]], np.float32), deep])[1] > 1
    assert clear_from([deep]) == []


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
