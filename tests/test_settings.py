"""Settings: file, `.env` and environment, and the one line that a wrong one gets."""

import os
import re
import subprocess
import sys
import tomllib
import traceback
from datetime import date
from operator import attrgetter
from pathlib import Path

import pytest
from pydantic import BaseModel

from flows.settings import Panel, Settings, SettingsError, load_settings
from flows.sources import build_sources

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def empty_place(tmp_path, monkeypatch):
    """No configuration of the person who runs the tests."""
    monkeypatch.chdir(tmp_path)


def test_no_test_sees_what_the_person_who_tests_has_set():
    """Who follows the README exports accounts and queries: conftest.py takes them out before a test runs."""
    asked = (
        "import os, conftest; from flows.settings import Settings; "
        "print(Settings().x.queries, 'PREFECT_HOME' in os.environ)"
    )
    exported = {
        "ETALAGE_X__QUERIES": '["timeline:NAME"]',
        "PREFECT_HOME": "elsewhere",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
    }
    printed = subprocess.check_output([sys.executable, "-c", asked], env=os.environ | exported, text=True)

    assert printed == "() False\n"


def keys(model: type[BaseModel], prefix: str = "") -> set[str]:
    """Every key a user may set, dotted."""
    found = set()
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= keys(inner, f"{prefix}{name}.")
        else:
            found.add(prefix + name)
    return found


def example_with_every_key() -> str:
    """The example file with its commented-out keys switched on."""
    text = (ROOT / "etalage.example.toml").read_text(encoding="utf-8")
    return re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)


def dotted(table: dict, prefix: str = "") -> dict[str, object]:
    """A TOML document as dotted keys."""
    flat = {}
    for name, value in table.items():
        if isinstance(value, dict) and value:
            flat |= dotted(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def test_the_example_shows_every_key_and_no_other():
    """Who reads etalage.example.toml has seen all there is to set."""
    assert keys(Settings) == set(dotted(tomllib.loads(example_with_every_key())))


def test_the_example_shows_the_defaults():
    """What stands uncommented in the example is what counts without a file."""
    shown = dotted(tomllib.loads((ROOT / "etalage.example.toml").read_text(encoding="utf-8")))
    defaults = dotted(load_settings().model_dump(mode="json"))

    assert {key: defaults.get(key, {}) for key in shown} == shown


def test_the_environment_goes_before_dotenv_and_the_file(tmp_path, monkeypatch):
    """A variable overrules `.env`, which overrules etalage.toml."""
    (tmp_path / "etalage.toml").write_text("[x]\nprice_post = 1.0\nprice_user = 1.0\nprice_counts = 1.0\n")
    (tmp_path / ".env").write_text("ETALAGE_X__PRICE_POST=2\nETALAGE_X__PRICE_USER=2\n")
    monkeypatch.setenv("ETALAGE_X__PRICE_POST", "3")

    x = load_settings().x

    assert (x.price_post, x.price_user, x.price_counts) == (3, 2, 1)


@pytest.mark.parametrize("place", ["environment", ".env"])
@pytest.mark.parametrize(
    ("variable", "key", "value"),
    [
        ("ETALAGE_X__BEARER_TOKEN=", "x.bearer_token", None),
        ("ETALAGE_X__QUERIES=", "x.queries", ()),
        ("ETALAGE_X__LAG_HOURS=", "x.lag_hours", 12),
        ("ETALAGE_HOME=", "home", Path("data")),
        ("ETALAGE_CONFIG=", "home", Path("data")),
        ("ETALAGE_HOME=~/etalage", "home", Path("/home/noor/etalage")),
        ("ETALAGE_PANEL__FILE=~/panel.csv", "panel.file", Path("/home/noor/panel.csv")),
        ("ETALAGE_MODEL=~/model", "model", Path("/home/noor/model")),
    ],
)
def test_an_empty_variable_sets_nothing_and_a_tilde_is_the_home_folder(
    tmp_path, monkeypatch, place, variable, key, value
):
    """As in a `.env` whose lines are still to be filled in: what the file says, or the default, counts."""
    (tmp_path / "etalage.toml").write_text("[x]\nlag_hours = 12\n")
    monkeypatch.setenv("HOME", "/home/noor")
    name, _, given = variable.partition("=")
    if place == ".env":
        (tmp_path / ".env").write_text(f"{variable}\n")
    else:
        monkeypatch.setenv(name, given)

    settings = load_settings()

    assert value == attrgetter(key)(settings)
    assert list(build_sources(settings.model_copy(update={"panel": Panel()}), date(2026, 3, 12))) == ["sample"]


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("home = ''", "home", Path("data")),
        ("model = ''", "model", None),
        ("x.bearer_token = ''", "x.bearer_token", None),
        ("x.lag_hours = ''", "x.lag_hours", 6),
        ("mastodon.tokens = {'mastodon.nl' = ''}", "mastodon.tokens", {}),
    ],
)
def test_an_empty_text_in_the_file_sets_nothing(tmp_path, line, key, value):
    """As a variable does: no data in the folder at hand, no empty token sent to a platform."""
    (tmp_path / "etalage.toml").write_text(line)

    settings = load_settings()

    assert value == attrgetter(key)(settings)
    assert list(build_sources(settings, date(2026, 3, 12))) == ["sample"]


