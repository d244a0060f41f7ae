"""Posts in a JSON Lines file, annotated into flat rows in the same order."""

import io
import json
import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Any

from rich.console import Console

from flows.errors import InputError
from flows.progress import show_on
from nlp.annotate import annotate
from nlp.annotation import Annotation
from nlp.pipeline import load

ROWS_AT_ONCE = 2_048


def annotate_file(file: Path, output: Path | None, model: Path | None) -> None:
    """Annotate every row of `file` ("id", "text", maybe "author_bio") into `output` or standard output.

    Every line is read before the first is annotated, so a wrong one is named before any work is done.
    Raises an `InputError` that names the line; an output that exists is replaced only when all went well.
    """
    with _read_twice(file) as lines:
        total = sum(1 for _ in _rows(lines, file))
        lines.seek(0)
        nlp = load(model)
        rows = _rows(lines, file)
        with _written(output, file) as out, show_on(Console(stderr=True)).step("Annotating", total, "posts") as step:
            while batch := list(islice(rows, ROWS_AT_ONCE)):
                annotations = annotate(nlp, ((row["text"], row.get("author_bio")) for row in batch))
                for row, annotation in zip(batch, annotations, strict=True):
                    out.write(json.dumps(_flat(row["id"], annotation), ensure_ascii=False) + "\n")
                step.advance(len(batch))


@contextmanager
def _read_twice(file: Path) -> Iterator[IO[bytes]]:
    """Open a file that can be gone through twice; a pipe is read into memory for that."""
    try:
        with file.open("rb") as opened:
            yield opened if opened.seekable() else io.BytesIO(opened.read())
    except OSError as error:
        if error.filename != str(file):
            raise
        raise InputError(f"{file}: {error.strerror or error}; name a JSON Lines file that can be read") from None


def _rows(lines: IO[bytes], file: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _row(line, f"{file}, line {number}")


def _row(line: bytes, place: str) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8-sig"), parse_constant=_no_json)
    except UnicodeDecodeError:
        raise InputError(f"{place}: not UTF-8; save the file as UTF-8") from None
    except (ValueError, RecursionError):
        raise InputError(f'{place}: not JSON; write one object a line, as {{"id": "1", "text": "..."}}') from None
    if not isinstance(row, dict):
        raise InputError(f"{place}: not a JSON object; write one object a line")
    for field in ("id", "text"):
        if field not in row:
            raise InputError(f"{place}: no {field!r}; every row needs an id and a text")
    if not _is_id(row["id"]):
        raise InputError(f"{place}: the id has to be a string or a number")
    if not isinstance(row["text"], str) or not isinstance(row.get("author_bio") or "", str):
        raise InputError(f"{place}: text and author_bio have to be strings")
    return row


def _is_id(value: Any) -> bool:
    """Tell whether a value can be written back as it came and names a row."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str | int) and not isinstance(value, bool)


def _flat(key: Any, annotation: Annotation) -> dict[str, Any]:
    return {
        "id": key,
        "language": annotation.language,
        "language_p": _rounded(annotation.language_p),
        "purpose": annotation.purpose,
        "purpose_p": _rounded(annotation.purpose_p),
        "goal": annotation.goal,
        "goal_p": _rounded(annotation.goal_p),
        "themes": list(annotation.themes),
        "themes_p": [_rounded(probability) for probability in annotation.themes_p],
        "role": annotation.role,
        "role_p": _rounded(annotation.role_p),
        "role_evidence": annotation.role_evidence,
        "role_field": annotation.role_field,
        "employer": annotation.employer,
        "organisations": list(annotation.organisations),
        "hashtags": list(annotation.hashtags),
        "needs_review": annotation.needs_review,
        "model_version": annotation.model_version,
        "codebook_version": annotation.codebook_version,
    }


def _rounded(probability: float) -> float:
    return round(probability, 4)


def _no_json(constant: str) -> Any:
    """Refuse NaN and Infinity, which Python reads and JSON does not know."""
    raise ValueError(constant)


@contextmanager
def _written(output: Path | None, file: Path) -> Iterator[IO[str]]:
    """Open what is written to; a file takes its name, and the place of an older one, only when all went well."""
    if output is None:
        yield sys.stdout
        return
    if output.is_dir():
        raise InputError(f"{output}: is a directory; name a file in it")
    if output.exists() and output.samefile(file):
        raise InputError(f"{output}: is the file that is read; choose another name for the result")
    whole = not output.exists() or output.is_file()  # /dev/stdout is written to as it stands
    draft = output.with_name(f"{output.name}.part") if whole else output
    try:
        with draft.open("w", encoding="utf-8", errors="backslashreplace") as out:
            yield out
        if whole:
            draft.replace(output)
    except OSError as error:
        raise InputError(f"{output}: {error.strerror or error}; choose a place that can be written") from None
    finally:
        if whole:
            draft.unlink(missing_ok=True)
