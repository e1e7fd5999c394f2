"""Which rows of a table of changes may be shown, so that no small number can be worked out from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence


def withheld_rows(rows: Sequence[Mapping[str, int]], *, counts: Collection[str], size: str, k: int) -> set[int]:
    """Positions of the rows to withhold: those with a count of 1 to k − 1, and those that protect them.

    The total of all rows is taken as published. So the withheld rows are at least two, and what they hold together is
    0 or at least k in every count; rows are added by ``size``, the smallest first, then by position. A count of 0 may
    be shown: that nothing changed tells nothing of a family.

    >>> rows = [{"new": 2, "n": 40}, {"new": 9, "n": 50}, {"new": 8, "n": 30}]
    >>> sorted(withheld_rows(rows, counts=["new"], size="n", k=5))
    [0, 2]
    """
    hidden = {place for place, row in enumerate(rows) if any(0 < row[name] < k for name in counts)}
    others = sorted((place for place in range(len(rows)) if place not in hidden), key=lambda at: (rows[at][size], at))
    while hidden and others and not _covers(rows, hidden, counts, k):
        hidden.add(others.pop(0))
    return hidden


def _covers(rows: Sequence[Mapping[str, int]], hidden: set[int], counts: Collection[str], k: int) -> bool:
    sums = (sum(rows[place][name] for place in hidden) for name in counts)
    return len(hidden) > 1 and all(total == 0 or total >= k for total in sums)
