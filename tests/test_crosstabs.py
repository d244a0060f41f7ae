"""Tables of platforms and roles: few people are not to be worked out from the cells that are shown."""

import random
from itertools import product

from subtraction import ACROSS, derived

from warehouse.crosstabs import Cell, too_telling

FEWEST = 5


def table(people):
    """Make the cells of a table and its totals, HR's first, from the people of each platform and role."""
    numbers = {piece: at for at, piece in enumerate(people)}
    platforms = ["all", *dict.fromkeys(platform for platform, _ in people)]
    roles = dict.fromkeys(("hr", "all", *(role for _, role in people)))
    cells = []
    for number, (role, platform) in enumerate(product(roles, platforms), start=len(people)):
        pieces = [numbers[one, of] for one, of in people if platform in ("all", one) and role in ("all", of)]
        count = sum(people[piece] for piece in people if numbers[piece] in pieces)
        is_few = count < FEWEST
        itself = numbers.get((platform, role), number)
        if pieces:
            cells.append(Cell(itself, pieces, count, is_withheld=is_few, is_protected=is_few))
    return cells


def left(cells):
    """Return the cells that are still shown."""
    gone = too_telling(cells, FEWEST)
    return [cell for cell in cells if not cell.is_withheld and cell.cell not in gone]


def told(people, cells):
    """List the groups of pieces that follow from cells."""
    return list(derived(range(len(people)), [set(cell.pieces) for cell in cells]))


def test_totals_less_hr_leave_few():
    """A platform's total goes, though no line tells of few: all less HR, less X less HR there, is three people."""
    kept = left(table(ACROSS))
    of_hr, others = [[0, 3, 5], [0], [3], [5]], [2]  # others: one platform's, so the role's total too

    assert [cell.pieces for cell in kept] == [*of_hr, [0, 1, 2, 3, 4, 5, 6], others, others]


def test_no_few_people_follow_and_no_cell_goes_in_vain():
    """What is left tells of five people at least, in any table; with any cell that went it would not."""
    chance, went = random.Random(2013), 0  # noqa: S311 - repeatable, not secret
    for _ in range(60):
        people = {
            (platform, role): chance.choice((1, 2, 3, 8, 30))
            for platform in ("x", "bluesky", "mastodon")
            for role in ("hr", "marketing", "other")
            if chance.random() < 0.8
        }
        counts, cells = list(people.values()), table(people)
        kept = left(cells)

        def fewest(shown, people=people, counts=counts):
            return min((sum(counts[at] for at in some) for some in told(people, shown)), default=FEWEST)

        assert fewest(kept) >= FEWEST
        for cell in cells:
            if not cell.is_withheld and cell not in kept:
                assert fewest([*kept, cell]) < FEWEST
                went += 1

    assert went > 30


def test_hr_is_kept_before_others():
    """The cell that stands first is never withheld for another one."""
    people = {("x", "hr"): 9, ("x", "other"): 9, ("x", "marketing"): 4}
    cells = table(people)

    assert cells[0] in left(cells)
    assert len(left(cells)) < sum(not cell.is_withheld for cell in cells)


def test_nothing_goes_where_nobody_is_few():
    """A table of many people is shown whole."""
    assert too_telling(table({("x", "hr"): 5, ("x", "other"): 6, ("bluesky", "hr"): 7}), FEWEST) == []


def test_what_nobody_wrote_counts_for_no_one():
    """Posts without a known author are no people: with a cell of four they are four still, and both stay hidden."""
    people = {("x", "hr"): 9, ("x", "unknown"): 0, ("bluesky", "hr"): 8, ("bluesky", "other"): 4}
    counts = list(people.values())

    assert {sum(counts[at] for at in some) for some in told(people, left(table(people)))} & set(range(FEWEST)) == set()
