"""What the charts share: data in, the page's looks, Vega-Lite out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from warehouse.page import palette

Spec = dict[str, Any]

ROW_HEIGHT: Final = 46
LINE_OFFSET: Final = 9  # pixels from the middle of a row up to its words, and down to its line
_FONT: Final = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"


def chart(values: Sequence[Mapping[str, Any]]) -> alt.Chart:
    """Start a chart of rows that stand in the chart itself."""
    return alt.Chart({"values": list(values)})


def share_axis() -> alt.Axis:
    """Make an axis of percentages."""
    return alt.Axis(format=".0%", tickCount=5)


def row_text(base: alt.Chart, field: str, *, right: bool = False, room: int = 0, below: bool = False) -> alt.Chart:
    """Write a field of each row above its line, or on it, cut to leave `room` pixels: no room is lost on a phone."""
    text = base.mark_text(
        align="right" if right else "left",
        baseline="middle",
        yOffset=LINE_OFFSET if below else -LINE_OFFSET,
        fontSize=13,
        fontWeight=600 if right else 400,
        limit=alt.ExprRef(f"width - {room}"),
    )
    edge = alt.value("width") if right else alt.value(0)
    colour = alt.value(palette.SOFT if below else palette.INK)
    written: alt.Chart = text.encode(x=edge, text=field, color=colour)
    return written


def spec(drawn: alt.Chart | alt.LayerChart | alt.FacetChart, *, height: int, right: int = 2) -> Spec:
    """Give a chart the page's width and looks, `right` pixels free beside it, and return it as Vega-Lite."""
    sized = drawn.properties(
        width="container", height=height, autosize=alt.AutoSizeParams(type="fit-x", contains="padding")
    )
    styled = (
        sized.configure(
            font=_FONT, background="transparent", padding={"left": 2, "top": 2, "right": right, "bottom": 2}
        )
        .configure_view(stroke=None)
        .configure_axis(
            labelFontSize=12,
            labelColor=palette.SOFT,
            gridColor=palette.GRID,
            domainColor=palette.LINE,
            tickColor=palette.LINE,
        )
        .configure_legend(disable=True)  # the page has its own keys, which wrap on a phone
    )
    made: Spec = styled.to_dict()
    return made
