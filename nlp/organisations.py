"""Organisations: the employer in a bio and those that a text mentions, by rules and a list that grows."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from nlp.cleaning import LINK
from nlp.step import Step, text_of

RULES: Final = tomllib.loads((Path(__file__).parent / "rules" / "organisations.toml").read_text("utf-8"))
KIND: Final = f"(?:{'|'.join(RULES['kind'])})"
JOB: Final = f"(?:{'|'.join(RULES['job'])})"
NOT_NAMES: Final = frozenset(RULES["not_names"])
CAPITAL: Final = r"(?:[A-Z0-9À-Ý][\w&'\u2019.-]*\w|[A-Z])"
SMALL: Final = r"(?:van|der|den|de|het|en|voor|in|&)"
NAME: Final = rf"{CAPITAL}(?:[ ](?:{SMALL}[ ]){{0,2}}{CAPITAL})*"
NAMED: Final = rf"(?:(?i:{KIND})[ ])?{NAME}"
ARTICLE: Final = r"(?:(?:de|het|den|'t|the)[ ])?"
AT_WORK = re.compile(
    rf"\b(?:[Bb]ij|[Nn]amens|[Ii]n dienst van)[ ]{ARTICLE}(?P<name>{NAMED})"
    rf"|(?<!\w)@(?:(?P<at>\w[\w.-]+)|[ ](?P<spaced>{NAMED}))"
)
OF_KIND = re.compile(rf"(?<![\w-])(?P<name>(?i:{KIND})[ ]{NAME})")
AFTER_JOB = re.compile(
    rf"(?<!\w)(?i:{JOB})[ ]?(?:[|\u2022\u00b7\u2013,/-]|(?i:voor|van|aan|in|at|for))?[ ]{ARTICLE}(?P<name>{NAMED})"
)
LONG_NAME: Final = rf"{CAPITAL}(?:[ ](?:{SMALL}[ ]){{0,2}}{CAPITAL})+"
NOT_FAMILY: Final = "".join(
    f"(?<!{word} )" for word in ("mama", "papa", "vader", "moeder", "opa", "oma", "fan", "man", "vrouw")
)
FOR = re.compile(rf"{NOT_FAMILY}\b(?:voor|van|aan|at|for)[ ]{ARTICLE}(?P<name>{LONG_NAME})")
ALONE = re.compile(rf"(?:[\u2013\u2022\u00b7|/(:,][ ]?)(?P<name>{LONG_NAME})(?=[ ]*(?:[\u2013\u2022\u00b7|,).;]|$))")
LONGEST: Final = 60


def named(name: str) -> str | None:
    """Tidy a candidate; None when it is a place, a day, a platform or a bare abbreviation."""
    tidy = name.strip(" .,'\u2019-_").replace("_", " ")
    if len(tidy) < 2 or len(tidy) > LONGEST or tidy.isdigit():  # noqa: PLR2004 - one letter, or a sentence
        return None
    if tidy.lower() in NOT_NAMES or all(word in NOT_NAMES for word in tidy.lower().split()):
        return None
    return tidy


def candidates(text: str, patterns: Iterable[re.Pattern[str]]) -> list[str]:
    """Names by position in the text, those inside a longer one left out."""
    found: dict[str, int] = {}
    for pattern in patterns:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            name = named(groups.get("name") or groups.get("at") or groups.get("spaced") or "")
            if name:
                found.setdefault(name, match.start())
    kept = [name for name in found if not any(name != other and name.lower() in other.lower() for other in found)]
    return sorted(kept, key=found.__getitem__)


class OrganisationsStep(Step):
    """Sets `doc._.employer` (from the bio) and `doc._.organisations` (from the text).

    `known` is the gazetteer: names, one a line in known.txt, to which verified employers of a panel can be added.
    """

    def __init__(self) -> None:
        self.known: tuple[str, ...] = ()
        self.pattern: re.Pattern[str] | None = None

    def learn(self, names: Iterable[str]) -> None:
        """Add names to the gazetteer; a hashtag such as #werkenbij… followed by the name counts as a mention."""
        self.known = tuple(sorted({*self.known, *(name for name in map(str.strip, names) if name)}))
        words = "|".join(re.escape(name) for name in sorted(self.known, key=len, reverse=True))
        self.pattern = (
            re.compile(rf"(?<!\w)(?:#(?:werken?bij)?)?(?P<name>{words})(?!\w)", re.IGNORECASE) if words else None
        )

    def mentioned(self, text: str, patterns: Sequence[re.Pattern[str]]) -> list[str]:
        """Known names first, then what the rules find."""
        known = {name.lower(): name for name in self.known}
        hits = [match.group("name") for match in self.pattern.finditer(text)] if self.pattern else []
        names = [known.get(hit.lower(), hit) for hit in hits]
        return list(dict.fromkeys([*names, *candidates(LINK.sub(" ", text), patterns)]))

    def fill(self, docs: Sequence[Doc]) -> None:
        """Read text and bio of each document."""
        for doc in docs:
            doc._.organisations = self.mentioned(text_of(doc), (AT_WORK, OF_KIND))
            employers = self.mentioned(doc._.bio, (AT_WORK, OF_KIND, AFTER_JOB, FOR, ALONE)) if doc._.bio else []
            doc._.employer = employers[0] if employers else None

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Save the gazetteer."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / "known.txt").write_text("".join(f"{name}\n" for name in self.known), "utf-8")

    def from_disk(self, path: str | Path, **_: object) -> "OrganisationsStep":
        """Read the gazetteer."""
        self.learn((Path(path) / "known.txt").read_text("utf-8").splitlines())
        return self


@Language.factory("etalage_organisations", assigns=["doc._.employer", "doc._.organisations"])
def make_organisations(nlp: Language, name: str) -> OrganisationsStep:  # noqa: ARG001 - spaCy passes both
    """Build the component."""
    return OrganisationsStep()
