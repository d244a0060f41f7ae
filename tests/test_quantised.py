"""Weights in 8 bits: every processor multiplies them alike, those too that add two products in 16 bits."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from nlp.artefact import MODEL
from nlp.training.graph import Graph, heaviest_pair

ACTIVATION = 255
GRAPHS = sorted(path.name for path in Path(MODEL, "encoder").glob("*.onnx"))


def sums_of_neighbours(whole):
    """Of weights (inputs, outputs) all sums of two that such a processor adds up, by sign."""
    pairs = whole.astype(np.int64).T.reshape(whole.shape[1], -1, 2)
    return np.stack([np.clip(sign * pairs, 0, None).sum(axis=2) for sign in (1, -1)])


@pytest.mark.parametrize("seed", range(5))
def test_two_products_fit_in_sixteen_bits(seed):
    """Whatever the weights: with large ones beside each other, with one far from all others, with none but zeros."""
    chance = np.random.default_rng(seed)
    weight = chance.standard_t(2, (12, 64)).astype(np.float32)
    weight[0, :2], weight[1], weight[2, 5] = 9, 0, -40
    graph = Graph()
    graph.linear("x", "some", weight, np.zeros(12, np.float32))
    stored = {one.name: numpy_helper.to_array(one) for one in graph.constants}
    assert sums_of_neighbours(stored["some.w"]).max() * ACTIVATION < 2**15
    error = np.abs(stored["some.w"].T * stored["some.s"][:, None] - weight)
    assert (error <= 0.5001 * stored["some.s"][:, None]).all()
    assert (stored["some.s"] * 127 <= 2.0001 * np.maximum(np.abs(weight).max(axis=1), 1e-12)).all()


def test_a_row_whose_large_weights_stand_apart_uses_all_steps():
    """It would be a waste to take fewer for every row."""
    weight = np.array([[1, 0, -1, 0], [1, -1, 0.5, 0.25]], np.float32)
    assert heaviest_pair(weight).tolist() == [1, 1]


@pytest.mark.parametrize("name", GRAPHS)
def test_the_model_that_ships_answers_alike_everywhere(name):
    """No product of its weights can be cut off."""
    weights = {one.name: one for one in onnx.load(str(MODEL / "encoder" / name)).graph.initializer}
    products = [one for name, one in weights.items() if name.endswith(".w") and name.replace(".w", ".s") in weights]
    checked = [numpy_helper.to_array(one) for one in products if one.name != "word.w"]
    assert checked
    assert max(sums_of_neighbours(one).max() for one in checked) * ACTIVATION < 2**15
