"""What the pipeline's components share: reading documents in batches, saving what they know."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from spacy.tokens import Doc

FIELDS = {
    "text": "",  # `text_of` keeps it here
    "bio": "",  # what the author says of themself; set by nlp.annotate before the pipeline runs
    "language": "unknown",
    "language_p": 0.0,
    "vector": None,  # float32 (hidden,), to compare texts by
    "features": None,  # float32 (width,), what heads read
    "bio_vector": None,
    "goal_p": None,  # list of floats in the codebook's order
    "themes_p": None,
    "role": None,  # [role, probability, evidence or None, field or None]
    "employer": None,
    "organisations": None,
    "hashtags": None,
}
for field, default in FIELDS.items():
    if not Doc.has_extension(field):
        Doc.set_extension(field, default=default)


def text_of(doc: Doc) -> str:
    """Text of a document, kept: spaCy puts it together from its tokens each time it is asked."""
    text: str = doc._.text
    if not text:
        text = doc._.text = doc.text
    return text


class Step(ABC):
    """A spaCy component that fills fields of whole batches; the same result whatever the batch, but for rounding."""

    batch = 256

    @abstractmethod
    def fill(self, docs: Sequence[Doc]) -> None:
        """Set this component's fields on every document."""

    def __call__(self, doc: Doc) -> Doc:  # noqa: D102 - what spaCy calls
        self.fill([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], batch_size: int | None = None, **_: object) -> Iterator[Doc]:
        """Fill in a stream, in order."""
        documents = iter(stream)
        while docs := list(islice(documents, batch_size or self.batch)):
            self.fill(docs)
            yield from docs

    @abstractmethod
    def to_disk(self, path: str | Path, **_: object) -> None:
        """Save what the component knows."""

    @abstractmethod
    def from_disk(self, path: str | Path, **_: object) -> "Step":
        """Read what `to_disk` saved."""
