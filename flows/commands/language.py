"""`etalage annotate`, `train`, `evaluate` and `explain`: the language pipeline on files and single texts."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import Config, Json, print_json, read_settings


def annotate(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help='Rows with "id", "text", maybe "author_bio".')],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT", help="Where to write; else standard output.")
    ] = None,
    config: Config = None,
) -> int:
    """Annotate posts in a JSON Lines file: labels and their probabilities, in the same order."""
    from flows.annotate_file import annotate_file  # noqa: PLC0415 - spaCy

    annotate_file(file, output, read_settings(ctx, None, config).model)
    return 0


def train(
    ctx: typer.Context,
    corpus: Annotated[Path | None, typer.Option(metavar="DIR", help="Another corpus than nlp/corpus.")] = None,
    target: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the model goes (else the settings' model, or nlp/model).")
    ] = None,
    encoder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep this ONNX encoder and train the heads alone, in minutes.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of everything random.")] = 20,
    force: Annotated[bool, typer.Option("--force", help="Replace the model even by a worse one.")] = False,
    config: Config = None,
) -> int:
    """Train the model on the corpus; it takes the old one's place unless it is worse on the development posts."""
    from flows.train_model import train_model  # noqa: PLC0415 - spaCy

    return train_model(corpus, target or read_settings(ctx, None, config).model, encoder, seed=seed, force=force)


def evaluate(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help='Rows with "text", "goal", maybe "themes".')],
    picture: Annotated[
        Path | None, typer.Option(metavar="OUT.svg", help="Where to draw; else FILE's name here, ending in .svg.")
    ] = None,
    rounds: Annotated[int, typer.Option(min=10, help="Resamples behind the 95 % intervals.")] = 1_000,
    config: Config = None,
    json: Json = False,
) -> int:
    """Measure the model on labelled posts: figures by class, confusion, calibration; and draw the last two."""
    from flows.evaluate_file import evaluate_file  # noqa: PLC0415 - spaCy

    drawn = picture or Path(file.with_suffix(".svg").name)
    return evaluate_file(file, drawn, read_settings(ctx, None, config).model, rounds=rounds, as_json=json)


def explain(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The post, between quotes.")],
    neighbours: Annotated[int, typer.Option(min=0, help="How many labelled posts like it to show.")] = 3,
    config: Config = None,
    json: Json = False,
) -> int:
    """Show what a label rests on: the words that spoke for it and the labelled posts most like it."""
    from flows.explain_text import explained, print_explanation  # noqa: PLC0415 - spaCy

    found = explained(text, neighbours, read_settings(ctx, None, config).model)
    if json:
        from dataclasses import asdict  # noqa: PLC0415 - for this alone

        print_json(asdict(found))
    else:
        print_explanation(found)
    return 0
