"""What follows from figures by adding and subtracting them, for the tests of what is withheld."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np


def derived(pieces: Sequence, known: Sequence) -> Iterator[set]:
    """Yield every sum of pieces that follows from known sums of them, by linear algebra: as sets of pieces."""
    sums = np.array([[piece in one for piece in pieces] for one in known], dtype=float).reshape(-1, len(pieces))
    _, sizes, directions = np.linalg.svd(sums)
    unseen = directions[(sizes > 1e-9).sum() :]
    asked = np.array(list(product((0, 1), repeat=len(pieces))))[1:]
    for row in asked[np.abs(asked @ unseen.T).max(axis=1, initial=0) < 1e-9]:
        yield {piece for piece, is_in in zip(pieces, row, strict=True) if is_in}
