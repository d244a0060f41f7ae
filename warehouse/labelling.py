"""What a labelling page asks and stores. It reads the published file and writes to an inbox; it never opens the vault.

An answer becomes a small file in `<home>/labels/inbox/`, for its owner alone, and comes into the vault with the
next run (`import_inbox`). Until then it counts as given here, so that nobody is asked twice.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from nlp import codebook
from warehouse.errors import clear_errors
from warehouse.label_files import label_from, label_row
from warehouse.labels import BadLabel, Kind, Label, LabelCounts, store_labels
from warehouse.pages import sound
from warehouse.private import write_private
from warehouse.pseudonyms import pseudonym
from warehouse.sqlfiles import statement
from warehouse.vault import Connection

INBOX: Final = Path("labels/inbox")
"""Within the home directory."""


@dataclass(frozen=True, slots=True)
class Question:
    """A post to be labelled; `text` is None when no text is published. It holds nothing of what the model thinks."""

    post_key: str
    kind: Kind
    platform: str
    created_at: datetime
    text: str | None
    question_hash: str
    codebook_version: str


@dataclass(frozen=True, slots=True)
class Guess:
    """What the model reads in a post: to be shown after the annotator's own answer, never before."""

    purpose: str
    goal: str
    goal_p: float
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A post on which annotators differ, with each one's (goal, themes)."""

    question: Question
    answers: tuple[tuple[str, tuple[str, ...] | None], ...]


def next_to_label(con: Connection, annotator: str, *, key: bytes, inbox: Path) -> Question | None:
    """Choose what to ask `annotator` next: first the audit sample in its own order, then the review queue.

    `con` is the published file, `key` that of its pseudonyms. None when there is nothing left to ask.
    """
    waiting = list(read_inbox(inbox))
    mine = [label.post_key for label in waiting if label.annotator == annotator]
    others = Counter(label.post_key for label in waiting if label.annotator != annotator and label.kind == "audit")
    asked: dict[str, Any] = {
        "me": pseudonym(key, "annotator", "", annotator),
        "mine": mine,
        "limit": 1 + len(others),  # no more than these can turn out to be answered by others
    }
    rows = con.execute(statement("next_to_label"), asked).fetchall()
    for *row, left in rows:
        question = Question(*(*row, codebook.VERSION))
        if left is None or others[question.post_key] < left:
            return question
    return None


def model_guess(con: Connection, post_key: str) -> Guess | None:
    """Tell what the model reads in a post."""
    row = con.execute(statement("model_guess"), {"post_key": post_key}).fetchone()
    return None if row is None else Guess(row[0], row[1], row[2], tuple(row[3]))


def disputes(con: Connection, *, inbox: Path) -> list[Dispute]:
    """List what waits for adjudication, without what somebody adjudicated since."""
    decided = {label.post_key for label in read_inbox(inbox) if label.kind == "adjudication"}
    return [
        Dispute(
            Question(*(*row, codebook.VERSION)),
            tuple(
                (answer["goal"], None if answer["themes"] is None else tuple(answer["themes"])) for answer in answers
            ),
        )
        for *row, answers in con.execute(statement("disputes")).fetchall()
        if row[0] not in decided
    ]


def store_label(inbox: Path, question: Question, annotator: str, goal: str, themes: tuple[str, ...] | None) -> Label:
    """Put an answer in the inbox; raise `BadLabel` when it cannot be right, another `WarehouseError` when it fails."""
    label = Label(
        post_key=question.post_key,
        annotator=annotator,
        goal=goal,
        themes=themes,
        kind=question.kind,
        codebook_version=question.codebook_version,
        question_hash=question.question_hash,
        labelled_at=datetime.now(UTC),
    )
    with clear_errors(inbox):
        inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{token_hex(3)}.jsonl"
        write_private(inbox / name, json.dumps(label_row(label), ensure_ascii=False) + "\n")
    return label


def read_inbox(inbox: Path) -> Iterator[Label]:
    """Give every answer that waits; what cannot be read is passed over here and counted by `import_inbox`."""
    for file in _files(inbox):
        for answer in _read(file):
            if answer.label:
                yield answer.label


def import_inbox(con: Connection, inbox: Path) -> LabelCounts:
    """Bring the inbox into the vault, and leave beside it nothing that the vault has or will never take.

    What is no label, or one made with another codebook, stays in `inbox/../imported` for a person to look at, until
    its post is erased. Counted is what was in the inbox.
    """
    kept = inbox.parent / "imported"
    waiting = {file: list(_read(file)) for file in _files(inbox)}
    looked_at = {file: list(_read(file)) for file in _files(kept)}
    counts, again = (
        store_labels(con, [answer.label for answers in found.values() for answer in answers if answer.label])
        for found in (waiting, looked_at)
    )
    counts.refused.update(answer.reason for answers in waiting.values() for answer in answers if answer.reason)
    # Only now, for what was stored is committed: a crash before this brings in the same once more.
    left = _left(con, {**looked_at, **waiting}, [*counts.outdated, *again.outdated])
    with clear_errors(inbox):
        for name in {file.name for file in left}:
            # A file of that name may be there already: of a crash, or because a person gave two the same name.
            lines = [line for folder in (kept, inbox) for line in left.get(folder / name, ())]
            if lines:
                kept.mkdir(mode=0o700, exist_ok=True)
                write_private(kept / name, "".join(f"{line}\n" for line in dict.fromkeys(lines)))
            else:
                (kept / name).unlink(missing_ok=True)
            (inbox / name).unlink(missing_ok=True)
    return counts


@dataclass(frozen=True, slots=True)
class _Answer:
    """A line of a file of the inbox: its label, or why it is none."""

    line: str
    label: Label | None = None
    reason: str | None = None
    post_key: str | None = None


def _left(con: Connection, found: dict[Path, list[_Answer]], outdated: list[Label]) -> dict[Path, list[str]]:
    """Return what stays of each file: what a person has to look at, of posts that are in the vault."""
    unread = [answer.post_key for answers in found.values() for answer in answers if answer.post_key]
    rows = con.execute(
        "select post_key from posts where post_key in (select unnest($keys::varchar[]))", {"keys": unread}
    ).fetchall()
    here = {None, *(post_key for (post_key,) in rows)}
    return {
        file: [
            answer.line for answer in answers if (answer.label in outdated if answer.label else answer.post_key in here)
        ]
        for file, answers in found.items()
    }


def _files(folder: Path) -> list[Path]:
    with clear_errors(folder):
        return sorted(folder.glob("*.jsonl"))


def _read(file: Path) -> Iterator[_Answer]:
    """Give each line's label, or why it is none and which post it is about where that can be read."""
    for line in file.read_text(encoding="utf-8", errors="replace").split("\n"):  # as in label_files
        if not line.strip():
            continue
        row = None
        try:
            row = json.loads(line)
            yield _Answer(line, label_from(row))
        except BadLabel as error:
            post_key = row.get("post_key") if isinstance(row, dict) else None
            is_key = isinstance(post_key, str) and sound(post_key) == post_key
            yield _Answer(line, reason=str(error), post_key=post_key if is_key else None)
        except (ValueError, RecursionError):
            yield _Answer(line, reason="not a JSON object")
