"""Migrations: a vault of every released version comes forward with all that it holds, and a copy of it is kept."""

import errno
import os
import time
from datetime import UTC, datetime
from itertools import cycle

import duckdb
import pytest
from stocked import KEY, annotate, load, post, vault

from warehouse import ledger
from warehouse.errors import DiskFull
from warehouse.migrate import tidy_copies
from warehouse.sqlfiles import scripts
from warehouse.vault import open_vault

ALL = scripts("migrations")
OLD = (
    "insert into runs by name select 'r' as run_id, 'nightly' as kind, now() as started_at, 'ok' as outcome",
    (
        "insert into windows by name select 'x' as source, 'q' as query, now() as since, now() as until, "
        "'complete' as state, 1 as attempts, 1 as count_pages, now() as planned_at, now() as updated_at"
    ),
    (
        "insert into pages by name select nextval('page_ids') as page_id, 'x' as source, 'q' as query, now() as since, "
        "now() as until, 'x/posts' as format, '{}' as payload, 'complete' as ending, now() as fetched_at, "
        "now() as mapped_at, 'r' as run_id"
    ),
    (
        "insert into reads by name select 1 as page_id, 'x' as source, 'post' as resource, 1 as amount, "
        "now() as fetched_at"
    ),
)
SEEN = {"0001_ledger": ("runs", "windows", "pages"), "0002_posts": ("posts", "metrics")}


def names(con):
    """The migrations that a vault has had."""
    return [name for (name,) in con.execute("select name from migrations order by number").fetchall()]


@pytest.mark.parametrize("number", range(1, len(ALL)), ids=[name for name, _ in ALL[:-1]])
def test_every_released_version_comes_forward(tmp_path, monkeypatch, number):
    """What the old vault held is in the new one, row for row; a copy of the old one stays beside it for a while."""
    monkeypatch.setattr("warehouse.migrate.scripts", lambda _: ALL[:number])
    with vault(tmp_path) as con:
        for row in OLD:  # in the words of the first version: today's code writes today's columns
            con.execute(row)
        if number > 1:
            con.execute(
                "insert into posts by name select 'x' as platform, '1' as post_id, now() as created_at, "
                "'Woord' as text, 'post' as kind, now() as collected_at, 'x' as source, 'q' as query, "
                "'k' as post_key, 'Woord' as masked_text, 1 as masking_version"
            )
        old = {
            table: con.execute(f"select * from {table}").fetchall()
            for tables in list(SEEN.values())[:number]
            for table in tables
        }
    monkeypatch.undo()

    with vault(tmp_path) as con:
        assert names(con) == [name for name, _ in ALL]
        now = {
            table: [row[: len(before[0])] for row in con.execute(f"select * from {table}").fetchall()]
            for table, before in old.items()
            if before
        }
        assert now == {table: before for table, before in old.items() if before}
        load(con, post(1))

    (copy,) = (tmp_path / "copies").iterdir()
    assert copy.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr("warehouse.migrate.scripts", lambda _: ALL[:number])
    with open_vault(copy, KEY) as con:
        assert names(con) == [name for name, _ in ALL[:number]]


def test_windows_of_before_know_who_planned_them(tmp_path, monkeypatch):
    """A backfill's windows from before the column are told from a night's, so the next night leaves no hole."""
    monkeypatch.setattr("warehouse.migrate.scripts", lambda _: [one for one in ALL if one[0] < "0015"])
    with vault(tmp_path) as con:
        for day, kind in ((1, "nightly"), (9, "backfill")):
            con.execute(
                "insert into runs by name select $kind as run_id, $kind as kind, $began as started_at, 'ok' as outcome",
                {"kind": kind, "began": datetime(2026, 3, day, 3, tzinfo=UTC)},
            )
            con.execute(
                "insert into windows by name select 'x' as source, 'q' as query, $since as since, $until as until, "
                "'complete' as state, 1 as attempts, 1 as count_pages, $until as planned_at, $until as updated_at",
                {"since": datetime(2026, 3, day, tzinfo=UTC), "until": datetime(2026, 3, day, 6, tzinfo=UTC)},
            )
    monkeypatch.undo()

    with vault(tmp_path) as con:
        kinds = con.execute("select planned_by from windows order by since").fetchall()
        assert kinds == [("nightly",), ("backfill",)]
        assert ledger.horizon(con, "x", "q", datetime(2026, 3, 10, tzinfo=UTC)) == datetime(2026, 3, 1, 6, tzinfo=UTC)


