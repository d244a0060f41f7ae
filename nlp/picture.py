"""Confusion and reliability as one SVG picture, for a person to look at."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from nlp.evaluate import Evaluation, TaskFigures

CELL: Final = 42
NAMES: Final = 150
GAP: Final = 40
SIDE: Final = 260
INK: Final = "#1d2733"
FULL: Final = (24, 90, 140)
"""Colour of a cell that holds all posts of its row; an empty one is white."""


def draw(found: Evaluation) -> str:
    """Draw purpose above goal, each with its confusion to the left and its reliability to the right."""
    parts: list[str] = []
    top, width = 40.0, 0.0
    for name, task in (("purpose", found.purpose), ("goal", found.goal)):
        square = CELL * len(task.classes)
        parts += confusion(name, task, top)
        left = NAMES + square + 2 * GAP
        parts += reliability(name, task, left, top + 40)
        width = max(width, left + SIDE + 2 * GAP)
        top += max(square + 150, SIDE + 100)
    title = text(10, 22, f"{found.posts} posts, model {found.model_version}", size=15)
    size = f'viewBox="0 0 {width:.0f} {top:.0f}" width="{width:.0f}" height="{top:.0f}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size}'
    style = 'font-family="sans-serif" font-size="11" role="img">'
    return "\n".join(
        [f"{head} {style}", f'<rect width="{width:.0f}" height="{top:.0f}" fill="white"/>', title, *parts, "</svg>\n"]
    )


def confusion(name: str, task: TaskFigures, top: float) -> Iterator[str]:
    """Rows are what is right, columns what was found; the shade is the share of the row."""
    labels = [one.label for one in task.classes]
    yield text(10, top + 20, f"{name}: right (rows) and found (columns), macro-F1 {task.macro_f1:.3f}", size=13)
    first = top + 40
    for at, (label, counts) in enumerate(zip(labels, task.confusion, strict=True)):
        y = first + at * CELL
        yield text(NAMES - 6, y + CELL / 2 + 4, label, anchor="end")
        yield from cells(counts, y)
        x = NAMES + (at + 0.5) * CELL
        turn = f' transform="rotate(-40 {x:.0f} {first + len(labels) * CELL + 14:.0f})"'
        yield text(x, first + len(labels) * CELL + 14, label, anchor="end", more=turn)


def cells(counts: Sequence[int], y: float) -> Iterator[str]:
    """One row of the matrix."""
    total = sum(counts)
    for at, count in enumerate(counts):
        share = count / total if total else 0.0
        x = NAMES + at * CELL
        colour = "#" + "".join(f"{round(255 + (part - 255) * share):02x}" for part in FULL)
        yield f'<rect x="{x}" y="{y:.0f}" width="{CELL}" height="{CELL}" fill="{colour}" stroke="#d5dbe1"/>'
        ink = "white" if share > 0.55 else INK  # noqa: PLR2004 - where dark letters stop being readable
        yield text(x + CELL / 2, y + CELL / 2 + 4, str(count), anchor="middle", colour=ink) if count else ""


def reliability(name: str, task: TaskFigures, left: float, top: float) -> Iterator[str]:
    """Share right against mean probability; a calibrated model lies on the diagonal, a larger dot holds more posts."""
    most = max(count for _, _, count in task.reliability)
    yield text(left, top - 20, f"{name}: reliability, ECE {task.calibration_error:.3f}", size=13)
    yield f'<rect x="{left}" y="{top}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#d5dbe1"/>'
    yield f'<line x1="{left}" y1="{top + SIDE}" x2="{left + SIDE}" y2="{top}" stroke="#9aa5b1" stroke-dasharray="4 4"/>'
    dots = [(left + p * SIDE, top + (1 - share) * SIDE, count) for p, share, count in task.reliability]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in dots)
    yield f'<polyline points="{path}" fill="none" stroke="#185a8c" stroke-width="1.5"/>'
    for x, y, count in dots:
        radius = 3 + 9 * (count / most) ** 0.5
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#185a8c" fill-opacity="0.55"/>'
    for tick in (0.0, 0.5, 1.0):
        yield text(left + tick * SIDE, top + SIDE + 16, f"{tick:g}", anchor="middle")
        yield text(left - 8, top + (1 - tick) * SIDE + 4, f"{tick:g}", anchor="end")
    yield text(left + SIDE / 2, top + SIDE + 34, "probability given", anchor="middle")
    yield text(left, top - 5, "share right")


def text(
    x: float, y: float, words: str, *, size: int = 11, anchor: str = "start", colour: str = INK, more: str = ""
) -> str:
    """One piece of text."""
    place = f'x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place}{more}>{escape(words)}</text>"
