"""What panel and settings do to a run: people in the vault, opt-outs erased, and nothing asked for that left them."""

from connectors.gone import Gone
from connectors.source import Source, Window
from flows.erasing import opt_out, spellings
from flows.panel import Listed, Panel
from flows.settings import Settings
from warehouse import tombstones
from warehouse.erasure_requests import is_id, own_id
from warehouse.keys import Keys
from warehouse.panel import put_panel
from warehouse.vault import Connection


def keep_panel(con: Connection, keys: Keys, settings: Settings, panel: Panel) -> int:
    """Erase those who opted out since the last run, put the others in the vault; return how many were erased.

    Who was erased once stays out, whatever the panel says later.
    """
    gone = tombstones.gone(con, keys.pseudonym)
    fresh = [row for row in panel.opted_out() if not _is_erased(row, gone, settings)]
    for row in fresh:
        opt_out(con, keys, settings, {row.handle: row.platform})
    gone = tombstones.gone(con, keys.pseudonym)
    put_panel(
        con,
        [
            (row.platform, name, row.organisation, row.role)
            for row in panel.rows
            if row.consent != "opt-out" and not is_gone(row, gone, settings)
            for name in _stored_names(row)
        ],
    )
    return len(fresh)


def is_gone(row: Listed, gone: Gone | None, settings: Settings) -> bool:
    """Tell whether somebody was erased under any of the names or ids that a row may stand for."""
    if gone is None:
        return False
    names = {row.handle, *_stored_names(row), *spellings(row.platform, row.handle, settings)}
    return any(gone.handle(row.platform, name) or gone.author(row.platform, name) for name in names)


def listened_to(window: Window, source: Source) -> bool:
    """Tell whether an open window is still wanted: what was taken out of panel and settings is not asked for again.

    It may cost money, or be at a server that the settings name no more; put back, its windows are taken up again.
    """
    return window.query in source.queries()


def _is_erased(row: Listed, gone: Gone | None, settings: Settings) -> bool:
    """Tell whether a row is erased under every name that it can have, so that nothing is left to erase.

    An id is tested as an account, a Mastodon handle by each spelling of its server.
    """
    if gone is None:
        return False
    own = own_id(row.platform, row.handle)
    if own and not gone.author(row.platform, own):
        return False
    return is_id(row.platform, row.handle) or all(
        gone.handle(row.platform, name) for name in spellings(row.platform, row.handle, settings)
    )


def _stored_names(row: Listed) -> set[str]:
    """Return what authors may have for a row's account: its handle, and the id that a LinkedIn name makes.

    A blog goes by its feed's address alone, its id: its host may have other blogs.
    """
    if row.platform == "feed" and row.query:
        return {row.query}
    return {row.handle, own_id(row.platform, row.handle) or row.handle}
