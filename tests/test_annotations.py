"""Annotations: what waits is what this model has not read in its present form."""

import random
import threading
from dataclasses import replace
from datetime import timedelta

from stocked import PSEUDONYM, annotate, annotation, load, post, vault

from connectors import cutting
from flows import steps
from nlp.annotation import hash_text
from nlp.artefact import model_version
from warehouse.annotations import Pending, count_pending, merge_annotations, pending
from warehouse.erasure import erase
from warehouse.erasure_requests import author_request
from warehouse.publish import publish
from warehouse.sql import query

HOUR = timedelta(hours=1)


def test_newest_first_until_nothing_waits(tmp_path):
    """Posts wait newest first with their author's bio, in batches, until all are read."""
    with vault(tmp_path) as con:
        load(con, *(post(number) for number in range(5)))
        batch = pending(con, "test-1", 2)
        merge_annotations(con, [(item, annotation(item.text, item.bio)) for item in batch])

        assert [item.post_id[-1] for item in batch] == ["4", "3"]
        assert batch[0].bio == "HR-adviseur bij Gemeente Waterbroek"
        assert count_pending(con, "test-1") == 3
        annotate(con)
        assert count_pending(con, "test-1") == 0
        assert pending(con, "test-1", 10) == []


def test_the_hash_is_the_pipelines(tmp_path):
    """SQL and Python name a text and bio alike, odd characters and a missing bio included."""
    with vault(tmp_path) as con:
        for number, (text, bio) in enumerate([("é\U0001f389\n", None), ("half \ud83d", "b\x00"), ("", "")]):
            load(con, post(number, text=text, bio=bio, author_id=f"99000{number}"))
        rows = pending(con, "test-1", 10)
        merge_annotations(con, [(row, annotation(row.text, row.bio)) for row in rows])

        assert len(rows) == 3
        assert count_pending(con, "test-1") == 0


def test_a_changed_text_or_bio_is_read_again(tmp_path):
    """An edited text, or another bio, makes the post wait again; the old annotation stays as history."""
    later = {"collected_at": post(1).collected_at + HOUR}
    with vault(tmp_path) as con:
        load(con, post(1), post(2))
        annotate(con)
        load(con, post(1, text="verbeterd", **later), post(2, bio="nieuw", **later))

        assert {row.text for row in pending(con, "test-1", 10)} == {"verbeterd", post(2).text}
        annotate(con)
        assert count_pending(con, "test-1") == 0
        assert con.execute("select count(*) from annotations").fetchone() == (4,)


def test_a_better_model_reads_everything_again(tmp_path):
    """For another model everything waits; collecting is not needed."""
    with vault(tmp_path, 3) as con:
        assert count_pending(con, "test-1") == 0
        assert count_pending(con, "test-2") == 3


def test_back_to_an_earlier_model(tmp_path):
    """After another model the first reads everything again, and its reading is what is published."""
    with vault(tmp_path) as con:
        load(con, post(1), post(2))
        for model in ("A", "B", "A"):
            assert count_pending(con, model) == 2
            rows = pending(con, model, 10)
            merge_annotations(con, [(row, annotation(row.text, row.bio, model_version=model)) for row in rows])
            assert count_pending(con, model) == 0
        publish(con, tmp_path / "etalage.duckdb", key=PSEUDONYM)

    sql = "select distinct model_version from core.annotations"
    assert query(tmp_path / "etalage.duckdb", sql).rows == [("A",)]


def test_a_model_that_is_replaced_while_it_loads_reads_to_the_end(tmp_path, monkeypatch):
    """Posts are read by what was loaded, whatever lay in its place when they were counted."""
    monkeypatch.setattr(steps, "model_version", lambda _: "before")
    stop = threading.Event()
    late = threading.Timer(60, stop.set)
    late.start()
    with vault(tmp_path) as con:
        load(con, post(1), post(2))
        assert steps.annotate.fn(con, None, stop) == {"annotated": 2}
        assert count_pending(con, model_version()) == 0
    late.cancel()
    assert not stop.is_set()


