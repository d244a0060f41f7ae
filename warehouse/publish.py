"""The published file: built beside its place from the vault, checked, searched for names, and only then put there.

Whoever has the old file open goes on reading it; whoever opens it next reads the new one.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, Final, Literal

import duckdb

from nlp import codebook
from warehouse import leaks, masking
from warehouse.agreement import add_agreement
from warehouse.checks import run_checks
from warehouse.copying import forget, on_disk
from warehouse.correction import add_corrected
from warehouse.errors import WarehouseError, clear_errors
from warehouse.fiction import FICTION_PREFIX, is_fiction
from warehouse.pseudonyms import pseudonym
from warehouse.sqlfiles import literal, script, scripts, statement
from warehouse.stopping import stoppable
from warehouse.suppression import protect_estimates, protect_quality, protect_reactions
from warehouse.vault import Connection, cursor, transaction

Text = Literal["full", "masked", "none"]
_MASKED_AT_ONCE: Final = 50_000
"""Newer rules mask every text of the vault again: so many at once take some 150 MB."""


@dataclass(frozen=True, slots=True)
class PublishCounts:
    """What the published file holds."""

    posts: int
    authors: int


def publish(
    con: Connection,
    target: Path,
    *,
    text: Text = "masked",
    settings: Mapping[str, float] | None = None,
    key: bytes | None = None,
    stop: Event | None = None,
) -> PublishCounts:
    """Replace the file at `target` by a new one built from the vault; on any error the old file stays.

    `settings` changes thresholds of ops.settings by name; labels need `key`, that of the pseudonyms.
    Raises `ChecksFailed`, `Leak` or another `WarehouseError`; `Stopped` when `stop` is set before the file is whole.
    """
    target = target.absolute()
    fresh = target.with_name(f"{target.name}.new")
    own = cursor(con)
    try:
        with stoppable(own, stop):
            _prepare(own)
            _name_annotators(own, key)
        with clear_errors(target):
            with _attached(own, fresh), stoppable(own, stop):
                counts = _build(own, text, settings or {})
            _put(fresh, target)
        _remember(own, counts)
    finally:
        forget(fresh)
        own.close()
    return counts


def _prepare(own: Connection) -> None:
    """Write to the vault what publishing needs there: texts masked by today's rules, keys for new employers."""
    _mask_again(own)
    with transaction(own):
        own.execute(statement("name_key"))
        own.execute(statement("plain"))
        goals = [{"goal": goal, "purpose": purpose} for goal, purpose in codebook.PURPOSE_OF.items()]
        own.execute(statement("corrections"), {"goals": goals, "themes": list(codebook.THEMES)}).fetchall()
        for step in PREPARING:
            own.execute(script(*step.split("/")))
        own.execute(statement("name_organisations"))


def _mask_again(own: Connection) -> None:
    stale = {"version": masking.VERSION, "most": _MASKED_AT_ONCE}
    while rows := own.execute(
        "select post_key, text from posts where masking_version <> $version limit $most", stale
    ).fetchall():
        masked = [{"post_key": key, "masked_text": masking.mask(text)} for key, text in rows]
        with transaction(own):
            own.execute(statement("mask_again"), {"masked": masked, "version": masking.VERSION}).fetchall()


def _name_annotators(own: Connection, key: bytes | None) -> None:
    """Give every annotator a keyed name: one without a key is found by trying annotator-1, annotator-2 and so on."""
    names = [name for (name,) in own.execute("select distinct annotator from labels").fetchall()]
    if names and key is None:
        raise WarehouseError("labels cannot be published without the key of the pseudonyms")
    rows = [{"annotator": name, "annotator_key": pseudonym(key or b"", "annotator", "", name)} for name in names]
    own.execute(statement("annotators"), {"annotators": rows}).fetchall()


def _build(own: Connection, text: Text, settings: Mapping[str, float]) -> PublishCounts:
    own.execute(f"set variable shown_text = {literal(text)}")
    own.execute(f"set variable codebook_version = {literal(codebook.VERSION)}")
    # One transaction, so that all tables show the same moment of the vault.
    own.begin()
    try:
        fiction = is_fiction(own)
        own.execute(f"set variable fiction = {str(fiction).lower()}")
        for schema in ("core", "ops", "mart"):
            own.execute(f"create schema {schema}")
        own.execute(script("ops", "settings"))
        _set_thresholds(own, settings)
        for step in STEPS:
            if isinstance(step, str):
                own.execute(script(*step.split("/")))
            else:
                step(own)
        for _, sql in scripts("marts"):
            own.execute(sql)
        protect_quality(own)
        if fiction:
            _mark_fiction(own)
        run_checks(own)
        leaks.scan(own)
        own.commit()
    except BaseException:
        with suppress(duckdb.Error):
            own.rollback()
        raise
    own.execute("checkpoint pub")
    row = own.execute(statement("published_counts")).fetchone()
    return PublishCounts(*(row or (0, 0)))


