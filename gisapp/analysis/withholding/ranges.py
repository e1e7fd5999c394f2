"""What someone can compute of withheld numbers from totals that are shown: least and greatest possible value."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from gisapp.analysis.checks import Complaints, Floats, as_numbers


def attacker_ranges(
    values: Sequence[float] | Floats, totals: Sequence[Sequence[int]], asked: Sequence[Sequence[int]]
) -> Floats:
    """Least and greatest sum of some withheld numbers that agree with every shown total, by linear programming.

    Parameters
    ----------
    values : the withheld numbers, not negative; whoever attacks knows that they are, and no more.
    totals : positions whose sum is shown (a total less its shown parts).
    asked : positions of which the sum is asked.

    Returns
    -------
    Array (asked, 2) of least and greatest value; the greatest is infinite where no total bounds it.

    Raises
    ------
    InvalidInputError
        A negative or missing number, or a position that does not exist.
    """
    complaints = Complaints("attacker_ranges")
    numbers = as_numbers(values, complaints, "values")
    if (numbers < 0).any():
        complaints.add("values are negative", "nilai negatif")
    if any(not 0 <= at < len(numbers) for part in (*totals, *asked) for at in part):
        complaints.add("a position does not exist", "posisi tidak ada")
    complaints.refuse()
    if not len(numbers):
        return np.zeros((len(asked), 2))
    rows = np.zeros((len(totals), len(numbers)))
    for at, members in enumerate(totals):
        rows[at, list(members)] = 1.0
    # Numbers that stand in the same totals are one unknown: any of them may be all of it, or nothing of it.
    kinds, kind = np.unique(rows, axis=1, return_inverse=True)
    size, known, sums = np.bincount(kind), kinds, rows @ numbers
    found: dict[bytes, float] = {}
    answers = np.zeros((len(asked), 2))
    for at, members in enumerate(asked):
        part = np.bincount(kind[list(set(members))], minlength=len(size))
        answers[at, 0] = _least((part == size).astype(np.float64), known, sums, found)
        answers[at, 1] = -_least(-(part > 0).astype(np.float64), known, sums, found)
    return answers


def _least(target: Floats, rows: Floats, sums: Floats, found: dict[bytes, float]) -> float:
    """Least value of target · x over x ≥ 0 with rows · x = sums, found once; −inf where there is none."""
    key = target.tobytes()
    if not target.any():
        return 0.0
    if key not in found:
        limits = {"A_eq": rows, "b_eq": sums} if len(rows) else {}
        answer = linprog(target, method="highs", **limits)
        found[key] = float(answer.fun) if answer.status == 0 else -np.inf
    return found[key]
