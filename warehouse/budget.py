"""What paid reads have cost, by a ledger of reads that has each with its run and the price it had then."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from warehouse.answers import as_dicts
from warehouse.sqlfiles import statement
from warehouse.vault import Connection

Prices = Mapping[tuple[str, str], float]
"""Dollars a read by (source, resource); what is not listed is free."""

NO_PAGE: Final = 0
"""The page of reads that came with none: counts, accounts that were looked up."""


def enter(
    con: Connection,
    source: str,
    reads: Iterable[tuple[str, int]],
    read_at: datetime,
    run_id: str | None,
    prices: Prices,
    *,
    page_id: int = NO_PAGE,
) -> None:
    """Enter reads, each (resource, how many), inside the caller's transaction or by itself."""
    rows = [
        {"resource": resource, "amount": amount, "price": prices.get((source, resource))} for resource, amount in reads
    ]
    if rows:
        bill = {"page_id": page_id, "source": source, "fetched_at": read_at, "run_id": run_id, "reads": rows}
        con.execute(statement("store_reads"), bill).fetchall()


def spent(
    con: Connection, source: str, run_id: str | None, prices: Prices, kind: str | None = None
) -> dict[str, float]:
    """Add up what `source` has cost by period: "run", UTC "day" and UTC "month", in dollars.

    With a `kind`, only what runs of that kind have cost.
    """
    listed = [{"resource": resource, "price": price} for (of, resource), price in prices.items() if of == source]
    asked = {"prices": listed, "source": source, "run_id": run_id, "kind": kind}
    row = con.execute(statement("spent"), asked).fetchone()
    run, day, month = row or (0.0, 0.0, 0.0)
    return {"run": run, "day": day, "month": month}


def reads_by_day(con: Connection, source: str, resource: str) -> dict[date, int]:
    """Count what `source` gave of a resource by UTC day, as the ledger of reads has it."""
    rows = con.execute(statement("reads_by_day"), {"source": source, "resource": resource}).fetchall()
    return dict(rows)


def all_reads(con: Connection) -> list[dict[str, Any]]:
    """List every read but for its page, to carry them into a vault that takes this one's place."""
    return as_dicts(con.execute("select source, resource, amount, fetched_at, run_id, price from reads"))


def carry(con: Connection, reads: list[dict[str, Any]]) -> None:
    """Enter the reads of another vault that this one does not hold, inside the caller's transaction."""
    if reads:
        con.execute(statement("carry_reads"), {"page_id": NO_PAGE, "reads": reads}).fetchall()
