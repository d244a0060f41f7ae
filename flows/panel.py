"""The panel: a CSV file of the people who are listened to, on what grounds, and who does not want to be.

One row a person and platform. A row that cannot be read stops everything that uses the panel: an opt-out that is
passed over because of a typing error would be worse than a night without a run.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Literal, get_args
from urllib.parse import urlsplit

from connectors.gone import plain_handle
from connectors.post import Platform
from flows.discretion import unquoted
from flows.settings import Settings, SettingsError
from nlp.codebook import ROLES
from warehouse.spreadsheets import as_meant

COLUMNS: Final = ("person", "platform", "handle", "role", "organisation", "sector", "eligibility", "date", "consent")
Consent = Literal["yes", "no", "opt-out"]
SOURCES: Final[dict[Platform, str]] = {
    "x": "x",
    "reddit": "reddit",
    "bluesky": "bluesky",
    "mastodon": "mastodon",
    "feed": "feeds",
}
"""The source that listens to people of a platform; LinkedIn has none, its posts are given by their owners."""
LISTED_ROLES: Final = tuple(role for role in ROLES if role != "unknown")
MOST_ROWS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Listed:
    """One row: a person's account on one platform; `query` is how its source asks for it, None when it cannot."""

    person: str
    platform: Platform
    handle: str
    role: str | None
    organisation: str | None
    sector: str | None
    eligibility: str
    date: str
    consent: Consent
    query: str | None


@dataclass(frozen=True, slots=True)
class Panel:
    """Who is listened to."""

    rows: tuple[Listed, ...] = field(default=())

    def queries(self, source: str, configured: Iterable[str] = ()) -> tuple[str, ...]:
        """Return what a source listens to: what the settings say, then the panel's people, never an opt-out."""
        mine = [row for row in self.rows if SOURCES.get(row.platform) == source and row.query is not None]
        never = {str(row.query).lower() for row in mine if row.consent == "opt-out"}
        wanted = [*configured, *(str(row.query) for row in mine)]
        once = {query.lower().replace(":@", ":"): query for query in reversed(wanted)}
        return tuple(query for key, query in reversed(once.items()) if key not in never)

    def unheard(self, platform: str) -> list[Listed]:
        """List who wants to be listened to at a platform that the settings give no way to ask."""
        return [one for one in self.rows if one.platform == platform and one.query is None and one.consent != "opt-out"]

    def opted_out(self) -> list[Listed]:
        """List who may not be listened to."""
        return [row for row in self.rows if row.consent == "opt-out"]


def panel_of(settings: Settings) -> Panel:
    """Read the panel that the settings name; an empty one when they name none."""
    if settings.panel.file is None:
        return Panel()
    return Panel(tuple(read_panel(settings.panel.file, settings.mastodon.instances)))


def read_panel(file: Path, instances: Mapping[str, str]) -> Iterator[Listed]:
    """Read every row, or raise a `SettingsError` of one line with file, line and remedy. `instances` are Mastodon's.

    The apostrophe that keeps a cell from being a formula (`etalage panel accept` writes one) is not part of it.
    """
    seen: dict[tuple[str, str], int] = {}
    for line, cells in table_rows(file, COLUMNS):
        try:
            row = _row({name: as_meant(cell) for name, cell in cells.items()}, instances)
        except ValueError as error:
            # the line says whose; this is sent and kept, so it names nobody
            raise SettingsError(f"{file} line {line}: {unquoted(str(error))}") from None
        key = (row.platform, row.handle.lower())
        if key in seen:
            raise SettingsError(f"{file} line {line}: this account stands on line {seen[key]} too; keep one of the two")
        seen[key] = line
        yield row


