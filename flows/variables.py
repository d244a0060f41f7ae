"""Variables of the environment, and of `.env`, that are wrong: their names alone, since values may be secrets.

An empty one is as good as none, here as in pydantic-settings' own reading (`env_ignore_empty`).
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsError


def unknown_variable(settings: type[BaseSettings], prefix: str) -> str | None:
    """Return a variable that begins as ours do and sets nothing: pydantic-settings overlooks it at the top level."""
    known = {name.upper() for name in settings.model_fields}
    ours = (name for name, value in os.environ.items() if value and name.upper().startswith(prefix))
    return next((name for name in ours if name.upper().removeprefix(prefix).split("__")[0] not in known), None)


def unread_line(dotenv: Path) -> int | None:
    """Return the number of the first line of `.env` that is no assignment: it would be passed over."""
    if not dotenv.is_file():
        return None
    with dotenv.open(encoding="utf-8") as lines:
        return next((one.original.line for one in parse_stream(lines) if one.error), None)


def undecoded_variable(settings: type[BaseSettings], dotenv: Path) -> str | None:
    """Return "place: variable" of a list or table that is no JSON: pydantic-settings' own error names its section."""
    for variable, source in _one_by_one(settings, dotenv):
        try:
            source()
        except SettingsError:
            return variable
    return None


def variable_of(settings: type[BaseSettings], dotenv: Path, key: Iterable[str | int]) -> str | None:
    """Return "place: variable" of what gave the value at a key, as pydantic's errors locate it; None for a file's."""
    parts = tuple(key)
    return next((variable for variable, source in _one_by_one(settings, dotenv) if _holds(source(), parts)), None)


def _one_by_one(settings: type[BaseSettings], dotenv: Path) -> Iterator[tuple[str, EnvSettingsSource]]:
    """Yield "place: variable" with a source that has this one alone, in the order in which they overrule others."""
    for source in (EnvSettingsSource(settings), DotEnvSettingsSource(settings, env_file=dotenv)):
        place = dotenv if isinstance(source, DotEnvSettingsSource) else "environment"
        given = source.env_vars
        for name in sorted(given, key=len, reverse=True):  # what is set for a key goes before what its table holds
            source.env_vars = {name: given[name]}
            yield f"{place}: {name.upper()}", source


def _holds(value: Any, key: tuple[str | int, ...]) -> bool:
    for part in key:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True
