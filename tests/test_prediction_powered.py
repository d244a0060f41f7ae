"""Corrected shares: right by hand, and covering the truth as often as they promise."""

from math import isclose

import numpy as np
import pytest
from simulated import Role, estimate, night

from warehouse.prediction_powered import Audited, Cell, correct, pool_strata, t_quantile, wilson

RUNS = 500
ROLES = {
    "hr": Role(authors=200, audited=150, busy=0.3, quiet=0.5, sensitivity=0.75, specificity=0.9),
    "marketing": Role(authors=150, audited=120, busy=0.6, quiet=0.45, sensitivity=0.9, specificity=0.75),
}


@pytest.fixture(scope="module")
def nights():
    """Return 500 nights of both roles."""
    chance = np.random.default_rng(2013)
    return {name: [night(chance, role) for _ in range(RUNS)] for name, role in ROLES.items()}


@pytest.mark.parametrize("role", ROLES)
def test_intervals_cover_the_truth(nights, role):
    """In 93 to 97 percent of 500 runs the corrected interval holds the true share."""
    truth = ROLES[role].truth
    covered = np.mean([found.corrected.low[0] <= truth <= found.corrected.high[0] for found in nights[role]])

    assert 0.93 <= covered <= 0.97


@pytest.mark.parametrize("role", ROLES)
def test_the_naive_share_does_not(nights, role):
    """The naive interval misses the truth far more often: it knows nothing of the classifier's errors."""
    truth = ROLES[role].truth
    covered = np.mean([abs(found.naive - truth) <= found.naive_half for found in nights[role]])

    assert covered < 0.8


def test_the_difference_of_roles_is_covered(nights):
    """The difference between roles, each corrected by its own errors, is covered too; naively it is not."""
    truth = ROLES["hr"].truth - ROLES["marketing"].truth
    covered = naive = 0
    for hr, marketing in zip(nights["hr"], nights["marketing"], strict=True):
        one, other = hr.corrected, marketing.corrected
        difference = one.share[0] - other.share[0]
        low = difference - np.hypot(one.share[0] - one.low[0], other.high[0] - other.share[0])
        high = difference + np.hypot(one.high[0] - one.share[0], other.share[0] - other.low[0])
        covered += low <= truth <= high
        naive += abs(hr.naive - marketing.naive - truth) <= np.hypot(hr.naive_half, marketing.naive_half)

    assert 0.93 <= covered / RUNS <= 0.97
    assert naive / RUNS < 0.7


@pytest.mark.parametrize("role", ROLES)
def test_no_bias(nights, role):
    """The mean of the corrected shares is the truth."""
    shares = [found.corrected.share[0] for found in nights[role]]

    assert abs(np.mean(shares) - ROLES[role].truth) < 3 * np.std(shares) / np.sqrt(RUNS)


@pytest.mark.parametrize("rare", [0.02, 0.05])
def test_rare_labels_are_covered(rare):
    """A label that few audited posts carry is covered at least as often."""
    chance = np.random.default_rng(7)
    role = Role(authors=200, audited=150, busy=rare, quiet=rare, sensitivity=0.5, specificity=0.99)
    found = [night(chance, role).corrected for _ in range(300)]

    assert np.mean([one.low[0] <= rare <= one.high[0] for one in found]) >= 0.93


def hand(truth, guess, *, share, weight=None, stratum=None, sizes=(100.0,), groups=None, parents=None):
    """Correct a cell of 100 posts in which every audited post has an author of its own."""
    truth, guess = np.array(truth, float), np.array(guess, float)
    count = len(truth)
    cell = Cell(np.array(share), np.zeros(truth.shape[1]), np.array(sizes), np.ones(count), guess)
    return correct(
        cell,
        Audited(
            truth,
            guess,
            np.ones(count) if weight is None else np.array(weight, float),
            np.zeros(count, dtype=np.int64) if stratum is None else np.array(stratum),
            np.arange(count),
        ),
        groups,
        parents,
    )


def test_by_hand():
    """The model finds 40 percent; of 10 audited posts it wrongly gave one: 30 percent."""
    found = hand([[1], [1], [1], [0], [0], [0], [0], [0], [0], [0]], [[1], [1], [1], [1], *[[0]] * 6], share=[0.4])

    assert isclose(found.share[0], 0.3)
    assert found.low[0] < 0.3 < found.high[0]


def test_weights_by_hand():
    """A post that had half the chance counts twice."""
    found = hand([[0], [1], [1]], [[1], [1], [1]], share=[1.0], weight=[2, 1, 1])

    assert isclose(found.share[0], 0.5)


