"""Labels in files: JSON Lines, and the JSON that Label Studio exports and imports."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from nlp import codebook
from warehouse.labels import BadLabel, Label
from warehouse.pages import sound

Format = Literal["jsonl", "label-studio"]
BIGGEST: Final = 200_000_000
"""Bytes of a file of labels; a million labels take about half."""
SHOWN: Final = 5


@dataclass(slots=True)
class ReadLabels:
    """The labels of a file, how many were refused by reason, and the first few places."""

    labels: list[Label] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    places: list[str] = field(default_factory=list)


def read_labels(path: Path) -> ReadLabels:
    """Read a file of labels in either format; raise `BadLabel` when it is neither.

    A label that cannot be right is counted with its reason; the rest of the file is read.
    """
    try:
        size = path.stat().st_size
        if size > BIGGEST:
            raise BadLabel(f"{path}: {size:,} bytes are more than {BIGGEST:,}: split the file")
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError) as error:
        raise BadLabel(f"{path}: {'a folder: name a file in it' if path.is_dir() else 'no such file'}") from error
    except UnicodeDecodeError as error:
        raise BadLabel(f"{path}: not UTF-8 (byte {error.start}): save it as UTF-8") from None
    found = ReadLabels()
    rows = _label_studio(path, text) if text.lstrip().startswith("[") else _lines(path, text)
    for place, row in rows:
        try:
            if isinstance(row, BadLabel):
                raise row
            found.labels.append(label_from(row))
        except BadLabel as error:
            found.refused[str(error)] += 1
            if len(found.places) < SHOWN:
                found.places.append(f"{place}: {error}")
    return found


def label_from(row: Any) -> Label:
    """Make a label of a row; raise `BadLabel` with what is wrong."""
    if not isinstance(row, Mapping):
        raise BadLabel("not a JSON object")
    goal, purpose, themes = row.get("goal"), row.get("purpose"), row.get("themes")
    if not isinstance(goal, str) or goal not in codebook.PURPOSE_OF:
        raise BadLabel(f"goal {_short(goal)} is not in the codebook: {', '.join(codebook.PURPOSE_OF)}")
    if purpose is not None and purpose != codebook.PURPOSE_OF[goal]:
        raise BadLabel(f"goal {goal!r} falls under {codebook.PURPOSE_OF[goal]!r}, not {_short(purpose)}")
    if themes is not None and not (isinstance(themes, list) and all(isinstance(theme, str) for theme in themes)):
        raise BadLabel("themes should be a list of themes, or left out when they were not judged")
    return Label(
        post_key=_text(row, "post_key"),
        annotator=_text(row, "annotator"),
        goal=goal,
        themes=None if themes is None else tuple(themes),
        kind=row.get("kind"),
        codebook_version=_whole("codebook_version", str(row.get("codebook_version") or codebook.VERSION)),
        question_hash=row.get("question_hash") and _text(row, "question_hash"),
        labelled_at=_time(row.get("labelled_at")),
    )


def label_row(label: Label) -> dict[str, Any]:
    """Write a label as a row that `label_from` reads."""
    return {
        "post_key": label.post_key,
        "annotator": label.annotator,
        "kind": label.kind,
        "codebook_version": label.codebook_version,
        "question_hash": label.question_hash,
        "purpose": label.purpose,
        "goal": label.goal,
        "themes": None if label.themes is None else list(label.themes),
        "labelled_at": label.labelled_at.isoformat() if label.labelled_at else None,
    }


def as_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """Write rows as JSON Lines."""
    return "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)


def as_label_studio(rows: Iterable[Mapping[str, Any]]) -> str:
    """Write rows with a `text` as tasks; a row with a `goal` becomes a task with that annotation."""
    return json.dumps([_task(row) for row in rows], ensure_ascii=False, indent=1, default=str) + "\n"


def _task(row: Mapping[str, Any]) -> dict[str, Any]:
    data = {
        name: row.get(name) for name in ("post_key", "text", "platform", "kind", "question_hash", "codebook_version")
    }
    if not row.get("goal"):
        return {"data": data}
    data["annotator"] = row["annotator"]
    result = [_choices("goal", [row["goal"]])]
    if row.get("themes") is not None:
        result.append(_choices("themes", row["themes"]))
    return {"data": data, "annotations": [{"created_at": row["labelled_at"], "result": result}]}


def _choices(name: str, choices: list[str]) -> dict[str, Any]:
    return {"from_name": name, "to_name": "text", "type": "choices", "value": {"choices": choices}}


def _lines(path: Path, text: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):  # splitlines would cut inside a text, at U+2028
        if line.strip():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = BadLabel("not a JSON object")
            yield f"{path}:{number}", row


def _label_studio(path: Path, text: str) -> Iterator[tuple[str, Any]]:
    try:
        tasks = json.loads(text)
    except (ValueError, RecursionError):
        raise BadLabel(f"{path}: neither JSON Lines nor Label Studio's JSON: export it again as JSON") from None
    # Label Studio leaves out what was not chosen: no themes in the whole file means that nobody was asked for them.
    has_themes = '"themes"' in text
    for number, task in enumerate(tasks, 1):
        place = f"{path}: task {number}"
        if not isinstance(task, Mapping) or not isinstance(task.get("data"), Mapping):
            yield place, BadLabel("not a task of Label Studio: it lacks data")
            continue
        for annotation in task.get("annotations") or ():
            yield place, _annotated(task["data"], annotation, has_themes=has_themes)


def _annotated(data: Mapping[str, Any], annotation: Any, *, has_themes: bool) -> Any:
    if not isinstance(annotation, Mapping) or annotation.get("was_cancelled"):
        return BadLabel("skipped by the annotator")
    chosen: dict[str, list[Any]] = {}
    for result in annotation.get("result") or ():
        value = result.get("value") if isinstance(result, Mapping) else None
        if isinstance(value, Mapping) and isinstance(value.get("choices"), list):
            chosen[str(result.get("from_name"))] = value["choices"]
    goals = chosen.get("goal") or [None]
    return {
        **{name: data.get(name) for name in ("post_key", "kind", "question_hash", "codebook_version")},
        "goal": goals[0],
        "themes": chosen.get("themes", []) if has_themes else None,
        "annotator": data.get("annotator") or _annotator(annotation.get("completed_by")),
        "labelled_at": annotation.get("updated_at") or annotation.get("created_at"),
    }


def _annotator(who: Any) -> str | None:
    number = who.get("id") if isinstance(who, Mapping) else who
    return f"ls-{number}" if isinstance(number, int) else None


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value:
        raise BadLabel(f"{name} is missing")
    return _whole(name, value)


def _whole(name: str, value: str) -> str:
    # JSON may write half of a character, "\ud800", which no column can hold.
    if sound(value) != value:
        raise BadLabel(f"{name} holds half a character: {_short(value)}")
    return value


def _time(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadLabel(f"labelled_at {_short(value)} is no time: write it as 2026-03-01T12:00:00Z") from None


def _short(value: Any) -> str:
    return repr(value)[:40]
