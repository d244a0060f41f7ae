"""The command line: quick to help, one clear line for what a user can mend, documented exit codes."""

import json
import subprocess
import sys
import time

import pytest
from etalage_command import Etalage


@pytest.fixture
def alone(tmp_path) -> Etalage:
    """The command in an empty folder, without a Prefect server."""
    return Etalage(tmp_path)


def seconds(command: list[str]) -> float:
    """The shortest of five runs."""

    def once() -> float:
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        return time.perf_counter() - began

    return min(once() for _ in range(5))


def test_help_imports_nothing_heavy():
    """`etalage --help` loads none of the libraries that take half a second each."""
    heavy = "{'prefect', 'spacy', 'duckdb', 'altair', 'tweepy', 'praw', 'atproto', 'onnxruntime', 'pydantic'}"
    code = f"import sys, flows.cli; print(sorted({heavy} & set(sys.modules)))"

    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


def test_help_costs_little_more_than_its_library():
    """Help comes within twice the time of importing Typer, whatever the machine; half a second is the benchmark's."""
    typer_alone = seconds([sys.executable, "-c", "import typer"])

    assert seconds(Etalage.command("--help")) < 2 * typer_alone


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
        (["sql"], ["Missing argument", "SQL"]),
        (["report"], ["etalage.duckdb", "etalage nightly"]),
    ],
)
def test_what_a_user_can_mend_gets_one_line(alone, arguments, words):
    """The line names the place and the remedy; there is no traceback."""
    answer = alone(*arguments)

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
        (b'{"id": 1, "text": "\xff"}', ["line 2", "UTF-8"]),
        ("[" * 100_000, ["line 2", "not JSON"]),
    ],
)
def test_a_malformed_line_is_named_before_any_work(alone, line, words):
    """`annotate` names file and line, and writes no half result."""
    content = b'{"id": 0, "text": "goed"}\n' + (line if isinstance(line, bytes) else line.encode()) + b"\n"
    (alone.place / "posts.jsonl").write_bytes(content)

    answer = alone("annotate", "posts.jsonl", "-o", "out.jsonl")

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


def test_status_before_the_first_run(alone):
    """Without a published file the status says what to do, and makes nothing."""
    answer = alone("status")

    assert answer.returncode == 0, answer.stderr
    assert "etalage nightly" in answer.stdout
    assert not alone.home.exists()