def _fill_labels(own: Connection) -> None:
    rows: list[dict[str, Any]] = []
    groups: list[tuple[str, dict[str, str | None]]] = [
        ("purpose", dict.fromkeys(codebook.GOALS)),
        ("goal", dict(codebook.PURPOSE_OF)),
        ("theme", dict.fromkeys(codebook.THEMES)),
        ("role", dict.fromkeys(codebook.ROLES)),
    ]
    for dimension, labels in groups:
        rows += [
            {"dimension": dimension, "label": label, "dutch": codebook.DUTCH[label], "purpose": purpose, "position": at}
            for at, (label, purpose) in enumerate(labels.items(), start=1)
        ]
    own.execute(statement("labels"), {"labels": rows}).fetchall()


def _name_people(own: Connection) -> None:
    own.execute(statement("publish_named"))


INDEX: Final = "search.duckdb"
"""Made from the published file by `warehouse.search`; it holds words, so what is erased must not stay in it."""

# Made before the building begins, because keys for new employers follow from them.
PREPARING: Final = ("build/annotated", "build/people")

# The order of building: what reads another table stands after it. Marts come last and read no other mart.
STEPS: Final[tuple[str | Callable[[Connection], None], ...]] = (
    "core/macros",
    "core/labels",
    _fill_labels,
    "build/messages",
    "build/masked_names",
    "core/authors",
    "core/organisations",
    _name_people,
    "build/needles",
    leaks.mask_names,
    "core/posts",
    "core/annotations",
    "core/post_themes",
    "core/mentions",
    leaks.drop_names,
    "core/metrics",
    "core/vectors",
    "core/estimates",
    protect_estimates,
    "build/questions",
    "build/answers",
    "build/audited",
    "build/audit_marks",
    add_corrected,
    "core/corrected",
    "ops/about",
    "ops/audit",
    "ops/audit_answers",
    "ops/audit_draws",
    "ops/agreement",
    add_agreement,
    "ops/budget",
    "ops/coverage",
    "ops/erasures",
    "ops/runs",
    "core/covered",
    "build/agenda",
    "build/reactions",
    protect_reactions,
    "build/shares",
)


def _set_thresholds(own: Connection, settings: Mapping[str, float]) -> None:
    for name, value in settings.items():
        changed = own.execute(
            "update ops.settings set value = $value where name = $name returning name", {"name": name, "value": value}
        ).fetchall()
        if not changed:
            raise WarehouseError(f"{name}: no such threshold; they are listed in warehouse/ops/settings.sql")


def _mark_fiction(own: Connection) -> None:
    """Begin the comment on every mart with the warning that its figures are about invented people."""
    tables = own.execute(
        "select table_name, comment from duckdb_tables() where database_name = 'pub' and schema_name = 'mart'"
    ).fetchall()
    for table, comment in tables:
        note = f"{FICTION_PREFIX}{comment}"
        own.execute(f"comment on table mart.{table} is {literal(note)}")


@contextmanager
def _attached(own: Connection, fresh: Path) -> Iterator[None]:
    forget(fresh)
    fresh.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    own.execute(f"attach {literal(str(fresh))} as pub")
    fresh.chmod(0o600)
    own.execute("use pub")
    try:
        yield
    finally:
        # After a failed write even leaving may fail; the file is thrown away then.
        with suppress(duckdb.Error):
            own.execute("use vault")
            own.execute("detach pub")


def _put(fresh: Path, target: Path) -> None:
    """Move the finished file to its place, on disk before anybody can see it; the search index of before goes."""
    on_disk(fresh)
    fresh.replace(target)
    for name in (INDEX, f"{INDEX}.new", f"{INDEX}.new.wal"):  # the last two of a search that was killed
        target.with_name(name).unlink(missing_ok=True)
    on_disk(target.parent)


def _remember(own: Connection, counts: PublishCounts) -> None:
    with transaction(own):
        own.execute(statement("redate_publications"))
        own.execute(
            "insert into publications values (now(), $posts, $authors)",
            {"posts": counts.posts, "authors": counts.authors},
        ).fetchall()
