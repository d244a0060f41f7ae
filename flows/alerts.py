"""Telling a person that something needs one: one message a subject a day, by Apprise, wherever the settings say.

Messages hold counts, reasons and what to do, never posts or names. That a message cannot be sent stops nothing.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from flows.settings import Settings

FILE: Final = "alerts.json"
PREFIX: Final = "Etalage"

logger = logging.getLogger("etalage")


@dataclass(frozen=True, slots=True)
class Alert:
    """What happened: the subject decides what counts as the same message."""

    subject: str
    text: str


def send(settings: Settings, alerts: Iterable[Alert], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> int:
    """Send what was not sent today, note it for `status`, and return how many messages went out."""
    today = now().date()
    sent = _read(settings.home)
    fresh = [alert for alert in alerts if sent.get(alert.subject, {}).get("on") != today.isoformat()]
    went = 0
    for alert in fresh:
        is_told = _notify(settings, alert)
        went += is_told
        sent[alert.subject] = {"on": today.isoformat(), "text": alert.text, "told": is_told}
    if fresh:
        _write(settings.home, sent)
    return went


def recent(home: Path, today: date | None = None) -> list[dict[str, Any]]:
    """List what was alerted within the last week, the newest first."""
    today = today or datetime.now(UTC).date()
    rows = [{"subject": subject, **one} for subject, one in _read(home).items()]
    return sorted(
        (row for row in rows if (today - date.fromisoformat(row["on"])).days < 7),  # noqa: PLR2004 - a week
        key=lambda row: str(row["on"]),
        reverse=True,
    )


def tell(settings: Settings, kind: str, result: Mapping[str, Any]) -> None:
    """Tell what there is to tell after a run that came to its end."""
    send(settings, [*run_alerts(kind, result), *sweep_alerts(settings.home)])


def run_alerts(kind: str, result: Mapping[str, Any]) -> list[Alert]:
    """Return what there is to tell of a run's result: outcome, refusals, and warnings about budgets."""
    found = []
    capped = result["counts"].get("capped", 0)
    if capped:
        found.append(Alert("gap", f"{capped} windows hold more than their platform gives: see mart.coverage."))
    if result["outcome"] == "partial":
        reasons = "; ".join(result["refusals"]) or "some windows did not complete"
        found.append(Alert(f"{kind} partial", f"Not complete: {reasons}. The rest is published."))
    spent_out = [refusal for refusal in result["refusals"] if "is spent" in refusal]
    if spent_out:
        found.append(Alert("budget spent", "; ".join(spent_out)))
    near = list(result.get("warnings", ()))
    if near:
        found.append(Alert("budget nearly spent", "; ".join(near)))
    return found


def failure_alert(kind: str, reason: str) -> Alert:
    """Return what there is to tell of a run that failed."""
    return Alert(f"{kind} failed", f"{reason} (see `etalage doctor`)")


def sweep_alerts(home: Path) -> list[Alert]:
    """Return what there is to tell when the sweep is behind its platforms' deadlines."""
    file = home / "sweep.json"
    if not file.exists():
        return []
    platforms = json.loads(file.read_text(encoding="utf-8"))["platforms"]
    late = [
        f"{name}: {one['behind_hours']:.0f} hours" for name, one in sorted(platforms.items()) if one["behind_hours"]
    ]
    if not late:
        return []
    text = (
        f"The deletion sweep is behind ({', '.join(late)}): raise sweep.per_run or the budget, or look at its errors."
    )
    return [Alert("sweep behind", text)]


def _notify(settings: Settings, alert: Alert) -> bool:
    if not settings.alerts.urls:
        return False
    import apprise  # noqa: PLC0415 - only for who wants messages

    try:
        messenger = apprise.Apprise()
        for url in settings.alerts.urls:
            messenger.add(url.get_secret_value())
        if messenger.notify(title=f"{PREFIX}: {alert.subject}", body=alert.text):
            return True
    except Exception as error:  # noqa: BLE001 - a message is never a reason to fail; an address may hold a secret
        logger.warning("the alert %r could not be sent: %s", alert.subject, type(error).__name__)
        return False
    logger.warning("the alert %r could not be sent to every address in alerts.urls", alert.subject)
    return False


def _read(home: Path) -> dict[str, Any]:
    try:
        found = json.loads((home / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(home: Path, sent: dict[str, Any]) -> None:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = home / FILE
    new = file.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(sent, ensure_ascii=False) + "\n", encoding="utf-8")
    new.replace(file)
