"""The overview's pictures, in the report's colours: a purpose has one colour on every page."""

from collections.abc import Mapping
from typing import Any, Final

import altair as alt

from warehouse.page import palette
from warehouse.page.wording import PURPOSES

Row = Mapping[str, Any]
_WIDTH: Final = 24
"""How many letters of a name fit beside its bar."""


def bars(mix: list[dict[str, Any]], goals: Mapping[str, str]) -> alt.LayerChart:
    """Draw a bar a goal with its interval; a long name goes on in a second line."""
    data = [{"doel": _lines_of(goals[row["goal"]]), **_values(row)} for row in mix if row["share"] is not None]
    base = alt.Chart(alt.InlineData(values=data)).encode(
        y=alt.Y(
            "doel:N",
            sort=[row["doel"] for row in data],
            title=None,
            axis=_axis(labelLimit=190, labelOverlap=False, labelExpr="split(datum.label, '|')"),
        )
    )
    bar = base.mark_bar().encode(
        x=alt.X("aandeel:Q", title="aandeel, met interval van 95%", axis=_axis(format="%", tickCount=5)),
        color=_colour(),
        tooltip=["doel:N", alt.Tooltip("aandeel:Q", format=".0%")],
    )
    intervals = base.mark_rule(color=palette.INK).encode(x="laag:Q", x2="hoog:Q")
    chart: alt.LayerChart = bar + intervals
    return chart.properties(height=44 * len(data) + 130)


def lines(trend: list[dict[str, Any]]) -> alt.LayerChart:
    """Draw a line a purpose over the months, each with its band, broken where a month is not shown."""
    data = [{"maand": row["month"].isoformat(), **_values(row)} for row in trend]
    base = alt.Chart(alt.InlineData(values=data)).encode(
        x=alt.X("maand:T", title=None, axis=_axis(format="%m-%Y", labelAngle=0, tickCount=5)),
    )
    share = alt.Y("laag:Q", title="aandeel", axis=_axis(format="%"))
    # The bands keep no key of their own: it would be as pale as they are.
    band = base.mark_area(opacity=0.15, invalid="break-paths-show-domains").encode(
        y=share, y2="hoog:Q", color=_colour(key=False)
    )
    line = base.mark_line(point=True, invalid="break-paths-show-domains").encode(
        y="aandeel:Q", color=_colour(), strokeDash=alt.StrokeDash("voor:N", legend=None)
    )
    chart: alt.LayerChart = (band + line).resolve_scale(color="independent")
    return chart.properties(height=320)


def _values(row: Row) -> dict[str, Any]:
    return {
        "voor": PURPOSES[row["purpose"]],
        "aandeel": row["share"],
        "laag": row["share_low"],
        "hoog": row["share_high"],
    }


def _axis(**options: Any) -> alt.Axis:
    """Make an axis whose words stand out from the page; Streamlit's own are too pale (under 4.5 to 1)."""
    return alt.Axis(labelColor=palette.INK, titleColor=palette.INK, **options)


def _colour(*, key: bool = True) -> alt.Color:
    scale = alt.Scale(domain=list(PURPOSES.values()), range=[palette.PURPOSES[name] for name in PURPOSES])
    legend = alt.Legend(orient="top", columns=1, labelColor=palette.INK, symbolOpacity=1) if key else None
    return alt.Color("voor:N", title=None, scale=scale, legend=legend)


def _lines_of(name: str) -> str:
    """Cut a name in two at the space nearest to its middle, with | between, when it is long."""
    spaces = [at for at, letter in enumerate(name) if letter == " "]
    if len(name) <= _WIDTH or not spaces:
        return name
    at = min(spaces, key=lambda place: abs(place - len(name) / 2))
    return f"{name[:at]}|{name[at + 1 :]}"
