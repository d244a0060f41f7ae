"""A sentence encoder on disk, run by onnxruntime, that goes through all of its layers only where it has to."""

import json
import os
import shutil
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
OWN, FOREIGN = "encoder.onnx", "model.onnx"


class OnnxEncoder:
    """A sentence encoder in a directory: encoder.onnx, tokenizer.json and encoder.json.

    The graph takes `ids` (int64) and `mask` (float) of shape (batch, length) and gives one `vector` a row; encoder.json
    says which `prefix` goes before a text and how many tokens (`longest`) are read. With several `stops` there, that
    vector is the one after the first of those layers, and the graph also gives the `state` from which
    deeper-<next stop>.onnx goes on, and so forth. The head in early-<stop>/ says which goal the vectors so far speak
    for: from that stop's number in `clear_from` on, they will do.

    An encoder exported elsewhere will do too: model.onnx with `input_ids` and `attention_mask`, whose first result is
    one vector a row or one a token, of which the mean is taken; encoder.json may be left out. Weights in a file of
    their own are found when that is named after the graph. Padding that its tokenizer.json asks for is not done.
    """

    def __init__(self, path: Path, threads: int | None = None) -> None:
        file = path / "encoder.json"
        facts = json.loads(file.read_text("utf-8")) if file.exists() else {}
        self.path = path
        self.threads = threads or min(4, processors())
        self.prefix: str = facts.get("prefix", "")
        self.longest: int = facts.get("longest", READ_AT_MOST)
        self.facts: dict[str, Any] = facts
        self.stops: list[int] = facts.get("stops", [0])
        self.clear_from: list[float] = facts.get("clear_from", [np.inf] * (len(self.stops) - 1))
        trained = "clear_from" in facts
        self.early: list[Head] = [read_head(path / f"early-{stop}") for stop in self.stops[:-1] if trained]
        self.tokenizer: Tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
        self.tokenizer.enable_truncation(self.longest)
        self.tokenizer.no_padding()  # `padded` does that, and tells which of them are tokens
        self._sessions: tuple[int, list[Any]] | None = None
        self._pool: tuple[int, ThreadPoolExecutor] | None = None

    @property
    def graphs(self) -> list[str]:
        """File names of the graphs."""
        first = OWN if (self.path / OWN).exists() else FOREIGN
        return [first, *(f"deeper-{stop}.onnx" for stop in self.stops[1:])]

    @property
    def hidden(self) -> int:
        """Width of the vectors."""
        return int(self.sessions()[0].get_outputs()[0].shape[-1])

    def described(self) -> dict[str, Any]:
        """Give what encoder.json is to say of the encoder as it is now."""
        return {"prefix": self.prefix, "longest": self.longest, **self.facts, "clear_from": self.clear_from}

    def save(self, path: Path) -> None:
        """Write the encoder, as it is now, into another directory."""
        path.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(self.path / "tokenizer.json", path / "tokenizer.json")
        for name in self.graphs:
            for file in self.path.glob(f"{name}*"):  # the weights of a large graph lie beside it, as model.onnx_data
                shutil.copyfile(file, path / file.name)
        (path / "encoder.json").write_text(json.dumps(self.described(), indent=1) + "\n", "utf-8")
        for stop, head in zip(self.stops[:-1], self.early, strict=True):
            head.save(path / f"early-{stop}")

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
        return self.run(texts, [np.inf] * len(self.stops))[0][-1]

    def read(self, texts: Sequence[str], *, alike: bool = False) -> tuple[Floats, Floats]:
        """Give vectors to compare texts by (texts, hidden), and what heads read (texts, width), in order.

        `alike` takes all texts to where the first stops: else two that differ in a word may be read to other depths.

        Heads read those same vectors, or, where the encoder has several stops, those of the stops that were passed, in
        columns of the last one's own, with one more a stop that says which it is: so one linear head serves all.
        """
        clear_from: Sequence[float] = self.clear_from
        if alike:
            (last,) = self.run(texts[:1], clear_from)[1].tolist()
            clear_from = [*[np.inf] * last, *[0.0] * (len(self.stops) - last)]
        vectors, reached = self.run(texts, clear_from)
        return vectors[0], joined(vectors, reached) if len(vectors) > 1 else vectors[0]

    def compare(self, texts: Sequence[str]) -> Floats:
        """Give the first of what `read` gives: it needs the first layers alone."""
        return self.run(texts, [0.0] * len(self.stops))[0][0]

    def run(self, texts: Sequence[str], clear_from: Sequence[float]) -> tuple[list[Floats], npt.NDArray[np.intp]]:
        """Give the vectors (texts, hidden) at every stop, zeros where a text did not come to it, and each text's last.

        A text stops where its likeliest goal has a probability of at least that stop's number in `clear_from`.
        """
        encoded = self.tokenizer.encode_batch_fast([self.prefix + text for text in texts])
        rows = [one.ids or [PAD] for one in encoded]  # an empty text may have no token, and no graph takes none
        vectors = [np.zeros((len(rows), self.hidden), np.float32) for _ in self.stops]
        reached = np.zeros(len(rows), np.intp)
        first, *more = self.sessions()

        def fill(chosen: list[int]) -> None:
            at, feed = np.array(chosen), padded([rows[i] for i in chosen])
            found = first.run(None, named(feed, first))
            vectors[0][at] = unit(found[0] if found[0].ndim == 2 else mean(found[0], feed["mask"]))  # noqa: PLR2004
            for stop, session in enumerate(more, 1):
                so_far = np.concatenate([one[at] for one in vectors[:stop]], axis=1)
                unclear = self.unclear(stop - 1, so_far, clear_from[stop - 1])
                if not unclear.any():
                    return
                at, feed = at[unclear], {"state": found[1][unclear], "mask": feed["mask"][unclear]}
                found = session.run(None, feed)
                vectors[stop][at], reached[at] = unit(found[0]), stop

        parts = list(batches([len(row) for row in rows]))
        if self.threads == 1 or len(parts) == 1:
            list(map(fill, parts))
        else:
            list(self.pool().map(fill, parts))
        return vectors, reached

    def unclear(self, stop: int, vectors: Floats, clear_from: float) -> npt.NDArray[np.bool_]:
        """Tell which rows have no goal that the head of this stop gives a probability of `clear_from` or more."""
        if clear_from <= 0 or clear_from > 1:
            return np.full(len(vectors), clear_from > 1)
        likeliest: npt.NDArray[np.bool_] = softmax(self.early[stop].scores(vectors)).max(axis=1) < clear_from
        return likeliest


def processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # where no process can be kept to some of them: macOS, Windows


def joined(vectors: Sequence[Floats], reached: npt.NDArray[np.intp]) -> Floats:
    """Put together what heads read of an encoder with several stops (texts, hidden x (1 + 2 + ... + stops) + stops)."""
    which = np.eye(len(vectors), dtype=np.float32)[reached]
    return np.concatenate([*(one * which[:, [stop]] for stop, one in enumerate(up_to_each(vectors))), which], axis=1)


def up_to_each(vectors: Sequence[Floats]) -> list[Floats]:
    """Give for each stop its vectors behind those of the stops before it (texts, hidden x stops so far)."""
    return [np.concatenate(vectors[: stop + 1], axis=1) for stop in range(len(vectors))]


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
