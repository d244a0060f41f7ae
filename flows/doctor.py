"""What could stop a run, each with what to do about it."""

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.errors import Missing, SourceError
from connectors.source import Checkable, Source
from flows import prefect_api
from flows.failures import last_failure
from flows.faults import one_line
from flows.lock import AlreadyRunning, run_lock, running_process
from flows.opening import vault_keys
from flows.panel import panel_of
from flows.settings import CONFIG_FILE, Settings, SettingsError
from flows.sources import build_sources, left_out
from flows.usage import usage_lines
from nlp.artefact import ModelError, model_version
from nlp.pipeline import load
from warehouse.errors import Damaged, WarehouseError, WrongKey
from warehouse.keys import VAULT_KEY, Keys, lies_beside
from warehouse.rekey import finish
from warehouse.summary import read_summary
from warehouse.vault import open_vault

ROOM_BYTES = 2_000_000_000
PRIVATE = 0o077

Verdict = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: how it stands, and what to do when it is not well."""

    what: str
    verdict: Verdict
    finding: str
    remedy: str = ""


def examine(settings: Settings, config: Path | None) -> Iterator[Finding]:
    """Look at the configuration, credentials, model, files, disk, time and Prefect, one after the other."""
    yield _configuration(config or CONFIG_FILE)
    yield from _credentials(settings)
    yield _model(settings)
    yield from _files(settings)
    yield _disk(settings.home)
    yield _time(settings.home)
    yield _prefect(settings)
    yield from _last_failure(settings.home)


def _configuration(file: Path) -> Finding:
    if not file.is_file():
        return Finding("configuration", "ok", f"no {file}: the defaults and the environment count")
    if stat.S_IMODE(file.stat().st_mode) & PRIVATE:
        return Finding("configuration", "warning", f"{file} can be read by others", f"chmod 600 {file}")
    return Finding("configuration", "ok", str(file))


def _credentials(settings: Settings) -> Iterator[Finding]:
    try:
        sources = build_sources(settings, sample_anchor=datetime.now(UTC).date())
    except SettingsError as error:
        yield Finding("sources", "wrong", str(error), "see etalage.example.toml")
        return
    for name, source in sources.items():
        yield _source(name, source)
    for line in left_out(settings, panel_of(settings)):
        name, _, finding = line.partition(": ")
        yield Finding(name, "warning", finding)
    for name, (line, differs) in usage_lines(settings).items():
        remedy = f"see whether another program reads {name} on the same account"
        yield Finding(f"{name} usage", *(("warning", line, remedy) if differs else ("ok", line)))


def _source(name: str, source: Source) -> Finding:
    queries = f"{len(source.queries())} queries"
    if not isinstance(source, Checkable):
        return Finding(name, "ok", f"{queries}, no credentials needed")
    try:
        return Finding(name, "ok", f"{queries}; {source.check()}")
    except Missing:
        tried = f"{queries}; the request that proves the credentials is not there (404), so they may or may not do"
        return Finding(
            name, "warning", tried, f"see that {name}'s address is the platform's own, unless it is a test's"
        )
    except SourceError as error:
        return Finding(name, "wrong", str(error), f"mend the settings of {name}, or wait and try again")


def _model(settings: Settings) -> Finding:
    try:
        load(settings.model)
    except ModelError as error:
        return Finding("model", "wrong", str(error), "etalage train, or check out nlp/model again")
    return Finding("model", "ok", model_version(settings.model))


def _files(settings: Settings) -> Iterator[Finding]:
    home = settings.home
    nearest = _nearest(home)
    if not os.access(nearest, os.W_OK | os.X_OK):
        remedy = "give this user the right to it, or another --home"
        yield Finding("files", "wrong", f"nothing may be written in {nearest}", remedy)
        return
    if nearest != home:
        yield Finding("files", "ok", f"{home} does not exist yet: the first run makes it")
        return
    if stat.S_IMODE(home.stat().st_mode) & PRIVATE:
        yield Finding("files", "warning", f"{home} is open to other users", f"chmod 700 {home}")
    if holder := running_process(home):
        yield Finding("vault", "ok", f"a run is at work (process {holder})")
        return
    if not (home / "vault.duckdb").exists():
        yield Finding("vault", "ok", "there is none yet: the first run makes it")
        return
    try:
        with run_lock(home):  # a run that began meanwhile would find the vault busy
            finish(home / "vault.duckdb", home / "keys", in_keyring=settings.vault_keyring)
            keys = vault_keys(settings)
            with open_vault(home / "vault.duckdb", keys.vault):
                found = _key(home / "keys", keys)
    except AlreadyRunning:
        found = Finding("vault", "ok", "a run is at work")
    except (WarehouseError, OSError) as error:  # the words of most say themselves what to do
        is_the_vaults = isinstance(error, WrongKey | Damaged)
        remedy = "give the key it was made with, or restore a backup" if is_the_vaults else ""
        found = Finding("vault", "wrong", one_line(error), remedy)
    yield found


def _key(directory: Path, keys: Keys) -> Finding:
    """Say whether the key that opens the vault lies beside it."""
    file = directory / VAULT_KEY
    if keys.source == "given" and lies_beside(directory, keys.vault):
        remedy = "remove that file once you have a copy of the key elsewhere"
        return Finding("vault", "warning", f"opens with the key given, which also lies in {file}", remedy)
    if keys.source in {"given", "keyring"}:
        place = "given" if keys.source == "given" else "in the system's keyring"
        return Finding("vault", "ok", f"opens with the key {place}")
    remedy = (
        "set vault_keyring = true and run `etalage vault rekey`, or set ETALAGE_VAULT_KEY to what is in that file and"
        " remove the file; and keep a copy of the key elsewhere"
    )
    return Finding("vault", "warning", f"opens; its key lies beside it in {file}", remedy)


def _nearest(home: Path) -> Path:
    """Return the home, or the nearest folder above it that is there; `exists` raises where one may not be entered."""
    return next(folder for folder in (home, *home.absolute().parents) if os.access(folder, os.F_OK))


def _disk(home: Path) -> Finding:
    place = _nearest(home)
    free = shutil.disk_usage(place).free
    if free < ROOM_BYTES:
        return Finding("disk", "wrong", f"{free / 1e9:.1f} GB free in {place}", "make room, or move with --home")
    return Finding("disk", "ok", f"{free / 1e9:,.0f} GB free")


def _time(home: Path) -> Finding:
    try:
        ZoneInfo("Europe/Amsterdam")
    except ZoneInfoNotFoundError:
        return Finding("time", "wrong", "Europe/Amsterdam is not known here", "install tzdata")
    now = datetime.now(UTC)
    published = home / "etalage.duckdb"
    if os.access(published, os.F_OK) and datetime.fromtimestamp(published.stat().st_mtime, UTC) > now:
        return Finding("time", "wrong", f"the clock says {now:%Y-%m-%d %H:%M} UTC, before the last run", "set it")
    return Finding("time", "ok", f"{now:%Y-%m-%d %H:%M} UTC")


def _prefect(settings: Settings) -> Finding:
    try:
        address = prefect_api.prepare(
            settings.home, settings.prefect.api_url, settings.prefect.start_seconds, in_terminal=True
        )
    except OSError as error:  # it makes a folder in the home
        return Finding("prefect", "wrong", one_line(error))
    if address is None:
        return Finding("prefect", "ok", "no server: each run starts a temporary one (10 to 30 s)")
    if prefect_api.answers(address):
        return Finding("prefect", "ok", f"server at {address}")
    return Finding("prefect", "wrong", f"no answer from {address}", "start that server, or clear prefect.api_url")


def _last_failure(home: Path) -> Iterator[Finding]:
    published = home / "etalage.duckdb"
    runs: Sequence[dict[str, Any]] = ()
    try:
        if os.access(published, os.F_OK):
            runs = read_summary(published)["runs"]
    except WarehouseError:  # its own words may tell to restore a backup, which is of the vault alone
        remedy = "the next run writes it again: etalage nightly"
        yield Finding("published file", "wrong", f"{published} cannot be read", remedy)
    failure = last_failure(home, runs)
    if failure is not None:
        line = f"{failure['flow']} failed at {failure['at']}: {failure['reason']}"
        yield Finding("last run", "warning", line, "mend that, and run it again")
