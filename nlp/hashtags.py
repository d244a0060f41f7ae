"""Hashtags split into words: by capitals where there are any, else the cheapest row of known words."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from spacy.language import Language
from spacy.tokens import Doc

from nlp.step import Step

TAG = re.compile(r"(?<![\w&])#(\w{2,60})")
CAPITALS = re.compile(r"[A-ZÀ-Ý]?[a-zà-ÿ]+|[A-ZÀ-Ý]+(?![a-zà-ÿ])|\d+")
LONGEST: Final = 26
NEW_WORD: Final = 12.0
NEW_LETTER: Final = 1.7
PER_WORD: Final = 1.0


def split(tag: str, cost: Mapping[str, float]) -> list[str]:
    """Words of a tag without its '#', in lower case; `cost` is -log of each known word's frequency."""
    parts = CAPITALS.findall(tag)
    if len(parts) > 1 and "".join(parts) == tag.replace("_", "") and tag[:1] + tag[1:].lower() != tag:
        return [part.lower() for part in parts]
    return [word for piece in tag.lower().split("_") if piece for word in cheapest(piece, cost)]


def cheapest(letters: str, cost: Mapping[str, float]) -> list[str]:
    """Viterbi over all ways to cut; an unknown stretch costs by its length, so that it stays whole."""
    best = [0.0] + [math.inf] * len(letters)
    back = [0] * (len(letters) + 1)
    for start in range(len(letters)):
        for end in range(start + 1, min(len(letters), start + LONGEST) + 1):
            word = letters[start:end]
            price = best[start] + cost.get(word, NEW_WORD + NEW_LETTER * len(word)) + PER_WORD
            if price < best[end]:
                best[end], back[end] = price, start
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
        """Split one tag; tags come back often, so the last thousands are remembered."""
        if tag not in self.met:
            if len(self.met) > 10_000:  # noqa: PLR2004 - a bound, not a setting
                self.met.clear()
            self.met[tag] = " ".join(split(tag, self.cost))
        return self.met[tag]

    def fill(self, docs: Sequence[Doc]) -> None:
        """Find and split the tags of each document."""
        for doc in docs:
            doc._.hashtags = list(dict.fromkeys(self.phrase(tag) for tag in TAG.findall(doc.text)))

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
