"""A linear layer with labels: how every classifier of the pipeline is stored and applied."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Head:
    """Scores = (features @ weight.T + bias) / temperature; weight is (labels, features)."""

    labels: tuple[str, ...]
    weight: Floats
    bias: Floats
    temperature: float = 1.0

    def scores(self, features: Floats) -> Floats:
        """Calibrated scores (rows, labels) of features (rows, features)."""
        return np.asarray((features @ self.weight.T + self.bias) / self.temperature, np.float32)

    def save(self, path: Path) -> None:
        """Write head.safetensors and head.json into a directory."""
        path.mkdir(parents=True, exist_ok=True)
        # safetensors stores an array that is not C-contiguous silently wrong
        tensors = {
            "weight": np.ascontiguousarray(self.weight, np.float32),
            "bias": np.ascontiguousarray(self.bias, np.float32),
        }
        save_file(tensors, path / "head.safetensors")
        facts = {"labels": list(self.labels), "temperature": self.temperature}
        (path / "head.json").write_text(json.dumps(facts) + "\n", "utf-8")


def read_head(path: Path) -> Head:
    """Read what `Head.save` wrote; ValueError when it is not that."""
    try:
        tensors = load_file(path / "head.safetensors")
        facts = json.loads((path / "head.json").read_text("utf-8"))
        return Head(tuple(facts["labels"]), tensors["weight"], tensors["bias"], float(facts["temperature"]))
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} holds no head: {type(error).__name__}: {error}") from None


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def sigmoid(scores: Floats) -> Floats:
    """Probability of each label by itself."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -60, 60))), np.float32)
