"""From drawn posts to corrected figures: the whole loop, on vaults in which the truth is known."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from math import isclose
from pathlib import Path

import pytest
from stocked import PSEUDONYM, annotate, annotation, collect, load, post, vault

from warehouse import labelling
from warehouse.annotations import merge_annotations, pending
from warehouse.audit import draw
from warehouse.errors import WarehouseError
from warehouse.labels import Label, store_labels
from warehouse.pseudonyms import pseudonym
from warehouse.publish import publish
from warehouse.sql import open_published, query
from warehouse.vault import Connection

POSTS, AUTHORS = 600, 60


def number(post_id):
    """Return a post's number."""
    return int(post_id[-5:])


def truth(at):
    """Tell a post's true goal: 30 percent showcase."""
    return "showcase" if at % 10 < 3 else "recruitment"


def guess(at):
    """Tell the model's goal: every fifth recruiting post is taken for showcase, so it says 44 percent."""
    return "showcase" if at % 10 < 3 or at // 10 % 5 == 0 else "recruitment"


def read(row):
    """Annotate as the model does; a third of the authors are marketing people."""
    at = number(row.post_id)
    goal = guess(at)
    purpose = "personal" if goal == "showcase" else "organisational"
    return {
        "goal": goal,
        "purpose": purpose,
        "role": "marketing" if at % AUTHORS < 20 else "hr",
        "needs_review": at % 7 == 0,
    }


def load_posts(con, numbers):
    """Load posts of sixty authors."""
    load(con, *(post(at, author_id=f"99{at % AUTHORS:05d}", handle=f"iemand_{at % AUTHORS}") for at in numbers))


def fill(con):
    """Load and annotate the posts."""
    collect(con)
    load_posts(con, range(POSTS))
    annotate(con, read)


def answer(con, *, annotator="annotator-1", themes=(), keys=None):
    """Label the audit sample truly."""
    rows = con.execute("select post_key, post_id from audit_posts join posts using (post_key) order by 1").fetchall()
    chosen = [(key, post_id) for key, post_id in rows if keys is None or key in keys]
    return store_labels(con, [Label(key, annotator, truth(number(post_id)), themes) for key, post_id in chosen])


def rows(path, sql):
    """Return all rows as dicts."""
    found = query(path, sql, rows=100_000)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def personal(path, role="all", what="*"):
    """Return the row of personal posts over all time."""
    [row] = rows(
        path,
        f"select {what} from mart.purpose_share where period_kind = 'all' and platform = 'all' and role = '{role}' "
        "and purpose = 'personal'",
    )
    return row


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    """A folder with a vault of the posts, published before anything is drawn."""
    folder = tmp_path_factory.mktemp("filled")
    with vault(folder) as con:
        fill(con)
        publish(con, folder / "etalage.duckdb", key=PSEUDONYM)
    return folder


@contextmanager
def copied(home: Path, folder: Path) -> Iterator[Connection]:
    """Open the vault on a copy of what a folder holds."""
    shutil.copytree(home, folder, dirs_exist_ok=True)
    with vault(folder) as con:
        yield con


@pytest.fixture(scope="module")
def corrected(filled, tmp_path_factory):
    """Return a published file with an audit sample of 200 posts, a tenth labelled by two."""
    folder = tmp_path_factory.mktemp("corrected")
    path = folder / "etalage.duckdb"
    with copied(filled, folder) as con:
        draw(con, path, 200, overlap=0.1, seed="audit")
        answer(con)
        doubles = [
            key for (key,) in con.execute("select post_key from audit_posts where is_double order by 1").fetchall()
        ]
        answer(con, annotator="annotator-2", keys=doubles[2:])
        store_labels(con, [Label(key, "annotator-2", "learning", ()) for key in doubles[:2]])
        store_labels(con, [Label(doubles[0], "annotator-3", "showcase", (), kind="adjudication")])
        publish(con, path, key=PSEUDONYM)
    return path


@pytest.mark.parametrize("role", ["all", "hr", "marketing"])
def test_the_corrected_share_is_near_the_truth(corrected, role):
    """The model says 44 percent; corrected, the interval holds the true 30 and not the naive figure."""
    row = personal(corrected, role)

    assert isclose(row["share"], 0.44, abs_tol=0.05)
    assert row["corrected_low"] < 0.3 < row["corrected_high"]
    assert abs(row["share_corrected"] - 0.3) < 0.06
    assert 10 < row["effective_n"] < row["count_audited"]  # each author is all of a piece
    assert row["corrected_withheld"] is None


