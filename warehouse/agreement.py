"""How far annotators of the audit sample agree, for ops.agreement."""

from collections import defaultdict

from nlp import codebook
from nlp.krippendorff import Agreement, krippendorff
from warehouse.vault import Connection


def add_agreement(con: Connection) -> None:
    """Fill ops.agreement from the audit's labels before adjudication: purpose, goal, and each theme by itself."""
    rows = con.execute(
        "select post_key, purpose, goal, themes from answers semi join core.posts using (post_key) where kind = 'audit'"
    ).fetchall()
    purposes, goals = defaultdict(list), defaultdict(list)
    themes: dict[str, dict[str, list[bool]]] = {theme: defaultdict(list) for theme in codebook.THEMES}
    for post, purpose, goal, held in rows:
        purposes[post].append(purpose)
        goals[post].append(goal)
        for theme, answers in themes.items():
            if held is not None:
                answers[post].append(theme in held)
    found: list[tuple[str, str | None, Agreement]]
    found = [("purpose", None, krippendorff(purposes.values())), ("goal", None, krippendorff(goals.values()))]
    found += [("theme", theme, krippendorff(answers.values())) for theme, answers in themes.items()]
    for dimension, label, agreement in found:
        values = (dimension, label, agreement.units, agreement.alpha, agreement.low, agreement.high)
        con.execute("insert into ops.agreement values (?, ?, ?, ?, ?, ?)", values).fetchall()
