"""Krippendorff's alpha: the textbook's, with an interval that holds the truth."""

from math import isclose

import numpy as np

from nlp.krippendorff import alpha, krippendorff


def test_the_textbook():
    """Krippendorff's own nominal example with missing values: alpha is 0.743."""
    table = """
        1 2 3 3 2 1 4 1 2 . . .
        1 2 3 3 2 2 4 1 2 5 . 3
        . 3 3 3 2 3 4 2 2 5 1 .
        1 2 3 3 2 4 4 1 2 5 1 .
    """
    observers = [line.split() for line in table.split("\n") if line.strip()]
    units = [[answer for answer in unit if answer != "."] for unit in zip(*observers, strict=True)]
    found = krippendorff(units)

    assert found.units == 11
    assert isclose(found.alpha, 0.743, abs_tol=0.0005)
    assert alpha(units) == found.alpha
    assert found.low < found.alpha < found.high <= 1


def test_always_and_never():
    """Full agreement is one; answers at random are about nought."""
    chance = np.random.default_rng(1)
    same = [[at % 3, at % 3] for at in range(30)]
    random = [chance.integers(0, 3, 2).tolist() for _ in range(2000)]

    assert krippendorff(same).alpha == krippendorff(same).low == 1
    assert abs(krippendorff(random).alpha) < 0.05
    assert krippendorff(random).low < 0 < krippendorff(random).high


def test_nothing_to_compare():
    """Without posts that two labelled, or with one label only, there is no alpha."""
    assert krippendorff([["x"], ["y"]]).alpha is None
    assert krippendorff([["x", "x"]]).alpha is None


def test_the_interval_covers():
    """In about 95 of 100 samples of posts the interval holds the alpha of all posts."""
    chance = np.random.default_rng(4)
    truth = chance.integers(0, 4, 20_000)
    answers = np.where(chance.random((2, 20_000)) < 0.8, truth, chance.integers(0, 4, (2, 20_000))).T.tolist()
    whole = krippendorff(answers, rounds=2).alpha
    covered = 0
    for _ in range(200):
        drawn = chance.choice(20_000, 100, replace=False)
        found = krippendorff([answers[at] for at in drawn], rounds=300)
        covered += found.low <= whole <= found.high

    assert covered >= 180
