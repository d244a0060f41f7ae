"""Once a month: whether posts have moved away from what the model knows, so that a person is told.

Measuring takes as long as a report; it is done by the first night of a month, about the month before.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Final

from flows.alerts import Alert, was_told
from flows.settings import Settings
from flows.state import read_state, write_state
from warehouse.summary import read_summary

FILE: Final = "drift.json"
SUBJECT: Final = "drift"


def drift_alerts(settings: Settings, today: date | None = None) -> list[Alert]:
    """Measure last month's drift when it has not been looked at yet; return what there is to tell.

    What could not be sent comes again, unmeasured, until everybody had it or the month is over.
    """
    today = today or datetime.now(UTC).date()
    month = f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    kept = read_state(settings.home, FILE)
    if kept.get("looked_at") == month:
        is_due = kept.get("audit_due") and settings.alerts.urls
        is_told = was_told(settings.home, SUBJECT, since=today.replace(day=1))
        return [_due(kept.get("reasons", ()))] if is_due and not is_told else []
    from flows.label_work import drift  # noqa: PLC0415 - DuckDB, NumPy and the corpus, once a month

    published = settings.home / "etalage.duckdb"
    if not published.exists() or read_summary(published)["about"].get("is_fiction") == "true":
        return []
    try:
        found = drift(settings, month)
    except Exception as error:  # noqa: BLE001 - the file is published: a person is told, and the rest of the alerts too
        fault = type(error).__name__
        return [Alert("drift not measured", f"drift was not measured ({fault}): `etalage drift` says why")]
    looked = {"looked_at": month, "audit_due": found.audit_due, "reasons": found.reasons}
    with suppress(OSError):  # a full disk: measured again tomorrow, and what there is to tell goes out all the same
        write_state(settings.home, FILE, looked)
    return [_due(found.reasons)] if found.audit_due else []


def _due(reasons: Iterable[str]) -> Alert:
    return Alert(SUBJECT, f"A new audit sample is due: {'; '.join(reasons)} (see `etalage drift`)")
