"""The steps after collecting, each a Prefect task whose result is counts."""

import threading
from contextlib import suppress
from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from connectors.sample import FOLDER
from flows import progress
from flows.loading import load_stored
from nlp.artefact import model_version
from nlp.pipeline import load as load_pipeline
from warehouse import annotations
from warehouse.fiction import is_fiction
from warehouse.labelling import INBOX, import_inbox
from warehouse.panel import organisations
from warehouse.publish import Text
from warehouse.publish import publish as publish_file
from warehouse.report import write_report
from warehouse.sample_labels import label_sample
from warehouse.stopping import Stopped
from warehouse.vault import Connection

POSTS_AT_ONCE = 5_000
POSTS_A_TRANSACTION = 1_000
"""Small enough that a run which is asked to stop does so within seconds."""


@task(name="load", persist_result=False, cache_policy=NO_CACHE)
def load(con: Connection, pseudonym_key: bytes, stop: threading.Event | None = None) -> dict[str, int]:
    """Load every stored page that is not loaded yet; count what became of its posts."""
    return load_stored(con, pseudonym_key, stop)


@task(name="annotate", persist_result=False, cache_policy=NO_CACHE)
def annotate(con: Connection, model: Path | None, stop: threading.Event) -> dict[str, int]:
    """Annotate every post that this model has not read, batch by batch, each batch in one transaction.

    The panel's organisations are known by name: a rule cannot tell them from other words.
    """
    if not annotations.count_pending(con, model_version(model)):
        return {"annotated": 0}
    from nlp.annotate import annotate_shown  # noqa: PLC0415 - spaCy: a second that an idle night saves

    show = progress.current.get()
    done = 0
    nlp = load_pipeline(model)
    # What is loaded tells its version: had the model been replaced in between, none of its readings would be stored.
    version = nlp.meta["etalage"]["model_version"]
    total = annotations.count_pending(con, version)
    nlp.get_pipe("organisations").learn(organisations(con))  # type: ignore[attr-defined]
    with show.step("Annotating", total, "posts") as step:
        while not stop.is_set() and (waiting := annotations.pending(con, version, POSTS_AT_ONCE)):
            for start in range(0, len(waiting), POSTS_A_TRANSACTION):
                if stop.is_set():
                    break
                batch = waiting[start : start + POSTS_A_TRANSACTION]
                rows = ((post.text, post.bio, post.masked_text) for post in batch)
                read, signs = zip(*annotate_shown(nlp, rows), strict=True)
                annotations.merge_annotations(con, list(zip(batch, read, strict=True)), signs)
                done += len(batch)
                step.advance(len(batch))
    return {"annotated": done}


@task(name="publish", persist_result=False, cache_policy=NO_CACHE)
def publish(
    con: Connection,
    key: bytes,
    target: Path,
    text: Text,
    *,
    stop: threading.Event | None = None,
) -> dict[str, int] | None:
    """Bring in waiting labels, build the analysts' file beside the old one, check it, and put it in its place.

    None when it was stopped before: yesterday's file is better than half of today's.
    """
    with suppress(Stopped), progress.current.get().step("Publishing", None, "posts") as step:
        labels = import_inbox(con, target.parent / INBOX)
        published = publish_file(con, target, text=text, key=key, stop=stop)
        # The sample's audit is drawn from the published file, so its figures show in a second one.
        if is_fiction(con) and label_sample(con, target, FOLDER / "labels.jsonl"):
            published = publish_file(con, target, text=text, key=key, stop=stop)
        step.advance(published.posts)
        return {"published": published.posts, "labelled": labels.stored, "labels_refused": labels.refused.total()}
    return None


@task(name="report", persist_result=False, cache_policy=NO_CACHE)
def report(published: Path, target: Path) -> None:
    """Write the report from the published file."""
    with progress.current.get().step("Reporting", 1, "pages") as step:
        write_report(published, target)
        step.advance()
