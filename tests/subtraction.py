"""What follows from figures by adding and subtracting them, for the tests of what is withheld."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

ACROSS = {
    ("x", "hr"): 20,
    ("x", "marketing"): 3,
    ("x", "other"): 6,
    ("bluesky", "hr"): 9,
    ("bluesky", "unknown"): 2,
    ("mastodon", "hr"): 9,
    ("mastodon", "marketing"): 1,
}
"""Authors by platform and role: all less HR, less the same of X, are three, though no line by itself tells of them."""


def derived(pieces: Sequence, known: Sequence) -> Iterator[set]:
    """Yield every sum of pieces that follows from known sums of them, by linear algebra: as sets of pieces."""
    asked = np.array(list(product((0, 1), repeat=len(pieces))))[1:]
    for row in asked[_follows(asked, _rows(pieces, known))]:
        yield {piece for piece, is_in in zip(pieces, row, strict=True) if is_in}


def told(pieces: Sequence, known: Sequence, asked: Sequence) -> list:
    """List the sums of pieces, of those asked for, that follow from known sums."""
    follow = _follows(_rows(pieces, asked), _rows(pieces, known))
    return [one for one, is_told in zip(asked, follow, strict=True) if is_told]


def _rows(pieces, sums):
    return np.array([[piece in one for piece in pieces] for one in sums], dtype=float).reshape(-1, len(pieces))


def _follows(asked, known):
    _, sizes, directions = np.linalg.svd(known)
    unseen = directions[(sizes > 1e-9).sum() :]
    return np.abs(asked @ unseen.T).max(axis=1, initial=0) < 1e-9
