"""Role of the author, from the bio: a head on the bio's vector, on the profession its words name, and on its letters.

Only a profession is ever kept. The evidence is a job word or a stretch of the bio around it; nothing here looks for
health, belief, origin or any other trait of a person, and no label for it exists. Words of a union, of politics, of
family and of one's own illness may say that a bio names something else than work in HR, and are no evidence: what they
tell is not kept.
"""

import re
import tomllib
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.codebook import ROLES
from nlp.head import Floats, Head, read_head, softmax
from nlp.ngrams import score
from nlp.organisations import OF_MEMBERS
from nlp.step import Step

EMPTY: Final = ("unknown", 1.0, None, None)
REMEMBERED: Final = 10_000  # an author's bio comes back with every post
LENGTHS: Final = (2, 3, 4, 5)
WIDEST: Final = 4  # words of evidence
Role = tuple[str, float, str | None, str | None]
Named = tuple[str, str | None, str | None]
"""Role, the words that name it unless they tell a trait, and sub-field."""

RULES: Final = tomllib.loads((Path(__file__).parent / "rules" / "roles.toml").read_text("utf-8"))
FIELDS: Final = tuple(RULES["hr"])
WORD = re.compile(r"[\w&'\u2019-]*\w")
CLAUSE = re.compile(r"[^,.;:|/\u2022\u00b7\u2013()!?]+")
PROFESSIONS: Final = ("hr", "marketing")  # of anybody else only a job word of the rules is kept, never another stretch
TRAITS: Final = ("labour", "politics", "family")  # groups of the rules whose words are never kept
AGAINST: Final = 0.8  # chosen on the development bios
NAMED_WEIGHT: Final = 0.3  # of a named profession beside a vector of length one


def compiled(fields: dict[str, list[str]], *, whole: bool = False) -> re.Pattern[str]:
    """One expression with a group a field, so that a match tells which it was; `whole` ends at the end of a word."""
    groups = "|".join(f"(?P<{field}>{'|'.join(words)})" for field, words in fields.items())
    end = r"(?!\w)" if whole else ""
    return re.compile(rf"(?<!\w)(?:{groups}){end}", re.IGNORECASE)


def former(before: list[str], now: list[str], joined: list[str], after: list[str]) -> tuple[re.Pattern[str], ...]:
    """Expressions for what stands before a job that is over, with at most three words between, and right after it."""
    several, one = (rf"(?:(?!(?:{'|'.join(words)})\b)\w+[ -]+){{0,3}}$" for words in (now, [*now, *joined]))
    return (
        re.compile(rf"\b(?:(?:ex|oud)-{one}|(?:{'|'.join(before)})(?!-)[ -]+{several})", re.IGNORECASE),
        re.compile(rf"\W{{1,2}}(?:{'|'.join(after)})(?!\w)", re.IGNORECASE),
    )


HR = compiled(RULES["hr"])
MARKETING = compiled(RULES["marketing"])
OUTSIDE = compiled(RULES["outside"], whole=True)
PRIVATE: Final = {**{group: RULES["outside"][group] for group in TRAITS}, **RULES["traits"]}
ILLNESS = compiled({"illness": RULES["traits"]["illness"]}, whole=True)
TRAIT = re.compile(f"{OF_MEMBERS.pattern}|{compiled(PRIVATE, whole=True).pattern}", re.IGNORECASE)
BEFORE_FORMER, AFTER_FORMER = former(**RULES["former"])


def kept(words: str) -> str | None:
    """Give words back, or None where they tell a trait."""
    return None if TRAIT.search(words) else words


def is_over(job: re.Match[str]) -> bool:
    """Tell whether the words around a job say that somebody once did it."""
    return bool(BEFORE_FORMER.search(job.string[: job.start()]) or AFTER_FORMER.match(job.string[job.end() :]))


def named(bio: str) -> Named | None:
    """Role, words and sub-field of what the bio names; None when its words do not decide."""
    hr, marketing, outside = (
        next((found for found in words.finditer(bio) if not is_over(found)), None) for words in (HR, MARKETING, OUTSIDE)
    )
    if hr and (not marketing or hr.start() <= marketing.start()):
        if outside and outside.start() < hr.start():
            return None
        return "hr", kept(hr.group(0)), hr.lastgroup
    if marketing:
        if outside and outside.start() < marketing.start():
            return None
        return "marketing", kept(marketing.group(0)), None
    other = HR.search(bio) or OUTSIDE.search(bio) or MARKETING.search(bio)  # also one that is over
    return ("other", kept(other.group(0)), None) if other else None


def of_today(bio: str) -> str:
    """Leave the clauses out that tell a job which is over."""
    told = (
        (clause, [job for words in (HR, MARKETING) for job in words.finditer(clause)]) for clause in CLAUSE.findall(bio)
    )
    return "|".join(clause for clause, jobs in told if not any(is_over(job) for job in jobs))


