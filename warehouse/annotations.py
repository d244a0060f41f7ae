"""What still has to be annotated, and what was: by model, codebook and the text that was read."""

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.annotation import Annotation
from warehouse.rows import Table, annotation_table
from warehouse.sqlfiles import statement
from warehouse.vault import Connection, transaction
from warehouse.vectors import merge_vectors


@dataclass(frozen=True, slots=True)
class Pending:
    """A post that this model has not read in its present form, with its author's bio."""

    platform: str
    post_id: str
    text: str
    bio: str | None
    masked_text: str = ""


def pending(con: Connection, model_version: str, limit: int = 1_000) -> list[Pending]:
    """List posts without an annotation by this model of their present text and bio, newest first."""
    wait_for(con, model_version)
    return [Pending(*row) for row in con.execute(statement("pending"), {"limit": limit}).fetchall()]


def count_pending(con: Connection, model_version: str) -> int:
    """Count what `pending` would list without a limit."""
    wait_for(con, model_version)
    row = con.execute("select count(*) from unread").fetchone()
    return int(row[0]) if row else 0


def wait_for(con: Connection, model_version: str) -> None:
    """Let `unread` hold what this model has not read: it does already, unless another model read last."""
    if con.execute("select model_version from reader").fetchall() == [(model_version,)]:
        return
    with transaction(con):
        con.execute("delete from unread; delete from reader")
        con.execute(statement("enter_all_unread"), {"model_version": model_version}).fetchall()
        con.execute("insert into reader values ($model_version)", {"model_version": model_version}).fetchall()


def merge_annotations(
    con: Connection, rows: Sequence[tuple[Pending, Annotation]], signs: Sequence[bytes | None] = ()
) -> None:
    """Store annotations, and the `signs` of each post's masked text where there are any, in one transaction.

    Those of posts that do not wait for them are left out; of vectors a post has one, the newest.
    """
    once = {(post.platform, post.post_id): annotation for post, annotation in rows}
    table = annotation_table((*key, annotation) for key, annotation in once.items())
    vectors = [
        (post.platform, post.post_id, post.masked_text, one, annotation.model_version)
        for (post, annotation), one in zip(rows, signs, strict=bool(signs))
        if one is not None
    ]
    with transaction(con):
        merge_vectors(con, vectors)
        merge_annotation_table(con, table)


def merge_annotation_table(con: Connection, table: Table) -> None:
    """Merge a table of `ANNOTATION_SCHEMA`, each post once, inside the caller's transaction."""
    con.register("incoming_annotations", table)
    try:
        # An organisation that was erased is named by no annotation, whatever a bio or text goes on saying.
        con.execute(statement("name_key"))
        con.execute(statement("forget_organisations"))
        con.execute(statement("insert_annotations"))
        con.execute(statement("leave_unread"))
    finally:
        con.unregister("incoming_annotations")
