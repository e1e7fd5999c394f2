"""Covering questions without capacities as the smallest mixed-integer model that has the same optimum.

Maximal coverage of Church & ReVelle (1974), with rows that must be covered (their mandatory closeness), a floor per
group, rivals that may not stand together; and the cheapest columns that keep such conditions (Toregas et al. 1971).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from gisapp.analysis.locating.optimisation import Floats, Model, power_of_two
from gisapp.analysis.locating.reduction import distinct_rows, dominated, merged_rows, pairs_among, rival_matrix

Ints = npt.NDArray[np.intp]


def _no_pairs() -> Ints:
    return np.zeros((0, 2), dtype=np.intp)


@dataclass(frozen=True, kw_only=True)
class Question:
    """Choose columns of ``covers`` (CSR of ones) so that the demand of the rows they touch is greatest.

    ``conflicts`` are pairs of columns that may not both be chosen; ``group`` numbers each row's group and ``floor``
    is the demand of each group that must be covered; each row of ``must`` (CSR of ones) needs a chosen column.
    """

    demand: Floats
    covers: Any
    cost: Floats
    sites: int | None
    budget: float | None
    conflicts: Ints = field(default_factory=_no_pairs)
    group: Ints | None = None
    floor: Floats = field(default_factory=lambda: np.zeros(0))
    must: Any = None

    @property
    def plain(self) -> bool:
        """Whether choosing nothing is allowed."""
        return not (self.floor > 0).any() and (self.must is None or not self.must.shape[0])


def reduced(question: Question) -> tuple[Question, Ints]:
    """Return the smaller question, and for each of its columns the column of ``question``."""
    affordable = np.ones(len(question.cost), dtype=bool)
    if question.budget is not None:
        affordable = question.cost <= question.budget
    columns = np.flatnonzero(affordable)
    return _without_dominated(*_part(question, columns))


def _part(question: Question, columns: Ints) -> tuple[Question, Ints]:
    covers, demand, new_row = merged_rows(question.covers[:, columns], question.demand, question.group)
    group = None
    if question.group is not None:
        group = np.zeros(len(demand), dtype=np.intp)
        group[new_row[new_row >= 0]] = question.group[new_row >= 0]
    return replace(
        question,
        demand=demand,
        covers=covers,
        cost=question.cost[columns],
        group=group,
        conflicts=pairs_among(question.conflicts, columns, len(question.cost)),
        must=None if question.must is None else distinct_rows(question.must[:, columns]),
    ), columns


def reduced_part(question: Question, rows: Ints, columns: Ints, *, spent: float, taken: int) -> Question:
    """Return the question about ``rows`` and ``columns`` once ``taken`` other columns are bought for ``spent``."""
    part = replace(
        question,
        demand=question.demand[rows],
        covers=question.covers[rows],
        group=None if question.group is None else question.group[rows],
        sites=None if question.sites is None else question.sites - taken,
        budget=None if question.budget is None else question.budget - spent,
    )
    return _part(part, columns)[0]


def _without_dominated(question: Question, columns: Ints) -> tuple[Question, Ints]:
    everything = question.covers if question.must is None else sparse.vstack([question.covers, question.must]).tocsr()
    rivals = rival_matrix(question.conflicts, len(columns)) if len(question.conflicts) else None
    keep = np.flatnonzero(~dominated(everything, question.cost, rivals))
    if len(keep) == len(columns):
        return question, columns
    return _part(question, keep)[0], columns[keep]


def covered(question: Question, chosen: Ints) -> float:
    """Demand of the rows that ``chosen`` touch."""
    hit = np.asarray(question.covers[:, chosen].sum(axis=1)).ravel() > 0
    return float(question.demand[hit].sum())


def allowed(question: Question, chosen: Ints) -> bool:
    """Whether ``chosen`` keeps the number of sites, the budget, the rivals, the floors and what must be covered."""
    if question.sites is not None and len(chosen) > question.sites:
        return False
    if question.budget is not None and question.cost[chosen].sum() > question.budget:
        return False
    if np.isin(question.conflicts, chosen).all(axis=1).any():
        return False
    if question.must is not None and (np.asarray(question.must[:, chosen].sum(axis=1)).ravel() == 0).any():
        return False
    if question.group is None:
        return True
    hit = np.asarray(question.covers[:, chosen].sum(axis=1)).ravel() > 0
    reached = np.bincount(question.group[hit], weights=question.demand[hit], minlength=len(question.floor))
    return bool((reached >= question.floor - 1e-9 * np.maximum(question.floor, 1.0)).all())


def without_useless(question: Question, chosen: Ints) -> Ints:
    """Drop, from the last, every chosen column whose rows the others cover anyway."""
    everything = question.covers if question.must is None else sparse.vstack([question.covers, question.must]).tocsr()
    count = np.asarray(everything[:, chosen].sum(axis=1)).ravel()
    by_column = everything[:, chosen].T.tocsr()
    kept = []
    for place in range(len(chosen) - 1, -1, -1):
        rows = by_column.indices[by_column.indptr[place] : by_column.indptr[place + 1]]
        if (count[rows] == 1).any():
            kept.append(chosen[place])
        else:
            count[rows] -= 1
    return np.array(sorted(kept), dtype=np.intp)


def unit_of(demand: Floats) -> float:
    """Return 1 where every demand is whole (two plans then differ by 1 or more), else 0."""
    whole = bool((np.mod(demand, 1) == 0).all()) and float(demand.sum()) < 2.0**40
    return 1.0 if whole else 0.0


def proven(bound: float, unit: float) -> float:
    """Return what no plan can pass, given a bound with the rounding errors of its sums; whole where demands are."""
    if unit:
        return float(np.floor(bound + 1e-6 + 1e-12 * abs(bound)))
    return bound + 1e-12 * abs(bound)


def coverage_program(question: Question, *, cheapest: bool = False) -> Model:
    """Mixed-integer model: the columns, then the rows with two or more columns (a row with one is its profit)."""
    columns = question.covers.shape[1]
    single = np.diff(question.covers.indptr) == 1
    profit = np.zeros(columns)
    np.add.at(profit, question.covers[np.flatnonzero(single)].indices, question.demand[single])
    shared = np.flatnonzero(~single)
    size = columns + len(shared)
    links = sparse.hstack([-question.covers[shared].astype(float), sparse.eye_array(len(shared))])
    sides = _sides(question, len(shared))
    objective = np.concatenate([profit, question.demand[shared]])
    if cheapest:
        objective = np.concatenate([question.cost, np.zeros(len(shared))])
    return Model(
        objective=objective,
        lower=np.zeros(size),
        upper=np.ones(size),
        integer=np.arange(size) < columns,
        matrix=sparse.vstack([links, *(matrix for matrix, _, _ in sides)]),
        row_lower=np.concatenate([np.full(len(shared), -np.inf), *(low for _, low, _ in sides)]),
        row_upper=np.concatenate([np.zeros(len(shared)), *(high for _, _, high in sides)]),
        maximise=not cheapest,
    )


def group_line(question: Question, group: int) -> Floats:
    """Demand of one group that each variable of ``coverage_program`` covers."""
    single = np.diff(question.covers.indptr) == 1
    mine = question.group == group
    alone = np.zeros(question.covers.shape[1])
    np.add.at(alone, question.covers[np.flatnonzero(single & mine)].indices, question.demand[single & mine])
    return np.concatenate([alone, np.where(mine, question.demand, 0.0)[~single]])


def _sides(question: Question, shared: int) -> list[tuple[Any, Floats, Floats]]:
    columns = question.covers.shape[1]
    sides = [
        (sparse.hstack([matrix, sparse.csr_array((matrix.shape[0], shared))]), low, high)
        for matrix, low, high in limits_on_columns(question, columns)
    ]
    for group in np.flatnonzero(question.floor > 0):
        line = group_line(question, int(group))
        scale = power_of_two(line)
        floor = np.array([question.floor[group] * (1 - 1e-12) / scale])
        sides.append((sparse.csr_array(line[None, :] / scale), floor, np.array([np.inf])))
    return sides


def limits_on_columns(question: Question, columns: int) -> list[tuple[Any, Floats, Floats]]:
    """Rows of a model over its columns alone: sites, budget, rivals, what must be covered."""
    sides: list[tuple[Any, Floats, Floats]] = []
    for line, limit in ((np.ones(columns), question.sites), (question.cost, question.budget)):
        if limit is not None:
            scale = power_of_two(line)
            high = np.array([float(limit) / scale])
            sides.append((sparse.csr_array(line[None, :] / scale), np.array([-np.inf]), high))
    if len(question.conflicts):
        at = np.repeat(np.arange(len(question.conflicts)), 2)
        pairs = sparse.csr_array((np.ones(len(at)), (at, question.conflicts.ravel())), shape=(at[-1] + 1, columns))
        sides.append((pairs, np.full(len(question.conflicts), -np.inf), np.ones(len(question.conflicts))))
    if question.must is not None and question.must.shape[0]:
        rows = question.must.shape[0]
        sides.append((question.must.astype(float), np.ones(rows), np.full(rows, np.inf)))
    return sides


def start_point(question: Question, chosen: Ints) -> Floats:
    """Return ``chosen`` as a point of ``coverage_program``."""
    on = np.zeros(question.covers.shape[1])
    on[chosen] = 1.0
    reached = np.minimum(question.covers.astype(float) @ on, 1.0)
    return np.concatenate([on, reached[np.diff(question.covers.indptr) > 1]])
