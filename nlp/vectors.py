"""Texts as signs: one bit for each number of the encoder's vector, which is enough to find what says alike."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nlp.cleaning import readable

if TYPE_CHECKING:
    from spacy.language import Language


def signs(nlp: "Language", texts: Sequence[str]) -> list[bytes]:
    """Give the signs of each text's vector, eight a byte; texts that the last batch held are not encoded again."""
    vectors = nlp.get_pipe("encoder").vectors([readable(text) for text in texts])  # type: ignore[attr-defined]
    return [row.tobytes() for row in np.packbits(vectors > 0, axis=1)]
