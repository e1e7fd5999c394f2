"""Maximal coverage without capacities, as the smallest model that has the same optimum.

Church & ReVelle (1974). Reductions: rows that nobody can cover leave, rows with the same set of candidates become
one, a candidate whose rows another covers at no higher cost leaves, a row with one candidate becomes its profit.
One or two sites are found by looking at every pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from gisapp.analysis.optimisation import Answer, Floats, Model, solve

Ints = npt.NDArray[np.intp]


_PAIRS_UP_TO = 3_000


@dataclass(frozen=True, kw_only=True)
class Question:
    """Choose columns of ``covers`` (CSR of ones) so that the demand of the rows they touch is greatest."""

    demand: Floats
    covers: Any
    cost: Floats
    sites: int | None
    budget: float | None


def best_columns(question: Question, *, time_limit_s: float, node_limit: int | None) -> tuple[Ints, Answer]:
    """Return the chosen columns, none of them useless, and the solver's word on the demand they cover."""
    small, columns = reduced(question)
    if not len(columns) or small.sites == 0:
        return np.array([], dtype=np.intp), Answer(values=None, bound=0.0, status="optimal")
    if small.budget is None and small.sites is not None and small.sites <= 2 and len(columns) <= _PAIRS_UP_TO:
        pair = _best_pair(small)
        return columns[_without_useless(small, pair)], Answer(
            values=None, bound=_covered(small, pair), status="optimal"
        )
    first = greedy(small)
    answer = solve(_model(small), time_limit_s=time_limit_s, node_limit=node_limit, start=_start(small, first))
    chosen = first if answer.values is None else np.flatnonzero(answer.values[: len(columns)] > 0.5)
    if _covered(small, first) > _covered(small, chosen):
        chosen = first
    return columns[_without_useless(small, chosen)], answer


def reduced(question: Question) -> tuple[Question, Ints]:
    """Return the smaller question, and for each of its columns the column of ``question``."""
    affordable = np.ones(len(question.cost), dtype=bool)
    if question.budget is not None:
        affordable = question.cost <= question.budget
    columns = np.flatnonzero(affordable)
    covers, demand = merged_rows(question.covers[:, columns], question.demand)
    keep = ~dominated(covers, question.cost[columns])
    covers, demand = merged_rows(covers[:, np.flatnonzero(keep)], demand)
    columns = columns[keep]
    return Question(
        demand=demand, covers=covers, cost=question.cost[columns], sites=question.sites, budget=question.budget
    ), columns


def merged_rows(covers: Any, demand: Floats) -> tuple[Any, Floats]:
    """Rows with demand and at least one column; those with the same columns are one row with the summed demand."""
    covers = sparse.csr_array(covers)
    covers.sort_indices()
    place: dict[bytes, int] = {}
    first: list[int] = []
    total: list[float] = []
    for row in np.flatnonzero((np.diff(covers.indptr) > 0) & (demand > 0)):
        key = covers.indices[covers.indptr[row] : covers.indptr[row + 1]].tobytes()
        at = place.setdefault(key, len(place))
        if at == len(first):
            first.append(int(row))
            total.append(0.0)
        total[at] += demand[row]
    return covers[np.array(first, dtype=np.intp)], np.array(total, dtype=float)


def dominated(covers: Any, cost: Floats) -> npt.NDArray[np.bool_]:
    """Whether another column covers all the rows of this one at no higher cost (of equals the first stays)."""
    counts = covers.astype(np.int32)
    size = np.asarray(counts.sum(axis=0)).ravel()
    common = (counts.T @ counts).tocoo()
    a, b = common.coords
    inside = (common.data == size[a]) & (a != b) & (cost[b] <= cost[a])
    better = (size[b] > size[a]) | (cost[b] < cost[a]) | (b < a)
    out = size == 0
    out[a[inside & better]] = True
    return np.asarray(out, dtype=bool)


def greedy(question: Question) -> Ints:
    """Columns by greatest gain (per rupiah under a budget) while the limits allow; ties go to the first."""
    by_row = question.covers.astype(float)
    by_column = by_row.T.tocsr()
    open_demand = question.demand.copy()
    money = np.inf if question.budget is None else question.budget
    weight = np.ones(len(question.cost)) if question.budget is None else np.maximum(question.cost, 1e-12)
    chosen: list[int] = []
    while question.sites is None or len(chosen) < question.sites:
        gain = by_column @ open_demand
        gain[question.cost > money] = 0.0
        best = int(np.argmax(gain / weight))
        if gain[best] <= 0:
            break
        chosen.append(best)
        money -= question.cost[best] if question.budget is not None else 0.0
        open_demand[by_column[[best]].indices] = 0.0
    return np.array(sorted(chosen), dtype=np.intp)


def _best_pair(question: Question) -> Ints:
    """Return the one column, or the two, that cover most; of equals the first."""
    covers = question.covers.astype(float)
    alone = covers.T @ question.demand
    if question.sites == 1:
        return np.array([np.argmax(alone)], dtype=np.intp)
    both = (covers.T @ (sparse.diags_array(question.demand) @ covers)).toarray()
    together = alone[:, None] + alone[None, :] - both
    return np.unique(np.unravel_index(int(np.argmax(together)), together.shape)).astype(np.intp)


def _model(question: Question) -> Model:
    columns = question.covers.shape[1]
    single = np.diff(question.covers.indptr) == 1
    profit = np.zeros(columns)
    np.add.at(profit, question.covers[np.flatnonzero(single)].indices, question.demand[single])
    shared = np.flatnonzero(~single)
    links = sparse.hstack([-question.covers[shared].astype(float), sparse.eye_array(len(shared))])
    limits = [
        (line, limit)
        for line, limit in ((np.ones(columns), question.sites), (question.cost, question.budget))
        if limit is not None
    ]
    rows = [sparse.csr_array(np.concatenate([line, np.zeros(len(shared))])[None, :]) for line, _ in limits]
    return Model(
        objective=np.concatenate([profit, question.demand[shared]]),
        lower=np.zeros(columns + len(shared)),
        upper=np.ones(columns + len(shared)),
        integer=np.arange(columns + len(shared)) < columns,
        matrix=sparse.vstack([links, *rows]),
        row_lower=np.full(len(shared) + len(rows), -np.inf),
        row_upper=np.concatenate([np.zeros(len(shared)), [float(limit) for _, limit in limits]]),
        maximise=True,
    )


def _start(question: Question, chosen: Ints) -> Floats:
    on = np.zeros(question.covers.shape[1])
    on[chosen] = 1.0
    reached = np.minimum(question.covers.astype(float) @ on, 1.0)
    return np.concatenate([on, reached[np.diff(question.covers.indptr) > 1]])


def _covered(question: Question, chosen: Ints) -> float:
    hit = np.asarray(question.covers[:, chosen].sum(axis=1)).ravel() > 0
    return float(question.demand[hit].sum())


def _without_useless(question: Question, chosen: Ints) -> Ints:
    """Drop, from the last, every chosen column whose rows the others cover anyway."""
    count = np.asarray(question.covers[:, chosen].sum(axis=1)).ravel()
    by_column = question.covers.T.tocsr()
    kept = []
    for column in chosen[::-1]:
        rows = by_column[[int(column)]].indices
        if (count[rows] == 1).any():
            kept.append(column)
        else:
            count[rows] -= 1
    return np.array(sorted(kept), dtype=np.intp)
