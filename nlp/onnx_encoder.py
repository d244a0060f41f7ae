"""A sentence encoder on disk, run by onnxruntime, that goes through all of its layers only where it has to."""

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from nlp.head import Floats, Head, read_head, softmax

PAD = 1
BATCH_TOKENS = 512  # fewer waste time between batches, more leave the cache (tests/benchmarks/README.md)
READ_AT_MOST = 256  # tokens, about 900 characters
EARLY = "early"
OWN, FOREIGN = "encoder.onnx", "model.onnx"


class OnnxEncoder:
    """A sentence encoder in a directory: encoder.onnx, tokenizer.json and encoder.json.

    The graph takes `ids` (int64) and `mask` (float) of shape (batch, length) and gives one `vector` a row; encoder.json
    says which `prefix` goes before a text and how many tokens (`longest`) are read. With deeper.onnx beside it, that
    vector is the one after the first layers, and the graph also gives the `state` from which deeper.onnx goes on.
    The head in early/ says which goal the first vector speaks for: from `clear_from` on, that will do.

    An encoder exported elsewhere will do too: model.onnx with `input_ids` and `attention_mask`, whose first result is
    one vector a row or one a token, of which the mean is taken; encoder.json may be left out.
    """

    def __init__(self, path: Path, threads: int | None = None) -> None:
        file = path / "encoder.json"
        facts = json.loads(file.read_text("utf-8")) if file.exists() else {}
        self.path = path
        self.threads = threads or min(4, len(os.sched_getaffinity(0)))
        self.prefix: str = facts.get("prefix", "")
        self.longest: int = facts.get("longest", READ_AT_MOST)
        self.two_parts = (path / "deeper.onnx").exists()
        self.early: Head | None = read_head(path / EARLY) if (path / EARLY).exists() else None
        self.facts: dict[str, Any] = facts
        self.stops: list[int] = facts.get("stops", [facts.get("layers", 0)])
        self.clear_from: float = facts.get("clear_from", 1.0)
        self.tokenizer: Tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        self.tokenizer.enable_truncation(self.longest)
        self._sessions: tuple[int, list[Any]] | None = None
        self._pool: tuple[int, ThreadPoolExecutor] | None = None

    @property
    def graphs(self) -> list[str]:
        """File names of the graphs."""
        first = OWN if (self.path / OWN).exists() else FOREIGN
        return [first, "deeper.onnx"] if self.two_parts else [first]

    @property
    def hidden(self) -> int:
        """Width of the vectors."""
        return int(self.sessions()[0].get_outputs()[0].shape[-1])

    def save(self, path: Path) -> None:
        """Write the encoder, as it is now, into another directory."""
        path.mkdir(parents=True, exist_ok=True)
        for name in [*self.graphs, "tokenizer.json"]:
            (path / name).write_bytes((self.path / name).read_bytes())
        facts = {"prefix": self.prefix, "longest": self.longest, **self.facts}
        if self.two_parts:
            facts["clear_from"] = self.clear_from
        (path / "encoder.json").write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
        if self.early is not None:
            self.early.save(path / EARLY)

    def sessions(self) -> list[Any]:
        """Give the onnxruntime sessions of this process, one a graph: their threads do not survive a fork."""
        if self._sessions is None or self._sessions[0] != os.getpid():
            import onnxruntime  # noqa: PLC0415 - 0.2 s that only those who encode should pay

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1  # threads each take a batch of their own, which never wait for each other
            options.log_severity_level = 3  # errors alone
            made = [
                onnxruntime.InferenceSession(str(self.path / name), options, providers=["CPUExecutionProvider"])
                for name in self.graphs
            ]
            self._sessions = (os.getpid(), made)
        return self._sessions[1]

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_sessions": None, "_pool": None, "tokenizer": self.tokenizer.to_str()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, tokenizer=Tokenizer.from_str(state["tokenizer"]))

    def pool(self) -> ThreadPoolExecutor:
        """Give the threads of this process."""
        if self._pool is None or self._pool[0] != os.getpid():
            self._pool = (os.getpid(), ThreadPoolExecutor(self.threads, "encoder"))
        return self._pool[1]

    def encode(self, texts: Sequence[str]) -> Floats:
        """Give unit vectors after all layers (texts, hidden), in order."""
        early, deep, _ = self.run(texts, clear_from=np.inf)
        return deep if self.two_parts else early

    def read(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Give vectors to compare texts by (texts, hidden), and what heads read (texts, width), in order.

        Heads read those same vectors, or, where the encoder has two parts, the early vector or the one after all
        layers, each in columns of its own, with two more that say which it is: so one linear head serves for both.
        """
        early, deep, deeper = self.run(texts, clear_from=self.clear_from)
        return early, joined(early, deep, deeper) if self.two_parts else early

    def compare(self, texts: Sequence[str]) -> Floats:
        """Give the first of what `read` gives: it needs the first layers alone."""
        return self.run(texts, clear_from=0.0)[0]

    def run(self, texts: Sequence[str], clear_from: float) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
        """Give early vectors, those after all layers (zeros where the early one was clear), which rows went on."""
        rows = [one.ids for one in self.tokenizer.encode_batch_fast([self.prefix + text for text in texts])]
        early, deep = (np.zeros((len(rows), self.hidden), np.float32) for _ in range(2))
        deeper = np.zeros(len(rows), np.bool_)
        first, *more = self.sessions()

        def fill(chosen: list[int]) -> None:
            feed = padded([rows[i] for i in chosen])
            found = first.run(None, named(feed, first))
            early[chosen] = unit(found[0] if found[0].ndim == 2 else mean(found[0], feed["mask"]))  # noqa: PLR2004
            if not more:
                return
            unclear = self.unclear(early[chosen], clear_from)
            if unclear.any():
                going_on = {"state": found[1][unclear], "mask": feed["mask"][unclear]}
                at = np.array(chosen)[unclear]
                deep[at], deeper[at] = unit(more[0].run(None, going_on)[0]), True

        parts = list(batches([len(row) for row in rows]))
        if self.threads == 1 or len(parts) == 1:
            list(map(fill, parts))
        else:
            list(self.pool().map(fill, parts))
        return early, deep, deeper

    def unclear(self, early: Floats, clear_from: float) -> npt.NDArray[np.bool_]:
        """Tell which rows have no goal that the early head gives a probability of `clear_from` or more."""
        if self.early is None or clear_from > 1:
            return np.ones(len(early), np.bool_)
        likeliest: npt.NDArray[np.bool_] = softmax(self.early.scores(early)).max(axis=1) < clear_from
        return likeliest


def joined(early: Floats, deep: Floats, deeper: npt.NDArray[np.bool_]) -> Floats:
    """Put together what heads read of an encoder with two parts (texts, 2 hidden + 2)."""
    which = np.stack([~deeper, deeper], axis=1).astype(np.float32)
    return np.concatenate([early * which[:, :1], deep, which], axis=1)


def named(feed: dict[str, npt.NDArray[Any]], session: Any) -> dict[str, npt.NDArray[Any]]:
    """Give the graph its inputs under the names it has for them."""
    names = {one.name for one in session.get_inputs()}
    if "ids" in names:
        return feed
    ids, mask = feed["ids"], feed["mask"].astype(np.int64)
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    return {name: given[name] for name in names}


def mean(states: Floats, mask: Floats) -> Floats:
    """Mean vector of the tokens (batch, hidden) of states (batch, length, hidden)."""
    return np.asarray((states * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True), np.float32)


def unit(vectors: Floats) -> Floats:
    """Scale rows to length one."""
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
