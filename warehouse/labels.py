"""What people say of a post: checked, stored once in the vault, and never lost to a newer model.

Three kinds: *audit* labels measure the model on posts drawn at random and change no post; *corrections* win over
the model in what is published; an *adjudication* decides between audit labels that differ. The audit sample is
never trained on.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from nlp import codebook
from warehouse.answers import as_dicts
from warehouse.errors import WarehouseError
from warehouse.sql import rows_of
from warehouse.sqlfiles import statement
from warehouse.vault import Connection, transaction

Kind = Literal["audit", "correction", "adjudication"]
KINDS: Final = ("audit", "correction", "adjudication")
OUTDATED: Final = "made with another codebook"
ANNOTATOR: Final = re.compile(r"[a-z0-9][a-z0-9_-]{1,31}")


class BadLabel(WarehouseError):
    """A label that cannot be right; the message is one line: what, and what it should be."""


@dataclass(frozen=True, slots=True)
class Label:
    """One annotator's answer about one post; `themes` is None when they were not judged.

    `kind` None means: audit for a post of the audit sample, else correction. `question_hash` names the text and
    the codebook that were shown; None means: as they are now. `labelled_at` None means: now.
    """

    post_key: str
    annotator: str
    goal: str
    themes: tuple[str, ...] | None = None
    kind: Kind | None = None
    codebook_version: str = codebook.VERSION
    question_hash: str | None = None
    labelled_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what is outside the codebook, an annotator who may be a person's name, a time without a zone."""
        if self.goal not in codebook.PURPOSE_OF:
            raise BadLabel(f"goal {self.goal!r} is not in the codebook: {', '.join(codebook.PURPOSE_OF)}")
        if strange := sorted(set(self.themes or ()) - set(codebook.THEMES)):
            raise BadLabel(f"theme {strange[0]!r} is not in the codebook: {', '.join(codebook.THEMES)}")
        if self.kind is not None and self.kind not in KINDS:
            raise BadLabel(f"kind {self.kind!r} should be one of {', '.join(KINDS)}")
        if not ANNOTATOR.fullmatch(self.annotator):
            raise BadLabel(
                "annotator should be a pseudonym of 2 to 32 small letters, digits, - and _, such as annotator-1"
            )
        if self.labelled_at is not None and self.labelled_at.tzinfo is None:
            raise BadLabel("labelled_at lacks a time zone: write it as 2026-03-01T12:00:00Z")

    @property
    def purpose(self) -> str:
        """The purpose that the goal falls under."""
        return codebook.PURPOSE_OF[self.goal]


@dataclass(slots=True)
class LabelCounts:
    """What became of labels: stored, known already, or refused, by reason; `outdated` are of another codebook."""

    stored: int = 0
    unchanged: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    outdated: list[Label] = field(default_factory=list)


def store_labels(con: Connection, labels: Sequence[Label]) -> LabelCounts:
    """Store labels in one transaction; the same answer to the same question is stored once, however often it comes."""
    rows: list[dict[str, Any]] = [
        {**asdict(label), "number": number, "themes": _ordered(label.themes), "purpose": label.purpose}
        for number, label in enumerate(labels)
    ]
    if not rows:
        return LabelCounts()
    with transaction(con):
        con.execute(statement("judge_labels"), {"labels": rows, "codebook_version": codebook.VERSION}).fetchall()
        fates = dict(con.execute("select fate, count(*) from incoming_labels group by fate").fetchall())
        outdated = con.execute("select number from incoming_labels where fate = $fate", {"fate": OUTDATED}).fetchall()
        con.execute(statement("redate_labels")).fetchall()
        stored = len(con.execute(statement("insert_labels")).fetchall())
        con.execute("drop table incoming_labels")
    unchanged = fates.pop("new", 0) + fates.pop("known", 0) - stored
    return LabelCounts(stored, unchanged, Counter(fates), [labels[number] for (number,) in outdated])


def stored_rows(con: Connection) -> list[dict[str, Any]]:
    """List every label, the oldest first, with the text it is about; names in it are not masked."""
    return as_dicts(con.execute(statement("stored_labels")))


def questions(published: Path, which: Literal["audit", "review"]) -> list[dict[str, Any]]:
    """List what the published file asks people: posts of the audit sample without an answer, or those in doubt."""
    return rows_of(published, statement(f"export_{which}"))


def training_rows(con: Connection) -> list[dict[str, Any]]:
    """List the corrections that may be trained on, as rows of the corpus with masked text.

    No post of any audit draw, labelled or not, and no post with the same words as one of them is among them: a
    model is not measured on what it learnt. Nor is any post from Reddit, whose terms allow no training.
    """
    return as_dicts(con.execute(statement("training_rows"), {"codebook_version": codebook.VERSION}))


def _ordered(themes: tuple[str, ...] | None) -> list[str] | None:
    return None if themes is None else [theme for theme in codebook.THEMES if theme in themes]
