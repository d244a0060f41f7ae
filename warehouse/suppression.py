"""Secondary suppression: figures that would give away a withheld one by subtraction are withheld too.

A cell of too few authors shows nothing. But where a total and all other cells of its line are shown, what is missing is
what is left. warehouse/crosstabs.py looks at all platforms and roles of a period together, and at those of all periods
for what is protected; warehouse/timelines.py at the periods of a platform and role, in which the same people come back.
HR's own figures go last, small cells before large ones. What goes has to be protected in turn.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

from warehouse import crosstabs, timelines
from warehouse.sqlfiles import statement
from warehouse.vault import Connection

REASON: Final = "protects a smaller cell"


@dataclass(frozen=True, slots=True)
class _Figures:
    """A published table with roles: within which `part` (SQL) they add up, and what is taken out of a cell."""

    table: str
    part: str
    columns: tuple[str, ...]
    platform: str = "platform"


_ESTIMATES: Final = _Figures(
    "core.estimates",
    "period_kind || ' ' || period",
    (
        *("count_labelled", "share", "share_low", "share_high", "effective_posts"),
        *("author_share", "author_share_low", "author_share_high"),
    ),
)
# Each kind of reaction by itself: of one cell likes may rest on few people, and replies on many.
_REACTIONS: Final = _Figures("reactions", "goal || ' ' || reaction", ("median_count", "mean_count"))
_QUALITY: Final = _Figures(
    "mart.model_quality",
    "dimension",
    (
        *("count_found", "count_guessed", "precision", "precision_low", "precision_high"),
        *("recall", "recall_low", "recall_high", "false_positive_rate"),
    ),
    platform="'any'",  # not a total: roles alone make up theirs
)


def protect_estimates(con: Connection) -> None:
    """Withhold in core.estimates what would give away a smaller cell; everything that is made of it follows."""
    _protect(con, _ESTIMATES, has_periods=True)


def protect_reactions(con: Connection) -> None:
    """Withhold in what mart.engagement is made of what would give away a smaller cell."""
    _protect(con, _REACTIONS)


def protect_quality(con: Connection) -> None:
    """Withhold in mart.model_quality, which counts for itself, what would give away a smaller cell."""
    _protect(con, _QUALITY)


def _protect(con: Connection, figures: _Figures, *, has_periods: bool = False) -> None:
    con.execute(
        f"create or replace temp view suppressible as select {figures.part} as part, {figures.platform} as platform, "
        f"role, count_authors, withheld from {figures.table}"
    )
    con.execute(statement("suppression_cells"))
    con.execute(statement("suppression_spans"))
    # What goes has to be protected in turn, until nothing has to go any more.
    while _protect_tables(con) or (has_periods and (_protect_periods(con) or _protect_sums(con))):
        pass
    nulls = ", ".join(f"{column} = null" for column in figures.columns)
    con.execute(
        f"update {figures.table} set {nulls}, withheld = $reason where ({figures.part}, {figures.platform}, role) in "
        "(select (part, platform, role) from suppression_cells where is_secondary)",
        {"reason": REASON},
    ).fetchall()


def _protect_tables(con: Connection) -> bool:
    """Withhold cells that tell of few people beside other platforms and roles; say whether any had to go."""
    rows = con.execute(statement("suppressible_tables")).fetchall()
    minimum = _minimum_authors(con)
    return _withhold(
        con,
        [
            cell
            for _, table in groupby(rows, key=lambda row: row[0])
            for cell in crosstabs.too_telling([crosstabs.Cell(*row[1:]) for row in table], minimum)
        ],
    )


def _protect_periods(con: Connection) -> bool:
    """Withhold periods that tell of few people beside others of their platform and role; say whether any had to go."""
    rows = con.execute(statement("suppressible_periods")).fetchall()
    minimum = _minimum_authors(con)
    return _withhold(
        con,
        [
            cell
            for _, timeline in groupby(rows, key=lambda row: row[:2])
            for cell in timelines.too_telling([timelines.Period(*row[2:]) for row in timeline], minimum)
        ],
    )


def _protect_sums(con: Connection) -> bool:
    """Withhold cells that tell of a protected one by way of other periods; say whether any had to go."""
    rows = con.execute(statement("suppressible_sums")).fetchall()
    return _withhold(con, crosstabs.too_telling([crosstabs.Cell(*row) for row in rows]))


def _minimum_authors(con: Connection) -> float:
    (minimum,) = con.execute("select core.setting('minimum_authors')").fetchone() or (0,)
    return float(minimum)


def _withhold(con: Connection, cells: list[int]) -> bool:
    return bool(con.execute(statement("suppress_cells"), {"cells": cells}).fetchall())
