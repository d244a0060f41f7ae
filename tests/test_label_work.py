"""Commands around labels, from the vault to a file and back; and the sample panel's own audit."""

import json
import shutil
from collections import Counter

import pytest
from stocked import KEY, vault

from connectors.sample import FOLDER
from flows import label_work
from flows.errors import InputError
from flows.settings import Settings
from nlp.codebook import PURPOSE_OF
from nlp.corpus_files import training_posts
from warehouse.errors import WarehouseError
from warehouse.keys import pseudonym_key, read_keys
from warehouse.pseudonyms import pseudonym
from warehouse.publish import publish
from warehouse.sample_labels import ANNOTATOR, DRAWN, intentions
from warehouse.sql import query
from warehouse.vault import open_vault


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return a home with sixty published posts."""
    folder = tmp_path_factory.mktemp("home")
    read_keys(folder / "keys", KEY)
    with vault(folder, 60) as con:
        publish(con, folder / "etalage.duckdb")
    return folder


@pytest.fixture
def settings(home, tmp_path):
    """Return the settings of a copy of that home."""
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    return Settings(home=tmp_path, vault_key=KEY)


def labelled(file):
    """Answer every question in a file."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    answers = [{**row, "annotator": "annotator-1", "goal": "learning", "themes": []} for row in rows]
    file.write_text("".join(json.dumps(row) + "\n" for row in answers), encoding="utf-8")


def test_from_draw_to_figures(settings, tmp_path):
    """Draw, export, label, import: the audit is in the published file, and a second import changes nothing."""
    file = tmp_path / "questions.jsonl"
    assert label_work.draw_audit(settings, 40, 0.25, "seed").doubles == 10
    assert label_work.export_file(settings, file, "audit", "jsonl") == 40
    assert file.stat().st_mode & 0o777 == 0o600
    assert "recruitment" not in file.read_text(encoding="utf-8")
    labelled(file)
    counts, places = label_work.import_file(settings, file)
    assert (counts.stored, counts.refused, places) == (40, {}, [])
    assert label_work.import_file(settings, file)[0].unchanged == 40

    [draw] = label_work.audit_status(settings)["audit_draws"]
    assert (draw["count_labelled"], draw["count_open"]) == (40, 10)


@pytest.mark.parametrize("format_", ["jsonl", "label-studio"])
def test_labels_come_back_as_they_went(settings, tmp_path, format_):
    """Stored labels that are exported and imported again are all known."""
    file = tmp_path / "labels.json"
    label_work.draw_audit(settings, 20, 0, "seed")
    label_work.export_file(settings, file, "audit", "jsonl")
    labelled(file)
    label_work.import_file(settings, file)
    assert label_work.export_file(settings, file, "labels", format_) == 20
    counts, _ = label_work.import_file(settings, file)

    assert (counts.stored, counts.unchanged, counts.refused) == (0, 20, {})


def test_training_leaves_the_audit_out(settings, tmp_path):
    """What is exported for training holds no audited post."""
    file = tmp_path / "labels.jsonl"
    label_work.draw_audit(settings, 20, 0, "seed")
    label_work.export_file(settings, file, "audit", "jsonl")
    labelled(file)
    label_work.import_file(settings, file)

    assert label_work.export_file(settings, file, "training", "jsonl") == 0


def test_drift(settings):
    """Drift is measured on the published file; a month that is none is one clear line."""
    assert label_work.drift(settings, "2026-05").audit_due
    with pytest.raises(InputError, match="2026-03"):
        label_work.drift(settings, "May")


def test_nothing_here_yet(tmp_path):
    """Before the first run every command says what to do, and makes no vault."""
    settings = Settings(home=tmp_path, vault_key=KEY)
    (tmp_path / "labels.jsonl").write_text("", encoding="utf-8")
    for act in (
        lambda: label_work.draw_audit(settings, 5, 0, None),
        lambda: label_work.import_file(settings, tmp_path / "labels.jsonl"),
        lambda: label_work.export_file(settings, tmp_path / "out", "labels", "jsonl"),
        lambda: label_work.export_file(settings, tmp_path / "out", "audit", "jsonl"),
        lambda: label_work.audit_status(settings),
    ):
        with pytest.raises(WarehouseError, match="etalage nightly"):
            act()
    assert not (tmp_path / "vault.duckdb").exists()


