"""The one record that the pipeline makes of a post."""

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Annotation:
    """What the pipeline reads in a post's text and its author's bio.

    Every `…_p` is a calibrated probability in [0, 1] of the label beside it, beside the language `unknown` that of the
    likeliest one. A text without words has 0.5 for purpose and goal and 0.0 for the language, who has no bio has 1.0
    for the role `unknown`. `themes_p` runs in step with `themes`. `text_hash` is `hash_text` of the text and bio that
    were read, so that a changed post is read again.
    `role_evidence` is the piece of the bio that decided the role, unless it tells of a union, politics, family
    or one's own re-integration; `role_field` is its sub-field in HR, `health` only where a job word says so.
    """

    text_hash: str
    language: str
    language_p: float
    purpose: str
    purpose_p: float
    goal: str
    goal_p: float
    themes: tuple[str, ...]
    themes_p: tuple[float, ...]
    role: str
    role_p: float
    role_evidence: str | None
    role_field: str | None
    employer: str | None
    organisations: tuple[str, ...]
    hashtags: tuple[str, ...]
    needs_review: bool
    model_version: str
    codebook_version: str


def hash_text(text: str, bio: str | None) -> str:
    """Name what an annotation was made of.

    `enter_unread.sql` and `enter_all_unread.sql` in `warehouse/statements/` compute the same.
    """
    return sha256(f"{text}\x1f{bio or ''}".encode("utf-8", "surrogatepass")).hexdigest()
