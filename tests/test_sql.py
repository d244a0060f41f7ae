"""SQL from outside: questions are answered; files, settings, network and time are out of reach."""

import json
import shutil

import duckdb
import pytest
from etalage_command import Etalage
from stocked import vault

from warehouse import audit
from warehouse.errors import BadQuery, WarehouseError
from warehouse.publish import publish
from warehouse.sql import ROWS, query
from warehouse.summary import read_summary

HEADER, BLOCK = 3 * 4096, 256 * 1024
"""Of a DuckDB file: what comes before its blocks, and the size of one."""


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a published file with forty posts."""
    folder = tmp_path_factory.mktemp("published")
    with vault(folder, 40) as con:
        publish(con, folder / "etalage.duckdb")
    (folder / "secret.csv").write_text("a,b\n1,2\n")
    return folder / "etalage.duckdb"


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select count(*) from core.posts", [(40,)]),
        ("from core.posts select count(*)", [(40,)]),
        ("with a as (select 1 as b) select b from a -- a comment", [(1,)]),
        ("values (1), (2)", [(1,), (2,)]),
        ("select count(*) > 5 from (describe core.posts)", [(True,)]),
        (
            "select timestamptz '2026-01-01 00:00:00+00' at time zone 'Europe/Amsterdam' > timestamp '2026-01-01'",
            [(True,)],
        ),
    ],
)
def test_answers(published, sql, rows):
    """A question gets its rows."""
    assert query(published, sql).rows == rows


def test_parameters_and_limits(published):
    """Values go in as parameters; more rows than asked for are cut, and that is said."""
    answer = query(published, "select i from range($n) as t(i)", {"n": 50}, rows=10)

    assert answer.columns == ("i",)
    assert (len(answer.rows), answer.is_cut) == (10, True)
    assert not query(published, "select 1").is_cut


@pytest.fixture
def ask(published, tmp_path):
    """Ask as a person does, with `etalage sql`."""
    command = Etalage(tmp_path)
    return lambda *arguments: command.here("sql", "--home", str(published.parent), *arguments)


@pytest.mark.parametrize("form", ["--csv", "--json", "--table"])
def test_a_cut_answer_says_so(ask, form):
    """Rows beyond --rows are left out with one line on standard error, which says what to do."""
    whole = ask("select i from range(3) as t(i)", form, "--rows", "3")
    cut = ask("select i from range(4) as t(i)", form, "--rows", "3")

    assert (whole.returncode, whole.stderr) == (0, "")
    assert (cut.returncode, cut.stdout) == (0, whole.stdout)
    assert cut.stderr.count("\n") == 1
    assert [word for word in ("these 3", "--rows", "etalage export") if word not in cut.stderr] == []


def test_ten_thousand_rows_are_printed_unasked(ask):
    """One row more is cut, and that is said."""
    answer = ask("select i from range(10001) as t(i)", "--csv")

    assert answer.stdout.splitlines() == ["i", *map(str, range(ROWS))]
    assert "these 10,000" in answer.stderr


@pytest.mark.parametrize(
    ("sql", "record"),
    [
        ("select 1 as n, 2 as n, 3 as n_1, 4 as n", {"n": 1, "n_2": 2, "n_1": 3, "n_3": 4}),
        ("select 1.5 as d, 10::decimal(9, 2) as e, {'a': [0.25]} as f", {"d": 1.5, "e": 10, "f": {"a": [0.25]}}),
        ("select 'nan'::double as a, ['-inf'::double, 1] as b", {"a": None, "b": [None, 1]}),
        ("select map {date '2026-03-01': 1} as m, null as z", {"m": {"2026-03-01": 1}, "z": None}),
    ],
)
def test_json_is_json(ask, sql, record):
    """Every column has a name of its own, decimals are numbers, and what is no finite number is null."""
    answer = ask(sql, "--json")

    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout, parse_constant=pytest.fail) == [record]


ATTACKS = [
    "copy core.posts to '{folder}/out.csv'",
    "copy (select 1) to '/dev/stdout'",
    "export database '{folder}/out'",
    "select * from read_csv('{folder}/secret.csv')",
    "select * from '{folder}/secret.csv'",
    "from read_text('{folder}/secret.csv')",
    "from read_blob('{folder}/*')",
    "from glob('{folder}/*')",
    "from read_json('{folder}/secret.csv')",
    "from parquet_scan('{folder}/secret.parquet')",
    "from parquet_metadata('{folder}/secret.parquet')",
    "from sniff_csv('{folder}/secret.csv')",
    "from query('from read_text(''{folder}/secret.csv'')')",
    "from query_table('{folder}/secret.csv')",
    "from read_csv('https://example.invalid/a.csv')",
    "attach '{folder}/vault.duckdb' as v",
    "attach ':memory:' as m",
    "detach etalage",
    "use memory",
    "install httpfs",
    "load httpfs",
    "load '{folder}/evil.duckdb_extension'",
    "set enable_external_access = true",
    "set memory_limit = '100GB'",
    "set lock_configuration = false",
    "reset lock_configuration",
    "pragma enable_external_access = true",
    "pragma memory_limit = '100GB'",
    "set variable x = 1",
    "create table core.mine as select 1",
    "create temp table mine as select 1",
    "create macro m() as 1",
    "create secret (type s3, key_id 'a', secret 'b')",
    "insert into core.posts from core.posts",
    "update core.posts set text = ''",
    "delete from core.posts",
    "drop table core.posts",
    "alter table core.posts add column a int",
    "truncate core.posts",
    "comment on table core.posts is 'mine'",
    "vacuum",
    "checkpoint",
    "call pragma_version()",
    "prepare p as select 1",
    "execute p",
    "begin",
    "select 1; drop table core.posts",
    "select 1; select 2",
    "explain analyze copy (select 1) to '{folder}/out.csv'",
    "select getenv('HOME')",
    "select * from published",
    "selec 1",
    "",
    "select '\ud83d'",
]


@pytest.mark.parametrize("sql", ATTACKS)
def test_refuses(published, sql):
    """What reads files, writes, sets, loads, attaches or holds two statements is refused in one line."""
    before = published.read_bytes()
    with pytest.raises(BadQuery) as error:
        query(published, sql.replace("{folder}", str(published.parent)))

    assert "\n" not in str(error.value)
    assert published.read_bytes() == before
    assert sorted(file.name for file in published.parent.iterdir() if "vault" not in file.name) == [
        "etalage.duckdb",
        "secret.csv",
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "select max(hash(a.i + b.i)) from range(1000000000) a(i), range(1000000) b(i)",
        "with recursive r as (select 1 as i union all select i + 1 from r) select max(i) from r",
    ],
)
def test_stops_in_time(published, sql):
    """A question without an end is stopped."""
    with pytest.raises(BadQuery, match="stopped after"):
        query(published, sql, seconds=0.5)


def test_stops_at_its_memory(published):
    """A question that needs more memory than allowed is stopped, and says so."""
    with pytest.raises(BadQuery, match="memory"):
        query(published, "select list(i) from range(100000000) t(i)", memory="100MB", seconds=20)


def test_nothing_published_yet(tmp_path):
    """Without a published file the line says how to get one."""
    with pytest.raises(WarehouseError, match="etalage nightly"):
        query(tmp_path / "etalage.duckdb", "select 1")
    with pytest.raises(WarehouseError, match="etalage nightly"):
        read_summary(tmp_path / "etalage.duckdb")


def test_a_file_of_another_version(published, tmp_path):
    """A table or column that it lacks is one line that says how to get it; the commands that show it do not break."""
    other = tmp_path / "other.duckdb"
    shutil.copy(published, other)
    with duckdb.connect(str(other)) as con:
        con.execute("drop table ops.runs; drop table ops.audit_draws")

    for read in (read_summary, audit.status):
        with pytest.raises(WarehouseError, match="another version of Etalage made it: run `etalage nightly`"):
            read(other)


def test_a_damaged_file(tmp_path):
    """A published file that is none is said to be damaged."""
    (tmp_path / "etalage.duckdb").write_bytes(b"no database" * 1000)
    with pytest.raises(WarehouseError, match="cannot be read"):
        query(tmp_path / "etalage.duckdb", "select 1")


def test_a_file_that_is_damaged_in_one_place(published, tmp_path):
    """It is read all the same, or the error is one of ours: also when the file opens, and a table cannot be read."""
    content, damaged = published.read_bytes(), tmp_path / "damaged.duckdb"
    told = []
    for place in range(HEADER, len(content), 2 * BLOCK):
        damaged.write_bytes(content[: place + 99] + b"damaged" + content[place + 106 :])
        try:
            read_summary(damaged)
        except WarehouseError as error:
            told.append(str(error))

    assert told
    assert {"cannot be read" in line for line in told} == {True}


def test_summary(published):
    """The summary holds the figures with their n, the coverage, the runs and the budget."""
    summary = read_summary(published)

    assert summary["counts"] == {
        "posts": 40, "dutch_posts": 40, "pending": 0, "authors": 7, "organisations": 1, "to_review": 0,
    }  # fmt: skip
    assert summary["about"]["is_fiction"] == "false"
    organisational = [row for row in summary["purposes"] if (row["role"], row["purpose"]) == ("all", "organisational")]
    assert organisational[0]["share"] == 1.0
    assert organisational[0]["count_posts"] == 40
    assert summary["coverage"] == [{"source": "x", "windows": 1, "open_windows": 0, "share_covered": 1.0, "posts": 40}]
    assert summary["runs"][0]["outcome"] == "ok"
    assert {row["resource"]: row["reads_month"] for row in summary["budget"]} == {"post": 10, "user": 2}
    assert [row["class"] for row in summary["survey"]] == ["on_agenda", "talked_about", "absent"]