def test_merging_twice_doubles_nothing(tmp_path):
    """The same annotation in one batch or in two is stored once; one for a post that is gone is left out."""
    with vault(tmp_path) as con:
        load(con, post(1))
        row = pending(con, "test-1", 1)[0]
        gone = Pending("x", "1", "weg", None)
        batch = [(row, annotation(row.text, row.bio)), (row, annotation(row.text, row.bio)), (gone, annotation("weg"))]
        merge_annotations(con, batch)
        merge_annotations(con, batch)
        merge_annotations(con, [])

        assert con.execute("select text_hash from annotations").fetchall() == [(hash_text(row.text, row.bio),)]


def test_back_to_an_earlier_wording(tmp_path):
    """A text that becomes again what it was is read again, so that the last annotation is of the present text."""
    first = post(1)
    with vault(tmp_path) as con:
        for hours, text in enumerate(("eerst", "anders", "eerst")):
            load(con, replace(first, text=text, collected_at=first.collected_at + hours * HOUR))
            annotate(con)

        newest = con.execute("select max_by(text_hash, annotated_at) from annotations").fetchone()
        assert newest == (hash_text("eerst", first.bio),)


def test_an_author_who_becomes_known_is_read_with_the_post(tmp_path):
    """A post whose author a platform tells only later waits again, for it has a bio now; another author's does not."""
    nobody = {"author_id": None, "handle": None, "display_name": None, "bio": None}
    with vault(tmp_path) as con:
        load(con, post(1, **nobody), post(2))
        annotate(con)
        load(con, post(1, collected_at=post(1).collected_at + HOUR))

        assert [row.bio for row in pending(con, "test-1", 10)] == [post(1).bio]


def test_counts_alone_do_not_wait(tmp_path):
    """More likes, another name or an older look at another text are nothing to read again."""
    with vault(tmp_path, 3) as con:
        load(
            con,
            post(1, likes=99, display_name="Willemijn Anders", collected_at=post(1).collected_at + HOUR),
            post(2, text="vroeger", bio="vroeger", collected_at=post(2).collected_at - HOUR),
        )

        assert count_pending(con, "test-1") == 0


def test_all_that_comparing_everything_finds_waits(tmp_path):
    """After any order of loading, editing, other bios, reading, other models and erasing, nothing unread is missed."""
    chance = random.Random(7)  # noqa: S311 -- repeatable, not secret
    unread = (
        "select posts.post_id from posts left join authors using (platform, author_id) where not exists ("
        "from annotations where annotations.post_id = posts.post_id and model_version = $model "
        "and text_hash = sha256(posts.text || chr(31) || coalesce(bio, '')))"
    )
    model, most = "test-1", 0
    with vault(tmp_path) as con:
        for step in range(60):
            look = post(1).collected_at + (step - chance.choice([0, 0, 0, 9])) * HOUR
            load(
                con,
                *(
                    post(
                        number,
                        text=f"Bericht {chance.randrange(4)} van @willemijn_{chance.randrange(7)}",
                        bio=chance.choice([None, "HR", "Marketing"]),
                        collected_at=look,
                    )
                    for number in chance.sample(range(40), chance.randrange(6))
                ),
            )
            if chance.random() < 0.1:
                model = chance.choice(["test-1", "test-2"])
            if step in {20, 40}:
                erase(con, author_request(con, f"willemijn_{step // 20}@x"), "asked", key=PSEUDONYM, cutting=cutting)
            rows = pending(con, model, chance.randrange(6))
            merge_annotations(con, [(row, annotation(row.text, row.bio, model_version=model)) for row in rows])

            expected = {post_id for (post_id,) in con.execute(unread, {"model": model}).fetchall()}
            assert expected <= {row.post_id for row in pending(con, model)}
            assert count_pending(con, model) == len(pending(con, model))
            most = max(most, len(expected))
    assert most > 5
