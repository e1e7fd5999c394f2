"""Maximal coverage made small by prices: a plan from below, a bound from above, and the columns that both settle.

Lagrangian relaxation (Galvão & ReVelle 1996) gives the bound; a column whose opposite choice cannot pass the plan
already known is settled by its reduced cost, as Cornuéjols, Fisher & Nemhauser (1977) do for the p-median. Rows that
only settled columns told apart become one, so what is left is small. Rounds are counted, never seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from gisapp.analysis.kernels.coverage_plans import Cover, improved
from gisapp.analysis.kernels.coverage_prices import bound_at, bounds_if_open, search_prices
from gisapp.analysis.locating.coverage_model import Ints, Question, allowed, covered, proven, reduced_part, unit_of
from gisapp.analysis.locating.optimisation import Floats
from gisapp.analysis.locating.reduction import merged_rows, rival_matrix

Bools = npt.NDArray[np.bool_]

#: Rounds of each pass over the prices; after a pass the question is made smaller.
_PASSES = (150, 300, 600, 900)
_PATIENCE = 15
#: Rounds after which the columns of the relaxed plan are made a plan of their own.
_EVERY = 15
_EXCHANGES = 200
#: Rounds of the search that each remaining column gets when it is probed.
_PROBE_ROUNDS = 150
_PROBE_PATIENCE = 8
_PROBED_AT_ONCE = 25
#: Share of the columns probed at once that must leave, for the next ones to be probed; and of those left to repeat it.
_WORTH_PROBING = 0.2
_WORTH_REPEATING = 0.9
_PROBINGS = 5
#: Additions (pairs × rounds) that one probing may take: some seconds.
_PROBE_WORK = 4_000_000_000


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """What is known, and what is left to ask.

    ``chosen`` (columns of the first question) covers ``value``, and nothing covers more than ``bound``. Every plan
    that covers more than ``value`` opens ``opened``, of the others only ``rest``, and asks ``question`` about them.
    """

    chosen: Ints
    value: float
    bound: float
    opened: Ints
    rest: Ints
    question: Question
    base: float


def as_cover(question: Question) -> Cover:
    """Return a question without floors as the arrays that the kernels read."""
    by_row = question.covers.tocsr()
    by_column = by_row.tocsc()
    columns = by_row.shape[1]
    rivals = rival_matrix(question.conflicts, columns)
    return Cover(
        column_start=by_column.indptr.astype(np.int32),
        column_rows=by_column.indices.astype(np.int32),
        row_start=by_row.indptr.astype(np.int32),
        row_columns=by_row.indices.astype(np.int32),
        demand=question.demand.astype(np.float64),
        cost=question.cost.astype(np.float64),
        conflict_start=rivals.indptr.astype(np.int32),
        conflict_columns=rivals.indices.astype(np.int32),
        budget=float("inf") if question.budget is None else float(question.budget),
        sites=columns if question.sites is None else min(question.sites, columns),
    )


def first_plan(question: Question, cover: Cover) -> Ints:
    """Return the best of the greedy plans (by gain, and by gain per cost under a budget), each improved by exchange."""
    nothing = np.zeros(0, dtype=np.int64)
    ways = (False,) if question.budget is None else (False, True)
    plans = [improved(cover, nothing, per_cost, _EXCHANGES).astype(np.intp) for per_cost in ways]
    return max(plans, key=lambda plan: covered(question, plan))


def narrowed(question: Question) -> Narrowed:
    """Search prices and plans in passes, and leave out after each what they settle."""
    unit = unit_of(question.demand)
    cover = as_cover(question)
    chosen = first_plan(question, cover)
    known = Narrowed(
        chosen=chosen,
        value=covered(question, chosen),
        bound=proven(float(question.demand.sum()), unit),
        opened=np.zeros(0, dtype=np.intp),
        rest=np.arange(question.covers.shape[1]),
        question=question,
        base=0.0,
    )
    price = question.demand / np.maximum(np.diff(question.covers.indptr), 1)
    for rounds in _PASSES:
        known, price = _pass(known, price, rounds, unit)
        if known.bound <= known.value:
            return known
    for _ in range(_PROBINGS):
        before = len(known.rest)
        known, price = _probed(known, price, unit)
        if known.bound <= known.value or len(known.rest) > _WORTH_REPEATING * before:
            break
        known, price = _pass(known, price, _PASSES[-1], unit)
        if known.bound <= known.value:
            break
    return known


def _pass(known: Narrowed, price: Floats, rounds: int, unit: float) -> tuple[Narrowed, Floats]:
    cover = as_cover(known.question)
    start = np.flatnonzero(np.isin(known.rest, known.chosen)).astype(np.int64)
    start = improved(cover, start, False, _EXCHANGES)
    bound, price, best, value = search_prices(
        cover, price, start, known.value - known.base, _slack(unit), rounds, _EVERY, _PATIENCE
    )
    chosen, total = known.chosen, known.value
    if known.base + value > total:
        chosen = np.sort(np.concatenate([known.opened, known.rest[best]]))
        total = known.base + value
    known = replace(
        known,
        chosen=chosen,
        value=total,
        bound=max(total, min(known.bound, proven(known.base + bound, unit))),
    )
    if known.bound <= known.value:
        return known, price
    closed, opened = _settled(cover, price, known.value - known.base, unit)
    return _smaller(known, price, closed, opened)


def _slack(unit: float) -> float:
    """How far a bound may be above a plan and still prove it: less than the least difference of two plans."""
    return 0.999 * unit


def _probed(known: Narrowed, price: Floats, unit: float) -> tuple[Narrowed, Floats]:
    """Leave out the columns with which no plan passes the known one, as a search for each of them shows."""
    cover, value = as_cover(known.question), known.value - known.base
    columns = len(known.rest)
    bounds = np.full(columns, np.inf)
    order = np.argsort(_if_opened(cover, price), kind="stable").astype(np.int64)
    work = _PROBE_WORK // (_PROBE_ROUNDS * max(known.question.covers.nnz, 1))
    for first in range(0, min(columns, work), _PROBED_AT_ONCE):
        some = order[first : first + _PROBED_AT_ONCE]
        bounds[some] = bounds_if_open(cover, price, some, value, _slack(unit), _PROBE_ROUNDS, _PROBE_PATIENCE)
        if np.mean([proven(bound, unit) <= value for bound in bounds[some]]) < _WORTH_PROBING:
            break
    closed = np.array([proven(bound, unit) <= value for bound in bounds], dtype=bool)
    reached = max(known.value, proven(known.base + float(bounds.max(initial=0.0)), unit))
    return _smaller(replace(known, bound=min(known.bound, reached)), price, closed, np.zeros(columns, dtype=bool))


def _settled(cover: Cover, price: Floats, value: float, unit: float) -> tuple[Bools, Bools]:
    """Columns that no plan covering more than ``value`` opens, and those that each of them does."""
    bound, _, taken, net = bound_at(cover, price, np.empty(len(cover.cost)))
    others = np.setdiff1d(np.arange(len(net)), taken)
    following = max(float(net[others].max(initial=0.0)), 0.0)
    closed = np.array([proven(limit, unit) <= value for limit in _if_opened(cover, price)], dtype=bool)
    opened = np.zeros(len(net), dtype=bool)
    opened[taken] = [proven(bound - net[column] + following, unit) <= value for column in taken]
    return closed, opened


def _if_opened(cover: Cover, price: Floats) -> Floats:
    """Bound at these prices on every plan that opens the column."""
    bound, _, taken, net = bound_at(cover, price, np.empty(len(cover.cost)))
    least = net[taken].min() if len(taken) == cover.sites else 0.0
    limit: Floats = bound - least + net
    limit[taken] = bound
    return limit


def _smaller(known: Narrowed, price: Floats, closed: Bools, opened: Bools) -> tuple[Narrowed, Floats]:
    if not closed.any() and not opened.any():
        return known, price
    asked = known.question
    certain = np.flatnonzero(opened)
    rival = np.asarray(rival_matrix(asked.conflicts, len(closed))[:, certain].sum(axis=1)).ravel() > 0
    left = np.flatnonzero(~closed & ~opened & ~rival)
    reached = np.asarray(asked.covers[:, certain].sum(axis=1)).ravel() > 0
    rows = np.flatnonzero(~reached)
    part = reduced_part(asked, rows, left, spent=float(asked.cost[certain].sum()), taken=len(certain))
    _, _, new_row = merged_rows(asked.covers[rows][:, left], asked.demand[rows])
    kept = new_row >= 0
    merged = np.bincount(new_row[kept], weights=price[rows[kept]], minlength=len(part.demand))
    known = replace(
        known,
        opened=np.sort(np.concatenate([known.opened, known.rest[certain]])),
        rest=known.rest[left],
        question=part,
        base=known.base + float(asked.demand[reached].sum()),
    )
    possible = allowed(asked, certain)
    return (known if possible and len(left) and part.sites != 0 else _ended(known, possible)), np.minimum(
        merged, part.demand
    )


def _ended(known: Narrowed, possible: bool) -> Narrowed:
    """Nothing is left to choose: the certain columns are the one other plan, if they may stand together."""
    if possible and known.base > known.value:
        known = replace(known, chosen=known.opened, value=known.base)
    return replace(known, bound=known.value)
