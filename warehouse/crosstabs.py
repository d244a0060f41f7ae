"""Which cells can be shown together: what follows from them by adding and subtracting must not be about few people.

Every cell is a sum of pieces: of one platform's people of one role, and nobody is in two of those at a time. What
follows from the cells that are shown is what linear algebra says. It is not enough to look at one line, a total with
its roles or its platforms: all people less HR's, less X's who are not HR's, may be three, while no line tells of fewer
than five.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NOTHING: Final = 1e-7
"""What rounding may leave of zero where whole numbers of some hundreds of pieces are added up."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, and the cells that it is the sum of: itself, when it is a piece."""

    cell: int
    pieces: Sequence[int]
    count_authors: int
    is_withheld: bool
    is_protected: bool


def too_telling(cells: Sequence[Cell], fewer: float = 0) -> list[int]:
    """Return the cells to withhold; those that stand first are kept before others.

    What is kept tells of no protected cell, nor of pieces that are `fewer` people together than that.
    """
    places = {piece: at for at, piece in enumerate(sorted({piece for cell in cells for piece in cell.pieces}))}
    counts = {cell.cell: cell.count_authors for cell in cells if cell.cell in places}
    few = _groups(list(counts), counts, fewer)
    hidden = _sums([*(cell.pieces for cell in cells if cell.is_protected), *few], places)
    if not hidden.size:
        return []
    shown = [cell for cell in cells if not cell.is_withheld]
    known = _sums([cell.pieces for cell in shown], places)
    told = hidden[_is_nothing(_unexplained(hidden, _directions(known)))]
    return [shown[at].cell for at in _telling(known, told)]


def _telling(known: Floats, hidden: Floats) -> Iterator[int]:
    """Learn one known sum after the other, and pass over those that would tell of something hidden."""
    learnt = np.empty((0, known.shape[1]))
    for at, row in enumerate(known if hidden.size else ()):
        new = _unexplained(_unexplained(row[None], learnt), learnt)  # twice, against rounding
        if _is_nothing(new).all():
            continue
        direction = new / np.linalg.norm(new)
        left = _unexplained(hidden, direction)
        if _is_nothing(left).any():
            yield at
        else:
            hidden, learnt = left, np.vstack((learnt, direction))


def _groups(pieces: Sequence[int], counts: dict[int, int], fewer: float) -> Iterator[list[int]]:
    """List the groups of pieces that are fewer people together."""
    for at, piece in enumerate(pieces):
        if counts[piece] < fewer:
            yield [piece]
            for others in _groups(pieces[at + 1 :], counts, fewer - counts[piece]):
                yield [piece, *others]


def _sums(groups: Iterable[Sequence[int]], places: dict[int, int]) -> Floats:
    """Write each group of pieces as a row: one for every piece in it."""
    listed = [[places[piece] for piece in group] for group in groups]
    rows = np.zeros((len(listed), len(places)))
    for row, group in zip(rows, listed, strict=True):
        row[group] = 1
    return rows


def _directions(known: Floats) -> Floats:
    """Return perpendicular directions that explain as much as known sums do."""
    _, sizes, directions = np.linalg.svd(known, full_matrices=False)
    return directions[sizes > _NOTHING]


def _unexplained(rows: Floats, directions: Floats) -> Floats:
    """Return what is left of rows when all that directions explain is taken out of them."""
    return rows - (rows @ directions.T) @ directions


def _is_nothing(rows: Floats) -> NDArray[np.bool_]:
    nothing: NDArray[np.bool_] = np.abs(rows).max(axis=1, initial=0) < _NOTHING
    return nothing
