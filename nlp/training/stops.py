"""Heads for an encoder that can stop early: one linear head, for the posts that do and for those that do not."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from nlp.head import Floats, Head
from nlp.onnx_encoder import OnnxEncoder

ALIKE: Final = 0.97
"""Share of the posts that stop early which should get the goal that all layers would give them."""
STEPS: Final = np.linspace(0.3, 0.99, 70)


def vectors_at_stops(encoder: OnnxEncoder, texts: Sequence[str]) -> list[Floats]:
    """Give unit vectors (texts, hidden) at each of the encoder's stops: after its first layers, after all."""
    early, deep, _ = encoder.run(texts, clear_from=np.inf)
    return [early, deep] if encoder.two_parts else [early]


def one_head(heads: Sequence[Head]) -> Head:
    """Put the heads of both stops in one that reads `OnnxEncoder.read`'s features; a single head stays as it is."""
    if len(heads) == 1:
        return heads[0]
    weights = [head.weight / head.temperature for head in heads]
    biases = [(head.bias / head.temperature)[:, None] for head in heads]
    weight = np.concatenate([*weights, *biases], axis=1)
    return Head(heads[0].labels, weight, np.zeros(len(weight), np.float32))


def clear_from(early: Floats, deep: Floats) -> float:
    """Lowest probability of an early goal from which `ALIKE` of the posts get the goal that all layers give.

    Both are probabilities of goals (posts, goals) of posts that no head has seen.
    """
    likeliest, same = early.max(axis=1), early.argmax(axis=1) == deep.argmax(axis=1)
    good = [step for step in STEPS if (likeliest >= step).any() and same[likeliest >= step].mean() >= ALIKE]
    return round(float(min(good, default=1.01)), 2)
