"""Labels: only right ones come in, once, and never those of the audit sample into training."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from stocked import PSEUDONYM, annotate, load, post, vault

from nlp.corpus_files import read_post
from warehouse.answers import as_dicts
from warehouse.audit import draw
from warehouse.labels import BadLabel, Label, store_labels, training_rows
from warehouse.publish import publish
from warehouse.sql import query

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return a folder with a vault of forty posts, ten of them drawn."""
    folder = tmp_path_factory.mktemp("drawn")
    with vault(folder, 40) as con:
        publish(con, folder / "etalage.duckdb")
        draw(con, folder / "etalage.duckdb", 10, seed="labels")
    return folder


@pytest.fixture
def stock(home, tmp_path):
    """Return an open copy of that vault: (con, drawn keys, other keys)."""
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    with vault(tmp_path) as con:
        drawn = [key for (key,) in con.execute("select post_key from audit_posts order by 1").fetchall()]
        other = con.execute("select post_key from posts anti join audit_posts using (post_key) order by 1").fetchall()
        yield con, drawn, [key for (key,) in other]


def stored(con):
    """Return the stored labels as dicts, the oldest first."""
    return as_dicts(con.execute("select * from labels order by labelled_at, label_id"))


def test_the_same_answer_is_stored_once(stock):
    """However often a label comes, in one batch or in many, it is stored once."""
    con, drawn, _ = stock
    label = Label(drawn[0], "annotator-1", "showcase", ("privacy",), labelled_at=NOON)

    assert store_labels(con, [label, label]).stored == 1
    assert store_labels(con, [label]).unchanged == 1
    assert len(stored(con)) == 1


def test_the_kind_follows_the_sample(stock):
    """A label without a kind is an audit label for a drawn post, else a correction."""
    con, drawn, other = stock
    store_labels(con, [Label(drawn[0], "annotator-1", "none"), Label(other[0], "annotator-1", "none")])

    assert {label["post_key"]: label["kind"] for label in stored(con)} == {drawn[0]: "audit", other[0]: "correction"}


def test_going_back_to_an_answer(stock):
    """Who answers A, then B, then A again has said A last."""
    con, drawn, _ = stock
    for hours, goal in enumerate(["showcase", "none", "showcase"]):
        store_labels(con, [Label(drawn[0], "annotator-1", goal, labelled_at=NOON + timedelta(hours=hours))])

    assert [label["goal"] for label in stored(con)] == ["none", "showcase"]


def test_an_answer_given_more_often_counts_from_its_last_moment(stock):
    """A file may bring a known answer more than once, in any order."""
    con, drawn, _ = stock

    def given(hour, goal):
        return Label(drawn[0], "annotator-1", goal, labelled_at=NOON + timedelta(hours=hour))

    store_labels(con, [given(0, "showcase"), given(2, "none")])
    store_labels(con, [given(1, "showcase"), given(3, "showcase")])

    assert [label["goal"] for label in stored(con)] == ["none", "showcase"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"post_key": "0" * 24}, "unknown post"),
        ({"codebook_version": "1"}, "made with another codebook"),
        ({"question_hash": "0" * 16}, "the post was edited since"),
        ({"kind": "audit"}, "not in the audit sample"),
        ({"kind": "adjudication"}, "nothing to adjudicate: nobody labelled it for the audit"),
    ],
)
def test_refused_with_the_reason(stock, changed, reason):
    """What cannot count is refused and counted by its reason; the rest of the batch is stored."""
    con, drawn, other = stock
    given = {"post_key": other[0], "annotator": "annotator-1", "goal": "none", **changed}
    counts = store_labels(con, [Label(**given), Label(drawn[0], "annotator-1", "none")])

    assert counts.refused == {reason: 1}
    assert (counts.stored, len(stored(con))) == (1, 1)


def test_labels_for_erased_posts(stock):
    """A label for a post that was erased is refused and says so."""
    con, _, other = stock
    con.execute("insert into tombstones values ('post', $key, 'asked', now())", {"key": other[0]})
    con.execute("delete from posts where post_key = $key", {"key": other[0]})

    assert store_labels(con, [Label(other[0], "annotator-1", "none")]).refused == {"the post was erased": 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"goal": "fame"},
        {"themes": ("privacy", "weather")},
        {"kind": "guess"},
        {"annotator": "Willemijn Voorbeeld"},
        {"annotator": "a@voorbeeld.example"},
        {"labelled_at": datetime(2026, 6, 1, 12)},
    ],
)
def test_outside_the_codebook(wrong):
    """A label, theme or kind that does not exist, or an annotator with a name, is one clear line."""
    with pytest.raises(BadLabel) as error:
        Label(**{"post_key": "k", "annotator": "annotator-1", "goal": "none", **wrong})

    assert "\n" not in str(error.value)