def test_traits_of_before_go_from_evidence_and_employers(tmp_path, monkeypatch):
    """What older rules kept of a union, politics, family or a study goes; a job word and another employer stay."""
    told = {
        "other": ["FNV", "Vakbondsbestuurder", "Trotse papa van", "raadslid", "Student katholieke", "bakker"],
        "hr": [
            *("ACV en recruiter", "HR-adviseur", "recruiter voor studenten", "Adviseur leren CNV", "adviseur werk D66"),
            *("coach en gemeenteraadslid", "D66'er en coach", "VVDer", "CDAO"),
            *("VVD_Utrecht", "adviseur @SP_Utrecht", "lid ACOD", "coach De Unie", "adviseur @jong_cda"),
        ],
    }
    employers = cycle(
        [
            *("FNV Bouw", "CNVConnectief", "D66Overijssel", "Vlaams Belang", "SP", "CDAO", "Eni SpA"),
            *("vvdutrecht", "cdatilburg", "BBTK", "LBC-NVK", "CSC", "AOb", "50PLUS", "De Unie", "Hotel De Unie"),
        ]
    )
    rows = [
        {
            "role": role,
            "role_evidence": words,
            "employer": next(employers),
            "organisations": ("Lumenzorg", "ACV", "N-VA"),
        }
        for role, some in told.items()
        for words in some
    ]
    monkeypatch.setattr("warehouse.migrate.scripts", lambda _: [one for one in ALL if one[0] != "0017_traits"])
    with vault(tmp_path) as con:
        load(con, *(post(number) for number in range(len(rows))))
        left = iter(rows)
        annotate(con, lambda _: next(left))
    monkeypatch.undo()

    with vault(tmp_path) as con:
        kept = con.execute("select role_evidence from annotations where role_evidence is not null order by 1")
        assert kept.fetchall() == [("CDAO",), ("HR-adviseur",), ("bakker",), ("recruiter voor studenten",)]
        assert con.execute("select count(*) from annotations").fetchone() == (len(rows),)
        left = con.execute("select distinct employer, organisations from annotations order by employer").fetchall()
        assert left == [(name, ["Lumenzorg"]) for name in ("CDAO", "Eni SpA", "Hotel De Unie", None)]


def test_what_named_people_goes_and_is_read_again(tmp_path, monkeypatch):
    """Mentions, employers and words of bios; what was waiting waits once, what counts stays."""
    monkeypatch.setattr("warehouse.migrate.scripts", lambda _: [one for one in ALL if one[0] < "0019"])
    told = {"organisations": ("willemijn 2",), "hashtags": ("willemijn 2", "hr"), "employer": "Noor en Bo"}
    with vault(tmp_path) as con:
        load(con, post(1), post(2))
        annotate(con, lambda _: told | {"role_evidence": "re-integratie", "role_field": "health"})
        load(con, post(3))
    monkeypatch.undo()

    with vault(tmp_path) as con:
        kept = "select organisations, hashtags, employer, role_evidence, role_field, role, goal from annotations"
        assert con.execute(kept).fetchall() == [([], [], None, None, None, "hr", "recruitment")] * 2
        assert con.execute("select post_id from unread order by all").fetchall() == [
            (post(number).post_id,) for number in (1, 2, 3)
        ]
        annotate(con)
        assert con.execute("select count(*) from unread").fetchone() == (0,)
        assert con.execute("select count(*) from annotations where employer is not null").fetchone() == (3,)


