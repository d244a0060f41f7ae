"""Language of a short, noisy post: Dutch (Flemish included) or one of its neighbours.

A linear model over hashed character n-grams; addresses, handles and hashtags are left out first, which gains more
than any choice of model (English posts carry Dutch hashtags). A language that it has not learned is `unknown`.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from nlp.cleaning import letters, plain
from nlp.head import Head, read_head, softmax
from nlp.ngrams import score
from nlp.step import Step, text_of

LENGTHS = (1, 2, 3, 4, 5)
UNKNOWN = "unknown"
FEWEST_LETTERS = 3
UNSURE = 0.4
LATIN = re.compile(r"[a-zà-ÿœŀıšžğşčřąęłżźśćńőű]")


def asked(text: str) -> str:
    """Take what the model looks at: running text in lower case."""
    return plain(text).lower()


class LanguageStep(Step):
    """Sets `doc._.language` and `doc._.language_p`; `unknown` with 0.0 when there is too little to tell."""

    def __init__(self, unsure: float = UNSURE) -> None:
        self.head: Head | None = None
        self.unsure = unsure
        self.lengths: tuple[int, ...] = LENGTHS

    def identify(self, text: str) -> tuple[str, float]:
        """Name the likeliest language and its probability."""
        if self.head is None:
            raise ValueError("the language model is not trained: load the pipeline from disk")
        words = asked(text)
        if letters(words) < FEWEST_LETTERS or len(LATIN.findall(words)) * 2 < letters(words):
            return UNKNOWN, 0.0
        raw = (score(words, self.lengths, self.head.weight) + self.head.bias) / self.head.temperature
        p = softmax(raw)
        best = int(p.argmax())
        name = self.head.labels[best]
        return (UNKNOWN if name == "other" or p[best] < self.unsure else name), float(p[best])

    def fill(self, docs: Sequence[Doc]) -> None:
        """Identify one by one: the model is linear and quick."""
        for doc in docs:
            doc._.language, doc._.language_p = self.identify(text_of(doc))

    def to_disk(self, path: str | Path, **_: object) -> None:
        """Save the model, its threshold and its lengths."""
        if self.head is not None:
            self.head.save(Path(path))
            facts = {"lengths": self.lengths, "unsure": self.unsure}
            (Path(path) / "language.json").write_text(json.dumps(facts) + "\n", "utf-8")

    def from_disk(self, path: str | Path, **_: object) -> "LanguageStep":
        """Read the model, its threshold and its lengths."""
        self.head = read_head(Path(path))
        facts = json.loads((Path(path) / "language.json").read_text("utf-8"))
        self.unsure, self.lengths = float(facts["unsure"]), tuple(facts["lengths"])
        return self


@Language.factory("etalage_language", assigns=["doc._.language", "doc._.language_p"])
def make_language(nlp: Language, name: str) -> LanguageStep:  # noqa: ARG001 - spaCy passes both
    """Build the component."""
    return LanguageStep()
