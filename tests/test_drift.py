"""Drift: quiet where nothing changed, loud where labels, confidence or words moved, and clear when it cannot tell."""

import shutil
from datetime import UTC, date, datetime
from functools import cache

import duckdb
import numpy as np
import pytest
from stocked import PSEUDONYM, annotate, collect, load, post, vault

from nlp import codebook
from warehouse.audit import draw
from warehouse.drift import measure_drift
from warehouse.errors import WarehouseError
from warehouse.labels import Label, store_labels
from warehouse.publish import publish
from warehouse.sql import query

MONTHS, AUTHORS, POSTS = 4, 60, 800
GOALS = list(codebook.PURPOSE_OF)
OLD_WORDS = ("wij", "zoeken", "collega", "die", "graag", "met", "mensen", "werkt", "binnen", "ons", "team")
NEW_WORDS = ("podcasts", "algoritmes", "chatbots", "metaverse", "tokens", "avatars", "wearables")
DOUBTFUL = """
    select post_key from core.annotations join core.posts using (post_key)
    where goal_p < 0.85 and created_month < '2026-05-01'
"""


def publish_months(folder, *, share=0.3, sure=0.8, words=OLD_WORDS, text="masked"):
    """Publish four months of posts; in the last one the share of showcases, the confidence and the words differ."""
    chance = np.random.default_rng(11)
    liking = chance.beta(3, 7, AUTHORS)
    facts = []
    for number in range(POSTS):
        month, author = number * MONTHS // POSTS, int(chance.integers(AUTHORS))
        last = month == MONTHS - 1
        chosen = chance.random() < (liking[author] + (share - 0.3 if last else 0))
        said = " ".join(chance.choice(words if last else OLD_WORDS, 8))
        facts.append((month, author, chosen, (sure if last else 0.8) + chance.normal(0, 0.05), said))

    def read(row):
        _, _, chosen, confidence, _ = facts[int(row.post_id[-5:])]
        goal = ("showcase", "personal") if chosen else ("recruitment", "organisational")
        return {"goal": goal[0], "purpose": goal[1], "goal_p": float(np.clip(confidence, 0, 1))}

    posts = [
        post(
            number,
            author_id=f"77{author:05d}",
            handle=f"iemand_{author}",
            text=said,
            created_at=datetime(2026, 2 + month, 10, 12, tzinfo=UTC),
            collected_at=datetime(2026, 6, 2, tzinfo=UTC),
        )
        for number, (month, author, _, _, said) in enumerate(facts)
    ]
    path = folder / "etalage.duckdb"
    with vault(folder) as con:
        collect(con)
        load(con, *posts)
        annotate(con, read)
        publish(con, path, text=text)
    return path


@pytest.fixture(scope="module")
def put(tmp_path_factory):
    """Return what publishes such months and gives the file; the same months are published once."""
    return cache(lambda **changed: publish_months(tmp_path_factory.mktemp("months"), **changed))


@pytest.fixture
def steady(put, tmp_path):
    """Return (con on the vault, published file) of a copy of four months in which nothing differs."""
    shutil.copytree(put().parent, tmp_path, dirs_exist_ok=True)
    with vault(tmp_path) as con:
        yield con, tmp_path / "etalage.duckdb"


def label(steady, keys):
    """Have a person take these posts for some of no goal, and publish."""
    con, path = steady
    store_labels(con, [Label(key, "annotator-1", "none") for (key,) in keys])
    publish(con, path, key=PSEUDONYM)


def verdicts(drift):
    """Return each finding's verdict."""
    return {finding.what: finding.verdict for finding in drift.findings}


def test_nothing_moved(steady):
    """The same people saying the same things is no drift, and with enough audited posts nothing is due."""
    con, path = steady
    draw(con, path, 100, seed="drift")
    label(steady, con.execute("select post_key from audit_posts").fetchall())
    drift = measure_drift(path, date(2026, 5, 1))

    assert verdicts(drift) == {"labels": "steady", "confidence": "steady", "words": "steady"}
    assert not drift.audit_due
    assert drift.reasons == ()