def test_a_handle_that_was_nobodys_goes_and_the_one_of_before_comes_back(tmp_path, monkeypatch):
    """Bluesky's word for a handle that leads nowhere is no name, and no former one; others keep theirs."""
    monkeypatch.setattr("warehouse.migrate.scripts", lambda _: [one for one in ALL if one[0] < "0020"])
    read = [
        ("did:plc:anna", "anna.oud.example"),
        ("did:plc:anna", "anna.example"),
        ("did:plc:anna", "handle.invalid"),
        ("did:plc:bas", "handle.invalid"),
        ("did:plc:cas", "handle.invalid"),
        ("did:plc:cas", "cas.example"),
    ]
    with vault(tmp_path) as con:
        for day, (author_id, handle) in enumerate(read):
            seen = datetime(2026, 5, 2 + day, tzinfo=UTC)
            load(con, post(day, platform="bluesky", author_id=author_id, handle=handle, collected_at=seen))
    monkeypatch.undo()

    with vault(tmp_path) as con:
        kept = "select author_id, handle from {} order by all"
        assert con.execute(kept.format("authors")).fetchall() == [
            ("did:plc:anna", "anna.example"),
            ("did:plc:bas", None),
            ("did:plc:cas", "cas.example"),
        ]
        assert con.execute(kept.format("former_names")).fetchall() == [
            ("did:plc:anna", "anna.example"),
            ("did:plc:anna", "anna.oud.example"),
            ("did:plc:cas", None),
        ]


def test_a_gap_is_filled(tmp_path, monkeypatch):
    """A migration with a lower number than the newest, which a vault has not had, runs too."""
    monkeypatch.setattr("warehouse.migrate.scripts", lambda _: [ALL[0], *ALL[2:3]])
    with vault(tmp_path):
        pass
    monkeypatch.undo()

    with vault(tmp_path) as con:
        assert names(con) == [name for name, _ in ALL]


def test_a_new_vault_needs_no_copy(tmp_path):
    """There is nothing to keep before the first migration, nor when nothing changes."""
    for _ in range(2):
        with vault(tmp_path):
            pass

    assert not (tmp_path / "copies").exists()


@pytest.fixture
def waiting(tmp_path, monkeypatch):
    """A vault that lacks the newest migration."""
    monkeypatch.setattr("warehouse.migrate.scripts", lambda _: ALL[:-1])
    with vault(tmp_path):
        pass
    monkeypatch.setattr("warehouse.migrate.scripts", lambda _: ALL)
    return tmp_path


def test_a_migration_that_fails_keeps_one_copy(waiting, monkeypatch):
    """However often it is tried; copies of more than a day go meanwhile, though no opening succeeds."""
    (waiting / "copies").mkdir()
    (waiting / "copies" / "old.duckdb").touch()
    os.utime(waiting / "copies" / "old.duckdb", (0, 0))
    monkeypatch.setattr("warehouse.migrate.scripts", lambda _: [*ALL[:-1], (ALL[-1][0], "select error('broken')")])
    kept = []
    for _ in range(2):
        with pytest.raises(duckdb.Error, match="broken"), vault(waiting):
            pass
        kept.append([copy.name for copy in (waiting / "copies").iterdir()])

    assert kept == [[f"vault.duckdb-before-{ALL[-1][0]}.duckdb"]] * 2


def test_a_copy_that_fails_is_not_kept(waiting, monkeypatch):
    """A disk too full for the copy is not left fuller; the vault waits as it was."""

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("warehouse.copying.on_disk", full)
    with pytest.raises(DiskFull), vault(waiting):
        pass

    assert list((waiting / "copies").iterdir()) == []
    monkeypatch.undo()
    with vault(waiting) as con:
        assert names(con) == [name for name, _ in ALL]


def test_copies_do_not_stay(tmp_path):
    """A copy holds what is erased from the vault, so it goes within a day; a folder is none of ours."""
    (tmp_path / "copies" / "folder").mkdir(parents=True)
    (tmp_path / "copies" / "old.duckdb").touch()

    assert tidy_copies(tmp_path) == 0
    assert tidy_copies(tmp_path, hours=-1 / 3600) == 1
    assert [left.name for left in (tmp_path / "copies").iterdir()] == ["folder"]


def test_a_copy_of_a_clock_ahead_does_not_stay(tmp_path):
    """It would wait for the date that the clock had, with everybody who is erased until then."""
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / "ahead.duckdb").touch()
    os.utime(tmp_path / "copies" / "ahead.duckdb", (time.time() + 300 * 86400,) * 2)

    assert tidy_copies(tmp_path) == 1
