"""What the charts share: data in, the page's looks, Vega-Lite out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from warehouse.page import palette

Spec = dict[str, Any]

ROW_HEIGHT: Final = 46
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def chart(values: Sequence[Mapping[str, Any]]) -> alt.Chart:
    """Start a chart of rows that stand in the chart itself."""
    return alt.Chart({"values": list(values)})


def share_axis() -> alt.Axis:
    """Make an axis of percentages."""
    return alt.Axis(format=".0%", tickCount=5)


def row_text(base: alt.Chart, channel: str, *, align: str, bold: bool = False) -> alt.Chart:
    """Write a field of each row above its line, at the left or the right edge: no room is lost on a phone."""
    text = base.mark_text(
        align="left" if align == "left" else "right",
        baseline="middle",
        yOffset=-9,
        fontSize=13,
        fontWeight=600 if bold else 400,
    )
    edge = alt.value(0) if align == "left" else alt.value("width")
    written: alt.Chart = text.encode(x=edge, text=channel, color=alt.value(palette.INK))
    return written


def legend(columns: int) -> alt.Legend:
    """Make a legend above the chart."""
    return alt.Legend(orient="top", columns=columns)


def spec(drawn: alt.Chart | alt.LayerChart | alt.FacetChart, *, height: int) -> Spec:
    """Give a chart the page's width and looks, and return it as Vega-Lite."""
    sized = drawn.properties(
        width="container", height=height, autosize=alt.AutoSizeParams(type="fit-x", contains="padding")
    )
    styled = (
        sized.configure(font=_FONT, background="transparent", padding=2)
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=12,
            labelColor=palette.SOFT,
            gridColor=palette.GRID,
            domainColor=palette.LINE,
            tickColor=palette.LINE,
        )
        .configure_legend(labelFontSize=13, labelColor=palette.INK, offset=6)
    )
    made: Spec = styled.to_dict()
    return made
