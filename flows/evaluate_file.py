"""`etalage evaluate`: the model's figures on labelled posts, as tables, as JSON and as a picture."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import typer

from flows.commands.options import print_json
from flows.errors import InputError
from flows.tables import print_table
from nlp.corpus_files import CorpusError
from nlp.evaluate import ClassFigures, Evaluation, Interval, TaskFigures, evaluate
from nlp.picture import draw
from nlp.pipeline import load

COLUMNS = ("label", "precision", "recall", "F1", "F1, 95 %", "posts")


def evaluate_file(file: Path, picture: Path, model: Path | None, *, rounds: int, as_json: bool) -> int:
    """Evaluate, draw, print."""
    try:
        found = evaluate(load(model), file, rounds=rounds)
    except CorpusError as error:
        raise InputError(str(error)) from None
    picture.write_text(draw(found), "utf-8")
    if as_json:
        print_json({**asdict(found), "picture": str(picture)})
        return 0
    print_evaluation(found)
    typer.echo(f"picture: {picture}")
    return 0


def print_evaluation(found: Evaluation) -> None:
    """Print every figure."""
    typer.echo(f"{found.posts:,} posts, model {found.model_version}\n")
    for name, task in (("purpose", found.purpose), ("goal", found.goal)):
        print_task(name, task)
    if found.themes_macro_f1 is None or found.themes_macro_f1_interval is None:
        typer.echo("themes: no post has themes that were judged\n")
    else:
        print_table(COLUMNS, [row(one) for one in found.themes], title="themes")
        typer.echo(f"themes: macro-F1 {figure(found.themes_macro_f1, found.themes_macro_f1_interval)}")
        typer.echo(f"themes: {found.themes_posts:,} posts with judged themes\n")
    share = found.review_share
    typer.echo(
        f"for review: {share:.1%} of the posts; purpose is right in {found.accuracy_without_review:.1%} of the others"
    )


def print_task(name: str, task: TaskFigures) -> None:
    """Print one classification: its classes, its confusion, its calibration."""
    print_table(COLUMNS, [row(one) for one in task.classes], title=name)
    typer.echo(f"{name}: macro-F1 {figure(task.macro_f1, task.macro_f1_interval)}")
    typer.echo(f"{name}: accuracy {figure(task.accuracy, task.accuracy_interval)}")
    typer.echo(f"{name}: expected calibration error {task.calibration_error:.3f}\n")
    numbered = [f"{at} {one.label}" for at, one in enumerate(task.classes, 1)]
    rows = [(label, *counts) for label, counts in zip(numbered, task.confusion, strict=True)]
    heads = ("right (row), found (column)", *(str(at) for at in range(1, len(rows) + 1)))
    print_table(heads, rows, title=f"{name}: confusion")
    print_table(("probability", "share right", "posts"), task.reliability, title=f"{name}: calibration")
    typer.echo("")


def row(one: ClassFigures) -> Sequence[object]:
    """One line of a table of classes."""
    low, high = one.f1_interval
    return one.label, one.precision, one.recall, one.f1, f"{low:.2f} to {high:.2f}", one.support


def figure(value: float, interval: Interval) -> str:
    """Write a figure with its 95 % interval."""
    return f"{value:.3f} (95 % {interval[0]:.3f} to {interval[1]:.3f})"
