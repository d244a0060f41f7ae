"""Figures that would give away a withheld one by subtraction: they are withheld too.

A cell of too few authors shows nothing. But where a total and all other cells of its line are shown, what is missing is
what is left. So in every line (a total with the roles, platforms or months that make it up) what is withheld has to be
at least two cells and enough authors together; else the smallest of the others goes too, before HR's own figures, and
the total when nothing else can. What goes has to be protected in its own lines in turn.
"""

from typing import Final

from warehouse.sqlfiles import statement
from warehouse.vault import Connection

REASON: Final = "protects a smaller cell"


def protect_estimates(con: Connection) -> None:
    """Withhold in core.estimates what would give away a smaller cell."""
    con.execute(statement("suppress_estimates_lines"))
    if _spread(con):
        con.execute(statement("suppress_estimates"), {"reason": REASON}).fetchall()


def protect_engagement(con: Connection) -> None:
    """Withhold in mart.engagement what would give away a smaller cell."""
    con.execute(statement("suppress_engagement_lines"))
    if _spread(con):
        con.execute(statement("suppress_engagement"), {"reason": REASON}).fetchall()


def _spread(con: Connection) -> bool:
    """Choose in every line what has to go, again and again until nothing has; tell whether anything was chosen."""
    is_any = False
    while con.execute(statement("suppress_more")).fetchall():
        is_any = True
    return is_any