def test_a_file_that_is_not_there(settings, tmp_path):
    """A file of labels that does not exist is a wrong argument."""
    with pytest.raises(InputError, match="no such file"):
        label_work.import_file(settings, tmp_path / "none.jsonl")


def test_the_sample_shows_corrected_shares(sample_run):
    """A newcomer's first run has an audit sample, labelled as fiction, and corrected shares beside the naive ones."""
    path = sample_run.home / "etalage.duckdb"
    drawn = query(path, "select count(*), sum(count_answers) from ops.audit").rows
    shares = query(
        path,
        "select share_corrected, corrected_low, corrected_high from mart.purpose_share "
        "where period_kind = 'year' and platform = 'all' and role = 'hr'",
    ).rows

    assert drawn == [(DRAWN, DRAWN)]
    assert ANNOTATOR.startswith("sample")
    assert len(shares) == 3
    assert all(low < share < high for share, low, high in shares)
    assert abs(sum(share for share, *_ in shares) - 1) < 1e-9


def test_the_labelling_page_knows_who_answered(sample_run):
    """What a run publishes about annotators is what the page makes of a name with the key in the same home."""
    key = pseudonym_key(sample_run.home / "keys")
    [(answered,)] = query(sample_run.home / "etalage.duckdb", "select distinct annotator_keys from ops.audit").rows

    assert answered == [pseudonym(key, "annotator", "", ANNOTATOR)]


def test_a_page_without_the_key_makes_no_other(tmp_path):
    """In a copy of the published file alone, labelling says where to go; no new key is left behind."""
    with pytest.raises(WarehouseError, match="home directory that the runs use"):
        pseudonym_key(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_corrections_are_trained_on_and_the_audit_is_not(settings, tmp_path):
    """Exported into a corpus, corrections are read by training beside its own posts; no drawn post is among them."""
    label_work.draw_audit(settings, 20, 0, "seed")
    drawn = {row[0] for row in query(tmp_path / "etalage.duckdb", "select post_key from ops.audit").rows}
    keys = [row[0] for row in query(tmp_path / "etalage.duckdb", "select post_key from core.posts order by 1").rows]
    file = tmp_path / "labels.jsonl"
    rows = [
        {"post_key": key, "annotator": "annotator-1", "goal": "learning", "kind": "correction"} for key in keys[:30]
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert label_work.import_file(settings, file)[0].stored == 30

    own = {"id": "own", "text": "Kom erbij", "goal": "recruitment"}
    (tmp_path / "posts-train.jsonl").write_text(json.dumps(own) + "\n", encoding="utf-8")
    label_work.export_file(settings, tmp_path / "posts-train-corrections.jsonl", "training", "jsonl")
    taught = {post.id: post.goal for post in training_posts(tmp_path)}

    assert taught == {"own": "recruitment", **dict.fromkeys(set(keys[:30]) - drawn, "learning")}
    assert set(keys[:30]) & drawn


def test_on_the_sample_correcting_comes_nearer_to_the_truth(sample_run, tmp_path):
    """What the sample's writers meant is known of every post: HR's corrected shares are nearer to it than the naive.

    The model reads too many posts as serving the organisation; 400 audited posts mend most of that.
    """
    key = (sample_run.home / "keys" / "vault.key").read_text(encoding="utf-8").strip()
    shutil.copy(sample_run.home / "vault.duckdb", tmp_path / "vault.duckdb")
    with open_vault(tmp_path / "vault.duckdb", key) as con:
        ids = {row[0]: row[1:] for row in con.execute("select post_key, platform, post_id from posts").fetchall()}
    published = sample_run.home / "etalage.duckdb"
    posts = query(
        published,
        "select post_key from core.posts where is_dutch and role = 'hr' "
        "and created_month >= (select min(period) from mart.purpose_share where period_kind = 'year')",
    ).rows
    meant = intentions(FOLDER / "labels.jsonl")
    truth = Counter(PURPOSE_OF[meant[ids[key]]] for (key,) in posts if ids[key] in meant)
    shares = query(
        published,
        "select purpose, share, share_corrected from mart.purpose_share "
        "where period_kind = 'year' and platform = 'all' and role = 'hr'",
    ).rows

    error = {"naive": 0.0, "corrected": 0.0}
    for purpose, naive, corrected in shares:
        error["naive"] += abs(naive - truth[purpose] / truth.total())
        error["corrected"] += abs(corrected - truth[purpose] / truth.total())
    assert len(shares) == 3
    assert error["corrected"] < error["naive"]
