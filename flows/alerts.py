"""Telling a person that something needs one: one message a subject a day, by Apprise, wherever the settings say.

Messages hold counts, reasons and what to do, never posts or names. That one cannot be sent or noted stops nothing.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

from flows.backlog import read_backlog
from flows.settings import Settings
from flows.state import read_state_as, write_state
from flows.usage import usage_lines

FILE: Final = "alerts.json"
PREFIX: Final = "Etalage"

logger = logging.getLogger("etalage")


@dataclass(frozen=True, slots=True)
class Alert:
    """What happened: the subject decides what counts as the same message."""

    subject: str
    text: str


class Sent(BaseModel):
    """The newest message of a subject; `reached` are the places in `alerts.urls` of those who have it."""

    on: date
    text: str
    told: bool = False
    reached: list[int] = []


SENT: Final = TypeAdapter(dict[str, Sent])


def send(settings: Settings, alerts: Iterable[Alert], now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> int:
    """Send what was not sent today, note it for `status`, and return how many messages went out.

    An address that could not be reached is tried again by the next run that has the same to tell. What cannot be
    noted, on a full disk, that run sends once more.
    """
    today = now().date()
    sent = read_state_as(settings.home, FILE, SENT)
    went = 0
    for alert in alerts:
        before = sent.get(alert.subject)
        reached = set(before.reached) if before and before.on == today else set[int]()
        fresh = _notify(settings, alert, reached)
        went += bool(fresh)
        is_told = bool(settings.alerts.urls) and len(reached | fresh) == len(settings.alerts.urls)
        sent[alert.subject] = Sent(on=today, text=alert.text, told=is_told, reached=sorted(reached | fresh))
        try:
            write_state(settings.home, FILE, SENT.dump_python(sent, mode="json"))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            logger.warning("the alert %r could not be noted: %s", alert.subject, reason)
    return went


def recent(home: Path, today: date | None = None) -> list[dict[str, Any]]:
    """List what was alerted within the last week, the newest first."""
    today = today or datetime.now(UTC).date()
    kept = read_state_as(home, FILE, SENT).items()
    week = [(subject, one) for subject, one in kept if (today - one.on).days < 7]  # noqa: PLR2004 - its days
    rows = [{"subject": subject, **one.model_dump(mode="json")} for subject, one in week]
    return sorted(rows, key=lambda row: str(row["on"]), reverse=True)


def was_told(home: Path, subject: str, since: date) -> bool:
    """Tell whether the newest message of a subject has reached every address, on that day or later."""
    one = read_state_as(home, FILE, SENT).get(subject)
    return one is not None and one.told and one.on >= since


def tell(settings: Settings, kind: str, result: Mapping[str, Any], more: Iterable[Alert] = ()) -> None:
    """Tell what there is to tell after a run that came to its end."""
    send(settings, [*run_alerts(kind, result), *sweep_alerts(settings.home), *usage_alerts(settings), *more])


def run_alerts(kind: str, result: Mapping[str, Any]) -> list[Alert]:
    """Return what there is to tell of a run's result: outcome, refusals, and warnings about budgets."""
    found = []
    capped = result["counts"].get("capped", 0)
    if capped:
        found.append(Alert("gap", f"{capped} windows hold more than their platform gives: see mart.coverage."))
    outcome, reasons = result["outcome"], "; ".join(result["refusals"])
    if outcome == "partial" or (outcome == "interrupted" and reasons):
        rest = f"The rest is {'done' if kind == 'sweep' else 'published'}."
        end = rest if outcome == "partial" else "It was asked to stop before publishing."
        found.append(Alert(f"{kind} partial", f"Not complete: {reasons or 'some windows did not complete'}. {end}"))
    if stopped := result.get("cost_stopped"):
        found.append(Alert("budget spent", "; ".join(stopped)))
    near = list(result.get("warnings", ()))
    if near:
        found.append(Alert("budget nearly spent", "; ".join(near)))
    return found


def failure_alert(kind: str, reason: str) -> Alert:
    """Return what there is to tell of a run that failed."""
    return Alert(f"{kind} failed", f"{reason} (see `etalage doctor`)")


def sweep_alerts(home: Path) -> list[Alert]:
    """Return what there is to tell when the sweep is behind its platforms' deadlines."""
    backlog = read_backlog(home)
    platforms = backlog["platforms"] if backlog else {}
    late = [
        f"{name}: {one['behind_hours']:.0f} hours" for name, one in sorted(platforms.items()) if one["behind_hours"]
    ]
    if not late:
        return []
    text = (
        f"The deletion sweep is behind ({', '.join(late)}): see that it runs every hour, raise sweep.per_run or the "
        "budget, give the platform's credentials where it is not asked at all, or look at its errors."
    )
    return [Alert("sweep behind", text)]


def usage_alerts(settings: Settings, now: datetime | None = None) -> list[Alert]:
    """Return what there is to tell when a platform has billed another number of reads than the ledger holds."""
    far = [f"{name}: {line}" for name, (line, differs) in usage_lines(settings, now).items() if differs]
    if not far:
        return []
    text = f"{'; '.join(far)}. Another program on the same account, or reads that are not counted here."
    return [Alert("usage differs", text)]


def _notify(settings: Settings, alert: Alert, reached: set[int]) -> set[int]:
    """Send to the addresses that were not reached yet; return the places of those that are now."""
    waiting = [place for place in range(len(settings.alerts.urls)) if place not in reached]
    if not waiting:
        return set()
    import apprise  # noqa: PLC0415 - only for who wants messages

    fresh = set()
    for place in waiting:
        try:
            messenger = apprise.Apprise()
            messenger.add(settings.alerts.urls[place].get_secret_value())
            if messenger.notify(title=f"{PREFIX}: {alert.subject}", body=alert.text):
                fresh.add(place)
                continue
            reason = "no answer as it should be"
        except Exception as error:  # noqa: BLE001 - a message is never a reason to fail; an address may hold a secret
            reason = type(error).__name__
        logger.warning("the alert %r could not be sent to alerts.urls[%d]: %s", alert.subject, place, reason)
    return fresh