def test_the_audit_sample_is_never_trained_on(stock):
    """Training gets corrections outside the sample alone: no drawn post, and no post with a drawn post's words."""
    con, drawn, other = stock
    [[text]] = con.execute("select text from posts where post_key = $key", {"key": drawn[1]}).fetchall()
    load(con, post(900, text=text))
    annotate(con)
    [[copy]] = con.execute("select post_key from posts where post_id like '%00900'").fetchall()
    labels = [Label(key, "annotator-1", "learning", kind="correction") for key in (drawn[0], copy, *other[:3])]
    labels.append(Label(drawn[2], "annotator-1", "learning"))
    assert store_labels(con, labels).stored == 6

    assert [row["id"] for row in training_rows(con)] == other[:3]
    assert {(row["goal"], row["purpose"]) for row in training_rows(con)} == {("learning", "organisational")}


def test_reddit_is_never_trained_on(stock):
    """A correction of a post from Reddit counts in the figures, and is not trained on."""
    con, _, other = stock
    load(con, post(901, platform="reddit", post_id="t3_901"))
    annotate(con)
    [[key]] = con.execute("select post_key from posts where platform = 'reddit'").fetchall()
    assert store_labels(con, [Label(one, "annotator-1", "learning") for one in (key, other[0])]).stored == 2

    assert [row["id"] for row in training_rows(con)] == other[:1]


def test_training_takes_the_newest_correction_of_the_present_text(stock):
    """An older correction, and one of a text that was edited since, are not trained on."""
    con, _, other = stock
    store_labels(
        con,
        [
            Label(other[0], "annotator-1", "learning", labelled_at=NOON),
            Label(other[0], "annotator-2", "none", labelled_at=NOON + timedelta(hours=1)),
            Label(other[1], "annotator-1", "none"),
        ],
    )
    con.execute("update posts set text = 'iets anders' where post_key = $key", {"key": other[1]})

    assert [(row["id"], row["goal"]) for row in training_rows(con)] == [(other[0], "none")]


def test_what_a_newer_codebook_dropped_or_moved_stops_no_publishing(tmp_path):
    """The goal is corrected, under its purpose of now, without that theme; themes not judged stay the model's."""
    path = tmp_path / "etalage.duckdb"
    with vault(tmp_path) as con:
        load(con, post(1), post(2))
        annotate(con, lambda _: {"themes": ("adoption",), "themes_p": (0.8,)})
        one, two = (key for (key,) in con.execute("select post_key from posts order by post_id").fetchall())
        store_labels(con, [Label(one, "annotator-1", "learning", ("privacy",)), Label(two, "annotator-1", "learning")])
        con.execute(
            "update labels set codebook_version = '1', purpose = 'personal', themes = list_append(themes, 'dropped'), "
            "question_hash = left(sha256(salt || chr(31) || posts.text || chr(31) || '1'), 16) "
            "from posts, label_salt where posts.post_key = labels.post_key"
        )
        con.execute("update labels set themes = null where post_key = $key", {"key": two})
        publish(con, path, key=PSEUDONYM)

    corrected = query(path, "select post_key, purpose, goal from core.annotations where is_corrected order by all").rows
    themes = query(path, "select post_key, theme from core.post_themes order by all").rows
    assert corrected == sorted((key, "organisational", "learning") for key in (one, two))
    assert themes == sorted([(one, "privacy"), (two, "adoption")])


def test_themes_that_nobody_judged_are_not_taught_as_none(stock):
    """A correction of the goal alone says nothing of the themes, and one without themes says that there are none."""
    con, _, other = stock
    given = {other[0]: None, other[1]: (), other[2]: ("adoption",)}
    store_labels(con, [Label(key, "annotator-1", "learning", themes) for key, themes in given.items()])
    taught = [read_post(row, "row") for row in training_rows(con)]

    assert {row["id"]: row["themes"] for row in training_rows(con)} == {
        other[0]: None,
        other[1]: [],
        other[2]: ["adoption"],
    }
    assert {post.id: (post.judged, post.themes) for post in taught} == {
        other[0]: (False, ()),
        other[1]: (True, ()),
        other[2]: (True, ("adoption",)),
    }