def test_a_tilde_in_the_file_is_the_home_folder(tmp_path, monkeypatch):
    """One that stands for nobody gets a line."""
    monkeypatch.setenv("HOME", "/home/noor")
    (tmp_path / "etalage.toml").write_text("home = '~/etalage'\n")

    assert load_settings().home == Path("/home/noor/etalage")

    (tmp_path / "etalage.toml").write_text("home = '~nobody_of_that_name/etalage'\n")
    with pytest.raises(SettingsError, match=r"^etalage\.toml: home: no home folder is known"):
        load_settings()


def test_a_wrong_value_of_the_file_is_not_blamed_on_an_empty_variable(tmp_path, monkeypatch):
    """That sets nothing."""
    (tmp_path / "etalage.toml").write_text("[x]\nlag_hours = 'planted'\n")
    monkeypatch.setenv("ETALAGE_X__LAG_HOURS", "")

    with pytest.raises(SettingsError, match=r"^etalage\.toml: x\.lag_hours: "):
        load_settings()


def test_secrets_show_nowhere(monkeypatch):
    """Neither repr nor dump of the settings holds a token."""
    monkeypatch.setenv("ETALAGE_X__BEARER_TOKEN", "planted-token")
    settings = load_settings()

    assert settings.x.bearer_token.get_secret_value() == "planted-token"
    assert "planted-token" not in repr(settings) + str(settings.model_dump())


@pytest.mark.parametrize(
    ("file", "variables", "words"),
    [
        ("[x]\nbearer = 'planted'\n", {}, ["etalage.toml", "x.bearer", "not a setting"]),
        ("[y]\na = 1\n", {}, ["etalage.toml", "y", "not a setting"]),
        ("[x\n", {}, ["etalage.toml", "TOML", "line 1"]),
        ("[x]\nbase_url = 'http://planted.example'\n", {}, ["etalage.toml", "x.base_url", "https", "loopback"]),
        ("", {"ETALAGE_X__BEARER": "planted"}, ["ETALAGE_X__BEARER", "not a setting"]),
        ("", {"ETALAGE_REDIT__CLIENT_ID": "planted"}, ["ETALAGE_REDIT__CLIENT_ID", "not a setting"]),
        ("", {"ETALAGE_CONFIG": "planted.toml"}, ["ETALAGE_CONFIG", "not a setting", "--config"]),
        ("[x.budget]\nper_run = 'much'\n", {}, ["etalage.toml", "x.budget.per_run", "number"]),
        ("[publish]\ntext = 'some'\n", {}, ["publish.text", "'full', 'masked' or 'none'"]),
    ],
)
def test_a_wrong_setting_gets_one_line_with_its_place(tmp_path, monkeypatch, file, variables, words):
    """The line names the file or variable and the key, and never quotes a value that may be a secret."""
    (tmp_path / "etalage.toml").write_text(file)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    message = str(caught.value)
    assert [word for word in words if word not in message] == []
    assert "\n" not in message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ETALAGE_X__QUERIES", "timeline:planted"),
        ("ETALAGE_X__QUERIES", '["timeline:planted"'),
        ("ETALAGE_X", "planted"),
        ("ETALAGE_X__BUDGET", "planted"),
        ("ETALAGE_MASTODON__TOKENS", "planted"),
        ("ETALAGE_ALERTS__URLS", "mailto://planted"),
    ],
)
@pytest.mark.parametrize("place", ["environment", ".env"])
def test_a_list_that_is_no_json_gets_one_line_with_its_variable(tmp_path, monkeypatch, place, name, value):
    """The line says how to write it, beside variables that are right, and quotes nothing: it may be a secret."""
    monkeypatch.setenv("ETALAGE_X__BEARER_TOKEN", "planted")
    monkeypatch.setenv("ETALAGE_FEEDS__URLS", "[]")
    if place == ".env":
        (tmp_path / ".env").write_text(f"{name}={value}\n")
    else:
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    message = str(caught.value)
    assert message.startswith(f"{place}: {name}: not JSON")
    assert """'["timeline:NAME"]'""" in message
    assert "planted" not in "".join(traceback.format_exception(caught.value))
    assert "\n" not in message


