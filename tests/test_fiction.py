"""The fictional sample panel and real posts do not meet in one home, and neither is called the other."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import fake_x
import pytest
from etalage_command import Etalage
from loopback import serving
from peopled import SAMPLE, panel, store, words
from stocked import PSEUDONYM, START, annotate, load, post

from connectors.source import Window
from flows.fiction import keep_apart, make_room
from flows.settings import Settings, SettingsError
from flows.steps import publish
from warehouse import ledger
from warehouse.fiction import drop_sample, holds_real, holds_sample, is_fiction
from warehouse.keys import read_keys
from warehouse.personal import post_tables
from warehouse.sql import query
from warehouse.vault import open_vault

ABOUT = "select value from ops.about where name = 'is_fiction'"
REAL = Window("x", "timeline:noor_vdberg_hr", START, START.replace(day=2))


@contextmanager
def shown(folder) -> Iterator:
    """Open a vault with the sample panel, published and audited as its first run does."""
    with panel(folder) as con:
        publish.fn(con, PSEUDONYM, folder / "etalage.duckdb", "masked")
        yield con


def sample_home(command) -> None:
    """Leave a command's home as a first night on the sample does, but for what the model says of the posts."""
    keys = read_keys(command.home / "keys", None)
    with open_vault(command.home / "vault.duckdb", keys.vault) as con:
        store(con, SAMPLE)
        annotate(con)
        publish.fn(con, keys.pseudonym, command.home / "etalage.duckdb", "masked")


def test_fiction_is_what_the_vault_holds(tmp_path):
    """Nothing is no fiction, the sample alone is, one real post ends it; not what is set up or asked for tonight."""
    with panel(tmp_path) as con:
        ledger.plan(con, [REAL])
        told = [is_fiction(con)]
        load(con, post(1))
        told.append(is_fiction(con))
        con.execute("delete from posts")
        told.append(is_fiction(con))

    assert told == [True, False, False]


def test_the_sample_leaves_whole(tmp_path):
    """Posts, people, pages, windows and audit of the sample go; what is real stays and is published the same night."""
    with shown(tmp_path) as con:
        ledger.plan(con, [REAL])
        load(con, *(post(number) for number in range(30)))
        annotate(con)
        before = con.execute("select count(*) from audit_posts").fetchone()

        left = drop_sample(con)
        found = words(con)
        tables = {table: con.execute(f"select count(*) from {table}").fetchone()[0] for table in post_tables(con)}
        others = con.execute(
            "select (select count(*) from authors), (select count(*) from windows), (select count(*) from pages), "
            "(select count(*) from audit_draws), (select count(*) from audit_strata), "
            "(select count(*) from tombstones), (select count(*) from erasures where compacted_at is null)"
        ).fetchone()
        counts = publish.fn(con, PSEUDONYM, tmp_path / "etalage.duckdb", "masked")

    assert before == (400,)
    assert left == 1_600
    assert others == (7, 1, 0, 0, 0, 0, 0)
    assert tables["posts"] == tables["annotations"] == 30
    assert (tables["labels"], tables["audit_posts"]) == (0, 0)
    assert "kantoorplant_42" not in found
    assert counts["published"] == 30
    assert query(tmp_path / "etalage.duckdb", ABOUT).rows == [("false",)]


def test_an_account_in_both_stays(tmp_path):
    """A real post by an account that the sample names too keeps that account's row."""
    with panel(tmp_path) as con:
        [(author, handle)] = con.execute(
            "select author_id, handle from authors where platform = 'x' limit 1"
        ).fetchall()
        load(con, post(1, author_id=author, handle=handle))
        drop_sample(con)

        assert con.execute("select platform, author_id from authors").fetchall() == [("x", author)]


def test_real_sources_take_the_samples_place(tmp_path):
    """With a source set up the sample goes before the run; with `sample = true` or the sample alone it stays."""
    with panel(tmp_path) as con:
        kept = [
            keep_apart(con, Settings(home=tmp_path, sample=True), ["x", "sample"]),
            keep_apart(con, Settings(home=tmp_path), ["sample"]),
            make_room(con, Settings(home=tmp_path, sample=True)),
        ]
        assert holds_sample(con)
        first, again = (keep_apart(con, Settings(home=tmp_path), ["x"]) for _ in range(2))

        assert not holds_sample(con)
    assert (kept, first, again) == ([{}, {}, {}], {"sample_left_out": 1_600}, {})


def test_the_sample_does_not_come_to_real_posts(tmp_path):
    """A run without its configuration is refused where real posts are, in one line that says what to do."""
    with panel(tmp_path) as con:
        drop_sample(con)
        load(con, post(1))

        with pytest.raises(SettingsError, match=r"holds real posts.*--config FILE.*another --home") as told:
            keep_apart(con, Settings(home=tmp_path), ["sample"])
        assert holds_real(con)
    assert "\n" not in str(told.value)


def test_the_readmes_way(etalage):
    """Sample, credentials, a night: real posts alone, said in one line; then no sample by mistake."""
    sample_home(etalage)
    newest = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=3)
    with serving(fake_x.FakeX(fake_x.series(3, newest=newest))) as platform:
        etalage.configure(
            f'[x]\nbearer_token = "token-of-noor"\nbase_url = "{platform.base_url}"\n'
            'queries = ["timeline:noor_vdberg_hr"]\n'
        )
        second = etalage("nightly")
        published = etalage.sql("select source, count(*) as n from core.posts group by source")
    (etalage.place / "etalage.toml").unlink()
    foreseen, third = etalage.here("nightly", "--dry-run"), etalage("nightly")
    about = json.loads(etalage.here("status", "--json").stdout)["published"]["about"]

    assert (second.returncode, third.returncode) == (0, 2), second.stderr + third.stderr
    assert published == [{"source": "x", "n": 3}]
    assert second.stdout.count("1,600 invented posts have left this home") == 1
    assert "FICTION" not in second.stdout
    assert [one.stderr.strip().splitlines()[-1].count("holds real posts") for one in (foreseen, third)] == [1, 1]
    assert foreseen.returncode == 2
    assert about["is_fiction"] == "false"


def test_an_import_into_the_samples_home(tmp_path):
    """Files that a person brings take the sample's place too."""
    etalage = Etalage(tmp_path)
    sample_home(etalage)
    (etalage.place / "posts.csv").write_text(
        "bericht,datum,wie\nWij zoeken een collega voor ons team,2026-03-01,noor_verzonnen\n", encoding="utf-8"
    )
    answer = etalage.here(
        "import", "table", "posts.csv", "--columns", "text=bericht,created_at=datum,handle=wie,platform==x"
    )

    assert answer.returncode == 0, answer.stderr
    assert "1,600 invented posts have left this home" in answer.stdout
    assert etalage.sql("select source, count(*) as n from core.posts group by source") == [{"source": "files", "n": 1}]
