"""Which periods of one platform and role can be shown together: their differences must not be about few people.

Whoever knows the sums of two periods knows their difference: all less the shown quarters is the withheld one, all less
the year the months before it. So a shown period tells one end of it from the other, and the ends that shown periods
lead to from each other form groups: what lies between two ends of a group can be worked out, exactly. So can several
runs of months together when the end of each is in the group of the next one's start, and the last leads to the first:
all less the second quarter is the first and the third.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

Run = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Period:
    """A cell of a timeline: the months from `first` up to `until`, counted over the months that have posts."""

    cell: int
    first: int
    until: int
    count_authors: int
    is_withheld: bool
    is_protected: bool


def too_telling(periods: Sequence[Period], minimum: float) -> list[int]:
    """Return the cells to withhold of all periods of a timeline; those that stand first are kept before others."""
    small = list(_small_runs(periods, minimum))
    protected = [(period.first, period.until) for period in periods if period.is_protected]
    if not small and not protected:
        return []
    groups = list(range(1 + max(period.until for period in periods)))
    telling = []
    for period in periods:
        one, other = groups[period.first], groups[period.until]
        if period.is_withheld or one == other:
            continue
        joined = [one if group == other else group for group in groups]
        if _gives_away(joined, small, protected):
            telling.append(period.cell)
        else:
            groups = joined
    return telling


def _small_runs(periods: Sequence[Period], minimum: float) -> Iterator[Run]:
    """List the runs of months of few people: of as many at least as the largest period within them."""
    large = [(period.first, period.until) for period in periods if period.count_authors >= minimum]
    months = max(period.until for period in periods)
    for first in range(months):
        reach = min((until for start, until in large if start >= first), default=months + 1)
        yield from ((first, until) for until in range(first + 1, reach))


def _gives_away(groups: Sequence[int], small: Sequence[Run], protected: Sequence[Run]) -> bool:
    if any(groups[first] == groups[until] for first, until in protected):
        return True
    ends = defaultdict(set)
    for end, group in enumerate(groups):
        ends[group].add(end)
    # A run leads to every other end of the group it ends in. Not to that end itself: two runs that meet are one, which
    # is small only when it is listed.
    onward: dict[int, set[int]] = defaultdict(set)
    for first, until in small:
        onward[first] |= ends[groups[until]] - {until}
    try:
        TopologicalSorter(onward).prepare()
    except CycleError:
        return True
    return False