def test_goals_add_up_to_their_purpose(corrected):
    """Corrected goals of a purpose add up to its corrected share."""
    goals = rows(
        corrected,
        "select purpose, sum(share_corrected) as share from mart.goal_mix where period_kind = 'all' "
        "and platform = 'all' and role = 'all' group by purpose",
    )
    shares = rows(
        corrected,
        "select purpose, share_corrected as share from mart.purpose_share where period_kind = 'all' "
        "and platform = 'all' and role = 'all'",
    )

    assert {row["purpose"]: round(row["share"], 6) for row in goals} == {
        row["purpose"]: round(row["share"], 6) for row in shares
    }


def test_roles_are_compared_by_their_own_errors(corrected):
    """The difference of corrected shares has an interval that holds nought, where the truth does not differ."""
    [row] = rows(
        corrected,
        "select * from mart.role_comparison where period_kind = 'all' and platform = 'all' and label = 'personal'",
    )

    assert row["difference_corrected_low"] < 0 < row["difference_corrected_high"]
    assert isclose(row["difference_corrected"], row["share_corrected_hr"] - row["share_corrected_marketing"])


def test_errors_by_label(corrected):
    """The model is right in two of three of its showcases, and finds nearly all there are."""
    [row] = rows(corrected, "select * from mart.model_quality where role = 'all' and label = 'showcase'")

    assert row["precision_low"] < 30 / 44 < row["precision_high"]
    assert row["recall"] > 0.95
    assert row["recall_low"] > 0.7
    assert row["count_audited"] == 200


def test_the_audit_is_published(corrected):
    """Draws, queue, answers and agreement are there; what was adjudicated is no longer disputed."""
    assert rows(corrected, "select count_labelled, count_labelled_twice, count_disputed from ops.audit_draws") == [
        {"count_labelled": 200, "count_labelled_twice": 20, "count_disputed": 1}
    ]
    [goal] = rows(corrected, "select * from ops.agreement where dimension = 'goal'")
    assert goal["count_posts"] == 20
    assert goal["alpha_low"] < goal["alpha"] < 1
    keys = {pseudonym(PSEUDONYM, "annotator", "", f"annotator-{number}") for number in (1, 2, 3)}
    assert {row["annotator_key"] for row in rows(corrected, "from ops.audit_answers")} == keys


def test_who_did_not_judge_themes_does_not_differ_about_them(filled, tmp_path):
    """Two annotators with one goal, one of whom judged no themes, are not disputed; two with other themes are."""
    path = tmp_path / "etalage.duckdb"
    with copied(filled, tmp_path) as con:
        draw(con, path, 20, overlap=0.2, seed="audit")
        found = con.execute("select post_key from audit_posts where is_double order by 1").fetchall()
        themes = [None, (), ("adoption",), ("privacy",)]
        for (key,), others in zip(found, themes, strict=True):
            store_labels(con, [Label(key, "annotator-1", "showcase", others)])
            store_labels(con, [Label(key, "annotator-2", "showcase", ("privacy",))])
        publish(con, path, key=PSEUDONYM)
    states = dict(query(path, "select post_key, state from ops.audit where is_double").rows)

    assert [states[key] for (key,) in found] == ["done", "disputed", "disputed", "done"]


def test_who_labelled_is_not_found_by_trying(tmp_path, corrected):
    """Hashes of the names that people choose are in no table; without the key labels are not published at all."""
    guesses = [f"annotator{mark}{name}" for mark in ("\x1f", "\x1f\x1f") for name in ("annotator-1", "annotator-2")]
    tried = {sha256(guess.encode()).hexdigest()[:length] for guess in guesses for length in (16, 24)}
    assert not tried & {row["annotator_key"] for row in rows(corrected, "from ops.audit_answers")}

    with vault(tmp_path, 1) as con:
        [[key]] = con.execute("select post_key from posts").fetchall()
        store_labels(con, [Label(key, "annotator-1", "learning", kind="correction")])
        with pytest.raises(WarehouseError, match="key of the pseudonyms"):
            publish(con, tmp_path / "etalage.duckdb")


@pytest.mark.parametrize(
    ("count", "themes", "reason"),
    [(0, (), "no audit sample"), (20, (), "too few audited posts"), (200, None, "too few audited posts")],
)
def test_never_the_naive_share_under_another_name(filled, tmp_path, count, themes, reason):
    """Without enough audited posts (or judged themes) the corrected share is null, with the reason."""
    path = tmp_path / "etalage.duckdb"
    with copied(filled, tmp_path) as con:
        if count:
            draw(con, path, count, seed="few")
            answer(con, themes=themes)
            publish(con, path, key=PSEUDONYM)
    mart = "themes" if themes is None else "purpose_share"
    found = rows(
        path, f"select distinct share_corrected, corrected_withheld from mart.{mart} where period_kind = 'all'"
    )

    assert {"share_corrected": None, "corrected_withheld": reason} in found
    assert {row["share_corrected"] for row in found} == {None}


