"""Which rows become which chart of the page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from warehouse.page import palette, periods, rows, wording
from warehouse.page.drawing import Spec
from warehouse.page.facts import Row
from warehouse.page.findings import Reason


def draw(facts: Mapping[str, Any], reason: Reason) -> dict[str, Spec | None]:
    """Draw every chart by its name on the page; None when there are no rows for it."""
    agenda = [row for row in facts["quarters"] if any(row[name] for name in palette.CLASSES)]
    answered = [row for row in facts["engagement"] if row["withheld"] is None]
    charts: dict[str, tuple[Sequence[Row], Callable[[], Spec]]] = {
        "survey": (facts["survey"], lambda: rows.shares(_survey(facts["survey"]), reason)),
        "trend": (_shown(facts["trend"]), lambda: periods.trend(facts["trend"])),
        "posts": (facts["trend"], lambda: periods.posts(facts["trend"])),
        "goals": (_shown(facts["goals"]), lambda: rows.shares(_coloured(facts["goals"]), reason)),
        "agenda": (agenda, lambda: periods.agenda(agenda)),
        "comparison": (facts["comparison"], lambda: rows.differences(_named(facts["comparison"]), reason)),
        "themes": (_shown(facts["themes"]), lambda: rows.shares(_themes(facts["themes"]), reason)),
        "answers": (answered, lambda: rows.answers(_named(answered))),
    }
    return {name: make() if there else None for name, (there, make) in charts.items()}


def _survey(survey: Sequence[Row]) -> list[Row]:
    pairs: list[Row] = []
    for row in survey:
        then = {
            "share": row["survey_share"],
            "share_low": row["survey_share_low"],
            "share_high": row["survey_share_high"],
        }
        name = wording.named(row["label_dutch"])
        pairs.append({**then, "label": f"{name}, 2013", "colour": palette.OTHER, "withheld": None})
        pairs.append({**row, "label": f"{name}, nu", "colour": palette.ORGANISATION})
    return pairs


def _coloured(goals: Sequence[Row]) -> list[Row]:
    return [{**row, "colour": palette.PURPOSES[row["purpose"] or "other"]} for row in _named(goals)]


def _themes(themes: Sequence[Row]) -> list[Row]:
    return [
        {**row, "colour": palette.ORGANISATION if row["theme"] == "advocacy" else palette.PERSONAL}
        for row in _named(themes)
    ]


def _named(named: Sequence[Row]) -> list[Row]:
    return [{**row, "label": wording.named(row["dutch"])} for row in named]


def _shown(estimates: Sequence[Row]) -> list[Row]:
    return [row for row in estimates if row["share"] is not None]