@pytest.mark.parametrize(
    ("place", "name", "value", "key"),
    [
        (".env", "ETALAGE_X__LAG_HOURS", "planted", "x.lag_hours"),
        (".env", "ETALAGE_X__BEARER", "planted", "x.bearer is not a setting"),
        (".env", "ETALAGE_X__BUDGET", '{"per_run": "planted"}', "x.budget.per_run"),
        ("environment", "ETALAGE_X__LAG_HOURS", "planted", "x.lag_hours"),
        ("environment", "ETALAGE_X__QUERIES", "[1]", "x.queries.0"),
        ("environment", "ETALAGE_X", '{"queries": ["planted", 1]}', "x.queries.1"),
    ],
)
def test_a_wrong_value_is_blamed_on_its_variable(tmp_path, monkeypatch, place, name, value, key):
    """Also where a file gives that key a right one, and where it is one of several things that the variable holds."""
    (tmp_path / "etalage.toml").write_text("[x]\nlag_hours = 6\nqueries = ['list:7']\n")
    if place == ".env":
        (tmp_path / ".env").write_text(f"ETALAGE_X__PRICE_POST=1\n{name}={value}\n")
    else:
        (tmp_path / ".env").write_text("ETALAGE_X__LAG_HOURS=6\n")
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    message = str(caught.value)
    assert message.startswith(f"{place}: {name}: {key}")
    assert "planted" not in message


def test_a_wrong_value_of_the_file_is_not_blamed_on_a_variable_beside_it(tmp_path, monkeypatch):
    """That sets another key of the same table."""
    (tmp_path / "etalage.toml").write_text("[x.budget]\nwarn_at = 'planted'\n")
    (tmp_path / ".env").write_text("ETALAGE_X__BUDGET__PER_DAY=2\n")
    monkeypatch.setenv("ETALAGE_X__BUDGET", '{"per_run": 1}')

    with pytest.raises(SettingsError, match=r"^etalage\.toml: x\.budget\.warn_at: "):
        load_settings()


def test_a_missing_configuration_file_is_named(tmp_path):
    """`--config` with a file that is not there says so."""
    with pytest.raises(SettingsError, match=r"nowhere\.toml: no such configuration file"):
        load_settings(tmp_path / "nowhere.toml")


def test_a_loopback_address_may_go_without_encryption(tmp_path):
    """The replay server is reached by plain http; another host is not."""
    (tmp_path / "etalage.toml").write_text('[x]\nbase_url = "http://127.0.0.1:8787"\n')

    assert load_settings().x.base_url == "http://127.0.0.1:8787"


@pytest.mark.parametrize("make", [Path.mkdir, lambda place: place.symlink_to("nowhere")])
def test_settings_that_cannot_be_followed_are_not_passed_over(tmp_path, make):
    """A night on defaults is not what somebody meant who has an etalage.toml."""
    make(tmp_path / "etalage.toml")

    with pytest.raises(SettingsError, match=r"^etalage.toml: is no file"):
        load_settings()


def test_a_line_of_dotenv_that_sets_nothing_is_named(tmp_path):
    """Else the run goes on without it."""
    (tmp_path / ".env").write_text("# token\nETALAGE_HOME=here\nETALAGE_X__BEARER_TOKEN s3cret\n")

    with pytest.raises(SettingsError, match=r"^\.env, line 3: sets nothing") as caught:
        load_settings()
    assert "s3cret" not in str(caught.value)


def test_the_mark_that_windows_puts_before_utf8_is_read_over(tmp_path):
    """Some editors save it."""
    (tmp_path / "etalage.toml").write_bytes(b'\xef\xbb\xbfhome = "elsewhere"\n')

    assert load_settings().home == Path("elsewhere")
