"""Corrected shares for every cell of core.estimates, worked out between core and marts while publishing."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]  # it ships no types

from nlp import codebook
from warehouse.audit_sample import COLUMN, EXCLUSIVE, LABELS, Key, Sample, read_sample
from warehouse.prediction_powered import Audited, Cell, Corrected, Floats, Indices, correct
from warehouse.vault import Connection

_FIGURES: Final = pa.schema(
    {
        "period_kind": pa.string(),
        "period": pa.date32(),
        "platform": pa.string(),
        "role": pa.string(),
        "dimension": pa.string(),
        "label": pa.string(),
        "share_corrected": pa.float64(),
        "corrected_low": pa.float64(),
        "corrected_high": pa.float64(),
        "effective_n": pa.float64(),
        "count_audited": pa.int64(),
    }
)
_PURPOSES: Final = np.array(
    [
        COLUMN["purpose", codebook.PURPOSE_OF[label]] if dimension == "goal" else -1
        for dimension, label in LABELS[:EXCLUSIVE]
    ]
)
"""Where the purpose of each goal stands among the labels."""


def add_corrected(con: Connection) -> None:
    """Fill temp.corrected_figures for the cells that show a naive share and hold enough audited posts."""
    settings = dict(con.execute("select name, value from ops.settings").fetchall())
    sample = read_sample(con)
    rows: list[dict[str, Any]] = []
    if sample:
        rows = [
            dict(zip(_FIGURES.names, (*key, *label, *figures), strict=True))
            for key, cell in _cells(con)
            for label, figures in _figures(sample, key, cell, settings)
        ]
    con.register("incoming_figures", pa.Table.from_pylist(rows, schema=_FIGURES))
    con.execute("create or replace temp table corrected_figures as from incoming_figures")
    con.unregister("incoming_figures")


def _figures(
    sample: Sample, key: Key, cell: Mapping[tuple[str, str], tuple[float, ...]], settings: Mapping[str, float]
) -> Iterator[tuple[tuple[str, str], tuple[float | None, ...]]]:
    """Give every label of a cell its corrected figures, or nulls, and the number of audited posts behind it."""
    inside = sample.places.within(key)
    for columns, chosen in (
        (np.arange(EXCLUSIVE), inside),
        (np.arange(EXCLUSIVE, len(LABELS)), inside & sample.is_judged),
    ):
        count = int(chosen.sum())
        authors = len(np.unique(sample.author[chosen]))
        enough = count >= settings["minimum_audited"] and authors >= settings["minimum_audited_authors"]
        found = _correct(sample, key, cell, chosen, columns, settings["confidence_z"]) if enough else None
        for place, column in enumerate(columns):
            label = LABELS[column]
            if found is None:
                yield label, (None, None, None, None, count)
            else:
                low, high = float(found.low[place]), float(found.high[place])
                yield label, (float(found.share[place]), low, high, float(found.effective[place]), count)


def _correct(
    sample: Sample,
    key: Key,
    naive: Mapping[tuple[str, str], tuple[float, ...]],
    chosen: Any,
    columns: Indices,
    z: float,
) -> Corrected:
    figures = np.array([naive[LABELS[column]] for column in columns])
    posts, share, effective = figures[0, 0], figures[:, 1], figures[:, 2]
    authors, author = np.unique(sample.author[chosen], return_inverse=True)
    strata, stratum_posts = _strata(sample, key)
    author_posts, author_guess = _theirs(sample, key, authors)
    cell = Cell(
        # The audit measures the model's own labels: what corrections changed in the shares is taken out again.
        share=share + sample.mended_change[sample.mended.within(key)].sum(axis=0)[columns] / posts,
        variance=np.maximum(share * (1 - share), 0) / effective,
        stratum_posts=stratum_posts,
        author_posts=author_posts,
        author_guess=author_guess[:, columns],
    )
    audited = Audited(
        truth=sample.truth[chosen][:, columns],
        guess=sample.guess[chosen][:, columns],
        weight=sample.weight[chosen],
        stratum=np.searchsorted(strata, sample.stratum[chosen]).astype(np.int64),
        author=author.astype(np.int64),
    )
    if columns[0] >= EXCLUSIVE:  # a theme stands by itself
        return correct(cell, audited, z=z)
    # Purposes and goals go together, so that goals add up to their purposes.
    return correct(cell, audited, np.zeros(len(columns), dtype=np.int64), _PURPOSES, z)


def _strata(sample: Sample, key: Key) -> tuple[Indices, Floats]:
    """List the strata (platform and month) that the cell has posts in, in order, with how many."""
    counted = sample.counted.within(key)
    strata, place = np.unique(sample.counted_stratum[counted], return_inverse=True)
    return strata, np.bincount(place, sample.counted_posts[counted]).astype(np.float64)


def _theirs(sample: Sample, key: Key, authors: Indices) -> tuple[Floats, Floats]:
    """Count the posts in the cell of each of `authors` (in order), and those with each label by the model."""
    theirs = sample.theirs.within(key) & np.isin(sample.their_author, authors)
    rows = np.searchsorted(authors, sample.their_author[theirs])
    guess = np.zeros((len(authors), len(LABELS)))
    np.add.at(guess, rows, sample.their_guess[theirs])
    return np.bincount(rows, sample.their_posts[theirs], len(authors)).astype(np.float64), guess


def _cells(con: Connection) -> Iterator[tuple[Key, dict[tuple[str, str], tuple[float, ...]]]]:
    """Give each cell that shows figures: posts, naive share and effective number of posts by label."""
    cells: dict[Key, dict[tuple[str, str], tuple[float, ...]]] = {}
    for *key, dimension, label, posts, share, effective in con.execute(
        "select period_kind, period, platform, role, dimension, label, count_posts, share, effective_posts "
        "from core.estimates where withheld is null"
    ).fetchall():
        cells.setdefault((key[0], key[1], key[2], key[3]), {})[dimension, label] = (posts, share, effective)
    yield from cells.items()
