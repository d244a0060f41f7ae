"""Weights of the language model: how much likelier each character n-gram is in one language than in the others.

Word frequencies (the extra `train`) teach what a few hundred texts cannot; nlp/rules/languages.toml does so for the two
neighbours without a list. Counting is all there is to it, so that training takes seconds and chance has no part.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np

from nlp.artefact import MODEL, ModelError, check_whole
from nlp.cleaning import readable
from nlp.codebook import LANGUAGES
from nlp.corpus_files import CorpusError, training_texts
from nlp.head import Floats, Head
from nlp.language import LENGTHS, LanguageStep, asked
from nlp.ngrams import buckets, score
from nlp.training.regression import Doubles, best_temperature, folds, one_hot, softmax_loss

BITS: Final = 16
WORDS: Final = 8_000
DAMPING: Final = 0.7  # power of a word's frequency: a rare word tells more than it weighs
SHARES: Final = {"words": 1.0, "texts": 0.5, "posts": 0.2}
SMOOTHING: Final = 0.3  # share of a language's n-grams that are spread evenly
LEANING: Final = {"nl": 0.5, "af": -0.3, "fy": -0.3}  # nearly all that comes is Dutch, hardly any of it its neighbours
OTHERS: Final = ("es", "it", "pt", "da", "sv", "nb", "pl", "tr", "fi", "cs", "ro", "hu", "id")
RULES: Final = Path(__file__).parent.parent / "rules" / "languages.toml"
Pairs = Sequence[tuple[str, str]]


def kept_languages(corpus: Path, before: Path, say: Callable[[str], None]) -> LanguageStep | None:
    """Read how the model at `before` tells languages, or else the shipped one; None where they are to be learnt.

    Learning takes texts in several languages and the word lists of the extra `train`. It does without the lists where
    no whole model is there to keep; without the texts every text would be taken for Dutch, which is a `CorpusError`.
    """
    several = any(one.language != "nl" for one in training_texts(corpus))
    if several and has_word_lists():
        return None
    why = [
        "the word lists that teach them come with the extra `train`"
        if several
        else f"{corpus / 'language-train.jsonl'} has no texts in several languages"
    ]
    for model in [place for place in dict.fromkeys((before, MODEL)) if place.exists()]:
        try:
            check_whole(model)  # one version covers all its parts: of a damaged model none is known to be sound
            kept = LanguageStep().from_disk(model / "language")
        except (ModelError, OSError, ValueError) as error:
            why.append(str(error))
        else:
            say(f"languages are told as the model at {model} tells them: {'; '.join(why)}")
            return kept
    if not several:
        raise CorpusError(f"{'; '.join(why)}; without a whole model to keep, every text would be taken for Dutch")
    say(f"languages will be told less well, with no whole model to keep: {'; '.join(why)}")
    return None


def language_head(texts: Pairs, dutch: Sequence[str], seed: int) -> Head:
    """Train on (text, language) pairs and Dutch posts; the temperature comes from texts held out in turn."""
    languages = tuple(name for name in LANGUAGES if name == "nl" or any(name == language for _, language in texts))
    known = table(words(languages), languages, SHARES["words"])
    known += table([(text, "nl", 1.0) for text in dutch], languages, SHARES["posts"])
    scores = np.zeros((len(texts), len(languages)), np.float32)
    for part in folds(len(texts), 5, seed):
        rest = [texts[i] for i in np.setdiff1d(np.arange(len(texts)), part)]
        weight = weights(known + table(once(rest), languages, SHARES["texts"]))
        for i in part:
            scores[i] = score(asked(readable(texts[i][0])), LENGTHS, weight)
    bias = np.array([LEANING.get(name, 0.0) for name in languages], np.float32)
    loss = softmax_loss(scores + bias, one_hot([language for _, language in texts], languages))
    weight = weights(known + table(once(texts), languages, SHARES["texts"]))
    return Head(languages, weight, bias, best_temperature(loss) if texts else 1.0)


def once(texts: Pairs) -> list[tuple[str, str, float]]:
    """Give each text the same weight."""
    return [(text, language, 1.0) for text, language in texts]


def words(languages: Sequence[str]) -> Iterator[tuple[str, str, float]]:
    """Words as (word, language, weight): our own lists, and those of wordfreq where it is installed."""
    for language, listed in tomllib.loads(RULES.read_text("utf-8")).items():
        if language in languages:
            for place, word in enumerate(dict.fromkeys(listed.split())):
                yield word, language, (1 / (20 + place)) ** DAMPING
    if not has_word_lists():
        return
    import wordfreq  # noqa: PLC0415 - part of the extra `train`

    for language in [name for name in ("nl", "en", "de", "fr") if name in languages]:
        for word in wordfreq.top_n_list(language, WORDS):
            yield word, language, wordfreq.word_frequency(word, language) ** DAMPING
    for language in OTHERS if "other" in languages else ():
        for word in wordfreq.top_n_list(language, WORDS // 3):
            yield word, "other", (wordfreq.word_frequency(word, language) / 8) ** DAMPING


def has_word_lists() -> bool:
    """Tell whether word frequencies can be had; without them languages are told four points less well."""
    return find_spec("wordfreq") is not None


def table(rows: Iterable[tuple[str, str, float]], languages: Sequence[str], share: float) -> Doubles:
    """Distribution of n-grams by language (languages, buckets), each row adding up to `share` or to nothing."""
    found = np.zeros((len(languages), 2**BITS))
    at = {name: i for i, name in enumerate(languages)}
    for text, language, weight in rows:
        np.add.at(found[at[language]], buckets(asked(readable(text)), LENGTHS, BITS), weight)
    shares: Doubles = found * share / np.maximum(found.sum(axis=1, keepdims=True), 1e-12)
    return shares


def weights(counted: Doubles) -> Floats:
    """Log probability of each n-gram by language, less its mean over the languages."""
    spread = counted + SMOOTHING / counted.shape[1]
    logs = np.log(spread / spread.sum(axis=1, keepdims=True))
    return np.asarray(logs - logs.mean(axis=0), np.float32)