def table_rows(file: Path, columns: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, cells by column) of a CSV file with these columns, in any order, by comma or semicolon."""
    wanted = list(columns)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror}); mend the path, or write the file") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(f"{file} line {line}: is not UTF-8; save it as CSV in UTF-8") from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",", strict=True)
    try:
        heading = [name.strip().lower() for name in next(reader, [])]
        if sorted(heading) != sorted(wanted):
            raise SettingsError(f"{file} line 1: its columns have to be {','.join(wanted)}")
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if line > MOST_ROWS:
                raise SettingsError(f"{file} line {line}: more than {MOST_ROWS} lines; is this the right file?")
            if len(cells) != len(heading):
                raise SettingsError(
                    f"{file} line {line}: has {len(cells)} cells instead of {len(heading)}; "
                    "put a cell that holds a comma between quotes"
                )
            yield line, {name: cell.strip() for name, cell in zip(heading, cells, strict=True)}
    except csv.Error as error:
        raise SettingsError(f"{file} line {reader.line_num}: {error}; check the quotes") from None


def _row(cells: Mapping[str, str], instances: Mapping[str, str]) -> Listed:
    platform, consent = cells["platform"].lower(), cells["consent"].lower()
    if platform not in get_args(Platform):
        raise ValueError(f"platform {cells['platform']!r} is none of {', '.join(get_args(Platform))}")
    if consent not in get_args(Consent):
        raise ValueError(f"consent {cells['consent']!r} is none of {', '.join(get_args(Consent))}")
    if not cells["handle"]:
        raise ValueError("the handle is missing; write it as the platform does, or take the row out")
    role = cells["role"].lower()
    if role and role not in LISTED_ROLES:
        raise ValueError(f"role {cells['role']!r} is none of {', '.join(LISTED_ROLES)}; leave it empty when unknown")
    if consent != "opt-out":
        _check_grounds(cells, platform, consent)
    handle = cells["handle"] if platform == "feed" else plain_handle(cells["handle"])
    return Listed(
        person=cells["person"],
        platform=platform,  # type: ignore[arg-type] # it is among the platforms, see above
        handle=handle,
        role=role or None,
        organisation=cells["organisation"] or None,
        sector=cells["sector"] or None,
        eligibility=cells["eligibility"],
        date=cells["date"],
        consent=consent,  # type: ignore[arg-type] # the same
        query=_query(platform, handle, instances),
    )


def _check_grounds(cells: Mapping[str, str], platform: str, consent: str) -> None:
    """Whoever is listened to stands there with a name, a ground and a date; an opt-out needs none of them."""
    for name in ("person", "eligibility"):
        if not cells[name]:
            raise ValueError(f"{name} is missing; say {'who' if name == 'person' else 'why'} this is")
    try:
        date.fromisoformat(cells["date"])
    except ValueError:
        raise ValueError(f"date {cells['date']!r} is not a date; write it as 2026-03-01") from None
    if platform == "linkedin" and consent != "yes":
        raise ValueError("LinkedIn is read by donation only; write yes for consent once the person has given it")


def _query(platform: str, handle: str, instances: Mapping[str, str]) -> str | None:
    """Return how the source of a platform asks for an account; ValueError when the handle cannot be one."""
    if platform == "x":
        from connectors.x.queries import read_query as read_x  # noqa: PLC0415 - only what the panel names

        read_x(f"timeline:{handle}")
        return f"timeline:{handle}"
    if platform == "reddit":
        from connectors.reddit.queries import read_query as read_reddit  # noqa: PLC0415 - the same

        read_reddit(f"user:{handle}")
        return f"user:{handle}"
    if platform == "bluesky":
        from connectors.bluesky.queries import read_query as read_bluesky  # noqa: PLC0415 - the same

        read_bluesky(f"author:{handle}")
        return f"author:{handle}"
    if platform == "feed":
        from connectors.feeds.source import checked_url  # noqa: PLC0415 - the same

        return checked_url(handle)
    return _mastodon_query(handle, instances) if platform == "mastodon" else None


def _mastodon_query(handle: str, instances: Mapping[str, str]) -> str | None:
    """Ask the account's own server when it is set up, else the first one, which may have heard of it."""
    name, _, server = handle.partition("@")
    if not name or not server or "@" in server:
        raise ValueError("a mastodon handle has its server: write it as anna@mastodon.example")
    own = [short for short, base_url in instances.items() if server in (short, urlsplit(base_url).hostname)]
    query = f"account:{name}@{own[0]}" if own else f"account:{handle}@{next(iter(instances), server)}"
    from connectors.mastodon.queries import read_query as read_mastodon  # noqa: PLC0415 - see above

    read_mastodon(query)
    return query if instances else None
