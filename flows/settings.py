"""What a user may set: `etalage.toml`, a `.env`, the environment (`ETALAGE_…`, nested with `__`), in rising order.

Nothing else reads our variables; Prefect's are read where it is started. Secrets are `SecretStr`; unknown keys are
refused.
"""

import os
import tomllib
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource
from pydantic_settings import SettingsError as Undecoded

from connectors.base_url import checked_base_url
from flows.places import expanded
from flows.variables import undecoded_variable, unknown_variable, unread_line, variable_of

CONFIG_FILE = Path("etalage.toml")
DOTENV = Path(".env")
PREFIX = "ETALAGE_"

BaseUrl = Annotated[str, AfterValidator(checked_base_url)]
Place = Annotated[Path, AfterValidator(expanded)]
# Within what dates can be reckoned with: a hundred years, a day.
Days = Annotated[int, Field(ge=0, le=36_500)]
Hours = Annotated[float, Field(ge=0, le=876_000)]
Minutes = Annotated[int, Field(ge=0, le=1_440)]


class SettingsError(Exception):
    """A setting is wrong; the message is one line that names the place and the remedy."""


class Section(BaseModel):
    """One table of the configuration file; unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Budget(Section):
    """Limits on what paid reads may cost, in US dollars; none means no limit."""

    per_run: float | None = Field(None, ge=0, description="Stop paid reads of one run at this many dollars.")
    per_day: float | None = Field(None, ge=0, description="Stop paid reads of one UTC day at this many dollars.")
    per_month: float | None = Field(None, ge=0, description="Stop paid reads of one UTC month at this many dollars.")
    warn_at: float = Field(0.8, gt=0, le=1, description="Warn when this share of a limit is spent.")
    differ_at: float = Field(
        1.0, ge=0, description="Alert when a day's reads by the platform's count and by ours differ by so many dollars."
    )

    def periods(self) -> dict[str, float]:
        """Return the limits that are set, by "run", "day" and "month"."""
        given = {"run": self.per_run, "day": self.per_day, "month": self.per_month}
        return {period: limit for period, limit in given.items() if limit is not None}


class X(Section):
    """X (Twitter), by its API v2."""

    bearer_token: SecretStr | None = Field(None, description="App-only bearer token; without it X is left out.")
    base_url: BaseUrl = Field("https://api.x.com", description="Where the API is; https, or a loopback address.")
    queries: tuple[str, ...] = Field(
        (), description='What to collect: "timeline:NAME", "list:ID", "search:WORDS" (7 days back), "archive:WORDS".'
    )
    lag_hours: Hours = Field(
        6, description="Hours that a window reaches back over the last one; what it reads again is paid again."
    )
    refresh_days: Days = Field(
        0, description="Read the counts of younger posts again once a day; 0 never. Each is a paid read."
    )
    price_post: float = Field(0.005, ge=0, description="Dollars for a post read.")
    price_user: float = Field(0.01, ge=0, description="Dollars for a user read.")
    price_counts: float = Field(0.005, ge=0, description="Dollars for a request to the counts endpoint.")
    price_counts_all: float = Field(0.01, ge=0, description="Dollars for a request to the archive's counts endpoint.")
    budget: Budget = Field(Budget(), description="Limits on what X may cost.")


class Reddit(Section):
    """Reddit, by a read-only application."""

    client_id: str | None = Field(None, description="The application's id; without it Reddit is left out.")
    client_secret: SecretStr | None = Field(None, description="The application's secret.")
    user_agent: str = Field(
        "linux:nl.etalage:0.1 (by u/etalage)", min_length=7, description="How Reddit asks us to introduce ourselves."
    )
    base_url: BaseUrl = Field("https://oauth.reddit.com", description="Where the API is; https, or loopback.")
    token_url: BaseUrl | None = Field(
        None, description="Where tokens are given; by default www.reddit.com, or base_url when that is loopback."
    )
    queries: tuple[str, ...] = Field(
        (), description='What to collect: "r/NAME/new", "r/NAME/comments", "search:WORDS@NAME", "user:NAME".'
    )
    lag_hours: Hours = Field(24, description="Hours that a window reaches back over the last one.")
    refresh_days: Days = Field(7, description="Read the counts of younger posts again once a day; 0 never.")


class Bluesky(Section):
    """Bluesky, by its public API; search asks for an app password."""

    handle: str | None = Field(None, description="Your handle, needed for searches only.")
    app_password: SecretStr | None = Field(None, description="An app password (not your own), for searches only.")
    base_url: BaseUrl = Field("https://public.api.bsky.app", description="Where the API is; https, or loopback.")
    queries: tuple[str, ...] = Field((), description='What to collect: "author:HANDLE", "search:WORDS".')
    lag_hours: Hours = Field(24, description="Hours that a window reaches back over the last one.")
    refresh_days: Days = Field(7, description="Read the counts of younger posts again once a day; 0 never.")


class Mastodon(Section):
    """Mastodon, on one or more instances."""

    instances: dict[str, BaseUrl] = Field(
        {}, description='Instances by a short name, for instance {"mastodon.nl" = "https://mastodon.nl"}.'
    )
    tokens: dict[str, SecretStr] = Field({}, description="Access tokens by the same names, where one is needed.")
    queries: tuple[str, ...] = Field((), description='What to collect: "tag:WORD@INSTANCE", "account:NAME@INSTANCE".')
    lag_hours: Hours = Field(24, description="Hours that a window reaches back over the last one.")
    refresh_days: Days = Field(
        2, description="Read the counts of younger posts again once a day; 0 never. A request a post."
    )


class Feeds(Section):
    """RSS and Atom feeds of HR blogs; a blog counts as an author."""

    urls: tuple[str, ...] = Field((), description="Addresses of feeds; https, or loopback.")
    lag_hours: Hours = Field(0, description="Hours that a window reaches back; a feed is read whole anyway.")


class Panel(Section):
    """The people who are listened to, beside the queries."""

    file: Place | None = Field(None, description="The panel (docs/panel.md says how to write it); none by default.")


class Nightly(Section):
    """How a run works."""

    first_days: Days = Field(7, ge=1, description="Days to look back when a query is collected for the first time.")
    window_minutes: Minutes = Field(
        20, ge=1, description="Minutes that one window may take before it is left for later."
    )
    settle_minutes: Minutes = Field(0, description="Leave the last minutes alone: platforms index with a delay.")
    refresh_posts: int = Field(2000, ge=0, description="Posts of one source whose counts one run reads again at most.")


class Publish(Section):
    """What leaves the vault."""

    text: Literal["full", "masked", "none"] = Field(
        "masked", description="Post text in the published file: as it was, with personal data masked, or left out."
    )


class Retention(Section):
    """Days that posts of a platform are kept, counted from when they were made; 0 keeps them."""

    x: Days = Field(760, description="X: two years and a month, so that a month can be set beside last year's.")
    reddit: Days = Field(760, description="Reddit; ask for this period in the request for access.")
    bluesky: Days = Field(760, description="Bluesky.")
    mastodon: Days = Field(760, description="Mastodon.")
    feed: Days = Field(0, description="Blogs, which are published by organisations more than by people.")
    linkedin: Days = Field(760, description="LinkedIn exports that people gave.")


class Sweep(Section):
    """Looking whether stored posts are still there, to erase those that are not."""

    per_run: int = Field(2000, ge=0, description="Posts of one source that one sweep asks about at most; 0 asks none.")
    x_hours: Hours = Field(720, gt=0, description="Ask X about a post every so many hours; each answer is a paid read.")
    reddit_hours: Hours = Field(36, gt=0, description="Reddit wants deleted posts gone within 48 hours.")
    bluesky_hours: Hours = Field(36, gt=0, description="The same for Bluesky.")
    mastodon_hours: Hours = Field(36, gt=0, description="The same for Mastodon.")


class Alerts(Section):
    """Who is told when something needs a person."""

    urls: tuple[SecretStr, ...] = Field(
        (), description='Addresses in Apprise\'s form: "mailto://...", "msteams://...", "slack://...", "jsons://...".'
    )


class Prefect(Section):
    """The orchestrator."""

    api_url: str | None = Field(
        None, description="A running Prefect server's API; by default one on port 4200 is used when it answers."
    )
    start_seconds: int = Field(90, ge=5, description="How long Prefect's own temporary server may take to start.")


class _File(TomlConfigSettingsSource):
    """The configuration file; an empty text in it sets nothing, as an empty variable does.

    It may begin with the mark that some editors on Windows put before UTF-8.
    """

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        return tomllib.loads(file_path.read_text(encoding="utf-8-sig"))

    def __call__(self) -> dict[str, Any]:
        return _filled_in(super().__call__())


def _filled_in(table: dict[str, Any]) -> dict[str, Any]:
    return {key: _filled_in(value) if isinstance(value, dict) else value for key, value in table.items() if value != ""}


class Settings(BaseSettings):
    """Everything a user may set; `etalage.example.toml` shows each key with its default."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
    )

    home: Place = Field(Path("data"), description="Where data lives: vault, published file, report, keys.")
    vault_key: SecretStr | None = Field(None, description="The vault's key; by default a generated file in keys/.")
    vault_keyring: bool = Field(
        default=False, description="Keep the vault's key in the system's keyring, not in keys/."
    )
    sample: bool | None = Field(
        None, description="Read the fictional sample panel; by default only when no other source is set up."
    )
    x: X = Field(X())
    reddit: Reddit = Field(Reddit())
    bluesky: Bluesky = Field(Bluesky())
    mastodon: Mastodon = Field(Mastodon())
    feeds: Feeds = Field(Feeds())
    panel: Panel = Field(Panel())
    nightly: Nightly = Field(Nightly())
    publish: Publish = Field(Publish())
    retention: Retention = Field(Retention())
    sweep: Sweep = Field(Sweep())
    alerts: Alerts = Field(Alerts())
    prefect: Prefect = Field(Prefect())
    model: Place | None = Field(None, description="Another trained model than the one that ships.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic-settings names it
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments first, then the environment, `.env` and the file."""
        file = cls.model_config.get("toml_file")
        toml = (_File(settings_cls),) if file else ()
        return init_settings, env_settings, dotenv_settings, *toml


def load_settings(config: Path | None = None, home: Path | None = None) -> Settings:
    """Read the settings, or raise a `SettingsError` of one line that names the key, its place and the remedy."""
    file = _checked(config)
    if line := unread_line(DOTENV):
        raise SettingsError(f"{DOTENV}, line {line}: sets nothing; write NAME=value")
    if name := unknown_variable(Settings, PREFIX):  # a misspelt credential deserves a word
        known = "etalage.example.toml lists them all; --config names another file than etalage.toml"
        raise SettingsError(f"environment: {name} is not a setting: {known}")
    given: dict[str, Any] = {} if home is None else {"home": home}
    try:
        settings = _settings_from(file)(_env_file=DOTENV, **given)
    except Undecoded:
        place = undecoded_variable(Settings, DOTENV) or "environment or .env"
        wanted = "lists and tables are written as JSON, for instance '[\"timeline:NAME\"]'"
        raise SettingsError(f"{place}: not JSON: {wanted}") from None  # its cause holds the value: perhaps a secret
    except ValidationError as error:
        raise SettingsError(_one_line(error, file)) from None  # the error's own text quotes the values: secrets
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: not valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file} (or .env): not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise SettingsError(f"{error.filename or file}: cannot be read: {error.strerror or error}") from None
    if os.access(settings.home, os.F_OK) and not settings.home.is_dir():  # `exists` raises where it may not look
        raise SettingsError(f"{settings.home}: is not a directory; say with --home where data is to live")
    return settings


def _checked(config: Path | None) -> Path:
    """Return the file of the settings, which need not be there unless it was named."""
    if config and not config.is_file():
        raise SettingsError(f"{config}: no such configuration file; copy etalage.example.toml and fill it in")
    if os.path.lexists(CONFIG_FILE) and not (config or CONFIG_FILE).is_file():  # a folder, or a link to nowhere
        raise SettingsError(f"{CONFIG_FILE}: is no file that can be read; mend it, or remove it for the defaults")
    return config or CONFIG_FILE


def _settings_from(file: Path) -> type[Settings]:
    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file if file.is_file() else None)

    return FromFile


def _one_line(error: ValidationError, file: Path) -> str:
    fault = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in fault["loc"])
    place = variable_of(Settings, DOTENV, fault["loc"]) or file
    if fault["type"] == "extra_forbidden":
        return f"{place}: {key} is not a setting; etalage.example.toml lists them all"
    if fault["type"] == "tuple_type":  # nothing that TOML knows
        return f'{place}: {key}: should be a list, as in ["one", "two"]'
    return f"{place}: {key}: {fault['msg'].removeprefix('Value error, ')}"
