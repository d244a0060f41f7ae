"""Publishing: pseudonymised, masked, checked, searched for names, and put in place in one move."""

import shutil
import subprocess
import sys
import textwrap
from datetime import timedelta

import duckdb
import pytest
from stocked import START, annotate, load, post, vault

from connectors.source import Window
from warehouse import ledger
from warehouse import publish as publishing
from warehouse.errors import WarehouseError
from warehouse.fiction import drop_sample
from warehouse.publish import PublishCounts, publish
from warehouse.sqlfiles import ROOT

DAY = timedelta(days=1)
NOBODY = {"author_id": None, "handle": None, "display_name": None, "bio": None}


def read(path, sql):
    """Ask the published file as an analyst would."""
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(sql).fetchall()


def words(path):
    """Return every text in every column of the published file."""
    with duckdb.connect(str(path), read_only=True) as con:
        columns = con.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
        found = [
            con.execute(f'select "{column}"::varchar from {schema}.{table}').fetchall()
            for schema, table, column in columns
        ]
    return "\n".join(str(value) for rows in found for (value,) in rows).lower()


def test_holds_the_vaults_posts(tmp_path):
    """Every post is there; the Dutch ones are marked, and only they count in a mart."""
    with vault(tmp_path) as con:
        load(con, *(post(number) for number in range(30)))
        annotate(con, lambda row: {} if row.post_id[-1] != "0" else {"language": "en"})
        counts = publish(con, tmp_path / "etalage.duckdb")

    assert counts == PublishCounts(posts=30, authors=7)
    assert (
        read(
            tmp_path / "etalage.duckdb",
            "select count_posts from mart.purpose_share "
            "where period_kind = 'all' and platform = 'all' and role = 'all'",
        )
        == [(27,)] * 3
    )


def test_names_nobody(tmp_path):
    """No handle, name, bio, address, id or link of the vault is in the file, wherever a post mentions it."""
    with vault(tmp_path) as con:
        mentions = (
            "Dank @willemijn_2, WILLEMIJN_3, Willemijn  Voorbeeld 4's team en #willemijn_5! "
            f"https://x.com/willemijn_1/status/{post(1).post_id} {post(2).post_id} w.v@voorbeeld.example 8800003"
        )
        load(con, post(0, text=mentions), *(post(number) for number in range(1, 30)))
        load(con, post(40, **NOBODY, text="Willemijn Voorbeeld 6\nzei het"))
        annotate(con, lambda _: {"hashtags": ("willemijn_1",), "organisations": ("Willemijn Voorbeeld 2",)})
        publish(con, tmp_path / "etalage.duckdb")
        people = con.execute(
            "select handle, display_name, author_id, bio from authors "
            "union select post_id, url, text, post_id from posts"
        ).fetchall()

    published = words(tmp_path / "etalage.duckdb")
    long = {str(word).lower() for row in people for word in row if word and "bericht" not in str(word).lower()}
    assert long
    assert not [word for word in long if word in published]
    assert "[naam]'s team" in published
    assert "[naam]\nzei het" in published


def test_a_link_for_a_name_is_withheld_and_stops_nothing(tmp_path):
    """An employer who calls itself by its address has no name here."""
    with vault(tmp_path) as con:
        load(con, *(post(number) for number in range(30)))
        annotate(con, lambda _: {"employer": "https://waterbroek.example", "organisations": ("zie http://x.example",)})
        publish(con, tmp_path / "etalage.duckdb")

    assert "://" not in words(tmp_path / "etalage.duckdb")
    assert read(tmp_path / "etalage.duckdb", "select count(*) from core.organisations") == [(1,)]