def test_one_audited_post_of_the_month_silences_nothing(put, tmp_path):
    """The month's figures cannot be corrected by it, so a shift is told all the same."""
    shutil.copytree(put(share=0.65).parent, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "etalage.duckdb"
    with vault(tmp_path) as con:
        draw(con, path, 200, seed="drift")
        keys = con.execute(
            "select post_key from audit_posts join posts using (post_key) "
            "qualify created_at < '2026-05-01' or row_number() over (order by created_at desc, post_key) = 1"
        ).fetchall()
        label((con, path), keys)
    drift = measure_drift(path, date(2026, 5, 1))

    assert drift.audit_due
    assert drift.reasons[0].startswith("goals moved")


def test_a_month_that_is_audited_itself_is_not_told(put, tmp_path):
    """With as many audited posts of the month as corrected figures need, its shift is in those: none are asked for."""
    shutil.copytree(put(share=0.65).parent, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "etalage.duckdb"
    with vault(tmp_path) as con:
        draw(con, path, 200, seed="drift")
        label((con, path), con.execute("select post_key from audit_posts").fetchall())
    drift = measure_drift(path, date(2026, 5, 1))

    assert verdicts(drift)["labels"] == "moved"
    assert not drift.audit_due


@pytest.mark.parametrize(
    ("changed", "what", "word"),
    [
        ({"share": 0.65}, "labels", "showcase"),
        ({"sure": 0.6}, "confidence", "0.60"),
        ({"words": NEW_WORDS}, "words", "most: "),
    ],
)
def test_what_moved_is_named(put, changed, what, word):
    """A shift in goals, confidence or words is found, told in a sentence, and asks for a new audit sample."""
    drift = measure_drift(put(**changed), date(2026, 5, 1))

    assert [name for name, verdict in verdicts(drift).items() if verdict == "moved"] == [what]
    assert [word in finding.sentence for finding in drift.findings if finding.what == what] == [True]
    assert drift.audit_due


@pytest.fixture(scope="module")
def regulars(tmp_path_factory):
    """Return a file of 40 people who post in each of seven months up to July, some much more than others."""
    folder = tmp_path_factory.mktemp("regulars")
    people, months = 40, 7
    chance = np.random.default_rng(7)
    counts = chance.poisson(np.tile(2 * chance.lognormal(0, 0.7, people), months))
    places = np.repeat(np.arange(people * months), counts).tolist()
    with vault(folder) as con:
        collect(con)
        load(
            con,
            *(
                post(
                    number,
                    author_id=f"78{place % people:05d}",
                    handle=f"iemand_{place % people}",
                    created_at=datetime(2026, 1 + place // people, 10, 12, tzinfo=UTC),
                    collected_at=datetime(2026, 8, 2, tzinfo=UTC),
                )
                for number, place in enumerate(places)
            ),
        )
        annotate(con)
        publish(con, folder / "etalage.duckdb")
    return folder / "etalage.duckdb"


def labels_of(path, seed, moved):
    """Have everybody post by a mix of goals of their own, `moved` of July's posts be vacancies, and compare July."""
    chance = np.random.default_rng(seed)
    posts = query(path, "select post_key, author_key, created_month from core.posts order by all", rows=10_000).rows
    mixes = {author: chance.dirichlet(np.full(len(GOALS), 0.6)) for author in sorted({row[1] for row in posts})}
    goals = [
        "recruitment"
        if month == date(2026, 7, 1) and chance.random() < moved
        else str(chance.choice(GOALS, p=mixes[author]))
        for _, author, month in posts
    ]
    with duckdb.connect(str(path)) as con:
        con.execute(
            "update core.annotations set model_goal = dealt.goal "
            "from (select unnest($keys) as post_key, unnest($goals) as goal) as dealt "
            "where annotations.post_key = dealt.post_key",
            {"keys": [key for key, _, _ in posts], "goals": goals},
        )
    [labels] = [one for one in measure_drift(path, date(2026, 7, 1)).findings if one.what == "labels"]
    return labels


def test_a_shift_among_the_same_people_is_told(regulars):
    """People are compared with themselves: a quarter of posts that become vacancies is told in most months."""
    found = [labels_of(regulars, seed, 0.25) for seed in range(20)]

    assert sum(one.verdict == "moved" for one in found) >= 15


def test_chance_is_not_told(regulars):
    """Where nothing shifted, the month is seldom further off than chance makes it."""
    found = [labels_of(regulars, seed, 0.0) for seed in range(20, 40)]

    assert sum(one.distance > one.chance for one in found) <= 3


def test_corrections_are_no_drift(steady):
    """Where people mended what the model doubted, what it read itself is compared: nothing moved."""
    _, path = steady
    label(steady, query(path, DOUBTFUL, rows=POSTS).rows)

    assert query(path, "select count(*) > 200 from core.annotations where is_corrected").rows == [(True,)]
    assert verdicts(measure_drift(path, date(2026, 5, 1))) == dict.fromkeys(["labels", "confidence", "words"], "steady")


def test_without_an_audit_one_is_due(put):
    """Even when nothing moved: nothing was ever audited."""
    drift = measure_drift(put(), date(2026, 5, 1))

    assert drift.reasons == ("nothing is audited yet: etalage audit draw 300",)


def test_the_training_corpus_is_the_reference_for_words(put):
    """Words that the model was trained on are not new, whatever the months before said."""
    path = put(words=NEW_WORDS)
    drift = measure_drift(path, date(2026, 5, 1), [" ".join(OLD_WORDS + NEW_WORDS)])

    assert verdicts(drift)["words"] == "steady"


def test_without_text(put):
    """Where no text is published, words are not compared, and that is said."""
    drift = measure_drift(put(text="none"), date(2026, 5, 1))

    assert verdicts(drift)["words"] == "unknown"


def test_too_little_to_compare(put):
    """A month without posts, or without posts before it, is not compared."""
    path = put()
    for month in (date(2026, 2, 1), date(2026, 6, 1)):
        assert set(verdicts(measure_drift(path, month)).values()) == {"unknown"}


def test_another_versions_file(tmp_path):
    """Between an update and the next night the file lacks what is compared: that is said in one line."""
    with vault(tmp_path, 5) as con:
        publish(con, tmp_path / "etalage.duckdb")
    with duckdb.connect(str(tmp_path / "etalage.duckdb")) as con:
        con.execute("alter table core.annotations drop column model_goal")

    with pytest.raises(WarehouseError, match="another version of Etalage"):
        measure_drift(tmp_path / "etalage.duckdb", date(2026, 5, 1))


def test_no_posts(tmp_path):
    """An empty file gives no finding and no demand."""
    with vault(tmp_path) as con:
        publish(con, tmp_path / "etalage.duckdb")
    for month in (None, date(2026, 5, 1)):
        drift = measure_drift(tmp_path / "etalage.duckdb", month)

        assert (drift.month, drift.audit_due) == (None, False)
