"""Variables of the environment, and of `.env`, that no setting can take: their names, since values may be secrets."""

import os
from pathlib import Path

from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsError


def unknown_variable(settings: type[BaseSettings], prefix: str) -> str | None:
    """Return a variable that begins as ours do and sets nothing: pydantic-settings overlooks it at the top level."""
    known = {name.upper() for name in settings.model_fields}
    ours = (name for name in os.environ if name.upper().startswith(prefix))
    return next((name for name in ours if name.upper().removeprefix(prefix).split("__")[0] not in known), None)


def undecoded_variable(settings: type[BaseSettings], dotenv: Path) -> str | None:
    """Return "place: variable" of a list or table that is no JSON: pydantic-settings' own error names its section."""
    for source in (EnvSettingsSource(settings), DotEnvSettingsSource(settings, env_file=dotenv)):
        for name, value in source.env_vars.items():
            source.env_vars = {name: value}
            try:
                source()
            except SettingsError:
                return f"{dotenv if isinstance(source, DotEnvSettingsSource) else 'environment'}: {name.upper()}"
    return None
