"""Which suggestions a budget buys, each family counted once, and what each of them keeps out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gisapp.analysis.siting import SitingPlan, maximal_coverage
from gisapp.analysis.suggesting.indicated_sites import NODE_LIMIT
from gisapp.errors import InvalidInputError

Ints = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Displaced:
    """What changes in the plan when one suggestion is treated the other way round.

    ``rows`` are the suggestions that leave for it (or would enter without it); ``families`` is how many families fewer
    the other plan reaches, at least 0. ``affordable`` is False where it alone costs more than the budget.
    """

    rows: tuple[int, ...]
    families: int
    affordable: bool = True


@dataclass(frozen=True, kw_only=True)
class BudgetPlan:
    """Suggestions bought (positions), families reached once each, a proven bound on that number, and rupiah spent."""

    chosen: tuple[int, ...]
    families: int
    bound: float
    cost_idr: float
    status: str


class BudgetChoice:
    """Suggestions to choose among under one budget: maximal coverage of families, exact up to the node limit.

    Parameters
    ----------
    members
        Rows of the families that each suggestion reaches.
    cost_idr
        What each costs, with design, supervision and tax.
    budget_idr
        Rupiah, 0 or more.

    Raises
    ------
    InvalidInputError
        Lists of different length, a cost or a budget that is negative or not a number, naming the row.
    """

    def __init__(self, members: Sequence[Ints], cost_idr: Floats, budget_idr: float) -> None:
        _check(members, cost_idr, budget_idr)
        self.cost = np.asarray(cost_idr, dtype=float)
        self.budget = float(budget_idr)
        self.covers, self.families = _profiles(members)
        self._plan: BudgetPlan | None = None

    def plan(self) -> BudgetPlan:
        """Return the plan that reaches most families within the budget."""
        if self._plan is None:
            self._plan = self._solve(np.ones(len(self.cost), dtype=bool), ())
        return self._plan

    def displaced(self, row: int) -> Displaced:
        """Return what the plan would be without a row that it holds, or with one that it leaves out."""
        plan = self.plan()
        if row in plan.chosen:
            others = np.ones(len(self.cost), dtype=bool)
            others[row] = False
            other = self._solve(others, ())
            entering = tuple(sorted(set(other.chosen) - set(plan.chosen)))
            return Displaced(rows=entering, families=max(0, plan.families - other.families))
        if self.cost[row] > self.budget:
            return Displaced(rows=(), families=0, affordable=False)
        other = self._solve(np.ones(len(self.cost), dtype=bool), (row,))
        leaving = tuple(sorted(set(plan.chosen) - set(other.chosen)))
        return Displaced(rows=leaving, families=max(0, plan.families - other.families))

    def _solve(self, allowed: Bools, forced: tuple[int, ...]) -> BudgetPlan:
        left = self.budget - float(self.cost[list(forced)].sum())
        columns = np.flatnonzero(allowed)
        place = {int(column): at for at, column in enumerate(columns)}
        found: SitingPlan | None = None
        if len(self.families) and len(columns):
            found = maximal_coverage(
                self.families,
                self.covers[:, columns],
                budget=left,
                cost=self.cost[columns],
                existing=tuple(place[row] for row in forced),
                time_limit_s=float("inf"),
                node_limit=NODE_LIMIT,
            )
        new = tuple(int(columns[at]) for at in found.selected) if found is not None else ()
        chosen = tuple(sorted({*forced, *new}))
        reached = float(self.families[self.covers[:, list(chosen)].any(axis=1)].sum()) if chosen else 0.0
        return BudgetPlan(
            chosen=chosen,
            families=round(reached),
            bound=max(found.bound, reached) if found is not None else reached,
            cost_idr=float(self.cost[list(chosen)].sum()),
            status=found.status if found is not None else "optimal",
        )


def reached_once(members: Sequence[Ints]) -> int:
    """Families reached by any of the suggestions, each counted once."""
    return len(np.unique(np.concatenate(members))) if len(members) else 0


def _profiles(members: Sequence[Ints]) -> tuple[Bools, Floats]:
    """Merge families that the same suggestions reach: one row each, with how many families it stands for."""
    rows = np.unique(np.concatenate([*members, np.array([], dtype=np.intp)]))
    covers = np.zeros((len(rows), len(members)), dtype=bool)
    for column, reached in enumerate(members):
        covers[np.searchsorted(rows, reached), column] = True
    if not len(rows):
        return covers, np.array([], dtype=float)
    profiles, count = np.unique(covers, axis=0, return_counts=True)
    return profiles, count.astype(float)


def _check(members: Sequence[Ints], cost_idr: Floats, budget_idr: float) -> None:
    if len(members) != len(cost_idr):
        raise InvalidInputError(
            f"members has {len(members)} rows and cost_idr {len(cost_idr)}: give one of each per suggestion.",
            f"members berisi {len(members)} baris dan cost_idr {len(cost_idr)}: beri satu untuk tiap usulan.",
        )
    wrong = np.flatnonzero(~(np.isfinite(cost_idr) & (np.asarray(cost_idr) >= 0)))
    if len(wrong):
        raise InvalidInputError(
            f"cost_idr: row {wrong[0]} is {cost_idr[wrong[0]]}; give rupiah, 0 or more.",
            f"cost_idr: baris {wrong[0]} bernilai {cost_idr[wrong[0]]}; isi rupiah, 0 atau lebih.",
        )
    if not (np.isfinite(budget_idr) and budget_idr >= 0):
        raise InvalidInputError(
            f"budget_idr is {budget_idr}: give rupiah, 0 or more.",
            f"budget_idr bernilai {budget_idr}: isi rupiah, 0 atau lebih.",
        )
