"""Organisations: the employer in a bio and those that a text mentions, by rules and a list that grows."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from nlp.cleaning import LINK
from nlp.step import Step, text_of

RULES, PLACES, ROLES = (
    tomllib.loads((Path(__file__).parent / "rules" / f"{name}.toml").read_text("utf-8"))
    for name in ("organisations", "places", "roles")
)
KIND: Final = f"(?:{'|'.join(RULES['kind'])})"
JOB: Final = f"(?:{'|'.join(RULES['job'])})"
NOT_NAMES: Final = frozenset(RULES["not_names"]).union(
    place.strip().lower() for places in PLACES.values() for place in re.split("[,\n]", places)
)
WITHIN: Final = r"[\w'\u2019-]"  # what a word goes on with
GLUED: Final = rf"(?i:{'|'.join(RULES['glued'])}){WITHIN}*"
WHOLE: Final = rf"(?i:{'|'.join(RULES['whole'])})(?:(?-i:[A-Z][a-z])\w*|ers?|['\u2019_-]{WITHIN}*)?(?!\w)"
OF_MEMBERS = re.compile(rf"(?<![^\W_])(?:{GLUED}|{WHOLE})")  # also after _, as in a handle
CAPITAL: Final = r"(?:[A-Z0-9À-Ý][\w&'\u2019.-]*\w|[A-Z])"
SMALL: Final = r"(?:van|der|den|de|het|en|voor|in|&)"
NAME: Final = rf"{CAPITAL}(?:[ ](?:{SMALL}[ ]){{0,2}}{CAPITAL})*"
NAMED: Final = rf"(?:(?i:{KIND})[ ])?{NAME}"
ARTICLE: Final = r"(?:(?:de|het|den|'t|the)[ ])?"
AT_WORK = re.compile(
    rf"\b(?:[Bb]ij|[Nn]amens|[Ii]n dienst van)[ ]{ARTICLE}(?P<name>{NAMED})|(?<!\w)@[ ](?P<spaced>{NAMED})"
)
HANDLE = re.compile(r"(?<![\w@])@(?!\S+\.bsky\.social)(?P<handle>\w[\w.-]+)(?![\w.@-])")  # @who@where is a person's
OF_KIND = re.compile(rf"(?<![\w-])(?P<name>(?i:{KIND})[ ]{NAME})")
AFTER_JOB = re.compile(
    rf"(?<!\w)(?i:{JOB})(?:[ ](?i:{JOB})(?!\w)){{0,4}}+"  # HR Directeur: no job word is a name
    rf"[ ]?(?:[|\u2022\u00b7\u2013,/-]|(?i:voor|van|aan|at|for))?[ ]{ARTICLE}(?P<name>{NAMED})"
)
LONG_NAME: Final = rf"{CAPITAL}(?:[ ](?:{SMALL}[ ]){{0,2}}{CAPITAL})+"
FOR = re.compile(rf"\b(?:voor|van|aan|at|for)[ ]{ARTICLE}(?P<name>{LONG_NAME})")
ALONE = re.compile(rf"(?:[\u2013\u2022\u00b7|/(:,][ ]?)(?P<name>{LONG_NAME})(?=[ ]*(?:[\u2013\u2022\u00b7|,).;]|$))")
NUMBER = re.compile(r"\d[^A-Z ]*(?: |$)")  # 2e, 24-7; but 3M is a name
TAG = re.compile(r"(?<![\w&])#(?P<tag>(?:werken?bij)?(?P<name>\w+))", re.IGNORECASE)
LONGEST: Final = 60
# Of "mama van twee lieve kinderen (Noor en Bo)" ASIDE is "twee lieve kinderen"; a job word begins another clause.
ASIDE: Final = rf"(?:[ ](?!(?:{JOB}|bij|en|voor|namens|aan|in)(?!\w))[a-zà-ÿ\d'\u2019-]+){{0,4}}"
OWN: Final = rf"(?!(?i:{JOB})(?!\w))(?:@[\w.-]+|{CAPITAL})"
OWNS: Final = rf"{OWN}(?:[ ](?:{SMALL}[ ]){{0,2}}{OWN})*"
KIN, RELATION = (f"(?i:{'|'.join(RULES[words])})" for words in ("family", "relation"))
TIE: Final = r"(?i:[ ](?:van|vd|v|of|met|to)(?!\w)\.?)"
FAMILY: Final = rf"{KIN}(?!\w){TIE}?|{RELATION}(?:{TIE}|(?=[ ]?[(:]))"
NO_WORK: Final = rf"(?i:{'|'.join(RULES['no_work'])})[ ](?:bij|van|voor|aan|in|of|at)[ ]{ARTICLE}(?:(?i:{KIND})[ ])?"
PAST: Final = f"(?i:{'|'.join(RULES['past'])})"
NOW: Final = f"(?i:{'|'.join(ROLES['former']['now'] + ROLES['former']['joined'])})"
AT_ONE: Final = rf"(?:(?i:bij|van|voor|at|@)[ ]{ARTICLE}(?:(?i:{KIND})[ ])?|(?=@\w))"
# A word gives no letters back (++): else the hyphens of "ex-a-a-a" could be divided in ever more ways.
OVER: Final = rf"{PAST}(?:[ -](?!{NOW}(?!\w))[\w'\u2019&+-]++){{0,4}}?[ ]{AT_ONE}|(?i:ex)-"
PRIVATE = re.compile(
    rf"(?<![\w-])(?:(?:{FAMILY}){ASIDE}[ ]?[(:\u2013-]?[ ]?|{NO_WORK}|{OVER})"
    rf"{OWNS}(?:[ ]?(?:[,&+/(]|en)[ ]?{OWNS})*"
    rf"|(?<!\w){OWN}(?<=['\u2019]s)[ ](?:{KIN}|{RELATION})(?!\w)"
)
"""Somebody's family, or where they are but do not work, or worked once, up to the last name."""

