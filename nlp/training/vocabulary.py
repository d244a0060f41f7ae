"""The subword vocabulary: the base's 250,002 pieces trimmed to those that Dutch and its neighbours need."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from nlp.training.base import Base

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
# The base's normaliser drops these, or makes them a space, where plain NFKC would keep them.
DROPPED = r"[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"
BLANK = r"[\s\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]+"
# Words a language contributes, most frequent first; Dutch gives all it has.
WORDS = {"nl": 1_000_000, "en": 60_000, "de": 20_000, "fr": 20_000}
LONGEST_NUMBER = 5
READ = (range(0x250), range(0x2000, 0x2C00), range(0x1F000, 0x20000))  # Latin, signs, emoji


def unigram_tokenizer(pieces: Sequence[tuple[str, float]]) -> Tokenizer:
    """SentencePiece unigram as the base does it, with the base's four special pieces first."""
    tokenizer = Tokenizer(models.Unigram(list(pieces), unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(DROPPED), ""),
            normalizers.NFKC(),
            normalizers.Replace(Regex(BLANK), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def full_tokenizer(base: Base) -> Tokenizer:
    """Every piece of the base."""
    return unigram_tokenizer(list(zip(base.pieces, base.scores.tolist(), strict=True)))


def word_list() -> Iterator[tuple[str, float]]:
    """Words as they stand in social text (lower case, capitalised, inside a hashtag) with a weight."""
    import wordfreq  # noqa: PLC0415 - part of the extra `train`

    for language, size in WORDS.items():
        for word in wordfreq.top_n_list(language, size):
            weight = wordfreq.word_frequency(word, language) * (1.0 if language == "nl" else 0.2)
            yield word, weight
            yield word.capitalize(), weight / 5
            yield "#" + word, weight / 50
            yield "#" + word.capitalize(), weight / 50
            yield word.upper(), weight / 500


def kept_pieces(base: Base, texts: Iterable[str], size: int) -> npt.NDArray[np.int64]:
    """Ids in the base of the pieces to keep, in order: special ones, plain characters, then the most used.

    A piece that occurs in `texts` is always kept; `size` is the number of pieces in all.
    """
    tokenizer = full_tokenizer(base)
    keep = set(range(len(SPECIAL)))
    keep.update(i for i, piece in enumerate(base.pieces) if is_plain(piece.lstrip("▁")))
    keep.update(i for encoding in tokenizer.encode_batch(list(texts)) for i in encoding.ids)
    used: dict[int, float] = defaultdict(float)
    words = list(word_list())
    for (_, weight), encoding in zip(words, tokenizer.encode_batch([word for word, _ in words]), strict=True):
        for i in encoding.ids[1:-1]:
            used[i] += weight
    for i in sorted(used, key=lambda i: -used[i]):
        if len(keep) >= size:
            break
        keep.add(i)
    return np.array(sorted(keep), np.int64)


def is_plain(mark: str) -> bool:
    """One letter, sign or emoji (so that nothing we can read is unknown), or a short number or row of signs.

    Other scripts are left out: the model cannot read them.
    """
    if len(mark) > 1:
        return mark.isascii() and not any(map(str.isalpha, mark)) and len(mark) <= LONGEST_NUMBER
    return not mark or any(ord(mark) in block for block in READ)


def trimmed_tokenizer(base: Base, kept: npt.NDArray[np.int64]) -> Tokenizer:
    """Keep the base's tokenizer with only the kept pieces, renumbered in order."""
    return unigram_tokenizer([(base.pieces[i], float(base.scores[i])) for i in kept])
