"""The shipped pipeline, loaded once for all tests."""

from functools import cache

from nlp.annotate import annotate
from nlp.annotation import Annotation
from nlp.pipeline import load


@cache
def pipeline():
    """Load the committed model on one thread."""
    return load(threads=1)


def read(*texts: str | tuple[str, str | None], batch_size: int = 256) -> list[Annotation]:
    """Annotate texts, or texts with a bio, by the shipped pipeline."""
    pairs = [text if isinstance(text, tuple) else (text, None) for text in texts]
    return list(annotate(pipeline(), pairs, batch_size=batch_size))
