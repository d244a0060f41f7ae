"""Text to vector: the pipeline's component around a sentence encoder."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Protocol

from spacy.language import Language
from spacy.tokens import Doc

from nlp.head import Floats
from nlp.onnx_encoder import OnnxEncoder
from nlp.step import Step, text_of

EMPTY = "the encoder holds no model yet: load the pipeline from disk"
REMEMBERED_BIOS = 10_000  # an author's bio comes back with every post


class Encoder(Protocol):
    """Anything that turns texts into vectors of one length can take the encoder's place."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Give unit vectors (texts, hidden), in order, each independent of its neighbours but for rounding."""
        ...

    def read(self, texts: Sequence[str], *, alike: bool = False) -> tuple[Floats, Floats]:
        """Give vectors to compare by (texts, hidden), what heads read (texts, width); `alike`: all equally deep."""
        ...

    def compare(self, texts: Sequence[str]) -> Floats:
        """Give the first of what `read` gives, at less cost."""
        ...


class EncoderStep(Step):
    """Sets `doc._.features` and `doc._.vector`, and `doc._.bio_vector` where there is a bio."""

    def __init__(self) -> None:
        self.threads: int | None = None  # all the processor's, at most four
        self.encoder: Encoder | None = None
        self.bios: OrderedDict[str, Floats] = OrderedDict()

    def compare(self, texts: Sequence[str]) -> Floats:
        """Give vectors to compare texts by (texts, hidden), as `doc._.vector` is."""
        if self.encoder is None:
            raise ValueError(EMPTY)
        return self.encoder.compare(texts)

    def fill(self, docs: Sequence[Doc]) -> None:
        """Encode texts, and the bios not met before."""
        if self.encoder is None:
            raise ValueError(EMPTY)
        bios = [bio for bio in dict.fromkeys(doc._.bio for doc in docs) if bio and bio not in self.bios]
        if bios:
            self.bios.update(zip(bios, self.encoder.encode(bios), strict=True))
        vectors, features = self.encoder.read([text_of(doc) for doc in docs])
        for doc, vector, row in zip(docs, vectors, features, strict=True):
            doc._.vector, doc._.features = vector, row
            doc._.bio_vector = self.bios.get(doc._.bio)
        while len(self.bios) > REMEMBERED_BIOS:
            self.bios.popitem(last=False)

    def pipe(self, stream: Iterable[Doc], batch_size: int | None = None, **_: object) -> Iterator[Doc]:
        """Fill in a stream, in order; what comes before and after is done while the encoder reads the next batch."""
        documents = iter(stream)
        with ThreadPoolExecutor(1, "reader") as reader:
            waiting: list[tuple[list[Doc], Future[None]]] = []
            while docs := list(islice(documents, batch_size or self.batch)):
                waiting.append((docs, reader.submit(self.fill, docs)))
                if len(waiting) > 1:
                    yield from read(*waiting.pop(0))
            for one in waiting:
                yield from read(*one)

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Write the encoder's files."""
        if not isinstance(self.encoder, OnnxEncoder):
            raise TypeError("only an encoder that came from disk can be saved")
        self.encoder.save(Path(path))

    def from_disk(self, path: str | Path, **_: object) -> "EncoderStep":
        """Open the encoder; its session starts with the first text."""
        self.encoder = OnnxEncoder(Path(path), self.threads)
        return self


def read(docs: list[Doc], reading: "Future[None]") -> list[Doc]:
    """Give the documents once they have been read."""
    reading.result()
    return docs


@Language.factory("etalage_encoder", assigns=["doc._.vector", "doc._.features"])
def make_encoder(nlp: Language, name: str) -> EncoderStep:  # noqa: ARG001 - spaCy passes both
    """Build the component."""
    return EncoderStep()