def test_a_handle_that_is_an_ordinary_word(tmp_path):
    """A handle that is also a word of ours, or of the language, costs words in a text at most, never the publishing."""
    handles = ["naam", "account", "recruitment", "advies", "bericht"]
    with vault(tmp_path, 5) as con:
        for at, handle in enumerate(handles):
            somebody = {"author_id": f"9999999{at}", "handle": handle, "display_name": handle}
            load(con, post(10 + at, **somebody, text=f"@iemand zei: bericht naam {at}"))
        annotate(con)
        publish(con, tmp_path / "etalage.duckdb")

    assert len(read(tmp_path / "etalage.duckdb", "select text from core.posts")) == 5 + len(handles)


def test_pseudonyms_are_stable(tmp_path):
    """Two nights give an author, a post and an organisation the same key."""
    sql = "select post_key, author_key, organisation_key from core.posts cross join core.organisations order by all"
    with vault(tmp_path, 10) as con:
        publish(con, tmp_path / "one.duckdb")
        load(con, post(11))
        publish(con, tmp_path / "two.duckdb")

    first = read(tmp_path / "one.duckdb", sql)
    assert set(first) < set(read(tmp_path / "two.duckdb", sql))
    assert first[0][2] is not None


def test_no_probability_leads_to_a_text(tmp_path):
    """Beside a post or an author every probability is a multiple of 0.05; the vault and what is Dutch stay exact."""
    exact = {"purpose_p": 0.912345, "goal_p": 0.8123456, "role_p": 0.9612345, "language_p": 0.6012345}
    exact |= {"themes": ("adoption",), "themes_p": (0.7734321,), "needs_review": True}
    with vault(tmp_path) as con:
        load(con, *(post(number) for number in range(30)))
        annotate(con, lambda row: exact | ({"language_p": 0.5987654} if row.post_id[-1] == "1" else {}))
        publish(con, tmp_path / "etalage.duckdb")
        stored = con.execute("select purpose_p, goal_p, role_p, language_p, themes_p from annotations").fetchall()
    columns = read(
        tmp_path / "etalage.duckdb",
        "select distinct schema_name || '.' || table_name, column_name from duckdb_columns() as columns "
        "semi join (select table_oid from duckdb_columns() where column_name in ('post_key', 'author_key')) as keyed "
        "using (table_oid) where data_type in ('DOUBLE', 'FLOAT') and column_name not like 'share_%'",
    )
    shown = {
        (table, column): read(tmp_path / "etalage.duckdb", f"select distinct {column} from {table}")
        for table, column in columns
        if column != "inclusion_p"  # of the draw, not of the text
    }

    assert set(map(str, stored)) == {
        f"(0.912345, 0.8123456, 0.9612345, {language}, [0.7734321])" for language in (0.6012345, 0.5987654)
    }
    assert {column: values for (_, column), values in shown.items()} == {
        "purpose_p": [(0.9,)],
        "goal_p": [(0.8,)],
        "model_goal_p": [(0.8,)],
        "role_p": [(0.95,)],
        "language_p": [(0.6,)],
        "theme_p": [(0.75,)],
    }
    assert len(shown) == 9
    assert read(tmp_path / "etalage.duckdb", "select count(*) from core.posts where is_dutch") == [(27,)]


@pytest.mark.parametrize(("text", "shown"), [("masked", "dank [account]"), ("none", None), ("full", "dank @iemand")])
def test_text_modes(tmp_path, text, shown):
    """Text is masked, left out, or shown as it is when that was asked for."""
    with vault(tmp_path) as con:
        load(con, post(1, text="dank @iemand"))
        annotate(con)
        publish(con, tmp_path / "etalage.duckdb", text=text)

    assert read(tmp_path / "etalage.duckdb", "select text from core.posts") == [(shown,)]


