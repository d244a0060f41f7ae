"""The `etalage` command. Nothing heavy is imported here: `etalage --help` has to answer at once.

Exit codes: 0 done; 1 failed; 2 a wrong argument, file or setting; 3 partial (a source was refused, stopped or
failed, the rest is published); 4 another run is at work; 5 a check stopped the publishing, yesterday's file
stands; 130 and 143 stopped by a signal.
"""

import os
import sys
from typing import Final

import typer

from flows.commands import analysing, caring, collecting, labels, language, options, privacy, reading, running

INTERRUPTED: Final = "Query interrupted"
"""DuckDB's words, in a RuntimeError, for Ctrl-C while it works."""
_ClickException: Final = typer.BadParameter.__mro__[2]  # Typer shows it under no public name

app = typer.Typer(
    name="etalage",
    help="Measure every night whether HR people use social media for themselves or for their organisation.",
    epilog="Start with: etalage nightly",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help needs no Rich, and comes in half the time
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _before(home: options.Home = None, config: options.Config = None) -> None:
    """Measure every night whether HR people use social media for themselves or for their organisation."""


app.command()(running.nightly)
app.command()(running.backfill)
app.command("import")(collecting.import_)
app.add_typer(collecting.panel, name="panel")
app.command()(language.annotate)
app.command()(language.explain)
app.command()(language.evaluate)
app.command()(language.train)
app.add_typer(labels.audit, name="audit")
app.add_typer(labels.labels, name="labels")
app.command()(labels.drift)
app.command()(reading.status)
app.command()(reading.report)
app.command()(reading.sql)
app.command()(analysing.search)
app.command()(analysing.similar)
app.command()(analysing.export)
app.command()(analysing.dashboard)
app.command()(caring.doctor)
app.command()(caring.serve)
app.command()(privacy.erase)
app.command()(privacy.access)
app.command()(privacy.sweep)
app.command()(privacy.backup)
app.command()(privacy.restore)
app.add_typer(privacy.vault, name="vault")


def main() -> None:
    """Run the command line: one clear line for what a user can mend, never a traceback for it."""
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        code = _unheard()
    except SystemExit as ended:  # so Typer ends where a reader has gone
        code = _unheard() if isinstance(ended.__context__, BrokenPipeError) else ended.code
    except Exception as error:
        known = _exit_code(error)
        if known is None:
            raise
        code = known
    sys.exit(code if isinstance(code, int) else 0)


def _unheard() -> int:
    """Say nothing more to a reader that has what it wanted, as `head` has; that is no failure."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _exit_code(error: Exception) -> int | None:
    """Print the one line of an error that a user can mend and return its exit code; None for every other error."""
    if isinstance(error, typer.Exit):
        return int(error.exit_code)
    if isinstance(error, typer.Abort) or str(error) == INTERRUPTED:
        return 130
    if isinstance(error, _ClickException):
        where = getattr(error, "ctx", None)
        message: str = error.format_message()  # type: ignore[attr-defined] # the base class is known by its place alone
        if type(error).__name__ == "NoArgsIsHelpError":  # the message is the help; Typer tells it by its name as well
            typer.echo(message, err=True)
            return 2
        _say(f"{message} See: {where.command_path if where else 'etalage'} --help")
        return 2
    from flows.faults import exit_code, one_line  # noqa: PLC0415 - imports every room's errors

    code = exit_code(error)
    if code is not None:
        _say(one_line(error))
    return code


def _say(line: str) -> None:
    typer.echo("etalage: " + " ".join(line.split()), err=True)
