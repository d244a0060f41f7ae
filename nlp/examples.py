"""Vectors of the labelled posts a model was trained on, kept beside its goal head: explaining encodes one text."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from nlp.head import Floats

FILE = "examples.safetensors"
IDS = "examples.txt"
MOST: Final = 6_000  # 400 bytes each, in a model that is to stay small


@dataclass(frozen=True)
class Examples:
    """Ids of training posts and their vectors in 8 bits (posts, hidden), one scale a post."""

    ids: tuple[str, ...]
    steps: npt.NDArray[np.int8]

    def cosines(self, vector: Floats) -> Floats:
        """Cosine of every example with one vector."""
        rows = self.steps.astype(np.float32)
        lengths = np.linalg.norm(rows, axis=1) * max(1e-9, float(np.linalg.norm(vector)))
        return np.asarray(rows @ vector / np.maximum(lengths, 1e-9), np.float32)

    def save(self, path: Path) -> None:
        """Write two files into a directory."""
        save_file({"steps": np.ascontiguousarray(self.steps)}, path / FILE)
        (path / IDS).write_bytes("".join(f"{one}\n" for one in self.ids).encode())


def examples_of(ids: Sequence[str], vectors: Floats, most: int = MOST) -> Examples:
    """Scale each vector to whole steps up to 127; of more than `most` posts, as many at even distances."""
    kept = np.unique(np.linspace(0, len(ids) - 1, min(most, len(ids))).astype(int))
    some = vectors[kept]
    largest = np.maximum(np.abs(some).max(axis=1, keepdims=True), 1e-9)
    return Examples(tuple(ids[i] for i in kept), np.rint(some / largest * 127).astype(np.int8))


def read_examples(path: Path) -> Examples | None:
    """Read what `save` wrote; None where a model has none, ValueError when the files do not fit each other."""
    if not (path / FILE).exists():
        return None
    try:
        # An id ends at a line feed alone: it may hold what else breaks a line in Unicode.
        ids = (path / IDS).read_bytes().decode().split("\n")[:-1]
        found = Examples(tuple(ids), load_file(path / FILE)["steps"])
    except (SafetensorError, KeyError) as error:
        raise ValueError(f"{path / FILE} holds no examples: {error}") from None
    if len(found.ids) != len(found.steps):
        raise ValueError(f"{path / IDS} does not fit {FILE}")
    return found