def test_fiction_is_said_everywhere(tmp_path):
    """Sample data is called fictional in ops.about and in the comment of every mart; what holds real posts is not."""
    marks = (
        "select count(*) filter (where comment like '%VERZONNEN%'), count(*) "
        "from duckdb_tables() where schema_name = 'mart'"
    )
    with vault(tmp_path) as con:
        load(con, *(post(number, source="sample") for number in range(3)))
        publish(con, tmp_path / "fiction.duckdb")
        load(con, post(4))
        publish(con, tmp_path / "both.duckdb")
        assert drop_sample(con) == 3
        publish(con, tmp_path / "real.duckdb")

    [(marked, marts)] = read(tmp_path / "fiction.duckdb", marks)
    assert marked == marts > 8
    assert read(tmp_path / "real.duckdb", marks)[0][0] == 0
    about = "select value from ops.about where name = 'is_fiction'"
    assert read(tmp_path / "fiction.duckdb", about) == [("true",)]
    assert read(tmp_path / "both.duckdb", about) == read(tmp_path / "real.duckdb", about) == [("false",)]
    notice = "select value from ops.about where name = 'notice'"
    assert [read(tmp_path / f"{name}.duckdb", notice)[0][0].split(":")[0] for name in ("fiction", "both", "real")] == [
        "VERZONNEN VOORBEELD",
        "DEELS VERZONNEN",
        "Gepseudonimiseerde persoonsgegevens",
    ]


def test_private_and_alone(tmp_path):
    """The published file is its owner's alone, and nothing half-made lies beside it."""
    with vault(tmp_path, 3) as con:
        publish(con, tmp_path / "out" / "etalage.duckdb")

    assert (tmp_path / "out" / "etalage.duckdb").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["etalage.duckdb"]


