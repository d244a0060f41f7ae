"""Hashtags split into words: by capitals where there are any, else the cheapest row of known words."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from nlp.cleaning import TAG
from nlp.step import Step, text_of

RUN = re.compile(r"[^\W\d_]+|\d+")
CAPITALS = re.compile(r"[A-ZÀ-Ý]+(?![a-zà-ÿ])|.[^A-ZÀ-Ý]*")
SHOUTED = re.compile(r"[A-ZÀ-Ý]{2,}|.[^A-ZÀ-Ý]*")
LONGEST: Final = 26
NEW_WORD: Final = 12.0
NEW_LETTER: Final = 1.7
FEWEST_LETTERS: Final = 6  # a shorter unknown stretch costs as much as one of six: better no cut than a stray letter
PER_WORD: Final = 1.0
REMEMBERED: Final = 10_000


def split(tag: str, cost: Mapping[str, float]) -> list[str]:
    """Words of a tag without its '#', in lower case; `cost` is -log of each known word's frequency."""
    return [word for run in RUN.findall(tag) for word in split_run(run, cost)]


def split_run(run: str, cost: Mapping[str, float]) -> list[str]:
    """Cut at capitals, if any stand inside; a first word of capitals alone may end at either side of the last."""
    if run[1:] in (run[1:].lower(), run[1:].upper()):
        return cheapest(run.lower(), cost)
    ways = {tuple(part.lower() for part in pattern.findall(run)) for pattern in (CAPITALS, SHOUTED)}
    return list(min(sorted(ways), key=lambda words: sum(price(word, cost) for word in words)))


def price(word: str, cost: Mapping[str, float]) -> float:
    """Known words by their frequency, others by their length, so that an unknown stretch stays whole."""
    return cost.get(word, NEW_WORD + NEW_LETTER * max(len(word), FEWEST_LETTERS)) + PER_WORD


def cheapest(letters: str, cost: Mapping[str, float]) -> list[str]:
    """Viterbi over all ways to cut."""
    best = [0.0] + [math.inf] * len(letters)
    back = [0] * (len(letters) + 1)
    for start in range(len(letters)):
        for end in range(start + 1, min(len(letters), start + LONGEST) + 1):
            word = letters[start:end]
            total = best[start] + price(word, cost)
            if total < best[end]:
                best[end], back[end] = total, start
    words: list[str] = []
    end = len(letters)
    while end:
        words.append(letters[back[end] : end])
        end = back[end]
    return words[::-1]


class HashtagsStep(Step):
    """Sets `doc._.hashtags`: each tag as its words with spaces between, in order, once."""

    def __init__(self) -> None:
        self.cost: dict[str, float] = {}
        self.met: dict[str, str] = {}

    def phrase(self, tag: str) -> str:
        """Split one tag; tags come back often, so thousands are remembered."""
        if tag not in self.met:
            self.met[tag] = " ".join(split(tag, self.cost))
            if len(self.met) > REMEMBERED:
                self.met.pop(next(iter(self.met)))
        return self.met[tag]

    def fill(self, docs: Sequence[Doc]) -> None:
        """Find and split the tags of each document."""
        for doc in docs:
            # The handle in #fleurtje_ would be told without its _, as a word that no search for the handle finds.
            tags = (tag for tag in TAG.findall(text_of(doc)) if tag.strip("_") == tag)
            doc._.hashtags = list(dict.fromkeys(map(self.phrase, tags)))

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Save the word list."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / "words.json").write_text(json.dumps(self.cost, ensure_ascii=False, sort_keys=True), "utf-8")

    def from_disk(self, path: str | Path, **_: object) -> "HashtagsStep":
        """Read the word list."""
        self.cost = json.loads((Path(path) / "words.json").read_text("utf-8"))
        return self


@Language.factory("etalage_hashtags", assigns=["doc._.hashtags"])
def make_hashtags(nlp: Language, name: str) -> HashtagsStep:  # noqa: ARG001 - spaCy passes both
    """Build the component."""
    return HashtagsStep()
