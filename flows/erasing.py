"""Erasing from the command line, the sweep and the panel: out of the vault, the published file and off the disk."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from connectors import cutting
from connectors.gone import Gone, among
from flows.discretion import discreet, unquoted
from flows.loading import load_waiting
from flows.lock import run_lock
from flows.opening import opened, stored
from flows.panel import Listed, panel_of
from flows.settings import Settings, SettingsError
from warehouse import journal
from warehouse.access import access
from warehouse.erasure import Erased, Reason, Request, erase
from warehouse.erasure_places import names_gone
from warehouse.erasure_queries import forget_unheard
from warehouse.erasure_requests import authors_request, own_id
from warehouse.keys import Keys
from warehouse.labelling import INBOX, import_inbox
from warehouse.publish import publish
from warehouse.report import write_report
from warehouse.stopping import Stopped
from warehouse.tombstones import all_tombstones
from warehouse.vault import Connection

Find = Callable[[Connection], Request]


class Kept(Exception):
    """The person at the terminal said no; nothing was erased."""


def erase_now(
    settings: Settings, find: Find, reason: Reason, agreed: Callable[[dict[str, int]], bool]
) -> tuple[Erased, list[str]]:
    """Erase what `find` asks for, publish again, and compact; `agreed` is shown the numbers and may refuse.

    Returns what went, and the settings and rows of the panel that still name it. Raises `Kept` when it was refused,
    `AlreadyRunning`, or a `WarehouseError`: when the publishing fails, the vault is rid of what was asked for and the
    next run publishes.
    """
    with run_lock(settings.home), opened(settings) as (con, keys):
        load_waiting(con, keys.pseudonym)
        request = as_asked_for(find(con), settings)
        shown = access(con, request, keys.pseudonym, cutting)
        if not agreed({table: len(rows) for table, rows in shown.items() if rows}):
            raise Kept
        done = erase_in(con, keys, settings.home, request, reason)
        with suppress(SettingsError):  # the next sweep does it, once that row of the panel is mended
            forget_queries(con, settings)
        import_inbox(con, settings.home / INBOX)  # what people answered about these posts waits beside the vault
        republish(con, keys, settings)
    return done, still_listening(settings, request)


def erase_in(con: Connection, keys: Keys, home: Path, request: Request, reason: Reason) -> Erased:
    """Erase in an open vault, and note its tombstones beside it for a restored backup; whoever calls publishes."""
    done = erase(con, request, reason, key=keys.pseudonym, cutting=cutting)
    journal.keep(home, all_tombstones(con))
    return done


def opt_out(con: Connection, keys: Keys, settings: Settings, accounts: Mapping[str, str]) -> Erased:
    """Erase people of the panel who opted out: platforms by handle. Same operation, same tombstones."""
    load_waiting(con, keys.pseudonym)
    request = as_asked_for(authors_request(con, accounts), settings)
    return erase_in(con, keys, settings.home, request, "opt-out")


def as_asked_for(request: Request, settings: Settings) -> Request:
    """Add to a request's handles the spellings that queries use.

    On Mastodon the settings may have a short name for the server.
    """
    handles = frozenset(
        (platform, name) for platform, one in request.handles for name in spellings(platform, one, settings)
    )
    return replace(request, handles=handles)


def spellings(platform: str, handle: str, settings: Settings) -> set[str]:
    """Return what an account is called, in lower case: with its server's host, and with what the settings call that."""
    handle = handle.lower()
    person, at, server = handle.rpartition("@")
    if platform != "mastodon" or not at:
        return {handle}
    servers = [{short.lower(), urlsplit(url).hostname or ""} for short, url in settings.mastodon.instances.items()]
    return {handle, *(f"{person}@{name}" for known in servers if server in known for name in known)}


def forget_queries(con: Connection, settings: Settings) -> int:
    """Rename what names somebody, is listened to no more and brought nothing that is left; return how many queries.

    Raises a `SettingsError` when the panel or a feed's address cannot be read: then nobody can tell who is listened to.
    """
    panel = panel_of(settings)
    heard = {
        (source, query)
        for source, listed in (_configured(settings) | {"feeds": _feeds(settings)}).items()
        for query in panel.queries(source, listed)
    }
    return forget_unheard(con, heard, lambda query: discreet(query) != query)


def republish(con: Connection, keys: Keys, settings: Settings, stop: Event | None = None) -> bool:
    """Publish and report from the vault as it is now; tell whether it came to that before `stop` was set."""
    published = settings.home / "etalage.duckdb"
    with suppress(Stopped):
        publish(con, published, text=settings.publish.text, key=keys.pseudonym, stop=stop)
        write_report(published, settings.home / "report.html")
        return True
    return False


def access_now(settings: Settings, find: Find) -> dict[str, Any]:
    """Gather what is stored about whom `find` asks for."""
    with stored(settings) as (con, keys):
        return access(con, find(con), keys.pseudonym, cutting)


def still_listening(settings: Settings, request: Request) -> list[str]:
    """List the settings and rows of the panel that go on naming whom was erased: a person has to take those out.

    It is for that person's terminal alone: a row is told by its person.
    """
    gone = among((), request.authors, request.handles)
    names = {name for _, name in request.handles}
    found = [
        f"{source}.queries[{number}]"
        for source, listed in _configured(settings).items()
        for number, query in enumerate(listed)
        if names_gone(source, query, gone) or names & set(re.split(r"[\s@:()]+", query.lower()))
    ]
    found += [f"feeds.urls[{at}]" for at, url in enumerate(settings.feeds.urls) if gone.author("feed", url)]
    return found + [f"panel: {row.person}, {row.platform}" for row in _listed(settings) if _is_named(row, gone)]


def _configured(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Return the queries of the settings by source; feeds have addresses instead."""
    return {
        "x": settings.x.queries,
        "reddit": settings.reddit.queries,
        "bluesky": settings.bluesky.queries,
        "mastodon": settings.mastodon.queries,
    }


def _feeds(settings: Settings) -> tuple[str, ...]:
    """Return the feeds' addresses as the ledger has them."""
    if not settings.feeds.urls:
        return ()
    from connectors.feeds.source import checked_url  # noqa: PLC0415 - feedparser

    try:
        return tuple(checked_url(url) for url in settings.feeds.urls)
    except ValueError as error:
        raise SettingsError(unquoted(str(error), "feeds", settings.feeds.urls)) from None


def _listed(settings: Settings) -> list[Listed]:
    """Return the panel's people but for opt-outs, whose rows keep them out."""
    with suppress(SettingsError):  # what was asked for is erased; a wrong row stops the next run, which says so
        return [row for row in panel_of(settings).rows if row.consent != "opt-out"]
    return []


def _is_named(row: Listed, gone: Gone) -> bool:
    name = row.handle.lower()
    ids = {row.handle, name, own_id(row.platform, name) or name}
    return gone.handle(row.platform, name) or any(gone.author(row.platform, one) for one in ids)
