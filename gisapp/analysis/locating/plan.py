"""What a siting question is answered with: columns, who goes where, objective, bound, gap, and what was noticed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from gisapp.errors import Problem

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class SitingPlan:
    """Columns to open, who goes where, and how good that provably is.

    ``selected`` holds the new columns in ascending order; ``assigned`` the column of each row or -1; ``bound`` is
    what no plan can pass; ``gap`` is |bound − objective| / |objective|; ``status`` is optimal, feasible (a limit
    stopped the search) or infeasible (then there is no objective: NaN). ``unreachable`` names the rows with demand
    that no column, standing or allowed, can serve; ``remarks`` says in two languages, with counts, what the input
    made impossible (no candidates, no demand, unreachable rows, duplicate sites, too small a budget).
    """

    selected: tuple[int, ...]
    assigned: Ints
    objective: float
    bound: float
    gap: float
    status: str
    unreachable: Ints = field(default_factory=lambda: np.array([], dtype=np.intp))
    remarks: tuple[Problem, ...] = ()


def gap_between(objective: float, bound: float) -> float:
    """|bound − objective| / |objective|: 0 where both are equal, infinite above an objective of 0."""
    difference = abs(bound - objective)
    if difference == 0:
        return 0.0
    return difference / abs(objective) if objective else float("inf")


def siting_plan(
    selected: Ints,
    assigned: Ints,
    objective: float,
    bound: float,
    status: str,
    *,
    unreachable: Ints | None = None,
    remarks: tuple[Problem, ...] = (),
) -> SitingPlan:
    """Plan with its gap; an optimal one is bounded by its own objective."""
    bound = float(objective if status == "optimal" else bound)
    return SitingPlan(
        selected=tuple(int(column) for column in np.sort(selected)),
        assigned=assigned,
        objective=float(objective),
        bound=bound,
        gap=gap_between(objective, bound),
        status=status,
        unreachable=np.array([], dtype=np.intp) if unreachable is None else unreachable,
        remarks=remarks,
    )


def impossible_plan(rows: int, *, unreachable: Ints | None = None, remarks: tuple[Problem, ...] = ()) -> SitingPlan:
    """Plan of a question that none can answer."""
    nothing = float("nan")
    return SitingPlan(
        selected=(),
        assigned=np.full(rows, -1, dtype=np.intp),
        objective=nothing,
        bound=nothing,
        gap=nothing,
        status="infeasible",
        unreachable=np.array([], dtype=np.intp) if unreachable is None else unreachable,
        remarks=remarks,
    )


def touched(matrix: Any, columns: Ints) -> npt.NDArray[np.bool_]:
    """Whether one of ``columns`` covers the row."""
    return np.asarray(np.asarray(matrix[:, columns].sum(axis=1)).ravel() > 0, dtype=bool)


def first_column(matrix: Any, columns: Ints) -> Ints:
    """Return the lowest of ``columns`` (ascending) that covers each row, or -1."""
    part = matrix[:, columns].tocsr()
    part.sort_indices()
    first = np.full(part.shape[0], -1, dtype=np.intp)
    some = np.diff(part.indptr) > 0
    first[some] = columns[part.indices[part.indptr[:-1][some]]]
    return first


def nearest_column(far: Floats, columns: Ints) -> Ints:
    """Return the nearest of ``columns`` for each row (the lowest of equals), or -1 where none can be reached."""
    if not len(columns):
        return np.full(len(far), -1, dtype=np.intp)
    part = far[:, columns]
    return np.where(np.isfinite(part.min(axis=1)), columns[part.argmin(axis=1)], -1).astype(np.intp)
