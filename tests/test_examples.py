"""Vectors of training posts in the artefact."""

import numpy as np
import pytest
from trained import pipeline

from nlp.corpus_files import CORPUS, training_posts
from nlp.examples import FILE, IDS, MOST, examples_of, read_examples


def test_eight_bits_keep_the_cosine(tmp_path):
    """Saved and read, cosines are right to two decimals."""
    vectors = np.random.default_rng(1).normal(size=(20, 64)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    examples_of([str(i) for i in range(20)], vectors).save(tmp_path)
    found = read_examples(tmp_path)

    assert found is not None
    assert found.cosines(vectors[3]) == pytest.approx(vectors @ vectors[3], abs=0.01)


def test_an_id_may_hold_what_breaks_a_line_elsewhere(tmp_path):
    """The ids of a model's own posts come back as they were, whatever breaks a line in Unicode but a line feed."""
    ids = ("a\u2028b", "a\x85b", "a\rb", "")
    examples_of(ids, np.ones((len(ids), 4), np.float32)).save(tmp_path)
    found = read_examples(tmp_path)

    assert found is not None
    assert found.ids == ids


def test_no_examples_is_fine_and_half_is_not(tmp_path):
    """A model without examples loads; one whose files do not fit each other is refused."""
    assert read_examples(tmp_path) is None
    examples_of(["a"], np.ones((1, 4), np.float32)).save(tmp_path)
    (tmp_path / IDS).write_text("a\nb\n", "utf-8")
    with pytest.raises(ValueError, match="does not fit"):
        read_examples(tmp_path)
    (tmp_path / FILE).write_bytes(b"no tensors")
    with pytest.raises(ValueError, match="holds no examples"):
        read_examples(tmp_path)


def test_shipped_examples_are_training_posts():
    """The model's examples are posts of the corpus it was trained on, at even distances, in order."""
    posts = [post.id for post in training_posts(CORPUS)]
    ids = pipeline().get_pipe("goal").examples.ids

    assert len(ids) == min(MOST, len(posts))
    assert list(ids) == [one for one in posts if one in set(ids)]
    assert (ids[0], ids[-1]) == (posts[0], posts[-1])
