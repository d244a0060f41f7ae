"""Charts with a line a row: its name, its figure, and where it lies."""

from collections.abc import Sequence
from typing import Final

import altair as alt

from warehouse.page import dutch, palette
from warehouse.page.drawing import LINE_OFFSET, ROW_HEIGHT, Spec, chart, row_text, spec
from warehouse.page.facts import Row
from warehouse.page.findings import Reason

_EMPTY_WIDTH: Final = 0.1  # of the scale, when every row is withheld
_ROOM: Final = 1.04
_FIGURE_WIDTH: Final = 8  # pixels a character, at most

# Answers of the audience: column, colour, shape.
_ANSWERS: Final = {
    "vind-ik-leuks": ("mean_likes", palette.ORGANISATION, "circle"),
    "reacties": ("mean_replies", palette.PERSONAL, "triangle-up"),
    "gedeeld": ("mean_reposts", palette.MARKETING, "square"),
}


def shares(rows: Sequence[Row], reason: Reason) -> Spec:
    """Draw shares with their intervals; a row holds label, colour, share, share_low, share_high and withheld."""
    decimals = max(dutch.precision(row["share_low"], row["share_high"]) for row in rows)
    values = [
        {
            "label": row["label"],
            "colour": row["colour"],
            "middle": row["share"],
            "low": row["share_low"],
            "high": row["share_high"],
            "shown": _figure(
                dutch.percent(row["share"], decimals), dutch.interval(row["share_low"], row["share_high"], decimals)
            ),
            "why": reason(row["withheld"]) if row["share"] is None else None,
        }
        for row in rows
    ]
    highest = max((row["high"] for row in values if row["high"] is not None), default=_EMPTY_WIDTH)
    axis = alt.Axis(format=".1~%", tickCount=5)
    return _dots(values, [0, highest * _ROOM], axis)


def differences(rows: Sequence[Row], reason: Reason) -> Spec:
    """Draw HR less marketing around zero; a row holds label and the columns of mart.role_comparison."""
    decimals = max(dutch.points_precision(row["difference_low"], row["difference_high"]) for row in rows)
    values = [
        {
            "label": row["label"],
            "colour": _side(row["difference_low"], row["difference_high"]),
            "middle": row["difference"],
            "low": row["difference_low"],
            "high": row["difference_high"],
            "shown": _figure(
                dutch.points(row["difference"], decimals),
                dutch.points_interval(row["difference_low"], row["difference_high"], decimals),
            ),
            "why": reason(row["withheld"]) if row["difference"] is None else None,
        }
        for row in rows
    ]
    ends = [abs(row[end]) for row in values for end in ("low", "high") if row[end] is not None]
    far = max(ends, default=_EMPTY_WIDTH) * _ROOM
    axis = alt.Axis(labelExpr="datum.value == 0 ? '0' : format(datum.value * 100, '+.1~f')", tickCount=5)
    return _dots(values, [-far, far], axis)


def answers(rows: Sequence[Row]) -> Spec:
    """Draw mean likes, replies and reposts; a row holds label, mean_likes, mean_replies and mean_reposts."""
    values = [
        {"place": place, "label": row["label"], "kind": kind, "mean": row[column]}
        for place, row in enumerate(rows)
        for kind, (column, _, _) in _ANSWERS.items()
        if row[column] is not None
    ]
    base = chart(values).encode(y=alt.Y("place:O", axis=None))
    line = base.mark_rule(color=palette.LINE, strokeWidth=2, yOffset=LINE_OFFSET).encode(
        x=alt.X("min(mean):Q", title=None), x2="max(mean):Q"
    )
    kinds = list(_ANSWERS)
    dots = base.mark_point(filled=True, size=85, opacity=1, yOffset=LINE_OFFSET).encode(
        x=alt.X("mean:Q", title=None, axis=alt.Axis(tickCount=5), scale=alt.Scale(zero=True)),
        color=alt.Color(
            "kind:N",
            title=None,
            scale=alt.Scale(domain=kinds, range=[colour for _, colour, _ in _ANSWERS.values()]),
        ),
        shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=[shape for _, _, shape in _ANSWERS.values()])),
        tooltip=[
            alt.Tooltip("label:N", title="doel"),
            alt.Tooltip("kind:N", title="soort"),
            alt.Tooltip("mean:Q", title="gemiddeld", format=".1f"),
        ],
    )
    return spec(alt.layer(line, dots, row_text(base, "min(label):N")), height=ROW_HEIGHT * len(rows))


def _dots(values: Sequence[Row], domain: Sequence[float], axis: alt.Axis) -> Spec:
    placed = [
        {"place": place, **row, "why": f"niet getoond: {row['why']}" if row["why"] else ""}
        for place, row in enumerate(values)
    ]
    scale = alt.Scale(domain=list(domain), nice=False)
    base = chart(placed).encode(y=alt.Y("place:O", axis=None), color=alt.Color("colour:N", scale=None))
    zero = chart([{"zero": 0}]).mark_rule(color=palette.LINE).encode(x=alt.X("zero:Q", scale=scale, title=None))
    ends = base.mark_rule(strokeWidth=7, opacity=0.3, yOffset=LINE_OFFSET).encode(
        x=alt.X("low:Q", scale=scale, axis=axis, title=None), x2="high:Q"
    )
    middle = base.mark_point(filled=True, size=95, opacity=1, yOffset=LINE_OFFSET).encode(
        x=alt.X("middle:Q", scale=scale)
    )
    words = [
        row_text(base, "label:N", room=max(_FIGURE_WIDTH * len(row["shown"]) for row in placed)),
        row_text(base, "shown:N", right=True),
        row_text(base, "why:N", below=True),
    ]
    return spec(alt.layer(zero, ends, middle, *words), height=ROW_HEIGHT * len(placed))


def _figure(middle: str, ends: str) -> str:
    return "" if middle == dutch.DASH else f"{middle} ({ends})"


def _side(low: float | None, high: float | None) -> str:
    """Colour a difference by who does it more, grey when that cannot be told."""
    if low is None or high is None or low <= 0 <= high:
        return palette.OTHER
    return palette.ORGANISATION if low > 0 else palette.MARKETING
