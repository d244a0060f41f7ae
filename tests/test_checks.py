"""The checks: each is quiet on good data and finds the offender it is there for."""

import pytest
from stocked import vault

from warehouse import publish as publishing
from warehouse.erasure_record import note
from warehouse.errors import ChecksFailed
from warehouse.sqlfiles import scripts

# What breaks each promise, done to the file just before it is checked.
BREAKERS = {
    "all_posts": "delete from core.posts where post_key = (select min(post_key) from core.posts)",
    "annotated_or_queued": "update ops.about set value = '7' where name = 'count_pending'",
    "audit_apart": "insert into mart.review_queue (post_key) values ('a'); insert into ops.audit (post_key) from "
    "(values ('a'))",
    "corrected": "update core.corrected set corrected_withheld = null",
    "corrected_add_up": "update core.corrected set share_corrected = 0.9, corrected_low = 0.8, corrected_high = 1, "
    "corrected_withheld = null, count_audited = 99 where dimension = 'purpose'",
    "labels_in_codebook": "update core.authors set role = 'chief'",
    "no_future": "update core.posts set created_at = collected_at + interval 2 day",
    "no_orphans": "insert into core.post_themes values ('nobody', 'privacy', 0.5)",
    "probabilities": "update core.annotations set goal_p = 1.2",
    "purposes_add_up": "update mart.purpose_share set share = 0.9 where purpose = 'other'",
    "shares": "update core.estimates set share_low = share + 0.1 where share is not null",
    "small_cells": "update core.estimates set count_authors = 2 where share is not null",
    "unique_agenda": "insert into mart.organisation_agenda from mart.organisation_agenda",
    "unique_annotations": "insert into core.annotations from core.annotations",
    "unique_authors": "insert into core.authors from core.authors",
    "unique_corrected": "insert into core.corrected from core.corrected",
    "unique_estimates": "insert into core.estimates from core.estimates",
    "unique_organisations": "insert into core.organisations from core.organisations",
    "unique_posts": "insert into core.posts from core.posts",
}
# Promises about the vault, broken there before publishing.
VAULT_BREAKERS = {
    "annotated_or_queued": "delete from annotations where post_id = (select min(post_id) from annotations)",
    "ledger_agrees": "update windows set count_pages = 5",
    "nothing_erased": "insert into tombstones select 'post', min(post_key), 'asked', now() from posts",
    "nothing_lost": "insert into publications values (now(), 1000, 7)",
}


def test_every_check_is_tried():
    """No check is without a test that it finds its offender."""
    assert {name for name, _ in scripts("checks")} == set(BREAKERS) | set(VAULT_BREAKERS)


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """Return an open vault with forty posts; what the tests break is the file being built."""
    with vault(tmp_path_factory.mktemp("stock"), 40) as con:
        yield con


@pytest.mark.parametrize("name", sorted(BREAKERS))
def test_finds_the_offender(stock, tmp_path, monkeypatch, name):
    """The check stops publishing, and says its name, when its promise is broken."""
    real = publishing.run_checks

    def broken(con):
        con.execute(BREAKERS[name])
        return real(con)

    monkeypatch.setattr(publishing, "run_checks", broken)
    with pytest.raises(ChecksFailed, match=name):
        publishing.publish(stock, tmp_path / "etalage.duckdb")


@pytest.mark.parametrize("name", sorted(VAULT_BREAKERS))
def test_finds_the_offender_in_the_vault(tmp_path, name):
    """A promise that the vault itself breaks stops publishing too."""
    with vault(tmp_path, 40) as con:
        con.execute(VAULT_BREAKERS[name])
        with pytest.raises(ChecksFailed, match=name):
            publishing.publish(con, tmp_path / "etalage.duckdb")


def test_an_erasure_excuses_its_own_posts_and_no_others(tmp_path):
    """Of forty posts seven were erased: thirty-three may be published, thirty-two may not."""
    with vault(tmp_path, 40) as con:
        publishing.publish(con, tmp_path / "etalage.duckdb")
        note(con, "post", "deleted", posts=7)
        con.execute("delete from posts where post_id in (select post_id from posts order by post_id limit 7)")
        publishing.publish(con, tmp_path / "etalage.duckdb")
        con.execute("delete from posts where post_id in (select max(post_id) from posts)")
        with pytest.raises(ChecksFailed, match="nothing_lost"):
            publishing.publish(con, tmp_path / "etalage.duckdb")


def test_a_vault_from_before_the_queue_is_published(tmp_path):
    """After an update, or restored, it knows no reader: what waits is entered when a model asks for it."""
    with vault(tmp_path, 40) as con:
        con.execute("delete from reader; delete from annotations where post_id in (select min(post_id) from posts)")

        assert publishing.publish(con, tmp_path / "etalage.duckdb").posts == 40


def test_quiet_on_good_data(stock, tmp_path, monkeypatch):
    """On a vault without mistakes every check runs and none finds anything, on the second night neither."""
    found, real = [], publishing.run_checks

    def looking(con):
        found.append({name: con.execute(sql).fetchall() for name, sql in scripts("checks")})
        return real(con)

    monkeypatch.setattr(publishing, "run_checks", looking)
    for _ in range(2):
        assert publishing.publish(stock, tmp_path / "etalage.duckdb").posts == 40

    assert found == [{name: [] for name in (*BREAKERS, *VAULT_BREAKERS)}] * 2
