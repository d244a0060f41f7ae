"""Texts and bios in, annotations out: lazily, in order, never a crash and never a dropped row."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from nlp.annotation import Annotation, hash_text
from nlp.cleaning import readable, wordless
from nlp.goal import UNTOLD, decide
from nlp.step import text_of
from nlp.themes import present
from nlp.vectors import signs

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BATCH = 1_024
BATCHES_AT_ONCE = 4
"""So that a batch is made ready while the encoder reads another, and few words are looked up anew."""
LONGEST_BIO = 400
REVIEW_BELOW = 0.7


def annotate(
    nlp: "Language", texts: Iterable[tuple[str, str | None]], *, batch_size: int = BATCH
) -> Iterator[Annotation]:
    """Annotate (text, bio) pairs.

    The size of the batches changes probabilities by rounding alone (2e-6 at most where it was measured), so no label
    but one whose probability is that near a threshold.
    """
    for found, _ in annotate_shown(nlp, ((text, bio, None) for text, bio in texts), batch_size=batch_size):
        yield found


def annotate_shown(
    nlp: "Language", rows: Iterable[tuple[str, str | None, str | None]], *, batch_size: int = BATCH
) -> Iterator[tuple[Annotation, bytes | None]]:
    """Annotate (text, bio, what others are shown of the text), and give the signs of what is shown (`nlp.vectors`)."""
    stream = iter(rows)
    meta = nlp.meta["etalage"]
    while some := list(islice(stream, batch_size * BATCHES_AT_ONCE)):
        with nlp.memory_zone():  # else the vocabulary would keep every word ever met
            half = -(-len(some) // 2)  # two batches at least: one is made ready while the encoder reads the other
            made = (document(nlp, text, bio) for text, bio, _ in some)
            docs = list(nlp.pipe(made, batch_size=min(batch_size, half)))
            read = [annotation(meta, doc, text, bio) for (text, bio, _), doc in zip(some, docs, strict=True)]
            seen = iter(signs(nlp, docs, [shown for _, _, shown in some if shown is not None]))
            found = [
                (one, None if shown is None else next(seen)) for one, (_, _, shown) in zip(read, some, strict=True)
            ]
        yield from found


def document(nlp: "Language", text: str, bio: str | None) -> "Doc":
    """Make what the pipeline reads: cleaned text, with the bio beside it."""
    read = readable(text)
    doc = nlp.make_doc(read)
    doc._.text = read
    doc._.bio = readable(bio, LONGEST_BIO)
    return doc


def annotation(meta: Mapping[str, Any], doc: "Doc", text: str, bio: str | None) -> Annotation:
    """Gather a document's fields; a text without words is `other`, for lack of anything else, and asks for review."""
    nothing = wordless(text_of(doc))
    decision = UNTOLD if nothing else decide(doc._.goal_p)
    themes = [] if nothing else present(doc._.themes_p)
    role, role_p, evidence, field = doc._.role
    unsure = decision.purpose_p < meta.get("review_below", REVIEW_BELOW)
    return Annotation(
        text_hash=hash_text(text, bio),
        language=doc._.language,
        language_p=doc._.language_p,
        purpose=decision.purpose,
        purpose_p=decision.purpose_p,
        goal=decision.goal,
        goal_p=decision.goal_p,
        themes=tuple(theme for theme, _ in themes),
        themes_p=tuple(p for _, p in themes),
        role=role,
        role_p=role_p,
        role_evidence=evidence,
        role_field=field,
        employer=doc._.employer,
        organisations=tuple(doc._.organisations),
        hashtags=tuple(doc._.hashtags),
        needs_review=nothing or unsure,
        model_version=meta["model_version"],
        codebook_version=meta["codebook_version"],
    )
