"""Prices and probing against enumeration: the bound is never passed, and what is left out is never missed."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from gisapp.analysis.kernels.coverage_plans import improved
from gisapp.analysis.kernels.coverage_prices import bound_at, bounds_if_open, search_prices
from gisapp.analysis.locating.coverage_bound import as_cover, narrowed
from gisapp.analysis.locating.coverage_model import Question, allowed, covered
from gisapp.analysis.locating.coverage_search import best_columns
from gisapp.analysis.locating.reduction import dominated, implied, merged_rows, rival_matrix

NOTHING = np.zeros(0, dtype=np.int64)


@st.composite
def questions(draw, rows=8, columns=7, whole=True):
    n, m = draw(st.integers(1, rows)), draw(st.integers(1, columns))
    weight = st.integers(0, 9).map(float) if whole else st.floats(0, 9, width=16)
    demand = np.array(draw(st.lists(weight, min_size=n, max_size=n)))
    covers = np.array(draw(st.lists(st.booleans(), min_size=n * m, max_size=n * m))).reshape(n, m)
    cost = np.array(draw(st.lists(st.integers(0, 6), min_size=m, max_size=m)), dtype=float)
    pair = st.tuples(st.integers(0, m - 1), st.integers(0, m - 1)).filter(lambda two: two[0] < two[1])
    pairs = draw(st.lists(pair, unique=True, max_size=4)) if m > 1 else []
    return Question(
        demand=demand,
        covers=sparse.csr_array(covers.astype(np.int8)),
        cost=cost,
        sites=draw(st.none() | st.integers(1, m)),
        budget=draw(st.none() | st.integers(0, 15).map(float)),
        conflicts=np.array(pairs, dtype=np.intp).reshape(-1, 2),
    )


def plans(question):
    m = len(question.cost)
    every = chain.from_iterable(combinations(range(m), k) for k in range(m + 1))
    return [plan for plan in (np.array(p, dtype=np.intp) for p in every) if allowed(question, plan)]


def most(question, having=()):
    return max(
        (covered(question, plan) for plan in plans(question) if set(having) <= set(plan.tolist())), default=-np.inf
    )


@settings(max_examples=150)
@given(questions())
def test_prices_find_what_enumeration_finds(question):
    chosen, answer = best_columns(question, time_limit_s=np.inf, node_limit=None, large=0)
    assert answer.status == "optimal"
    assert allowed(question, chosen)
    assert covered(question, chosen) == most(question)


@settings(max_examples=80)
@given(questions(whole=False))
def test_weights_that_are_not_whole_are_bounded_too(question):
    known = narrowed(question)
    best = most(question)
    assert known.value <= best * (1 + 1e-9)
    assert known.bound >= best * (1 - 1e-9)
    chosen, _ = best_columns(question, time_limit_s=np.inf, node_limit=None, large=0)
    assert covered(question, chosen) == pytest.approx(best)


@settings(max_examples=100)
@given(questions(), st.data())
def test_any_prices_bound_every_plan(question, data):
    cover = as_cover(question)
    shares = data.draw(st.lists(st.floats(0, 1), min_size=len(question.demand), max_size=len(question.demand)))
    price = question.demand * np.array(shares)
    bound, money, taken, _ = bound_at(cover, price, np.empty(len(question.cost)))
    assert bound >= most(question) - 1e-9
    assert money >= 0
    assert len(taken) <= cover.sites
    assert cover.cost[taken].sum() <= cover.budget
    after, _, _, _ = search_prices(cover, price, NOTHING, 0.0, 0.0, 40, 10, 5)
    assert most(question) - 1e-9 <= after <= bound + 1e-9


@settings(max_examples=80)
@given(questions())
def test_a_probe_bounds_the_plans_that_open_its_column(question):
    columns = np.arange(len(question.cost), dtype=np.int64)
    bounds = bounds_if_open(as_cover(question), question.demand / 2, columns, 0.0, 0.0, 30, 5)
    for column in columns:
        assert bounds[column] >= most(question, having=[column]) - 1e-9


@settings(max_examples=80)
@given(questions())
def test_better_plans_are_never_left_out(question):
    known = narrowed(question)
    assert allowed(question, known.chosen)
    assert covered(question, known.chosen) == known.value <= known.bound
    for plan in plans(question):
        if covered(question, plan) > known.value:
            assert set(known.opened) <= set(plan) <= {*known.opened, *known.rest}


@settings(max_examples=80)
@given(questions(), st.booleans())
def test_improved_plans_keep_the_limits(question, per_cost):
    plan = improved(as_cover(question), NOTHING, per_cost, 20).astype(np.intp)
    assert allowed(question, plan)
    alone = [covered(question, np.array([j])) for j in range(len(question.cost)) if allowed(question, np.array([j]))]
    assert covered(question, plan) >= max(alone, default=0.0) * (1 - 1 / np.e) or question.budget is not None


def test_greedy_then_exchange_by_hand():
    # Greedy opens column 0 (rows 1 to 4: 8) and then 1 (row 0: 3) or 2 (row 5: 3); the pair 1, 2 covers all 14.
    covers = np.array([[0, 1, 0], [1, 1, 0], [1, 1, 0], [1, 0, 1], [1, 0, 1], [0, 0, 1]])
    question = Question(
        demand=np.array([3.0, 2, 2, 2, 2, 3]), covers=sparse.csr_array(covers), cost=np.zeros(3), sites=2, budget=None
    )
    cover = as_cover(question)
    assert improved(cover, NOTHING, False, 0).tolist() == [0, 1]
    assert improved(cover, NOTHING, False, 9).tolist() == [1, 2]


def test_the_bound_by_hand():
    # Half of each demand as price: rows keep 7, the columns are worth 4, 3.5 and 3.5; two of them: 7 + 7.5.
    covers = np.array([[0, 1, 0], [1, 1, 0], [1, 1, 0], [1, 0, 1], [1, 0, 1], [0, 0, 1]])
    demand = np.array([3.0, 2, 2, 2, 2, 3])
    question = Question(demand=demand, covers=sparse.csr_array(covers), cost=np.zeros(3), sites=2, budget=None)
    bound, _, taken, _ = bound_at(as_cover(question), demand / 2, np.empty(3))
    assert bound == 14.5
    assert taken.tolist() == [0, 1]


@settings(max_examples=100)
@given(questions())
def test_a_dominated_column_is_never_needed(question):
    rivals = rival_matrix(question.conflicts, len(question.cost))
    out = dominated(question.covers, question.cost, rivals)
    kept = np.flatnonzero(~out)
    best = max(covered(question, plan) for plan in plans(question) if set(plan) <= set(kept))
    assert best == most(question)


def test_rows_of_one_kind_are_one_and_an_implied_row_is_named():
    covers = sparse.csr_array(np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1], [1, 1, 1], [0, 0, 0]]))
    small, demand, new_row = merged_rows(covers, np.array([2.0, 3, 5, 0, 7]))
    assert demand.tolist() == [7, 3]
    assert new_row.tolist() == [0, 1, 0, -1, -1]
    assert small.toarray().tolist() == [[1, 0, 1], [0, 1, 0]]
    assert implied(covers[:4]).tolist() == [False, False, True, True]


def test_a_larger_district_is_proven_optimal_by_prices_and_by_the_solver_alike():
    rng = np.random.default_rng(4)
    near = np.linalg.norm(rng.random((800, 1, 2)) - rng.random((1, 90, 2)), axis=2) < 0.15
    demand = rng.integers(1, 50, 800).astype(float)
    for limits in ({"sites": 6, "budget": None}, {"sites": None, "budget": 30.0}, {"sites": 5, "budget": 25.0}):
        question = Question(
            demand=demand, covers=sparse.csr_array(near), cost=rng.integers(2, 9, 90).astype(float), **limits
        )
        by_prices, first = best_columns(question, time_limit_s=np.inf, node_limit=None, large=0)
        by_solver, second = best_columns(question, time_limit_s=np.inf, node_limit=None, large=10**9)
        assert first.status == second.status == "optimal"
        assert covered(question, by_prices) == covered(question, by_solver)


def test_a_question_that_a_limit_stops_has_the_same_true_answer_twice():
    rng = np.random.default_rng(6)
    near = np.linalg.norm(rng.random((600, 1, 2)) - rng.random((1, 120, 2)), axis=2) < 0.22
    question = Question(demand=rng.random(600), covers=sparse.csr_array(near), cost=np.zeros(120), sites=7, budget=None)
    first, stopped = best_columns(question, time_limit_s=np.inf, node_limit=0, large=0)
    again, twice = best_columns(question, time_limit_s=np.inf, node_limit=0, large=0)
    assert first.tolist() == again.tolist()
    assert stopped.bound == twice.bound
    best, _ = best_columns(question, time_limit_s=np.inf, node_limit=None, large=0)
    assert covered(question, first) <= covered(question, best) <= stopped.bound * (1 + 1e-9)
    assert (stopped.bound - covered(question, first)) / covered(question, first) < 0.05
