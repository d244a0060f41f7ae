"""`etalage annotate`: the language pipeline on a file."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import Config, read_settings


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
