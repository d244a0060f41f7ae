"""Once a month: whether posts have moved away from what the model knows, so that a person is told.

Measuring takes as long as a report; it is done by the first night of a month, about the month before.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from flows.alerts import Alert
from flows.settings import Settings
from flows.state import read_state, write_state
from warehouse.summary import read_summary

FILE: Final = "drift.json"


def drift_alerts(settings: Settings, today: date | None = None) -> list[Alert]:
    """Measure last month's drift when it has not been looked at yet; return what there is to tell."""
    today = today or datetime.now(UTC).date()
    month = f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    if read_state(settings.home, FILE).get("looked_at") == month:
        return []
    from flows.label_work import drift  # noqa: PLC0415 - DuckDB, NumPy and the corpus, once a month

    published = settings.home / "etalage.duckdb"
    if not published.exists() or read_summary(published)["about"].get("is_fiction") == "true":
        return []
    try:
        found = drift(settings, month)
    except Exception as error:  # noqa: BLE001 - the file is published: a person is told, and the rest of the alerts too
        return [Alert("drift", f"drift was not measured ({type(error).__name__}): `etalage drift` says why")]
    looked = {"looked_at": month, "audit_due": found.audit_due, "reasons": found.reasons}
    write_state(settings.home, FILE, looked)
    if not found.audit_due:
        return []
    return [Alert("drift", f"A new audit sample is due: {'; '.join(found.reasons)} (see `etalage drift`)")]
