"""The Dutch pipeline: assemble it from its components, load the trained one."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from nlp.artefact import MODEL, REMEDY, ModelError, check_whole, model_version, read_meta, stamp
from nlp.codebook import VERSION

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["MODEL", "ModelError", "blank", "load", "model_version", "save"]

NOT_KEPT: Final = ("vocab", "tokenizer")
"""What of spaCy's own is no knowledge: words seen in use, and its Dutch tokenizer, whose special cases are there
already and would take half a second to read again."""
COMPONENTS = ("language", "encoder", "goal", "themes", "role", "organisations", "hashtags")


def blank(threads: int | None = None) -> "Language":
    """Assemble the pipeline without knowledge: a Dutch tokenizer and our seven components."""
    import spacy  # noqa: PLC0415 - a second that a mere question about the version should not pay

    import nlp.components  # noqa: F401, PLC0415 - registers the factories

    made = spacy.blank("nl")
    for name in COMPONENTS:
        made.add_pipe(f"etalage_{name}", name=name)
    made.get_pipe("encoder").threads = threads  # type: ignore[attr-defined]
    return made


def load(path: Path | None = None, *, threads: int | None = None) -> "Language":
    """Load the trained pipeline, whole or not at all; `threads` None takes the processor's, at most four."""
    where = path or MODEL
    meta = read_meta(where)
    if meta["codebook_version"] != VERSION:
        raise ModelError(
            f"the model at {where} was made for codebook {meta['codebook_version']}, not {VERSION}: {REMEDY}"
        )
    check_whole(where)
    made = blank(threads)
    try:
        made.from_disk(where, exclude=NOT_KEPT)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"the model at {where} cannot be read ({error}): {REMEDY}") from None
    made.meta["etalage"] = meta
    return made


def save(made: "Language", path: Path, facts: dict[str, object]) -> str:
    """Write the pipeline to a directory and return its version, which its content and the rules decide."""
    made.to_disk(path, exclude=NOT_KEPT)
    return stamp(path, {"codebook_version": VERSION, **facts})