def role_features(vector: Floats, found: Named | None, letters: Floats) -> Floats:
    """Put together the bio's vector, which role its words name, and what its letters say."""
    which = [float(found is not None and found[0] == role) for role in ROLES]
    return np.concatenate([vector, np.array(which, np.float32), letters])


def field_features(vector: Floats, found: Named | None) -> Floats:
    """Put together the bio's vector and which field its words name."""
    which = [NAMED_WEIGHT * bool(found and found[2] == field) for field in FIELDS]
    return np.concatenate([vector, np.array(which, np.float32)])


def letters_say(words: Head, bio: str) -> Floats:
    """Scores of the roles by the bio's letters alone."""
    return np.asarray(score(bio.lower(), LENGTHS, words.weight) + words.bias, np.float32)


def evidence(words: Head, bio: str, role: str) -> str | None:
    """Find the stretch of at most WIDEST words, within a clause and no trait, whose letters speak most for the role."""
    at = words.labels.index(role)
    best: tuple[float, str | None] = (0.0, None)
    for clause in CLAUSE.findall(TRAIT.sub("|", bio)):
        spans = [match.span() for match in WORD.finditer(clause)]
        for i, (start, _) in enumerate(spans):
            for _, end in spans[i : i + WIDEST]:
                raw = score(clause[start:end].lower(), LENGTHS, words.weight)
                margin = float(raw[at] - np.delete(raw, at).max())
                best = max(best, (margin, clause[start:end]), key=lambda pair: pair[0])
    return best[1]


class RoleStep(Step):
    """Sets `doc._.role`: role, probability, evidence, sub-field of HR."""

    def __init__(self) -> None:
        self.head: Head | None = None
        self.fields: Head | None = None
        self.words: Head | None = None
        self.met: OrderedDict[str, Role] = OrderedDict()

    def read(self, bio: str, vector: Floats | None) -> Role:
        """Decide by the head; without a model job words alone decide, without those the role is unknown."""
        if not bio:
            return EMPTY
        found = named(bio)
        if self.head is None or self.words is None or vector is None:
            return (found[0], 0.5, found[1], found[2]) if found else ("unknown", 0.5, None, None)
        p = softmax(self.head.scores(role_features(vector, found, letters_say(self.words, bio))[None]))[0]
        if ILLNESS.search(bio) and not (found and found[0] in PROFESSIONS):
            p = self.without_professions(p)
        role = self.head.labels[int(p.argmax())]
        if role in PROFESSIONS and found and found[0] == "other" and not self.stands(role, float(p.max()), bio):
            role, p = "other", self.without_professions(p)
        chance = float(p[self.head.labels.index(role)])
        if role == "unknown":
            return role, chance, None, None
        told = found[1] if found and found[0] == role else None
        if told is None and role in PROFESSIONS:
            told = evidence(self.words, bio, role)
        field = None
        if role == "hr" and self.fields:
            field = self.fields.labels[int(self.fields.scores(field_features(vector, found)[None]).argmax())]
            if field == "health" and not (found and found[2] == field):
                field = None  # who heals and who is ill write alike: a job word has to tell
        return role, chance, told, field

    def without_professions(self, p: Floats) -> Floats:
        """Divide the chance of the professions among the other roles."""
        assert self.head is not None  # noqa: S101 - `read` has looked
        others = p * [role not in PROFESSIONS for role in self.head.labels]
        return np.asarray(others / others.sum(), np.float32)

    def stands(self, role: str, chance: float, bio: str) -> bool:
        """Tell whether a role holds against a job word: likely enough, and by more than a job that is over."""
        assert self.words is not None  # noqa: S101 - `read` has looked
        return chance >= AGAINST and evidence(self.words, of_today(bio), role) is not None

    def fill(self, docs: Sequence[Doc]) -> None:
        """Read each document's bio, one that was met before from memory."""
        for doc in docs:
            if doc._.bio not in self.met:
                self.met[doc._.bio] = self.read(doc._.bio, doc._.bio_vector)
            doc._.role = list(self.met[doc._.bio])
        while len(self.met) > REMEMBERED:
            self.met.popitem(last=False)

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Save what there is of the three heads."""
        for name, head in (("role", self.head), ("fields", self.fields), ("words", self.words)):
            if head is not None:
                head.save(Path(path) / name)

    def from_disk(self, path: str | Path, **_: object) -> "RoleStep":
        """Read what there is of the three heads."""
        where = Path(path)
        self.head, self.fields, self.words = (
            read_head(where / name) if (where / name).exists() else None for name in ("role", "fields", "words")
        )
        for head, labels in ((self.head, ROLES), (self.fields, FIELDS)):
            if head and not set(head.labels) <= set(labels):
                raise ValueError("the role head was trained for another codebook")
        self.met.clear()
        return self


@Language.factory("etalage_role", requires=["doc._.bio_vector"], assigns=["doc._.role"])
def make_role(nlp: Language, name: str) -> RoleStep:  # noqa: ARG001 - spaCy passes both
    """Build the component."""
    return RoleStep()
