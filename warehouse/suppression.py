"""Secondary suppression: figures that would give away a withheld one by subtraction are withheld too.

A cell of too few authors shows nothing. But where a total and all other cells of its line are shown, what is missing is
what is left. So in every line (a total with the roles or platforms that make it up) what is withheld has to be at least
two cells and enough authors together; else the smallest of the others goes too, before HR's own figures, and the total
when nothing else can. Nor is a total withheld whose parts are all shown. Periods overlap in more ways than lines do:
warehouse/timelines.py looks at those of a platform and role together. What goes has to be protected in turn.
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Final

from warehouse.sqlfiles import statement
from warehouse.timelines import Period, too_telling
from warehouse.vault import Connection

REASON: Final = "protects a smaller cell"


@dataclass(frozen=True, slots=True)
class _Figures:
    """A published table with roles: within which `part` (SQL) its lines stay, and what is taken out of a cell."""

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
    platform="'all'",
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
    con.execute(statement("suppress_lines"))
    # What goes has to be protected in turn, until nothing has to go any more.
    while con.execute(statement("suppress_secondary")).fetchall() or (has_periods and _protect_periods(con)):
        pass
    nulls = ", ".join(f"{column} = null" for column in figures.columns)
    con.execute(
        f"update {figures.table} set {nulls}, withheld = $reason where ({figures.part}, {figures.platform}, role) in "
        "(select (part, platform, role) from suppression_cells where is_secondary)",
        {"reason": REASON},
    ).fetchall()


def _protect_periods(con: Connection) -> bool:
    """Withhold periods that tell of few people beside others of their platform and role; say whether any had to go."""
    (minimum,) = con.execute("select core.setting('minimum_authors')").fetchone() or (0,)
    rows = con.execute(statement("suppressible_periods")).fetchall()
    cells = [
        cell
        for _, timeline in groupby(rows, key=lambda row: row[:2])
        for cell in too_telling([Period(*row[2:]) for row in timeline], minimum)
    ]
    return bool(con.execute(statement("suppress_cells"), {"cells": cells}).fetchall())
