"""The command line: quick to help, one clear line for what a user can mend, documented exit codes."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from etalage_command import Etalage
from loopback import Told, serving


@pytest.fixture
def alone(tmp_path) -> Etalage:
    """The command in an empty folder, without a Prefect server."""
    return Etalage(tmp_path)


def seconds(command: list[str]) -> float:
    """The least processor time of five runs: what else the machine does counts little."""

    def once() -> float:
        before = os.times()
        subprocess.run(command, check=True, capture_output=True)
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    return min(once() for _ in range(5))


def test_help_imports_nothing_heavy():
    """`etalage --help` loads none of the libraries that take half a second each."""
    heavy = "{'prefect', 'spacy', 'duckdb', 'altair', 'tweepy', 'praw', 'atproto', 'onnxruntime', 'pydantic'}"
    code = f"import sys, flows.cli; print(sorted({heavy} & set(sys.modules)))"

    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_help_comes_within_half_a_second_of_the_interpreter():
    """Half a second more than Python that does nothing."""
    assert seconds(Etalage.command("--help")) < seconds([sys.executable, "-c", "pass"]) + 0.5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nightl"], ["No such command 'nightl'", "nightly", "--help"]),
        (["nightly", "--hom", "x"], ["No such option: --hom", "--home"]),
        (["nightly", "--config", "nowhere.toml"], ["nowhere.toml", "no such configuration file"]),
        (["backfill", "sample", "--since", "gisteren", "--until", "2026-01-01"], ["'gisteren'", "2026-03-01"]),
        (
            ["backfill", "sample", "--since", "2026-02-01", "--until", "2026-01-01"],
            ["--since", "--until", "not before"],
        ),
        (["backfill", "sample", "--since", "2025-02-01", "--until", "2026-01-01", "--step", "1m"], ["'1m'", "1d"]),
        (
            ["backfill", "x", "--since", "2025-02-01", "--until", "2026-01-01", "--dry-run"],
            ["'x'", "not set up", "sample"],
        ),
        (["annotate", "nowhere.jsonl"], ["nowhere.jsonl", "No such file"]),
        (["sql", "from mart.trend"], ["etalage.duckdb", "etalage nightly"]),
        (["backfill", "sample", "--since", "2025-02-01", "--until", "2026-01-01", "--step", ""], ["''", "1d"]),
        (
            ["backfill", "sample", "--since", "1026-02-01", "--until", "2026-01-01", "--step", "1h"],
            ["1h", "longer step"],
        ),
        (["backfill", "sample", "--since", "0001-01-01T00:00+05:00", "--until", "2026-01-01"], ["is not a date"]),
        (["backfill", "x", "--since", "2025-02-01", "--until", "2026-01-01"], ["'x'", "not set up", "sample"]),
        (["nightly", "--home", "a-file"], ["a-file", "not a directory", "--home"]),
        (["status", "--home", "a-file"], ["a-file", "not a directory", "--home"]),
        (["nightly", "--config", "no-model.toml"], ["nowhere", "no model", "etalage train"]),
        (["nightly", "--config", "no-queries.toml"], ["x.queries", "etalage.example.toml"]),
        (["annotate", "one.jsonl", "-o", "one.jsonl"], ["one.jsonl", "is the file that is read"]),
        (["annotate", "one.jsonl", "-o", "."], ["directory", "name a file"]),
        (["annotate", "one.jsonl", "-o", "nowhere/out.jsonl"], ["nowhere/out.jsonl", "No such file"]),
        (["sql"], ["Missing argument", "SQL"]),
        (["report"], ["etalage.duckdb", "etalage nightly"]),
        (["export", ""], ["DIR", "name a folder"]),
        (["backup", ""], ["DIR", "name a folder"]),
        (["restore", ""], ["DIR", "name a folder"]),
        (["restore", "nowhere"], ["nowhere", "no backup here"]),
        (["sql", "select 1", "--seconds", "inf"], ["--seconds", "86400"]),
        (["status", "--config", "text.toml"], ["x.queries", "should be a list"]),
        (["nightly", "--config", "long.toml"], ["nightly.first_days", "36500"]),
        (["nightly", "--config", "endless.toml"], ["x.lag_hours", "876000"]),
        (["status", "--config", "nul.toml"], ["home", "NUL"]),
        (["labels", "import", "."], ["a folder", "name a file"]),
    ],
)
def test_what_a_user_can_mend_gets_one_line(alone, arguments, words):
    """The line names the place and the remedy; there is no traceback, and no server was started to find it out."""
    (alone.place / "a-file").touch()
    (alone.place / "one.jsonl").write_text('{"id": 1, "text": "Wij zoeken een collega"}\n')
    (alone.place / "no-model.toml").write_text('model = "nowhere"\n')
    (alone.place / "text.toml").write_text('[x]\nqueries = "timeline:NAME"\n')
    (alone.place / "long.toml").write_text("[nightly]\nfirst_days = 3000000\n")
    (alone.place / "endless.toml").write_text("[x]\nlag_hours = inf\n")
    (alone.place / "nul.toml").write_text('home = "a\\u0000b"\n')
    (alone.place / "no-queries.toml").write_text('[x]\nbearer_token = "t"\n')

    answer = alone.here(*arguments)

    assert answer.returncode in {1, 2}
    assert answer.stderr.count("\n") == 1
    assert [word for word in words if word not in answer.stderr] == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"id": 1, "text": "kapot', ["line 2", "not JSON"]),
        ("[1, 2]", ["line 2", "not a JSON object"]),
        ('{"id": 1}', ["line 2", "'text'"]),
        ('{"text": "zonder id"}', ["line 2", "'id'"]),
        ('{"id": 1, "text": 5}', ["line 2", "strings"]),
        ('{"id": 1, "text": null}', ["line 2", "strings"]),
        ('{"id": 1, "text": "a", "author_bio": 5}', ["line 2", "strings"]),
        ('{"id": null, "text": "a"}', ["line 2", "string or a number"]),
        ('{"id": [1], "text": "a"}', ["line 2", "string or a number"]),
        ('{"id": NaN, "text": "a"}', ["line 2", "not JSON"]),
        ('{"id": 1e999, "text": "a"}', ["line 2", "string or a number"]),
        (b'{"id": 1, "text": "\xff"}', ["line 2", "UTF-8"]),
        ("[" * 100_000, ["line 2", "not JSON"]),
    ],
)
def test_a_malformed_line_is_named_before_any_work(alone, line, words):
    """`annotate` names file and line, and writes no half result."""
    content = b'{"id": 0, "text": "goed"}\n' + (line if isinstance(line, bytes) else line.encode()) + b"\n"
    (alone.place / "posts.jsonl").write_bytes(content)

    answer = alone.here("annotate", "posts.jsonl", "-o", "out.jsonl")

    assert answer.returncode == 2
    assert answer.stderr.count("\n") == 1
    assert [word for word in ["posts.jsonl", *words] if word not in answer.stderr] == []
    assert not (alone.place / "out.jsonl").exists()


def test_annotate_keeps_order_and_fields(alone):
    """A row a row, flat, in order; strange texts are annotated as well."""
    texts = ["Kom jij ons team versterken? Solliciteer nu!", "", "🎉🎉", "\ud83d", "x" * 100_000, "https://a.example"]
    rows = [{"id": f"k{number}", "text": text, "author_bio": "HR-adviseur"} for number, text in enumerate(texts)]
    (alone.place / "posts.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    answer = alone("annotate", "posts.jsonl", "-o", "out.jsonl")
    out = [json.loads(line) for line in (alone.place / "out.jsonl").read_text().splitlines()]

    assert answer.returncode == 0, answer.stderr
    assert [row["id"] for row in rows] == [row["id"] for row in out]
    assert {"language_p", "purpose_p", "goal_p", "themes_p", "role_p", "needs_review", "model_version"} <= set(out[0])
    assert all(0 <= row["purpose_p"] <= 1 and row["role"] == "hr" for row in out)


def test_annotate_reads_a_pipe_and_writes_to_a_device(alone):
    """A pipe can be read only once and a device cannot be replaced: neither is noticed; blank lines give no row."""
    (alone.place / "posts.jsonl").write_bytes(
        b'\xef\xbb\xbf{"id": 1.5, "text": "Wij zoeken"}\r\n\r\n{"id": "b", "text": ""}'
    )
    pipe = f"cat posts.jsonl | {shlex.join(alone.command('annotate', '/dev/stdin', '-o', '/dev/stdout'))}"
    printed = subprocess.check_output(["sh", "-c", pipe], cwd=alone.place, env=alone.environment, text=True)

    assert [json.loads(line)["id"] for line in printed.splitlines()] == [1.5, "b"]
    assert not Path("/dev/stdout.part").exists()


@pytest.mark.parametrize("group", [[], ["panel"], ["audit"], ["labels"], ["vault"]])
def test_a_command_that_lacks_its_second_word_shows_what_there_is(alone, group):
    """The help comes as it is, line by line, with the exit code of a wrong argument."""
    answer = alone.here(*group)

    assert answer.returncode == 2
    assert answer.stderr == alone.here(*group, "--help").stdout


def test_status_before_the_first_run(alone):
    """Without a published file the status says what to do, and makes nothing."""
    answer = alone.here("status")

    assert answer.returncode == 0, answer.stderr
    assert "etalage nightly" in answer.stdout
    assert not alone.home.exists()


@pytest.mark.parametrize("line", [("status", "--home", ""), ("--home", "", "status"), ("status", "--home=~unknown/x")])
def test_a_home_that_names_no_folder_is_refused(alone, line):
    """It is a variable of a script that was not set; the folder where the command is called is meant by `.` alone.

    Nor is one below the home folder of somebody who is not known.
    """
    answer = alone.here(*line)

    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (2, "", 1), answer.stderr
    assert "--home" in answer.stderr
    assert alone.here("status", "--home", ".").returncode == 0


def test_the_configuration_may_stand_before_any_command(tmp_path):
    """What `doctor` looks at, and what the nights of `serve` read, is the file that was named, wherever they work."""
    (tmp_path / "own.toml").write_text('home = "data"\n', encoding="utf-8")
    command = Etalage(tmp_path)
    with serving(lambda _: Told({})) as server:
        variables = {"PREFECT_API_URL": f"{server.base_url}/api"}
        looked = command("--config", "own.toml", "doctor", "--json", **variables)
        command.before = (
            "import flows.serving\nflows.serving.keep_serving = lambda _, config, **_given: print(config)\n"
        )
        served = command("--config", "own.toml", "serve", **variables)

    assert json.loads(looked.stdout)[0]["finding"].startswith("own.toml"), looked.stderr
    assert served.stdout.splitlines()[-1] == str(tmp_path / "own.toml"), served.stderr


def test_doctor_goes_on_past_a_published_file_that_is_damaged(alone):
    """It is one finding among the others, and what helps is a run: no backup holds that file."""
    alone.home.mkdir(mode=0o700)
    (alone.home / "etalage.duckdb").write_bytes(b"no database" * 1000)

    looked = alone.here("doctor", "--json")
    (told,) = (found for found in json.loads(looked.stdout or "[]") if found["what"] == "published file")

    assert looked.returncode == 1, looked.stderr
    assert (told["verdict"], "etalage nightly" in told["remedy"]) == ("wrong", True)
    assert "backup" not in told["finding"] + told["remedy"]
