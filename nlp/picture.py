"""Confusion and reliability as one SVG picture, for a person to look at."""

from typing import Final

import altair as alt
import vl_convert

from nlp.evaluate import Evaluation, TaskFigures

CELL: Final = 42
SIDE: Final = 260
INK: Final = "#1d2733"
FULL: Final = "#185a8c"
LINE: Final = "#d5dbe1"


def draw(found: Evaluation) -> str:
    """Draw purpose above goal, each with its confusion to the left and its reliability to the right."""
    tasks = (("purpose", found.purpose), ("goal", found.goal))
    rows = [alt.hconcat(confusion(name, task), reliability(name, task), spacing=60) for name, task in tasks]
    whole = alt.vconcat(*rows, spacing=40, title=f"{found.posts} posts, model {found.model_version}")
    looks = whole.configure_title(anchor="start", color=INK, fontWeight="normal").configure_view(stroke=LINE)
    drawn = looks.configure_axis(grid=False, labelColor=INK, titleColor=INK, titleFontWeight="normal").to_dict()
    return vl_convert.vegalite_to_svg(drawn)


def confusion(name: str, task: TaskFigures) -> alt.LayerChart | alt.FacetChart:
    """Rows are what is right, columns what was found; the shade is the share of the row, white when it is nothing."""
    labels = [one.label for one in task.classes]
    cells = [
        {"right": right, "found": label, "posts": count, "share": count / (sum(counts) or 1)}
        for right, counts in zip(labels, task.confusion, strict=True)
        for label, count in zip(labels, counts, strict=True)
    ]
    found = alt.X("found:N", sort=labels, title=None, axis=alt.Axis(labelAngle=-40))
    base = alt.Chart({"values": cells}).encode(found, alt.Y("right:N", sort=labels, title=None))
    shades = alt.Scale(domain=[0, 1], range=["white", FULL], interpolate="rgb")
    squares = base.mark_rect(stroke=LINE).encode(color=alt.Color("share:Q", scale=shades, legend=None))
    ink = alt.when("datum.share > 0.55").then(alt.value("white")).otherwise(alt.value(INK))
    counts = base.transform_filter("datum.posts > 0").mark_text().encode(text="posts:Q", color=ink)
    title = f"{name}: right (rows) and found (columns), macro-F1 {task.macro_f1:.3f}"
    return alt.layer(squares, counts, title=title, width=alt.Step(CELL), height=alt.Step(CELL))


def reliability(name: str, task: TaskFigures) -> alt.LayerChart | alt.FacetChart:
    """Share right against mean probability; a calibrated model lies on the diagonal, a larger dot holds more posts."""
    bins = [{"given": given, "right": right, "posts": posts} for given, right, posts in task.reliability]
    scale, axis = alt.Scale(domain=[0, 1]), alt.Axis(values=[0, 0.5, 1], format="~g")
    base = alt.Chart({"values": bins}).encode(
        alt.X("given:Q", scale=scale, axis=axis, title="probability given"),
        alt.Y("right:Q", scale=scale, axis=axis, title="share right"),
    )
    ends = {"values": [{"given": end, "right": end} for end in (0, 1)]}
    diagonal = base.properties(data=ends).mark_line(color="#9aa5b1", strokeDash=[4, 4], strokeWidth=1)
    areas = alt.Size("posts:Q", scale=alt.Scale(range=[30, 450]), legend=None)
    dots = base.mark_circle(color=FULL, opacity=0.55).encode(size=areas)
    joined = base.mark_line(color=FULL, strokeWidth=1.5)
    title = f"{name}: reliability, ECE {task.calibration_error:.3f}"
    return alt.layer(diagonal, joined, dots, title=title, width=SIDE, height=SIDE)
