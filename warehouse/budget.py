"""What paid reads have cost, from the ledger of reads and the prices in the settings."""

from collections.abc import Mapping

from warehouse.sqlfiles import statement
from warehouse.vault import Connection


def spent(con: Connection, source: str, run_id: str, prices: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Add up what `source` has cost by period: "run", UTC "day" and UTC "month", in dollars.

    `prices` are dollars a read by (source, resource); what is not listed is free.
    """
    listed = [{"resource": resource, "price": price} for (of, resource), price in prices.items() if of == source]
    row = con.execute(statement("spent"), {"prices": listed, "source": source, "run_id": run_id}).fetchone()
    run, day, month = row or (0.0, 0.0, 0.0)
    return {"run": run, "day": day, "month": month}