def test_an_open_file_is_not_disturbed(tmp_path):
    """An analyst in another process reads the old file on; the next to open it reads the new one."""
    target = tmp_path / "etalage.duckdb"
    script = textwrap.dedent(f"""
        import duckdb
        con = duckdb.connect({str(target)!r}, read_only=True)
        print(con.execute("select count(*) from core.posts").fetchone()[0], flush=True)
        input()
        print(con.execute("select count(*), count(text) from core.posts").fetchone()[0], flush=True)
    """)
    with vault(tmp_path, 3) as con:
        publish(con, target)
        with subprocess.Popen(
            [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as analyst:
            assert analyst.stdout.readline() == "3\n"
            load(con, post(10))
            publish(con, target)
            assert analyst.communicate("\n")[0] == "3\n"

    assert read(target, "select count(*) from core.posts") == [(4,)]


def test_an_empty_vault(tmp_path):
    """With no posts at all a whole, empty file is published, and withheld figures say why."""
    with vault(tmp_path) as con:
        counts = publish(con, tmp_path / "etalage.duckdb")

    assert counts == PublishCounts(0, 0)
    assert (
        read(tmp_path / "etalage.duckdb", "select share, withheld from mart.survey_2013")
        == [(None, "too few organisations")] * 3
    )


def test_posts_that_wait_are_counted(tmp_path):
    """A post that was not annotated yet is published, counts in no figure and is said to wait."""
    with vault(tmp_path, 3) as con:
        load(con, post(10))
        publish(con, tmp_path / "etalage.duckdb")

    assert read(tmp_path / "etalage.duckdb", "select is_dutch from core.posts where not is_annotated") == [(False,)]
    assert read(tmp_path / "etalage.duckdb", "select value from ops.about where name = 'count_pending'") == [("1",)]


def test_masked_again_when_the_rules_change(tmp_path, monkeypatch):
    """Every text that older rules masked is masked by today's before it is published, some at a time."""
    monkeypatch.setattr("warehouse.publish._MASKED_AT_ONCE", 2)
    with vault(tmp_path) as con:
        load(con, *(post(number, text="dank @iemand") for number in range(3)))
        con.execute("update posts set masked_text = text, masking_version = 0")
        publish(con, tmp_path / "etalage.duckdb")

    assert read(tmp_path / "etalage.duckdb", "select text from core.posts") == [("dank [account]",)] * 3


def test_a_runs_message_names_nobody(tmp_path):
    """What a run says is published without names."""
    with vault(tmp_path, 3) as con:
        con.execute("update runs set message = 'x: timeline of @willemijn_1 and willemijn_2 refused'")
        publish(con, tmp_path / "etalage.duckdb")

    assert read(tmp_path / "etalage.duckdb", "select message from ops.runs") == [
        ("x: timeline of [account] and [naam] refused",)
    ]


def test_an_unknown_threshold(tmp_path):
    """A threshold that does not exist is one clear line."""
    with vault(tmp_path, 3) as con, pytest.raises(WarehouseError, match="minimum_cats: no such threshold"):
        publish(con, tmp_path / "etalage.duckdb", settings={"minimum_cats": 9})


def test_a_copy_opens_anywhere(tmp_path):
    """The published file needs no key, no extension and no other file."""
    with vault(tmp_path, 3) as con:
        publish(con, tmp_path / "etalage.duckdb")
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(tmp_path / "etalage.duckdb", tmp_path / "elsewhere" / "copy.duckdb")

    assert read(tmp_path / "elsewhere" / "copy.duckdb", "select count(*) from core.posts") == [(3,)]


def test_every_file_has_its_step():
    """Every .sql file that builds a table is among the steps, once."""
    steps = [step for step in publishing.STEPS if isinstance(step, str)]
    files = {f"{folder}/{file.stem}" for folder in ("build", "core", "ops") for file in (ROOT / folder).glob("*.sql")}

    assert files - {"ops/settings", *publishing.PREPARING} == set(steps)
    assert len(steps) == len(set(steps))


def test_a_mention_counts_once_a_post_and_by_different_authors(tmp_path):
    """A hashtag written twice in a post is one mention; what the same few people go on mentioning is left out."""
    with vault(tmp_path) as con:
        load(con, *(post(number) for number in range(21)))  # by seven people, three posts each
        annotate(
            con,
            lambda row: {
                "hashtags": ("Werk", "werk", *(("zelden",) if int(row.post_id[-2:]) % 7 < 4 else ())),
                "organisations": ("Gemeente Waterbroek", "Gemeente Waterbroek"),
            },
        )
        publish(con, tmp_path / "etalage.duckdb")

    counted = "select kind, mention, count(*) from core.mentions group by all order by all"
    assert read(tmp_path / "etalage.duckdb", counted) == [
        ("hashtag", "werk", 21),
        ("organisation", "Gemeente Waterbroek", 21),
    ]


def test_the_newest_moment_is_told_to_the_minute(tmp_path):
    """No second leads from the file to the post at its platform."""
    with vault(tmp_path) as con:
        load(con, post(1, created_at=START + timedelta(minutes=2, seconds=37)))
        annotate(con)
        publish(con, tmp_path / "etalage.duckdb")
    [(newest, shown)] = read(
        tmp_path / "etalage.duckdb",
        "select max(created_at), (select value from ops.about where name = 'newest_post_at')::timestamptz "
        "from core.posts",
    )

    assert newest == shown == START + timedelta(minutes=2)


def test_the_number_of_a_query_says_nothing_of_its_name(tmp_path):
    """Who knows the names cannot find each one's place among the numbers, which stay from night to night."""
    names = [f"timeline:{letter}_voorbeeld" for letter in "abcdefghijklmnopqrst"]
    order, stored = "select query_number from ops.coverage order by since", "select query_number from ops.coverage"
    with vault(tmp_path) as con:
        ledger.plan(con, [Window("x", name, START + timedelta(hours=at), START + DAY) for at, name in enumerate(names)])
        numbers = []
        for _ in range(2):
            publish(con, tmp_path / "etalage.duckdb")
            numbers.append([number for (number,) in read(tmp_path / "etalage.duckdb", order)])

    assert numbers[0] == numbers[1]
    assert sorted(numbers[0]) == list(range(1, 21))
    assert numbers[0] not in (sorted(numbers[0]), sorted(numbers[0], reverse=True))
    with vault(tmp_path) as con:
        con.execute("update windows set since = $start", {"start": START}).fetchall()
        publish(con, tmp_path / "etalage.duckdb")
    assert [number for (number,) in read(tmp_path / "etalage.duckdb", stored)] == sorted(numbers[0])
