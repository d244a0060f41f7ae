"""From facts to one HTML page that needs nothing from elsewhere, with everything in it escaped."""

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from warehouse.page import corrected, dutch, findings, palette, wording
from warehouse.page.facts import Row
from warehouse.page.periods import is_hole
from warehouse.page.pictures import draw

MONTHS_A_QUARTER: Final = 3
_CORRECTED: Final = {
    "purposes": corrected.PURPOSES,
    "goals": corrected.SHARES,
    "themes": corrected.SHARES,
    "comparison": corrected.COMPARED,
    "compared_themes": corrected.COMPARED,
    "trend": corrected.TREND,
}
_TEMPLATES: Final = Path(__file__).parent / "templates"


class _Lacking(StrictUndefined):
    """A fact or threshold that the file does not hold: writing it as a number fails as every other use of it does."""

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def render(facts: Mapping[str, Any], library: str) -> str:
    """Make the page; `library` is the script that draws the charts.

    Raises jinja2's `UndefinedError` when the facts lack one that the page shows.
    """
    reason = partial(wording.reason, settings=facts["settings"])
    facts = {**facts, **_compared(facts["comparison"])}
    is_corrected = {name: corrected.are_corrected(facts[name], columns) for name, columns in _CORRECTED.items()}
    facts = {**facts, **{name: corrected.best(facts[name], columns) for name, columns in _CORRECTED.items()}}
    scripts = [Markup(text) for text in (_read("ready.js"), library, _read("draw.js"))]  # noqa: S704 - our own, and Vega's
    return (
        _environment(reason)
        .get_template("page.html.j2")
        .render(
            **facts,
            is_corrected=is_corrected,
            charts=draw(facts, reason),
            unfinished=_unfinished(facts["trend"]),
            says=_says(facts, reason),
            scripts=scripts,
            policy=_policy(scripts),
            style=Markup(_read("style.css")),  # noqa: S704 - our own
        )
    )


def _compared(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Part the themes from what is compared: annotators may leave them unjudged, then they alone stay uncorrected.

    Purposes are called as everywhere on the page.
    """
    return {
        "comparison": [
            row | ({"dutch": wording.PURPOSES[row["label"]]} if row["dimension"] == "purpose" else {})
            for row in rows
            if row["dimension"] != "theme"
        ],
        "compared_themes": [row for row in rows if row["dimension"] == "theme"],
    }


def _says(facts: Mapping[str, Any], reason: findings.Reason) -> dict[str, str]:
    return {
        "notice": findings.notice(facts["about"]),
        "headline": findings.headline(facts["purposes"]),
        "collected": findings.collected_months(facts["purposes"], facts["trend"]),
        "survey": findings.survey(facts["survey"], reason),
        "week": findings.week(facts["weeks"], reason),
        "trend": findings.trend(facts["trend"]),
        "goals": findings.goals(facts["goals"], reason),
        "comparison": findings.comparison(facts["comparison"], reason),
        "themes": findings.themes(facts["themes"], reason),
        "coverage": findings.coverage(facts),
    }


def _unfinished(trend: Sequence[Row]) -> list[date]:
    """List the first days of the quarters that were not collected from their first to their last day."""
    holes = {_quarter(row["month"]) for row in trend if is_hole(row)}
    months = Counter(_quarter(row["month"]) for row in trend)
    return sorted(holes | {quarter for quarter, count in months.items() if count < MONTHS_A_QUARTER})


def _quarter(month: date) -> date:
    return month.replace(month=month.month - (month.month - 1) % MONTHS_A_QUARTER)


def _environment(reason: findings.Reason) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=_Lacking,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": dutch.number,
        "percent": dutch.percent,
        "points": dutch.points,
        "day": dutch.day,
        "moment": dutch.moment,
        "month": dutch.month,
        "short_month": dutch.short_month,
        "quarter": dutch.quarter,
        "named": wording.named,
        "reason": reason,
    }
    environment.tests["hole"] = is_hole
    environment.globals |= {
        "interval": dutch.interval,
        "points_interval": dutch.points_interval,
        "between": dutch.between,
        "counted": dutch.counted,
        "days": dutch.days,
        "precision": dutch.precision,
        "classes": wording.CLASSES,
        "purpose_names": wording.PURPOSES,
        "short_classes": wording.SHORT_CLASSES,
        "kinds": wording.KINDS,
        "states": wording.STATES,
        "outcomes": wording.OUTCOMES,
        "platform_names": wording.PLATFORMS,
        "resources": wording.RESOURCES,
        "theme_hints": wording.THEME_HINTS,
        "colours": palette,
    }
    return environment


def _policy(scripts: list[Markup]) -> str:
    """Forbid the page everything but its own scripts: no request leaves, and no script that slipped in runs."""
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{value}'" for value in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _read(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")
