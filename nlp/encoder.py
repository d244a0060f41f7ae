"""Text to vector: a small multilingual encoder in 8-bit integers, run by onnxruntime."""

import json
import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from spacy.language import Language
from spacy.tokens import Doc
from tokenizers import Tokenizer

from nlp.step import Step

Floats = npt.NDArray[np.float32]
PAD = 1
BATCH_TOKENS = 512  # fewer waste time between batches, more leave the cache (tests/benchmarks/README.md)
REMEMBERED_BIOS = 10_000  # an author's bio comes back with every post


class Encoder(Protocol):
    """Anything that turns texts into vectors of one length can take the encoder's place."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Give unit vectors (texts, hidden), in order, each independent of its neighbours."""
        ...


class OnnxEncoder:
    """A sentence encoder in a directory: encoder.onnx, tokenizer.json and encoder.json.

    The graph takes `ids` (int64) and `mask` (float) of shape (batch, length) and gives one vector a row; encoder.json
    says which `prefix` goes before a text and how many tokens (`longest`) are read.
    """

    def __init__(self, path: Path, threads: int | None = None) -> None:
        facts = json.loads((path / "encoder.json").read_text("utf-8"))
        self.path = path
        self.threads = threads or min(4, len(os.sched_getaffinity(0)))
        self.prefix: str = facts["prefix"]
        self.longest: int = facts["longest"]
        self.hidden: int = facts["hidden"]
        self.tokenizer: Tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        self.tokenizer.enable_truncation(self.longest)
        self._session: tuple[int, Any] | None = None
        self._pool: tuple[int, ThreadPoolExecutor] | None = None

    def session(self) -> Any:
        """Give the onnxruntime session of this process: its threads do not survive a fork."""
        if self._session is None or self._session[0] != os.getpid():
            import onnxruntime  # noqa: PLC0415 - 0.2 s that only those who encode should pay

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1  # threads each take a batch of their own, which never wait for each other
            options.log_severity_level = 3  # errors alone
            made = onnxruntime.InferenceSession(
                str(self.path / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._session = (os.getpid(), made)
        return self._session[1]

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_session": None, "_pool": None, "tokenizer": self.tokenizer.to_str()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, tokenizer=Tokenizer.from_str(state["tokenizer"]))

    def pool(self) -> ThreadPoolExecutor:
        """Give the threads of this process."""
        if self._pool is None or self._pool[0] != os.getpid():
            self._pool = (os.getpid(), ThreadPoolExecutor(self.threads, "encoder"))
        return self._pool[1]

    def encode(self, texts: Sequence[str]) -> Floats:
        """Sort by length, run in batches of about `BATCH_TOKENS` tokens, put back in order."""
        rows = [one.ids for one in self.tokenizer.encode_batch_fast([self.prefix + text for text in texts])]
        vectors = np.empty((len(rows), self.hidden), np.float32)
        parts = list(batches([len(row) for row in rows]))
        run = self.session().run

        def fill(chosen: list[int]) -> None:
            vectors[chosen] = run(None, padded([rows[i] for i in chosen]))[0]

        if self.threads == 1 or len(parts) == 1:
            list(map(fill, parts))
        else:
            list(self.pool().map(fill, parts))
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), np.float32)


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Row numbers from the longest to the shortest, in batches of at most `BATCH_TOKENS` tokens with their padding."""
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    at = 0
    while at < len(order):
        count = max(1, BATCH_TOKENS // lengths[order[at]])
        yield order[at : at + count]
        at += count


def padded(rows: Sequence[Sequence[int]]) -> dict[str, npt.NDArray[Any]]:
    """Make what the graph takes: ids, padded to the longest row, and which of them are tokens."""
    width = max(map(len, rows))
    ids = np.full((len(rows), width), PAD, np.int64)
    mask = np.zeros((len(rows), width), np.float32)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = row
        mask[at, : len(row)] = 1
    return {"ids": ids, "mask": mask}


class EncoderStep(Step):
    """Sets `doc._.vector`, and `doc._.bio_vector` where there is a bio."""

    def __init__(self) -> None:
        self.threads: int | None = None  # all the processor's, at most four
        self.encoder: Encoder | None = None
        self.bios: OrderedDict[str, Floats] = OrderedDict()

    def fill(self, docs: Sequence[Doc]) -> None:
        """Encode texts and the bios not met before in one go."""
        if self.encoder is None:
            raise ValueError("the encoder holds no model yet: load the pipeline from disk")
        bios = [bio for bio in dict.fromkeys(doc._.bio for doc in docs) if bio and bio not in self.bios]
        vectors = self.encoder.encode([doc.text for doc in docs] + bios)
        self.bios.update(zip(bios, vectors[len(docs) :], strict=True))
        for doc, vector in zip(docs, vectors, strict=False):
            doc._.vector = vector
            doc._.bio_vector = self.bios.get(doc._.bio)
        while len(self.bios) > REMEMBERED_BIOS:
            self.bios.popitem(last=False)

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Copy the encoder's three files."""
        if not isinstance(self.encoder, OnnxEncoder):
            raise TypeError("only an encoder that came from disk can be saved")
        Path(path).mkdir(parents=True, exist_ok=True)
        for name in ("encoder.onnx", "tokenizer.json", "encoder.json"):
            (Path(path) / name).write_bytes((self.encoder.path / name).read_bytes())

    def from_disk(self, path: str | Path, **_: object) -> "EncoderStep":
        """Open the encoder; its session starts with the first text."""
        self.encoder = OnnxEncoder(Path(path), self.threads)
        return self


@Language.factory("etalage_encoder", assigns=["doc._.vector"])
def make_encoder(nlp: Language, name: str) -> EncoderStep:  # noqa: ARG001 - spaCy passes both
    """Build the component."""
    return EncoderStep()