def test_corrections_win_and_stay(filled, tmp_path):
    """A correction wins over the model, in naive shares too, survives a newer one, and changes no corrected share."""
    path = tmp_path / "etalage.duckdb"
    with copied(filled, tmp_path) as con:
        draw(con, path, 200, seed="audit")
        answer(con)
        publish(con, path, key=PSEUDONYM)
        before = personal(path)
        keys = con.execute(
            "select post_key from posts anti join audit_posts using (post_key) order by 1 limit 50"
        ).fetchall()
        store_labels(con, [Label(key, "annotator-1", "learning", ("adoption",)) for (key,) in keys])
        for model in ("test-1", "test-2"):
            merge_annotations(
                con,
                [
                    (row, annotation(row.text, row.bio, **read(row), model_version=model))
                    for row in pending(con, model, 100_000)
                ],
            )
            publish(con, path, key=PSEUDONYM)
            mended = rows(path, "select goal, purpose, goal_p from core.annotations where is_corrected")
            assert mended == [{"goal": "learning", "purpose": "organisational", "goal_p": 1.0}] * 50
            assert rows(path, "select distinct theme, theme_p from core.post_themes") == [
                {"theme": "adoption", "theme_p": 1.0}
            ]
            after = personal(path)
            assert after["share"] < before["share"]
            assert isclose(after["share_corrected"], before["share_corrected"], abs_tol=0.002)


def test_a_correction_of_another_wording_rests(tmp_path):
    """When the text changes, what was said of the old one no longer counts."""
    path = tmp_path / "etalage.duckdb"
    with vault(tmp_path, 30) as con:
        [[key]] = con.execute("select min(post_key) from posts").fetchall()
        store_labels(con, [Label(key, "annotator-1", "learning")])
        con.execute("update posts set text = 'heel iets anders' where post_key = $key", {"key": key})
        publish(con, path, key=PSEUDONYM)

    assert rows(path, "select count(*) as n from core.annotations where is_corrected") == [{"n": 0}]


def test_two_draws_are_one_sample(filled, tmp_path):
    """Posts of two draws from the same posts count alike: 100 and then 100 is as good as 200."""
    path = tmp_path / "etalage.duckdb"
    with copied(filled, tmp_path) as con:
        draw(con, path, 100, seed="one")
        draw(con, path, 100, seed="two")
        answer(con)
        publish(con, path, key=PSEUDONYM)

    assert personal(path)["count_audited"] == 200
    assert personal(path)["corrected_low"] < 0.3 < personal(path)["corrected_high"]


def test_half_answered_draws_weigh_by_what_is_answered(tmp_path):
    """Of posts that only a second draw could take, a fifth is answered so far: each counts for as many more."""
    path = tmp_path / "etalage.duckdb"
    with vault(tmp_path) as con:
        collect(con)
        load_posts(con, range(300))
        annotate(con)
        publish(con, path)
        first = draw(con, path, 150, seed="one").draw_id
        con.execute("update annotations set annotated_at = annotated_at - interval 2 hour")
        con.execute("update audit_draws set frame_at = frame_at - interval 1 hour")
        load_posts(con, range(300, 600))
        annotate(con)
        publish(con, path)
        second = draw(con, path, 150, seed="two").draw_id
        answered = [
            row
            for draw_id, count in ((first, 100), (second, 30))
            for row in con.execute(
                "select post_key, post_id from audit_posts join posts using (post_key) where draw_id = $draw_id "
                "order by position limit $count",
                {"draw_id": draw_id, "count": count},
            ).fetchall()
        ]
        old = sum(number(post_id) < 300 for _, post_id in answered)
        labels = [(key, "showcase" if number(post_id) < 300 else "recruitment") for key, post_id in answered]
        store_labels(con, [Label(key, "annotator-1", goal, ()) for key, goal in labels])
        publish(con, path, key=PSEUDONYM)

    # Drawn first (1/2) and among its 100 of 150; or not, and drawn second (150 of 450), among its 30 of 150.
    old_weight = old / (1 / 2 * 2 / 3 + 1 / 2 * 1 / 3 * 1 / 5)
    new_weight = (130 - old) / (1 / 3 * 1 / 5)
    assert isclose(personal(path)["share_corrected"], old_weight / (old_weight + new_weight))
    assert abs(personal(path)["share_corrected"] - 0.5) < 0.1


@pytest.fixture(scope="module")
def drawn(filled, tmp_path_factory) -> Path:
    """A folder with the same vault, twenty of its posts drawn, ten for two, and published."""
    folder = tmp_path_factory.mktemp("drawn")
    path = folder / "etalage.duckdb"
    with copied(filled, folder) as con:
        draw(con, path, 20, overlap=0.5, seed="page")
        publish(con, path, key=PSEUDONYM)
    return folder


