"""Promises about the published data: each a query in `checks/` that returns who breaks it."""

from warehouse.errors import ChecksFailed
from warehouse.sqlfiles import scripts
from warehouse.vault import Connection


def run_checks(con: Connection) -> int:
    """Run every check on the file being built and return how many ran; raise `ChecksFailed` with all that fail."""
    broken = []
    checks = scripts("checks")
    for name, sql in checks:
        offenders = con.execute(f"select count(*) from ({sql})").fetchone()
        if offenders and offenders[0]:
            broken.append(f"{name} ({offenders[0]})")
    if broken:
        raise ChecksFailed(
            f"not published: {', '.join(broken)} (warehouse/checks); the old file stays; tell who maintains Etalage"
        )
    return len(checks)