def test_strata_by_hand():
    """Each stratum's error counts by its part of the cell, not by its part of the sample."""
    truth = [[0]] * 10 + [[1]] * 20
    found = hand(truth, [[1]] * 30, share=[1.0], stratum=[0] * 10 + [1] * 20, sizes=(75.0, 25.0))

    assert isclose(found.share[0], 0.25)


def test_small_strata_share_one():
    """Strata with fewer than ten audited posts are one; when even that is too small, with the smallest other."""
    pooled, sizes = pool_strata(np.array([0] * 10 + [1] * 12 + [2] * 3), np.array([10.0, 20.0, 5.0, 7.0]))

    assert sorted(sizes) == [20.0, 22.0]
    assert len(set(pooled[:10]) | set(pooled[-3:])) == 1


def test_agreement_everywhere_is_not_certainty():
    """With no error in 60 audited posts, the interval still allows for some."""
    found = hand([[0]] * 60, [[0]] * 60, share=[0.0])

    assert found.share[0] == found.low[0] == 0
    assert 0.04 < found.high[0] < 0.09


def test_labels_that_belong_together_add_up():
    """Corrected shares of exclusive labels add up to one when they lean on the model equally."""
    chance = np.random.default_rng(5)
    goal, read = chance.integers(0, 3, 400), chance.integers(0, 3, 400)
    truth = np.eye(3)[goal]
    guess = np.eye(3)[np.where(chance.random(400) < 0.6, goal, read)]
    found = hand(truth, guess, share=[0.5, 0.3, 0.2], sizes=(1000.0,), groups=np.zeros(3, dtype=np.int64))

    assert isclose(found.share.sum(), 1)


def test_a_post_whose_goal_and_purpose_differ_counts_once():
    """With fewer than ten posts that differ the model is leant on fully, however many labels a post differs in."""
    read = np.eye(4)[[0] * 30 + [1] * 30]  # two goals, and a purpose of each
    read[:, 2:] = read[:, :2]
    found = read.copy()
    found[:9] = read[-1]

    corrected = hand(found, read, share=[0.8, 0.2, 0.8, 0.2], groups=np.zeros(4, dtype=np.int64))

    assert np.allclose(corrected.share, np.array([0.8, 0.2, 0.8, 0.2]) + (found - read).mean(axis=0))


def test_more_audited_posts_make_it_surer():
    """Four times the audited posts halve the interval, as far as authors allow."""
    chance = np.random.default_rng(3)
    author = chance.integers(0, 4000, 8000)
    truth = (chance.random(8000) < 0.4).astype(float)
    guess = np.where(chance.random(8000) < 0.8, truth, 1 - truth)
    stratum = chance.integers(0, 4, 8000)
    widths = []
    for count in (200, 800):
        found = estimate(author, truth, guess, stratum, chance.choice(8000, count, replace=False)).corrected
        widths.append(found.high[0] - found.low[0])

    assert 0.4 < widths[1] / widths[0] < 0.6


@pytest.mark.parametrize("n", [5.0, 40.0, 1000.0])
def test_wilson_and_student(n):
    """Wilson's interval is the textbook's, and Student's quantile that of its tables within a percent."""
    low, high = wilson(np.array([0.25]), np.array([40.0]), 1.959964)

    assert (round(low[0], 3), round(high[0], 3)) == (0.142, 0.402)
    assert isclose(t_quantile(1.959964, n + 1), {5.0: 2.571, 40.0: 2.021, 1000.0: 1.962}[n], rel_tol=0.01)


def test_what_is_cut_off_at_nought_is_taken_from_the_others():
    """Of two purposes the second has two goals, one of which nobody gave whom the model did."""
    truth = [[1, 0, 1, 0, 0]] * 5 + [[0, 1, 0, 1, 0]] * 5
    guess = [[1, 0, 1, 0, 0]] * 3 + [[0, 1, 0, 0, 1]] * 2 + [[0, 1, 0, 1, 0]] * 3 + [[0, 1, 0, 0, 1]] * 2
    share, parents = [0.5, 0.5, 0.5, 0.45, 0.05], np.array([-1, -1, 0, 1, 1])
    found = hand(truth, guess, share=share, groups=np.zeros(5, dtype=np.int64), parents=parents).share

    assert found[4] == 0
    assert isclose(found[:2].sum(), 1)
    assert isclose(found[2], found[0])
    assert isclose(found[3:].sum(), found[1])
