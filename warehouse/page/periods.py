"""Charts along time: months and quarters."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from warehouse.page import dutch, palette, wording
from warehouse.page.drawing import Spec, chart, share_axis, spec
from warehouse.page.facts import Row

_WHOLE: Final = 0.995  # from this share of the planned collecting on, a month counts as collected
_LABEL_ROOM: Final = 16  # pixels that the name of the last month needs beside its middle
_SIDES: Final = {
    "voor de organisatie": ("share", palette.ORGANISATION, [1, 0]),
    "voor zichzelf": ("share_personal", palette.PERSONAL, [7, 3]),
}
_COLLECTED: Final = {"hele maand verzameld": palette.ORGANISATION, "niet de hele maand": palette.HOLE}


def is_hole(row: Mapping[str, Any]) -> bool:
    """Tell whether a month was not collected from its first to its last day."""
    return row["is_partial"] or (row["share_covered"] is not None and row["share_covered"] < _WHOLE)


def trend(rows: Sequence[Row]) -> Spec:
    """Draw both purposes with their intervals; months that were not collected whole are shaded."""
    months = [dutch.short_month(row["month"]) for row in rows]
    values = [
        {
            "month": dutch.short_month(row["month"]),
            "side": side,
            "share": row[share],
            "low": row[f"{share}_low"],
            "high": row[f"{share}_high"],
            "shown": dutch.estimate(row, share),
        }
        for row in rows
        for side, (share, _, _) in _SIDES.items()
    ]
    names = list(_SIDES)
    scale = alt.Scale(domain=[0, 1])
    x = _months(months)
    base = chart(values).encode(
        x=x,
        color=alt.Color(
            "side:N",
            title=None,
            scale=alt.Scale(domain=names, range=[colour for _, colour, _ in _SIDES.values()]),
        ),
    )
    band = base.mark_area(opacity=0.16, invalid="break-paths-show-domains").encode(
        y=alt.Y("low:Q", scale=scale, axis=share_axis(), title=None), y2="high:Q"
    )
    y = alt.Y("share:Q", scale=scale, title=None)
    line = base.mark_line(strokeWidth=2.5, invalid="break-paths-show-domains").encode(
        y=y,
        strokeDash=alt.StrokeDash(
            "side:N", scale=alt.Scale(domain=names, range=[dash for _, _, dash in _SIDES.values()])
        ),
    )
    points = base.mark_point(filled=True, size=50, opacity=1).encode(
        y=y,
        tooltip=[
            alt.Tooltip("month:O", title="maand"),
            alt.Tooltip("side:N", title="berichten"),
            alt.Tooltip("shown:N", title="aandeel"),
        ],
    )
    holes = [{"month": month} for month, row in zip(months, rows, strict=True) if is_hole(row)]
    shade = chart(holes).mark_bar(color=palette.LINE, opacity=0.6).encode(x=x, y=alt.value(0), y2=alt.value("height"))
    return spec(alt.layer(*([shade] if holes else []), band, line, points), height=270, right=_LABEL_ROOM)


def posts(rows: Sequence[Row]) -> Spec:
    """Draw the number of posts, coloured by whether the month was collected whole."""
    whole, hole = _COLLECTED
    months = [dutch.short_month(row["month"]) for row in rows]
    values = [
        {"month": month, "posts": row["count_posts"], "kind": hole if is_hole(row) else whole}
        for month, row in zip(months, rows, strict=True)
    ]
    bars = (
        chart(values)
        .mark_bar()
        .encode(
            x=_months(months),
            y=alt.Y("posts:Q", title=None, axis=alt.Axis(format=",.0f", tickCount=3, tickMinStep=1)),
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=list(_COLLECTED), range=list(_COLLECTED.values())),
            ),
            tooltip=[
                alt.Tooltip("month:O", title="maand"),
                alt.Tooltip("posts:Q", title="berichten", format=",.0f"),
                alt.Tooltip("kind:N", title="verzameling"),
            ],
        )
    )
    return spec(bars, height=110, right=_LABEL_ROOM)


def agenda(rows: Sequence[Row]) -> Spec:
    """Draw how many organisations were in which class; a row holds quarter and a count a class."""
    values = [
        {"quarter": dutch.quarter(row["quarter"]), "class": words, "order": order, "count": row[name]}
        for row in rows
        for order, (name, words) in enumerate(wording.CLASSES.items())
    ]
    bars = (
        chart(values)
        .mark_bar(stroke=palette.SOFT, strokeWidth=0.7)
        .encode(
            x=alt.X("count:Q", title=None, stack="zero", axis=alt.Axis(tickMinStep=1, tickCount=5, format=",.0f")),
            y=alt.Y("quarter:O", title=None, sort=list(dict.fromkeys(row["quarter"] for row in values))),
            order="order:Q",
            color=alt.Color(
                "class:N",
                title=None,
                scale=alt.Scale(domain=list(wording.CLASSES.values()), range=list(palette.CLASSES.values())),
            ),
            tooltip=[
                alt.Tooltip("quarter:O", title="kwartaal"),
                alt.Tooltip("class:N", title="stand"),
                alt.Tooltip("count:Q", title="organisaties"),
            ],
        )
    )
    return spec(bars, height=32 * len(rows))


def _months(months: Sequence[str]) -> alt.X:
    axis = alt.Axis(labelAngle=0, labelOverlap="greedy", labelSeparation=6)
    return alt.X("month:O", sort=list(months), title=None, axis=axis, scale=alt.Scale(domain=list(months)))
