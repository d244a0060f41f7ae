"""Options that commands share, how they print, and how they end."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.errors import PARTIAL
from flows.places import expanded

if TYPE_CHECKING:
    from flows.settings import Settings

SIGNAL = 128
"""Added to a signal's number, as a shell tells that it ended a command."""


def folder(given: str) -> Path:
    """Return a folder that was named; raise `BadParameter` where none was."""
    if not given:  # a script's variable that was not set; as a path it would be the folder where it is called
        raise typer.BadParameter("an empty name: name a folder.")
    try:
        return expanded(Path(given))
    except ValueError as error:
        raise typer.BadParameter(f"{error}.") from None


def words(given: str) -> str:
    """Return a text that was given; raise `BadParameter` where a terminal of another encoding broke it."""
    try:
        given.encode()
    except UnicodeEncodeError:
        raise typer.BadParameter("not UTF-8: set the terminal to UTF-8.") from None
    return given


Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help="Where data lives (or ETALAGE_HOME; else data/).",
        show_default=False,
        parser=folder,
    ),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="The configuration (else etalage.toml).", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document for scripts.")]


def read_settings(ctx: typer.Context, home: Path | None, config: Path | None) -> "Settings":
    """Read the settings; what stands behind the command goes before what stands before it."""
    from flows.settings import load_settings  # noqa: PLC0415 - pydantic is not needed for --help

    return load_settings(config_given(ctx, config), home or ctx.find_root().params.get("home"))


def config_given(ctx: typer.Context, config: Path | None) -> Path | None:
    """Return the configuration that was named behind the command, else before it; None when it was not."""
    return config or ctx.find_root().params.get("config")


def config_parameter(ctx: typer.Context, config: Path | None) -> str | None:
    """Return that file as a flow's parameter: a run that another process starts may have another folder."""
    file = config_given(ctx, config)
    return str(file.absolute()) if file else None


def print_json(document: Any) -> None:
    """Print one JSON document on standard output."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=str))


def exit_code_of(result: Mapping[str, Any]) -> int:
    """Return the exit code of a flow's or an import's result: stopped by a signal, partial, or done."""
    if result.get("signal"):
        return SIGNAL + int(result["signal"])
    return PARTIAL if result["outcome"] == "partial" else 0