OF_EMPLOYERS: Final = (AT_WORK, HANDLE, OF_KIND, AFTER_JOB, FOR, ALONE)
NOT_OF_EMPLOYERS = re.compile(rf"(?i:{LINK.pattern})|{PRIVATE.pattern}")

Found = tuple[int, int, str]
"""Where a name begins and ends, and the name, empty when it is not to be told, nor what is within it."""


def named(name: str) -> str | None:
    """Tidy a candidate; None when it is a place, a day, a platform, a number, a job, a handle, or `is_of_members`."""
    tidy = name.strip(" .,'\u2019-")
    if "_" in tidy or len(tidy) < 2 or len(tidy) > LONGEST or tidy.isdigit():  # noqa: PLR2004 - one letter, or a sentence
        return None
    if is_of_members(tidy) or tidy.lower() in NOT_NAMES or NUMBER.match(tidy):
        return None
    if all(word in NOT_NAMES or word.isdigit() for word in tidy.lower().split()):
        return None
    return tidy


def is_of_members(name: str) -> bool:
    """Tell whether a name is a union's, a party's or a church's: who names one is mostly a member, and never kept."""
    return OF_MEMBERS.search(name) is not None


def tag_of(name: str) -> str:
    """Write a name as a hashtag or handle does: letters and digits alone, small."""
    return re.sub(r"[\W_]", "", name).casefold()


def candidates(text: str, patterns: Iterable[re.Pattern[str]]) -> list[Found]:
    """Names that the patterns find, with their places in the text."""
    found = []
    for pattern in patterns:
        for match in pattern.finditer(text):
            (group,) = (name for name, value in match.groupdict().items() if value is not None)
            written = match.group(group).replace("_", " ") if group == "handle" else match.group(group)
            if (name := named(written)) or is_of_members(written):
                found.append((*match.span(group), name or ""))
    return found


def outermost(found: Iterable[Found]) -> list[str]:
    """Names by place, those inside the place of a longer one left out, each once; of two spellings the first."""
    names: dict[str, str] = {}
    end = 0
    for _, until, name in sorted(found, key=lambda one: (one[0], -one[1])):
        if until > end:
            names.setdefault(name.casefold(), name)
            end = until
    return list(filter(None, names.values()))


class OrganisationsStep(Step):
    """Sets `doc._.employer` (from the bio) and `doc._.organisations` (from the text).

    Beside what the rules find it knows names: those in its known.txt and those that it learns, such as a panel's. They
    count as they are written or in capitals, and in any letters as a handle or hashtag, after #werkenbij too. Of other
    handles only those in a bio are an employer's: in a text they are people more often.
    """

    def __init__(self, nlp: Language) -> None:
        self.tokenizer = nlp.tokenizer
        self.matcher = PhraseMatcher(nlp.vocab)
        self.known: dict[str, str] = {}

    def learn(self, names: Iterable[str]) -> None:
        """Add names to those that are known, but for trade unions and parties."""
        for name in sorted({*map(str.strip, names)} - {"", *self.known.values()}):
            if is_of_members(name):
                continue
            self.known[tag_of(name)] = name
            self.matcher.add(name, [self.tokenizer(name), self.tokenizer(name.upper())])

    def known_in(self, doc: Doc, text: str) -> Iterator[Found]:
        """Yield the known names in a document, with their places; `text` is the same without its links."""
        for span in self.matcher(doc, as_spans=True):
            if not text[span.start_char : span.end_char].isspace():
                yield span.start_char, span.end_char, span.label_
        for match in TAG.finditer(text):
            if name := self.known.get(tag_of(match.group("name"))) or self.known.get(tag_of(match.group("tag"))):
                yield *match.span(), name
        for match in HANDLE.finditer(text):
            if name := self.known.get(tag_of(match.group("handle"))):
                yield *match.span(), name

    def mentioned(self, doc: Doc, patterns: Sequence[re.Pattern[str]], hidden: re.Pattern[str] = LINK) -> list[str]:
        """Names in the order of the text, but for those in what is `hidden`."""
        text = hidden.sub(lambda one: " " * len(one.group()), text_of(doc))
        return outermost([*(self.known_in(doc, text) if self.known else ()), *candidates(text, patterns)])

    def fill(self, docs: Sequence[Doc]) -> None:
        """Read text and bio of each document."""
        for doc in docs:
            doc._.organisations = self.mentioned(doc, (AT_WORK, OF_KIND))
            bio = self.tokenizer(doc._.bio) if doc._.bio else None
            employers = self.mentioned(bio, OF_EMPLOYERS, NOT_OF_EMPLOYERS) if bio else []
            doc._.employer = employers[0] if employers else None

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Save the gazetteer."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / "known.txt").write_text("".join(f"{name}\n" for name in self.known.values()), "utf-8")

    def from_disk(self, path: str | Path, **_: object) -> "OrganisationsStep":
        """Read the gazetteer."""
        self.learn((Path(path) / "known.txt").read_text("utf-8").splitlines())
        return self


@Language.factory("etalage_organisations", assigns=["doc._.employer", "doc._.organisations"])
def make_organisations(nlp: Language, name: str) -> OrganisationsStep:  # noqa: ARG001 - spaCy passes both
    """Build the component."""
    return OrganisationsStep(nlp)
