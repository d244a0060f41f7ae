"""Exit codes: what a person got wrong is 2 and one line, whatever the command; nothing is made on the way."""

import os
import pty
import re
import signal
import subprocess

import pytest
from etalage_command import Etalage
from stocked import KEY, vault

from flows import errors
from flows.commands import options
from warehouse.backup import MANIFEST
from warehouse.keys import read_keys
from warehouse.publish import publish

FILES = {
    "broken.json": b'[{"a":',
    "latin.txt": b"caf\xe9 na de lunch",
    "short.key": b"short",
    "panel.csv": b"platform,handle\nx,noor\n",
    "paneled.toml": b'[panel]\nfile = "panel.csv"\n',
}
# The line, words that its one line of error holds.
WRONG = (
    ("erase --yes --author noor", "HANDLE@PLATFORM"),
    ("erase --yes --author noor@elsewhere", "HANDLE@PLATFORM"),
    ("erase --yes --author @x", "HANDLE@PLATFORM"),
    ("access --author noor", "HANDLE@PLATFORM"),
    ("access", "say whose: --author HANDLE@PLATFORM"),
    ("erase --yes --post nowhere", "no such post"),
    ("erase --yes --post https://x.example/noor/1", "no such post"),
    ("erase --yes --organisation ---", "no name of an organisation"),
    ("erase --yes --organisation A --author noor@x", "one at a time"),
    ("panel check", "panel.file"),
    ("panel accept none.csv", "panel.file"),
    ("panel accept none.csv --config paneled.toml", "none.csv"),
    ("panel accept latin.txt --config paneled.toml", "latin.txt"),
    ("panel accept . --config paneled.toml", "directory"),
    ("panel suggest -o none/out.csv", "none/out.csv"),
    ("panel suggest -o .", "directory"),
    ("audit draw 0", "'N'"),
    ("audit draw many", "'N'"),
    ("audit draw 5 --overlap 2", "--overlap"),
    ("audit draw 1000000", "left to draw"),
    ("labels import none.json", "none.json"),
    ("labels import broken.json", "broken.json"),
    ("labels import latin.txt", "UTF-8"),
    ("labels import .", "a folder"),
    ("labels import none.jsonl", "no such file"),
    ("labels export none/out.jsonl", "none/out.jsonl"),
    ("labels export .", "directory"),
    ("labels export out.jsonl --what all", "--what"),
    ("labels export out.json --what training --format label-studio", "--format"),
    ("drift --month 2026-13", "2026-03"),
    ("similar nokey", "no such post"),
    ("export latin.txt", "latin.txt"),
    ("backup latin.txt", "latin.txt"),
    ("restore none --yes", "no backup here"),
    ("vault rekey --key-file none.key", "none.key"),
    ("vault rekey --key-file short.key", "16 characters"),
    ("vault rekey --key-file latin.txt", "UTF-8"),
    ("import nothing latin.txt", "twarc"),
    ("import twarc none.jsonl", "none.jsonl"),
    ("annotate none.jsonl", "none.jsonl"),
    ("evaluate none.jsonl", "none.jsonl"),
    ("sql nonsense", "Error"),
    ("status --config none.toml", "none.toml"),
)


@pytest.fixture(scope="module")
def stocked(tmp_path_factory) -> Etalage:
    """The command on a home with twenty published posts, beside files that are not what they should be."""
    folder = tmp_path_factory.mktemp("codes")
    command = Etalage(folder, {"ETALAGE_VAULT_KEY": KEY})
    command.home.mkdir()
    read_keys(command.home / "keys", KEY)
    with vault(command.home, 20) as con:
        publish(con, command.home / "etalage.duckdb")
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    (made := folder / "backups" / "etalage-20260301T030000").mkdir(parents=True)
    (made / MANIFEST).write_text("{}")
    return command


def entries(command):
    """Everything in the command's folder, but for the vault's own files."""
    return {path for path in command.place.rglob("*") if not path.name.startswith(("vault.duckdb", "run.lock"))}


@pytest.mark.parametrize(
    "line",
    [WRONG[0][0], "access --author noor@x", "status", "nightly --hom x", "panel"],
    ids=lambda line: line.split()[0],
)
def test_a_process_of_its_own_says_the_same(tmp_path, line):
    """What is tested within the test's process holds for the command as a person starts it: code and both streams."""
    alone = Etalage(tmp_path)
    apart, here = alone(*line.split()), alone.here(*line.split())

    assert (here.returncode, here.stdout, here.stderr) == (apart.returncode, apart.stdout, apart.stderr)


