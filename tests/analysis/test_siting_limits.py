import numpy as np
import pytest

from gisapp.analysis.siting import maximal_coverage, p_median


def scattered(rows, columns, seed=5):
    rng = np.random.default_rng(seed)
    distance = np.linalg.norm(rng.random((rows, 1, 2)) - rng.random((1, columns, 2)), axis=2)
    return rng.integers(1, 100, rows).astype(float), distance


@pytest.mark.parametrize("capacity", [None, 900.0])
def test_a_stopped_search_still_gives_a_true_bound(capacity):
    demand, distance = scattered(150, 30)
    covers = distance < 0.18
    stopped = maximal_coverage(demand, covers, sites=5, capacity=capacity, node_limit=1, time_limit_s=float("inf"))
    assert stopped.objective <= stopped.bound <= demand[covers.any(axis=1)].sum()
    assert stopped.gap == pytest.approx((stopped.bound - stopped.objective) / stopped.objective)
    assert stopped.status in ("optimal", "feasible")
    if capacity is None:
        best = maximal_coverage(demand, covers, sites=5)
        assert stopped.objective <= best.objective <= stopped.bound


def test_a_stopped_p_median_still_gives_a_true_bound():
    demand, distance = scattered(120, 60)
    best = p_median(demand, distance, sites=6)
    stopped = p_median(demand, distance, sites=6, node_limit=1)
    assert best.status == "optimal"
    assert stopped.bound <= best.objective <= stopped.objective


@pytest.mark.parametrize("sites", [1, 2, 3])
def test_pairs_by_looking_agree_with_the_solver(sites):
    demand, distance = scattered(100, 25)
    covers = distance < 0.2
    plan = maximal_coverage(demand, covers, sites=sites)
    solved = maximal_coverage(demand, covers, sites=sites, budget=sites, cost=np.ones(25))
    assert plan.objective == solved.objective


def test_small_and_large_weights_keep_the_optimum():
    demand, distance = scattered(60, 15)
    covers = distance < 0.25
    plain = maximal_coverage(demand, covers, sites=3)
    for factor in (1e-9, 1e9):
        scaled = maximal_coverage(demand * factor, covers, sites=3)
        assert scaled.objective == pytest.approx(plain.objective * factor)
        assert scaled.gap == 0


def test_capacity_holds_for_small_weights_too():
    demand, distance = scattered(40, 8)
    plan = maximal_coverage(demand * 1e-9, distance < 0.3, sites=3, capacity=2e-7)
    load = np.bincount(plan.assigned[plan.assigned >= 0], weights=demand[plan.assigned >= 0], minlength=8)
    assert (load <= 200).all()
    assert plan.objective > 0


def test_the_plan_does_not_depend_on_the_order_of_rows():
    demand, distance = scattered(80, 20)
    covers = distance < 0.2
    order = np.random.default_rng(1).permutation(80)
    first = maximal_coverage(demand, covers, sites=4)
    second = maximal_coverage(demand[order], covers[order], sites=4)
    assert first.objective == second.objective
