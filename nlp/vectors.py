"""Texts as signs: one bit for each number of the encoder's vector, which is enough to find what says alike."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nlp.cleaning import readable
from nlp.step import text_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


def signs(nlp: "Language", docs: Sequence["Doc"], shown: Sequence[str]) -> list[bytes]:
    """Give the signs of the vectors of the texts `shown`, eight a byte; what a document reads is not encoded again."""
    texts = [readable(text) for text in shown]
    vectors = {text_of(doc): doc._.vector for doc in docs}
    fresh = [text for text in dict.fromkeys(texts) if text not in vectors]
    if fresh:
        vectors.update(zip(fresh, nlp.get_pipe("encoder").compare(fresh), strict=True))  # type: ignore[attr-defined]
    return [np.packbits(vectors[text] > 0).tobytes() for text in texts]