@pytest.fixture
def page(drawn, tmp_path):
    """Return (con on the vault, published file, inbox) with twenty drawn posts, ten for two."""
    with copied(drawn, tmp_path) as con:
        yield con, tmp_path / "etalage.duckdb", tmp_path / labelling.INBOX


def ask(path, inbox, annotator):
    """Label what is asked of the sample, and return the questions."""
    con = open_published(path)
    asked = []
    while (question := labelling.next_to_label(con, annotator, key=PSEUDONYM, inbox=inbox)).kind == "audit":
        labelling.store_label(inbox, question, annotator, "showcase" if annotator == "annotator-1" else "none", ())
        asked.append(question)
        assert len(asked) <= 20
    con.close()
    return asked


def test_the_labelling_page(page):
    """Each annotator is asked once, nobody more than needed, and the answers come in with the next run."""
    con, path, inbox = page
    first = ask(path, inbox, "annotator-1")
    second = ask(path, inbox, "annotator-2")

    assert (len(first), len(second)) == (20, 10)
    assert "goal" not in vars(type(first[0]))
    assert {file.stat().st_mode & 0o777 for file in inbox.iterdir()} == {0o600}
    counts = labelling.import_inbox(con, inbox)
    assert (counts.stored, counts.refused, list(inbox.iterdir())) == (30, {}, [])
    publish(con, path, key=PSEUDONYM)
    assert rows(path, "select state, count(*) as n from ops.audit group by state order by state") == [
        {"state": "disputed", "n": 10},
        {"state": "done", "n": 10},
    ]


def test_adjudication(page):
    """Disputes show both answers; a decision ends them, in the inbox already."""
    con, path, inbox = page
    ask(path, inbox, "annotator-1")
    ask(path, inbox, "annotator-2")
    labelling.import_inbox(con, inbox)
    publish(con, path, key=PSEUDONYM)
    published = open_published(path)
    waiting = labelling.disputes(published, inbox=inbox)
    assert {tuple(sorted(dispute.answers)) for dispute in waiting} == {(("none", ()), ("showcase", ()))}
    labelling.store_label(inbox, waiting[0].question, "annotator-3", "showcase", ())
    assert len(labelling.disputes(published, inbox=inbox)) == 9
    published.close()

    assert labelling.import_inbox(con, inbox).stored == 1
    publish(con, path, key=PSEUDONYM)
    assert rows(path, "select count(*) as n from ops.audit where state = 'adjudicated'") == [{"n": 1}]


def test_after_the_sample_comes_the_review_queue(page):
    """Who is done with the sample is asked what the model doubts; the guess is told apart."""
    con, path, inbox = page
    ask(path, inbox, "annotator-1")
    published = open_published(path)
    question = labelling.next_to_label(published, "annotator-1", key=PSEUDONYM, inbox=inbox)
    drawn = {key for (key,) in con.execute("select post_key from audit_posts").fetchall()}

    assert question.kind == "correction"
    assert question.post_key not in drawn
    assert labelling.model_guess(published, question.post_key).goal in {"showcase", "recruitment"}
    published.close()


def test_what_a_person_decided_is_no_reading_of_the_model(page):
    """A corrected post shows who chose, and nobody is told that the model was sure of it."""
    con, path, _ = page
    drawn = "select post_key from audit_posts"
    [key] = con.execute(f"select min(post_key) from posts where post_key not in ({drawn})").fetchone()
    store_labels(con, [Label(key, "annotator-1", "learning")])
    publish(con, path, key=PSEUDONYM)
    published = open_published(path)
    guess = labelling.model_guess(published, key)
    published.close()
    post_page = pytest.importorskip("warehouse.dashboard.post_page", reason="streamlit is not installed")
    [shown] = rows(path, f"select goal, goal_p, is_corrected from core.annotations where post_key = '{key}'")

    assert guess is None
    assert post_page._reading(shown, {"learning": "Leren"}) == "Een beoordelaar koos: Leren"
    assert post_page._reading({**shown, "is_corrected": False, "goal_p": 0.8}, {}) == "Het model leest: — (80% zeker)"


def test_a_spoilt_inbox(page):
    """What in the inbox is no label is counted, kept and never in the way of the others."""
    con, _, inbox = page
    inbox.mkdir(parents=True)
    (inbox / "a.jsonl").write_text("{\n" + json.dumps({"post_key": "x", "annotator": "annotator-1", "goal": "fame"}))
    counts = labelling.import_inbox(con, inbox)

    assert (counts.stored, sum(counts.refused.values())) == (0, 2)
    assert (inbox.parent / "imported" / "a.jsonl").exists()
