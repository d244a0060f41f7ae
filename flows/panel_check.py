"""`etalage panel check`: ask each platform how the panel's accounts stand, without reading a post."""

from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.account import KnowsAccounts
from connectors.errors import SourceError
from connectors.priced import Priced
from connectors.source import Source
from flows.budget import limits_of, refusal
from flows.known import known
from flows.listening import is_gone
from flows.lock import run_lock
from flows.opening import opened
from flows.panel import SOURCES, Listed, panel_of
from flows.settings import Settings, SettingsError
from flows.sources import build_sources, prices
from warehouse import tombstones
from warehouse.budget import enter, spent
from warehouse.vault import Connection

GIVEN = "posts are given by their owner: nothing to ask"


@dataclass(frozen=True, slots=True)
class Checked:
    """How one row of the panel stands."""

    person: str
    platform: str
    handle: str
    standing: str
    detail: str


def check_panel(settings: Settings) -> list[Checked]:
    """Ask about everybody who is listened to, in the panel's order; paid look-ups go into the ledger of reads."""
    panel = panel_of(settings)
    if settings.panel.file is None:
        raise SettingsError("the settings name no panel; write one (docs/panel.md) and set panel.file")
    with run_lock(settings.home), opened(settings) as (con, keys):
        gone = tombstones.gone(con, keys.pseudonym)
        asked = [row for row in panel.rows if row.consent != "opt-out" and not is_gone(row, gone, settings)]
        sources = build_sources(settings, sample_anchor=datetime.now(UTC).date(), known=known(con))
        found: dict[Listed, tuple[str, str]] = {}
        for name in dict.fromkeys(SOURCES.get(row.platform, row.platform) for row in asked):
            rows = [row for row in asked if SOURCES.get(row.platform, row.platform) == name]
            found |= _ask(settings, con, name, sources.get(name), rows)
    return [Checked(row.person, row.platform, row.handle, *found[row]) for row in asked]


def _ask(
    settings: Settings, con: Connection, name: str, source: Source | None, rows: list[Listed]
) -> dict[Listed, tuple[str, str]]:
    if name == "linkedin":
        return dict.fromkeys(rows, ("unknown", GIVEN))
    if source is None:
        return dict.fromkeys(rows, ("unknown", f"{name} is not set up"))
    if not isinstance(source, KnowsAccounts):
        return dict.fromkeys(rows, ("unknown", f"{name} cannot be asked for accounts"))
    if reason := _too_dear(settings, con, name, len(rows)):
        return dict.fromkeys(rows, ("unknown", reason))
    try:
        accounts = source.look_up([row.query for row in rows if row.query])
    except SourceError as error:
        return dict.fromkeys(rows, ("unknown", str(error)))
    finally:
        if isinstance(source, Priced):
            enter(con, name, source.unbilled(), datetime.now(UTC), None, prices(settings))
    return {
        row: (accounts[row.query].standing, accounts[row.query].detail)
        if row.query in accounts
        else ("unknown", f"{name} cannot ask for this account with these settings")
        for row in rows
    }


def _too_dear(settings: Settings, con: Connection, name: str, accounts: int) -> str | None:
    budget = limits_of(settings).get(name)
    if budget is None:
        return None
    price = prices(settings)
    return refusal(name, budget, spent(con, name, None, price), accounts * price.get((name, "user"), 0.0))
