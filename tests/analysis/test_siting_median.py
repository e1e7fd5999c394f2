"""Exchange, prices and tree of the p-median against enumeration."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.kernels.median_search import bound_at, exchanged, opened_greedily, search_prices
from gisapp.analysis.locating import median_model
from gisapp.analysis.locating.median_branch import branched
from gisapp.analysis.locating.median_model import best_median
from gisapp.analysis.locating.median_prices import Median, Relaxed, relaxed, unit_of, value_per_row, without_infinity
from gisapp.analysis.siting import p_median

# Four villages on a road at kilometres 0, 1, 5 and 6.
ROAD = np.abs(np.subtract.outer([0.0, 1, 5, 6], [0.0, 1, 5, 6]))


@st.composite
def questions(draw, rows=6, columns=6, endless=True):
    n, m = draw(st.integers(1, rows)), draw(st.integers(2, columns))
    leg = st.integers(0, 9).map(float) | st.floats(0, 9, width=16)
    leg = leg | st.just(np.inf) if endless else leg
    cost = np.array(draw(st.lists(leg, min_size=n * m, max_size=n * m))).reshape(n, m)
    base = np.array(draw(st.lists(st.integers(0, 9).map(float) | st.just(np.inf), min_size=n, max_size=n)))
    return Median(cost=cost, base=base, sites=draw(st.integers(1, m - 1)))


def least(question):
    every = combinations(range(question.cost.shape[1]), question.sites)
    return min(float(value_per_row(question, np.array(plan, dtype=np.intp)).sum()) for plan in every)


def test_the_bound_by_hand():
    # Prices of 1 and one site: rows 0 and 1 each bring 1 to their own column, so the bound is 4 - 1.
    rho = np.empty(4)
    bound, order = bound_at(ROAD, np.full(4, np.inf), 1, np.ones(4), rho)
    assert bound == 3
    assert rho.tolist() == [-1, -1, -1, -1]
    assert order.tolist() == [0, 1, 2, 3]
    # Prices of 1, 4, 4, 1: column 1 saves 3 (itself 4, row 0 nothing); 10 - 4.
    assert bound_at(ROAD, np.full(4, np.inf), 1, np.array([1.0, 4, 4, 1]), rho)[0] == 6


def test_greedy_and_exchange_by_hand():
    cost = np.array([[0.0, 3, 3, 9], [9, 0, 9, 0], [0, 9, 0, 9]])  # columns × rows
    base = np.full(4, 20.0)
    # Column 0 alone costs 15, the others 18; with column 1 beside it 3, while 1 and 2 together cost nothing.
    assert opened_greedily(cost, base, 1).tolist() == [0]
    assert opened_greedily(cost, base, 2).tolist() == [0, 1]
    assert exchanged(cost, base, np.array([0, 1]), 9).tolist() == [1, 2]
    assert exchanged(cost, base, np.array([0, 1]), 0).tolist() == [0, 1]


@settings(max_examples=120)
@given(questions(endless=False), st.data())
def test_any_prices_bound_every_plan(question, data):
    rows, columns = question.cost.shape
    base = np.where(np.isfinite(question.base), question.base, 50.0)
    whole = Median(cost=question.cost, base=base, sites=question.sites)
    price = np.array(data.draw(st.lists(st.floats(-2, 20), min_size=rows, max_size=rows)))
    by_column = np.ascontiguousarray(question.cost.T)
    assert bound_at(by_column, base, question.sites, price, np.empty(columns))[0] <= least(whole) + 1e-9
    start = np.arange(question.sites)
    bound, _, plan, value = search_prices(by_column, base, price, start, np.inf, 0.0, 30, 10, 5)
    assert bound <= least(whole) + 1e-9
    assert len(plan) == question.sites
    assert value == pytest.approx(value_per_row(whole, plan).sum())


@settings(max_examples=120)
@given(questions())
def test_better_plans_are_never_left_out(question):
    known = relaxed(question)
    assert known.bound <= least(question) * (1 + 1e-9) + 1e-9
    if np.isfinite(known.value):
        for plan in combinations(range(question.cost.shape[1]), question.sites):
            if value_per_row(question, np.array(plan)).sum() < known.value - 1e-9:
                assert set(plan) <= set(known.left)


@settings(max_examples=120)
@given(questions(), st.booleans())
def test_solver_and_tree_equal_enumeration(question, tree):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(median_model, "_SOLVED_UP_TO", -1 if tree else 10**9)
        chosen, answer = best_median(question, time_limit_s=np.inf, node_limit=None)
    best = least(question)
    if np.isinf(best):
        assert chosen is None
        return
    assert answer.status == "optimal"
    assert len(chosen) == question.sites
    assert value_per_row(question, chosen).sum() == pytest.approx(best)
    assert answer.bound == pytest.approx(best)


@settings(max_examples=80)
@given(questions(endless=False), st.integers(0, 3))
def test_a_tree_stopped_early_still_bounds_every_plan(question, nodes):
    cost, base = without_infinity(question)
    start = np.arange(question.sites)
    poor = Relaxed(
        best=start,
        value=float(np.minimum(base, cost[:, start].min(axis=1)).sum()),
        bound=0.0,
        left=np.arange(cost.shape[1]),
        price=np.zeros(len(base)),
    )
    by_column = np.ascontiguousarray(cost.T)
    best, value, bound = branched(by_column, base, question.sites, poor, unit=unit_of(question), nodes=nodes)
    true = least(Median(cost=cost, base=base, sites=question.sites))
    assert bound <= true * (1 + 1e-9) + 1e-9
    assert value >= true - 1e-9
    assert np.minimum(base, cost[:, best].min(axis=1)).sum() == pytest.approx(value)


def test_a_larger_median_is_the_same_by_tree_and_by_solver(monkeypatch):
    rng = np.random.default_rng(8)
    places = rng.random((120, 2))
    distance = np.rint(1000 * np.linalg.norm(places[:, None] - places[None], axis=2))
    weights = rng.integers(1, 9, 120)
    monkeypatch.setattr(median_model, "_SOLVED_UP_TO", 10**9)
    solved = p_median(weights, distance, sites=7)
    monkeypatch.setattr(median_model, "_SOLVED_UP_TO", -1)
    searched = p_median(weights, distance, sites=7)
    assert solved.objective == searched.objective
    assert solved.gap == searched.gap == 0
    stopped = p_median(weights, distance, sites=7, node_limit=0)
    assert stopped.bound <= solved.objective <= stopped.objective
    assert (stopped.objective - solved.objective) / solved.objective < 0.01


def test_everyone_reached_needs_so_many_sites():
    apart = np.where(np.eye(3) > 0, 0.0, np.inf)
    plan = p_median(np.ones(3), apart, sites=2)
    assert plan.status == "infeasible"
    assert "sites of at least 3" in plan.remarks[-1].detail
    apart[2, 2] = np.inf
    plan = p_median(np.ones(3), apart, sites=2)
    assert plan.unreachable.tolist() == [2]
    assert plan.remarks[-1].code == "unreachable"


def test_an_excluded_column_is_never_opened_with_or_without_capacity():
    assert p_median([10, 1, 1, 10], ROAD, sites=2, excluded=[0]).selected == (1, 3)
    assert p_median([10, 1, 1, 10], ROAD, sites=2, excluded=[0], capacity=np.inf).selected == (1, 3)
