"""Light noise on a text while training: how carelessly people type and what a platform strips, never other words."""

import random
import re

EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d]+")
LINK = re.compile(r"https?://\S+")
TAG = re.compile(r"#(\w+)")
LETTERS_A_SLIP = 120
SHORTEST_SLIPPED = 15


def noisy(text: str, chance: random.Random) -> str:
    """Lower case, no emoji, no links, no tags or no white lines, each now and then; a slip of the finger as well."""
    if chance.random() < 0.15:  # noqa: PLR2004 - this and the following: how often
        text = text.lower()
    if chance.random() < 0.15:  # noqa: PLR2004
        text = EMOJI.sub("", text)
    if chance.random() < 0.1:  # noqa: PLR2004
        text = TAG.sub("" if chance.random() < 0.7 else r"\1", text)  # noqa: PLR2004
    if chance.random() < 0.15:  # noqa: PLR2004
        text = LINK.sub("", text)
    if chance.random() < 0.1:  # noqa: PLR2004
        text = text.rstrip(" .!")
    if chance.random() < 0.15:  # noqa: PLR2004
        text = text.replace("\n", " ")
    if chance.random() < 0.15:  # noqa: PLR2004
        text = slipped(text, chance)
    return text if text.strip() else "."


def slipped(text: str, chance: random.Random) -> str:
    """Leave out, swap or double a letter, once in about LETTERS_A_SLIP characters."""
    for _ in range(1 + len(text) // LETTERS_A_SLIP if len(text) > SHORTEST_SLIPPED else 0):
        at = chance.randrange(len(text) - 2)
        one, two = text[at], text[at + 1]
        if one.isalpha() and two.isalpha():
            put = chance.choice([two, two + one, one + one + two])
            text = text[:at] + put + text[at + 2 :]
    return text


def thinned(row: list[int], share: float, chance: random.Random) -> list[int]:
    """Leave out a share of the tokens between the first and the last."""
    kept = [one for one in row[1:-1] if chance.random() >= share]
    return [row[0], *(kept or row[1:-1]), row[-1]]
