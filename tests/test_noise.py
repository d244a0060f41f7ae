"""Noise while training: another look, never another word."""

import random

from nlp.training.noise import noisy, slipped, thinned

DICE = random.Random  # noise, not secrets
TEXT = "Wij zoeken een collega! 🎉 #werkenbij https://voorbeeld.example/1\nReageer voor vrijdag."


def test_same_chance_same_noise():
    """Noise follows from its seed."""
    assert [noisy(TEXT, DICE(3)) for _ in range(3)] == [noisy(TEXT, DICE(3)) for _ in range(3)]


def test_noise_is_light():
    """Nearly all words stay, however often one looks."""
    words = {"wij", "zoeken", "een", "reageer", "voor"}
    dice = DICE(1)
    kept = [len(words & set(noisy(TEXT, dice).lower().split())) for _ in range(200)]
    assert sum(kept) / 200 > 4.7


def test_nothing_becomes_something():
    """A text that is all link or emoji does not become empty."""
    dice = DICE(5)
    assert all(noisy("https://a.example", dice).strip() for _ in range(50))
    assert slipped("kort", dice) == "kort"


def test_thinning_keeps_both_ends():
    """The first and the last token stay, and never only they."""
    dice = DICE(2)
    assert thinned([0, 7, 2], 1.0, dice) == [0, 7, 2]
    rows = [thinned(list(range(100)), 0.1, dice) for _ in range(20)]
    assert all(row[0] == 0 and row[-1] == 99 for row in rows)
    assert 80 < sum(map(len, rows)) / 20 < 96
