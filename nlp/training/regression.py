"""Logistic regression and its calibration in plain numpy, so that heads can be trained without the extra."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from nlp.head import Floats, Head

Doubles = npt.NDArray[np.float64]
Objective = Callable[[Doubles], tuple[float, Doubles]]
HISTORY = 12


def minimise(objective: Objective, start: Doubles, steps: int = 300, tolerance: float = 1e-5) -> Doubles:
    """L-BFGS with backtracking; `objective` gives value and gradient of a smooth convex function."""
    x, (value, slope) = start, objective(start)
    pairs: list[tuple[Doubles, Doubles]] = []
    for _ in range(steps):
        if np.abs(slope).max() < tolerance:
            break
        direction = -two_loops(slope, pairs)
        rate, descent = (1.0 if pairs else 1 / max(1.0, float(np.abs(slope).sum()))), float(slope @ direction)
        while True:
            step = rate * direction
            new_value, new_slope = objective(x + step)
            if new_value <= value + 1e-4 * rate * descent or rate < 1e-10:  # noqa: PLR2004 - Armijo's usual constants
                break
            rate /= 2
        change = new_slope - slope
        if float(step @ change) > 1e-12:  # noqa: PLR2004 - keep the curvature positive
            pairs = [*pairs[1 - HISTORY :], (step, change)]
        x, value, slope = x + step, new_value, new_slope
    return x


def two_loops(slope: Doubles, pairs: Sequence[tuple[Doubles, Doubles]]) -> Doubles:
    """Inverse curvature times the gradient, from the last steps and changes of gradient."""
    found, shares = slope.copy(), []
    for step, change in reversed(pairs):
        share = float(step @ found) / float(step @ change)
        shares.append(share)
        found -= share * change
    if pairs:
        step, change = pairs[-1]
        found *= float(step @ change) / float(change @ change)
    for (step, change), share in zip(pairs, reversed(shares), strict=True):
        found += (share - float(change @ found) / float(step @ change)) * step
    return found


def fit_softmax(
    features: Floats, targets: Floats, labels: Sequence[str], penalty: float, weights: Floats | None = None
) -> Head:
    """Multinomial regression; targets are (rows, labels) probabilities, weights one a row."""
    mean = features.mean(axis=0)
    centred = (features - mean).astype(np.float64)
    rows, width, count = *features.shape, len(labels)
    share = np.ones(rows) if weights is None else weights / weights.mean()

    def objective(flat: Doubles) -> tuple[float, Doubles]:
        weight, bias = flat[: count * width].reshape(count, width), flat[count * width :]
        scores = centred @ weight.T + bias
        top = scores.max(axis=1, keepdims=True)
        logs = scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
        loss = -float((share * (targets * logs).sum(axis=1)).mean()) + penalty / 2 * float((weight**2).sum())
        error = share[:, None] * (np.exp(logs) - targets) / rows
        return loss, np.concatenate([(error.T @ centred + penalty * weight).ravel(), error.sum(axis=0)])

    return unfold(minimise(objective, np.zeros(count * width + count)), mean, labels)


def fit_sigmoids(features: Floats, targets: Floats, labels: Sequence[str], penalty: float) -> Head:
    """One yes-or-no regression a label, fitted together; targets are (rows, labels) of 0 and 1."""
    mean = features.mean(axis=0)
    centred = (features - mean).astype(np.float64)
    rows, width, count = *features.shape, len(labels)

    def objective(flat: Doubles) -> tuple[float, Doubles]:
        weight, bias = flat[: count * width].reshape(count, width), flat[count * width :]
        scores = centred @ weight.T + bias
        loss = float((np.logaddexp(0, scores) - targets * scores).sum()) / rows
        error = (1 / (1 + np.exp(-scores)) - targets) / rows
        flat_slope = np.concatenate([(error.T @ centred + penalty * weight).ravel(), error.sum(axis=0)])
        return loss + penalty / 2 * float((weight**2).sum()), flat_slope

    return unfold(minimise(objective, np.zeros(count * width + count)), mean, labels)


def unfold(flat: Doubles, mean: Floats, labels: Sequence[str]) -> Head:
    """Weights and biases of features as they come: the mean goes into the bias."""
    weight = flat[: len(labels) * len(mean)].reshape(len(labels), len(mean))
    bias = flat[len(labels) * len(mean) :] - weight @ mean
    return Head(tuple(labels), np.ascontiguousarray(weight, np.float32), bias.astype(np.float32))


def one_hot(chosen: Sequence[str], labels: Sequence[str]) -> Floats:
    """Rows with a one at the chosen label."""
    at = {label: i for i, label in enumerate(labels)}
    table = np.zeros((len(chosen), len(labels)), np.float32)
    table[np.arange(len(chosen)), [at[label] for label in chosen]] = 1
    return table


def best_temperature(loss: Callable[[float], float]) -> float:
    """Golden-section search of log temperature between 1/20 and 20."""
    low, high, ratio = -3.0, 3.0, (5**0.5 - 1) / 2
    while high - low > 1e-3:  # noqa: PLR2004 - a tenth of a percent
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, right) if loss(float(np.exp(left))) < loss(float(np.exp(right))) else (left, high)
    return float(np.exp((low + high) / 2))


def softmax_loss(scores: Floats, targets: Floats) -> Callable[[float], float]:
    """Log loss of scores at a temperature."""

    def loss(temperature: float) -> float:
        cool = scores / temperature
        top = cool.max(axis=1, keepdims=True)
        logs = cool - top - np.log(np.exp(cool - top).sum(axis=1, keepdims=True))
        return -float((targets * logs).sum(axis=1).mean())

    return loss


def folds(count: int, parts: int, seed: int) -> list[npt.NDArray[np.int64]]:
    """Row numbers dealt into parts at random."""
    return [np.sort(part) for part in np.array_split(np.random.default_rng(seed).permutation(count), parts)]
