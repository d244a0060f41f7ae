"""The command line's streams: closed ones, readers that go away, encodings, characters that a terminal would obey."""

import os
import pty
import shlex
import subprocess

import pytest
from etalage_command import COMMAND_SECONDS, Etalage

MANY = "select range, 'een regel die lang genoeg is' from range(5_000)"
SIGNS = [27, *b"]0;titel", 7, 27, *b"[2J", 155, *b"31m", 13]
OBEYED = f"select 'voor' || {' || '.join(f'chr({sign})' for sign in SIGNS)} || 'na' as t"


def shell(command: Etalage, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `etalage` is the command."""
    return subprocess.run(
        ["bash", "-c", f'set -o pipefail; etalage() {{ {shlex.join(command.command())} "$@"; }}; {line}'],
        cwd=command.place,
        env=command.environment | variables,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )


def on_a_terminal(command: Etalage, *arguments: str) -> str:
    """Return what a command writes when its standard output is a terminal."""
    own, its = pty.openpty()
    process = subprocess.Popen(
        command.command(*arguments), cwd=command.place, env=command.environment, stdout=its, stderr=its
    )
    os.close(its)
    written = b""
    while chunk := _read(own):
        written += chunk
    os.close(own)
    assert process.wait() == 0, written
    return written.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # so Linux says that nobody writes any more
        return b""


@pytest.mark.parametrize("arguments", ["erase --author noor@x", "import table posts.csv"])
def test_a_closed_input_has_nobody_to_ask(sample_run, arguments):
    """As an input without a person behind it: the line says what to add."""
    (sample_run.place / "posts.csv").write_text("body\nWij zoeken een collega\n")
    answer = shell(sample_run, f"etalage {arguments} <&-")

    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert "--yes" in answer.stderr or "--columns" in answer.stderr


def test_a_closed_output_is_no_failure(sample_run):
    """What nobody wants to read is not written."""
    answer = shell(sample_run, "etalage sql 'select 1' >&-")

    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize("options", ["", "--table"])
def test_a_reader_that_has_enough_is_no_failure(sample_run, options):
    """`| head -1` under pipefail, with more than the pipe holds, or little."""
    for query in (MANY, "select 1"):
        answer = shell(sample_run, f"etalage sql {shlex.quote(query)} --rows 5000 {options} | head -1")

        assert (answer.returncode, answer.stderr) == (0, "")
        assert answer.stdout


def test_what_an_encoding_lacks_is_an_escape(sample_run):
    """On a terminal of another encoding the rest is printed all the same."""
    answer = shell(sample_run, "etalage sql \"select '🎉' as x, 'ja' as y\"", PYTHONIOENCODING="latin-1")

    assert answer.returncode == 0, answer.stderr
    assert "\\U0001f389\tja" in answer.stdout


def test_a_question_with_an_endless_plan_is_given_up(sample_run):
    """Two kB are enough; DuckDB hears no interrupt while it plans, and counts none of the memory."""
    doubled = (
        f"a{n} as not materialized (select x + 1 as x from a{n - 1} union all from a{n - 1})" for n in range(1, 30)
    )
    endless = f"with a0 as (select 1 as x), {', '.join(doubled)} select count(*) from a29"
    answer = sample_run.afresh("sql", endless, "--seconds", "1")

    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert "simpler" in answer.stderr


@pytest.mark.parametrize("options", [[], ["--csv"]])
def test_a_terminal_obeys_nothing_that_a_post_says(sample_run, options):
    """No title, no colour, no screen wiped: whoever posts could else write on the analyst's screen."""
    written = on_a_terminal(sample_run, "sql", OBEYED, *options)

    assert "voor]0;titel[2J31m na" in written
    assert [sign for sign in ("\x07", "\x1b]", "\x1b[2J", "\x9b") if sign in written] == []


def test_a_program_gets_every_character(sample_run):
    """What is piped on is data, as it is stored."""
    assert "\x1b[2J" in sample_run.here("sql", OBEYED).stdout


@pytest.mark.parametrize("command", ["search", "similar"])
def test_broken_text_gets_one_line(sample_run, command):
    """A terminal of another encoding."""
    answer = shell(sample_run, f"etalage {command} $'\\xff'")

    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert "UTF-8" in answer.stderr
