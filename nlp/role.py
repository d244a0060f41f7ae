"""Role of the author, from the bio: words that name a profession first, then a head on the bio's vector.

Only a profession is ever read. The evidence is a job word or a piece of the bio around it; nothing here looks for
health, belief, origin, politics or any other trait of a person, and no label for it exists.
"""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.codebook import ROLES
from nlp.head import Head, read_head, softmax
from nlp.step import Step

RULE_P: Final = 0.95
"""Probability of a role that a job word decides; measured on the development bios (docs/model-card.md)."""
EMPTY: Final = ("unknown", 1.0, None, None)
Role = tuple[str, float, str | None, str | None]

RULES: Final = tomllib.loads((Path(__file__).parent / "rules" / "roles.toml").read_text("utf-8"))


def compiled(fields: dict[str, list[str]]) -> re.Pattern[str]:
    """One expression with a group a field, so that a match tells which it was."""
    groups = "|".join(f"(?P<{field}>{'|'.join(words)})" for field, words in fields.items())
    return re.compile(rf"(?<!\w)(?:{groups})", re.IGNORECASE)


HR = compiled(RULES["hr"])
MARKETING = compiled(RULES["marketing"])
OUTSIDE = compiled(RULES["outside"])
FORMER = re.compile(rf"\b(?:{'|'.join(RULES['former']['before'])})[ -]+(?:\w+[ -]+){{0,3}}$", re.IGNORECASE)


def read_rules(bio: str) -> Role | None:
    """Decide by job words alone; None when they do not decide."""
    hr = next((found for found in HR.finditer(bio) if not FORMER.search(bio[: found.start()])), None)
    marketing = next((found for found in MARKETING.finditer(bio) if not FORMER.search(bio[: found.start()])), None)
    outside = OUTSIDE.search(bio)
    if hr and (not marketing or hr.start() <= marketing.start()):
        if outside and outside.start() < hr.start():
            return None
        return "hr", RULE_P, hr.group(0), hr.lastgroup
    if marketing:
        if outside and outside.start() < marketing.start():
            return None
        return "marketing", RULE_P, marketing.group(0), None
    if former := HR.search(bio):
        return "other", RULE_P, former.group(0), None
    return ("other", RULE_P, outside.group(0), None) if outside else None


class RoleStep(Step):
    """Sets `doc._.role`: role, probability, evidence, sub-field of HR."""

    def __init__(self) -> None:
        self.head: Head | None = None

    def read(self, bio: str, vector: object) -> Role:
        """Rules first, then the head; without either the role is unknown."""
        if not bio:
            return EMPTY
        if decided := read_rules(bio):
            return decided
        if self.head is None or vector is None:
            return "unknown", 0.5, None, None
        p = softmax(self.head.scores(np.asarray(vector, np.float32)[None]))[0]
        best = int(p.argmax())
        return self.head.labels[best], float(p[best]), None, None

    def fill(self, docs: Sequence[Doc]) -> None:
        """Read each document's bio."""
        for doc in docs:
            doc._.role = list(self.read(doc._.bio, doc._.bio_vector))

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Save the head, when there is one."""
        if self.head is not None:
            self.head.save(Path(path))

    def from_disk(self, path: str | Path, **_: object) -> "RoleStep":
        """Read the head, when there is one."""
        if (Path(path) / "head.json").exists():
            self.head = read_head(Path(path))
            if not set(self.head.labels) <= set(ROLES):
                raise ValueError("the role head was trained for another codebook")
        return self


@Language.factory("etalage_role", requires=["doc._.bio_vector"], assigns=["doc._.role"])
def make_role(nlp: Language, name: str) -> RoleStep:  # noqa: ARG001 - spaCy passes both
    """Build the component."""
    return RoleStep()
