"""Annotations: what waits is what this model has not read in its present form."""

from datetime import timedelta

from stocked import annotate, annotation, load, post, vault

from nlp.annotation import hash_text
from warehouse.annotations import Pending, count_pending, merge_annotations, pending

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
