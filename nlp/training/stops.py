"""Heads for an encoder that can stop early: one linear head, wherever a post stops, and how clear is clear enough."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from nlp.head import Floats, Head
from nlp.onnx_encoder import OnnxEncoder, up_to_each

ALIKE: Final = 0.985
"""Share of the posts that stop early which should get the goal that all layers would give them."""
STEPS: Final = np.linspace(0.3, 0.99, 70)


def vectors_at_stops(encoder: OnnxEncoder, texts: Sequence[str]) -> list[Floats]:
    """Give what a head can read at each of the encoder's stops: its unit vectors so far (texts, hidden x stops)."""
    return up_to_each(encoder.run(texts, [np.inf] * len(encoder.stops))[0])


def one_head(heads: Sequence[Head]) -> Head:
    """Put the heads of all stops in one that reads `OnnxEncoder.read`'s features; a single head stays as it is."""
    if len(heads) == 1:
        return heads[0]
    weights = [head.weight / head.temperature for head in heads]
    biases = [(head.bias / head.temperature)[:, None] for head in heads]
    weight = np.concatenate([*weights, *biases], axis=1)
    return Head(heads[0].labels, weight, np.zeros(len(weight), np.float32))


def clear_from(goals: Sequence[Floats]) -> list[float]:
    """Lowest probability, at each stop but the last, from which `ALIKE` of the posts get the goal that all layers give.

    `goals` are the probabilities of goals (posts, goals) at every stop of posts that no head has seen. A later stop is
    asked about those alone that went on at the earlier ones.
    """
    *early, deep = goals
    found: list[float] = []
    here = np.ones(len(deep), np.bool_)
    for one in early:
        likeliest, same = one.max(axis=1), one.argmax(axis=1) == deep.argmax(axis=1)
        good = [step for step in STEPS if (stops := here & (likeliest >= step)).any() and same[stops].mean() >= ALIKE]
        found.append(round(float(min(good, default=1.01)), 2))
        here &= likeliest < found[-1]
    return found
