"""`etalage erase`, `access`, `sweep`, `backup`, `restore`, `vault rekey`: duties towards people, the vault whole."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import (
    Config,
    Home,
    Json,
    config_parameter,
    exit_code_of,
    folder,
    print_json,
    read_settings,
    words,
)
from flows.errors import InputError

if TYPE_CHECKING:
    from flows.erasing import Find

Author = Annotated[
    str | None, typer.Option("--author", metavar="HANDLE@PLATFORM", parser=words, help="An account and all it wrote.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

vault = typer.Typer(help="The vault as a whole.", no_args_is_help=True)


def erase(
    ctx: typer.Context,
    author: Author = None,
    post: Annotated[
        str | None, typer.Option("--post", metavar="URL", parser=words, help="One post, by its address.")
    ] = None,
    organisation: Annotated[
        str | None,
        typer.Option("--organisation", metavar="NAME", parser=words, help="An organisation, and posts that name it."),
    ] = None,
    yes: Yes = False,
    home: Home = None,
    config: Config = None,
    json: Json = False,
) -> int:
    """Erase a person, a post or an organisation for good: from vault, published file and disk.

    It does not come back: not by collecting, backfill, import or a restored backup.
    """
    from flows.erasing import Kept, erase_now  # noqa: PLC0415 - DuckDB

    settings = read_settings(ctx, home, config)
    find = _find(author, post, organisation)
    try:
        done, left = erase_now(settings, find, "asked", lambda rows: yes or _agreed(rows))
    except Kept:
        typer.echo("Nothing was erased.", err=True)
        return 1
    if json:
        print_json({"posts": done.posts, "authors": done.authors, "pages": done.pages, "settings": left})
        return 0
    typer.echo(
        f"Erased: {done.posts} posts, {done.authors} accounts, cut from {done.pages} raw pages; published again."
    )
    for setting in left:
        typer.echo(f"Your settings still name this account ({setting}): it is skipped from now on; take it out.")
    return 0


def access(ctx: typer.Context, author: Author = None, home: Home = None, config: Config = None) -> int:
    """Print as JSON all that is stored about a person."""
    from flows.erasing import access_now  # noqa: PLC0415 - DuckDB

    if not author:
        raise InputError("say whose: --author HANDLE@PLATFORM")
    print_json(access_now(read_settings(ctx, home, config), _find(author, None, None)))
    return 0


def sweep(ctx: typer.Context, home: Home = None, config: Config = None, json: Json = False) -> int:
    """Ask the platforms whether stored posts are still there, and erase those that are not or are kept too long.

    `etalage serve` does so every hour.
    """
    from flows.foreground import run_in_foreground  # noqa: PLC0415 - Prefect

    settings = read_settings(ctx, home, config)
    parameters = {"home": str(settings.home), "config": config_parameter(ctx, config)}
    result = run_in_foreground(settings, "sweep", parameters)
    if json:
        print_json(result)
    else:
        done = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in result["counts"].items())
        typer.echo(f"Sweep {result['outcome']}: {done or 'nothing was due'}.")
        for refusal in result["refusals"]:
            typer.echo(f"  not complete: {refusal}")
        for warning in result.get("warnings", ()):
            typer.echo(f"  budget: {warning}")
    return exit_code_of(result)


def backup(
    ctx: typer.Context,
    target: Annotated[
        Path, typer.Argument(metavar="DIR", parser=folder, help="Where backups are kept; each gets a folder.")
    ],
    home: Home = None,
    config: Config = None,
) -> int:
    """Write the vault to an encrypted backup, and check it by counts and hashes."""
    from flows.keeping import backup_now  # noqa: PLC0415 - DuckDB

    made = backup_now(read_settings(ctx, home, config), target)
    typer.echo(f"Backup: {made.folder} ({made.rows['posts']:,} posts, checked). It opens with the vault's key alone.")
    return 0


def restore(
    ctx: typer.Context,
    source: Annotated[
        Path, typer.Argument(metavar="DIR", parser=folder, help="A backup, or the folder of several: the newest.")
    ],
    yes: Yes = False,
    home: Home = None,
    config: Config = None,
) -> int:
    """Put a backup back, without what was erased since it was made, and publish from it."""
    from flows.keeping import restore_now  # noqa: PLC0415 - DuckDB
    from warehouse.backup import newest  # noqa: PLC0415 - the same

    settings = read_settings(ctx, home, config)
    place = newest(source)
    question = f"Replace the vault in {settings.home} by the backup in {place}?"
    if (settings.home / "vault.duckdb").exists() and not yes and not _confirmed(question):
        typer.echo("Nothing was replaced.", err=True)
        return 1
    put_back, kept = restore_now(settings, place)
    typer.echo(f"Restored {put_back.folder}: {put_back.rows['posts']:,} posts; published again.")
    if not put_back.is_spending_known:
        typer.echo("What paid reads have cost since that backup is not known: the limits count what it holds alone.")
    if kept:
        typer.echo(f"The vault of before is kept for a day: {kept}")
    return 0


@vault.command()
def rekey(
    ctx: typer.Context,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", metavar="FILE", help="Holds the new key, when you keep it yourself.")
    ] = None,
    home: Home = None,
    config: Config = None,
) -> int:
    """Encrypt the vault under another key: a new file, put in place in one move."""
    from flows.keeping import rekey_now  # noqa: PLC0415 - DuckDB
    from warehouse.keys import SHORTEST  # noqa: PLC0415 - the same

    settings = read_settings(ctx, home, config)
    if settings.vault_key and key_file is None:
        raise InputError("you keep the vault's key yourself: write the new one to a file and name it with --key-file")
    try:
        given = key_file.read_text(encoding="utf-8").strip() if key_file else None
    except UnicodeDecodeError:
        raise InputError(f"{key_file}: not UTF-8: it should hold the key alone, as one line of text") from None
    if given is not None and len(given) < SHORTEST:
        raise InputError(f"{key_file}: a key has at least {SHORTEST} characters")
    if not (settings.home / "vault.duckdb").exists():
        raise InputError(f"{settings.home}: there is no vault yet: the first run makes it")
    typer.echo(f"The vault opens with a new key now: {rekey_now(settings, given)}.")
    if given is not None:
        typer.echo("Set ETALAGE_VAULT_KEY to it before the next run.")
    typer.echo(
        "Backups go on opening with the key of their time: when that one leaked, make a new one and remove them."
    )
    return 0


def _find(author: str | None, post: str | None, organisation: str | None) -> "Find":
    from warehouse import erasure_requests as requests  # noqa: PLC0415 - DuckDB

    asked = (
        (requests.author_request, author),
        (requests.post_request, post),
        (requests.organisation_request, organisation),
    )
    given = [(request, value) for request, value in asked if value]
    if len(given) != 1:
        raise InputError("say what: --author HANDLE@PLATFORM, --post URL or --organisation NAME, one at a time")
    [(request, value)] = given
    if author:
        requests.account(author)  # before the vault is opened
    return lambda con: request(con, value)


def _agreed(rows: dict[str, int]) -> bool:
    held = ", ".join(f"{number} {table.replace('_', ' ')}" for table, number in rows.items()) or "nothing yet"
    return _confirmed(f"Found: {held}. Erase it for good?")


def _confirmed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise InputError("nobody is there to ask: add --yes")
    return typer.confirm(question, err=True)
