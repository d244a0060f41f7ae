"""Options that commands share, and how they print."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from flows.settings import Settings

Home = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="Where data lives (or ETALAGE_HOME; else data/).", show_default=False),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="The configuration (else etalage.toml).", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document for scripts.")]


def read_settings(ctx: typer.Context, home: Path | None, config: Path | None) -> "Settings":
    """Read the settings; what stands behind the command goes before what stands before it."""
    from flows.settings import load_settings  # noqa: PLC0415 - pydantic is not needed for --help

    before = ctx.find_root().params
    return load_settings(config or before.get("config"), home or before.get("home"))


def print_json(document: Any) -> None:
    """Print one JSON document on standard output."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))
