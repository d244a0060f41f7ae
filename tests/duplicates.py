"""Near-duplicates among texts, by the word trigrams they share."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

WORD = re.compile(r"\w+")
NEAR: Final = 0.35


def trigrams(text: str) -> set[tuple[str, ...]]:
    """Every row of three words; a shorter text is one row."""
    words = WORD.findall(text.lower())
    return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))} if words else set()


def near_duplicates(texts: Sequence[str], near: float = NEAR) -> Iterator[tuple[int, int, float]]:
    """Pairs (earlier, later, share) whose trigrams overlap by at least `near` (intersection over union)."""
    sets = [trigrams(text) for text in texts]
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for later, found in enumerate(sets):
        shared = Counter(earlier for row in found for earlier in where[row])
        for earlier, count in shared.items():
            share = count / (len(found) + len(sets[earlier]) - count)
            if share >= near:
                yield earlier, later, share
        for row in found:
            where[row].append(later)