@pytest.mark.parametrize(("line", "words"), WRONG, ids=lambda value: value.replace("/", "|"))
def test_a_wrong_argument_is_two(stocked, line, words):
    """Exit code 2, as docs/cli.md says, one line on standard error with what is wrong, no file left behind."""
    before = entries(stocked)
    answer = stocked.here(*line.split())

    assert answer.returncode == 2, answer.stderr
    assert answer.stderr.count("\n") == 1, answer.stderr
    assert words in answer.stderr
    assert answer.stdout == ""
    assert entries(stocked) == before


@pytest.fixture
def asked(stocked):
    """Start a command that asks its question on a terminal, and return it with the terminal once it has asked."""
    here, there = pty.openpty()
    started = []

    def ask(line):
        process = subprocess.Popen(
            stocked.command(*line.split()),
            cwd=stocked.place,
            env=stocked.environment,
            stdin=there,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(process)
        question = b""
        while not question.endswith(b"[y/N]:"):
            question += process.stderr.read(1) or pytest.fail(question.decode())
        return process, here

    yield ask
    for process in started:
        process.kill()
        process.communicate()
    os.close(here)
    os.close(there)


@pytest.mark.parametrize(
    ("line", "words"),
    [("erase --author willemijn_1@x", b"Nothing was erased."), ("restore backups", b"Nothing was replaced.")],
)
def test_no_is_one_and_says_so(stocked, asked, line, words):
    """Who is asked and says no reads that nothing happened; Ctrl-C at the question stays 130."""
    before = entries(stocked)
    process, terminal = asked(line)
    os.write(terminal, b"n\n")
    out, error = process.communicate(timeout=60)
    stopped, _ = asked(line)
    stopped.send_signal(signal.SIGINT)

    assert (process.returncode, out.strip(), error.strip()) == (1, b"", words)
    assert stopped.wait(timeout=60) == 130
    assert entries(stocked) == before


def test_what_is_nobodys_fault_is_one(tmp_path):
    """Nothing published, nothing collected: 1, and what to do; asking makes nothing."""
    alone = Etalage(tmp_path)
    for line in (
        "access --author noor@x",
        "backup backups",
        "panel suggest",
        "sql from+mart.trend",
        "report",
        "export out",
        "labels export out.jsonl --what labels",
        "audit status",
    ):
        answer = alone.here(*line.split())

        assert (answer.returncode, answer.stderr.count("\n")) == (1, 1), line
        assert "etalage nightly" in answer.stderr
        assert (answer.stdout, list(tmp_path.iterdir())) == ("", []), line


def test_looking_makes_no_vault(tmp_path):
    """`status` and `doctor` in a home without a vault, there or not, say what is missing and leave it so."""
    alone = Etalage(tmp_path)
    for _ in range(2):
        for command in ("status", "doctor"):
            answer = alone.here(command)

            assert (answer.returncode, answer.stderr) == (0, ""), command
            assert "first run" in answer.stdout or "etalage nightly" in answer.stdout
            assert not list(tmp_path.rglob("*.key")) + list(tmp_path.rglob("vault.duckdb"))
        alone.home.mkdir(mode=0o700, exist_ok=True)


@pytest.mark.parametrize(
    ("result", "code"),
    [
        ({"outcome": "ok", "signal": 0}, 0),
        ({"outcome": "partial", "signal": 0}, errors.PARTIAL),
        ({"outcome": "interrupted", "signal": signal.SIGTERM}, 143),
        ({"outcome": "skipped"}, 0),
    ],
)
def test_a_result_has_one_exit_code(result, code):
    """Night, backfill, import and sweep end alike; a sweep that was skipped tells of no signal."""
    assert code == options.exit_code_of(result)


def test_two_is_documented(root):
    """The page says what 1 and 2 mean."""
    page = (root / "docs/cli.md").read_text(encoding="utf-8")

    assert re.search(r"^\| 2 \| a wrong argument, file or setting \|$", page, re.MULTILINE)
    assert re.search(r"^\| 1 \| failed;", page, re.MULTILINE)
