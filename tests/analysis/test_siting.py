from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from gisapp.analysis.siting import maximal_coverage, p_median
from gisapp.errors import InvalidInputError

# Five hamlets, three candidates: number 0 reaches hamlets 0 and 1, number 1 hamlets 1 to 3, number 2 hamlet 4.
FAMILIES = [10, 20, 30, 5, 8]
REACH = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)


def test_one_site_goes_where_most_families_are():
    plan = maximal_coverage(FAMILIES, REACH, sites=1)
    assert plan.selected == (1,)
    assert plan.objective == plan.bound == 55
    assert plan.gap == 0
    assert plan.status == "optimal"
    assert plan.assigned.tolist() == [-1, 1, 1, 1, -1]


def test_an_existing_site_is_free_and_counted():
    plan = maximal_coverage(FAMILIES, REACH, sites=1, existing=[1])
    assert plan.selected == (0,)
    assert plan.objective == 65
    assert plan.assigned.tolist() == [0, 0, 1, 1, -1]


def test_a_site_that_reaches_nobody_new_is_not_opened():
    assert maximal_coverage([4, 4], [[1, 1], [1, 1]], sites=2).selected == (0,)


def test_a_budget_buys_the_two_cheap_sites_instead_of_the_dear_one():
    plan = maximal_coverage(FAMILIES, REACH, budget=10, cost=[4, 11, 6])
    assert plan.selected == (0, 2)
    assert plan.objective == 38


def test_a_budget_below_every_cost_builds_nothing():
    plan = maximal_coverage(FAMILIES, REACH, budget=1, cost=[4, 11, 6])
    assert (plan.selected, plan.objective, plan.status) == ((), 0, "optimal")


def test_capacity_never_splits_a_row():
    plan = maximal_coverage([6, 5, 5], np.ones((3, 1)), sites=1, capacity=[10])
    assert plan.objective == 10
    assert plan.assigned.tolist() == [-1, 0, 0]


def test_capacity_holds_for_existing_sites_too():
    plan = maximal_coverage([3, 3], np.ones((2, 2)), sites=1, existing=[0], capacity=3)
    assert plan.objective == 6
    assert sorted(plan.assigned.tolist()) == [0, 1]


def test_sparse_and_dense_give_the_same_plan():
    dense = maximal_coverage(FAMILIES, REACH, sites=2)
    for kind in (sparse.csr_array, sparse.csc_array, sparse.coo_array):
        plan = maximal_coverage(FAMILIES, kind(REACH), sites=2)
        assert plan.selected == dense.selected
        assert plan.assigned.tolist() == dense.assigned.tolist()


@pytest.mark.parametrize("rows", [0, 2])
def test_no_candidates_cover_nobody(rows):
    plan = maximal_coverage(np.ones(rows), np.zeros((rows, 0)), sites=1)
    assert (plan.selected, plan.objective, plan.gap, plan.status) == ((), 0, 0, "optimal")


def test_zero_demand_opens_nothing():
    assert maximal_coverage([0, 0, 0, 0, 0], REACH, sites=2).selected == ()


def test_no_new_site_still_counts_the_existing_ones():
    assert maximal_coverage(FAMILIES, REACH, sites=0, existing=[2]).objective == 8


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"demand": [1, np.nan, 1, 1, 1]}, "row 1"),
        ({"demand": [1, 1, 1, -2, 1]}, "row 3"),
        ({"demand": [1, 1]}, "rows"),
        ({"covers": REACH * 0.5}, "true and false"),
        ({"covers": REACH[:, 0]}, "two dimensions"),
        ({"sites": -1}, "sites"),
        ({"sites": 1.5}, "sites"),
        ({"sites": None}, "sites"),
        ({"budget": 3}, "cost"),
        ({"budget": np.nan, "cost": [1, 1, 1]}, "budget"),
        ({"budget": 3, "cost": [1, np.nan, 1]}, "column 1"),
        ({"budget": 3, "cost": [1, 1]}, "columns"),
        ({"existing": [3]}, "column 3"),
        ({"existing": [0, 0]}, "more than once"),
        ({"capacity": [1, 1, -1]}, "column 2"),
        ({"time_limit_s": 0}, "time_limit_s"),
    ],
)
def test_bad_input_is_refused_by_row_or_column(arguments, names):
    given = {"demand": FAMILIES, "covers": REACH, "sites": 1} | arguments
    with pytest.raises(InvalidInputError, match=names) as refused:
        maximal_coverage(given.pop("demand"), given.pop("covers"), **given)
    assert refused.value.en != refused.value.id


# Four villages on a road at kilometres 0, 1, 5 and 6.
ROAD = np.abs(np.subtract.outer([0.0, 1.0, 5.0, 6.0], [0.0, 1.0, 5.0, 6.0]))


def test_p_median_weighs_distance_by_demand():
    plan = p_median([10, 1, 1, 10], ROAD, sites=2)
    assert plan.selected == (0, 3)
    assert plan.objective == plan.bound == 2
    assert plan.assigned.tolist() == [0, 0, 3, 3]


def test_p_median_starts_from_what_stands():
    plan = p_median([1, 1, 1, 1], ROAD, sites=1, existing=[0])
    assert plan.selected == (2,)
    assert plan.objective == 2


def test_p_median_opens_exactly_what_is_asked():
    assert p_median([1, 0, 0, 0], ROAD, sites=3).selected[0] == 0
    assert len(p_median([1, 0, 0, 0], ROAD, sites=3).selected) == 3


@pytest.mark.parametrize("capacity", [None, 3])
def test_where_nobody_asks_no_site_is_proposed(capacity):
    for sites, existing in ((2, []), (1, [2])):
        shared = {"sites": sites, "existing": existing, "capacity": capacity}
        for plan in (p_median([0, 0, 0, 0], ROAD, **shared), maximal_coverage([0, 0, 0, 0], ROAD <= 9, **shared)):
            assert (plan.selected, plan.objective, plan.bound, plan.status) == ((), 0, 0, "optimal")
            assert plan.assigned.tolist() == [existing[0] if existing else -1] * 4
            assert "no_demand" in [remark.code for remark in plan.remarks]


def test_p_median_with_capacity_sends_a_whole_row_further():
    plan = p_median([2, 2], [[0.0, 5.0], [0.0, 7.0]], sites=2, capacity=[2, 2])
    assert plan.objective == 10
    assert plan.assigned.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("distance", "options"),
    [
        ([[1.0, np.inf], [np.inf, np.inf]], {"sites": 1}),
        ([[1.0, np.inf], [np.inf, 1.0]], {"sites": 1}),
        ([[1.0, 1.0], [1.0, 1.0]], {"sites": 0}),
        ([[np.inf, np.inf], [1.0, 1.0]], {"sites": 0, "existing": [0, 1]}),
        ([[1.0, 1.0], [1.0, 1.0]], {"sites": 2, "capacity": 1.5}),
    ],
)
def test_an_impossible_p_median_says_so(distance, options):
    plan = p_median([2, 1], distance, **options)
    assert (plan.status, plan.selected) == ("infeasible", ())
    assert plan.assigned.tolist() == [-1, -1]
    assert np.isnan(plan.objective)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"distance": ROAD * np.nan}, "row 0, column 0"),
        ({"distance": -ROAD}, "row 0, column 1"),
        ({"distance": ROAD[:3]}, "rows"),
        ({"distance": ROAD[0]}, "two dimensions"),
        ({"sites": 5}, "only 4"),
        ({"sites": 4, "existing": [1]}, "only 3"),
        ({"demand": [1, np.inf, 1, 1]}, "row 1"),
    ],
)
def test_bad_p_median_input_is_refused(arguments, names):
    given = {"demand": np.ones(4), "distance": ROAD, "sites": 1} | arguments
    with pytest.raises(InvalidInputError, match=names):
        p_median(given.pop("demand"), given.pop("distance"), **given)


def subsets(columns, most):
    return chain.from_iterable(combinations(columns, k) for k in range(most + 1))


def packed(demand, allowed, capacity):
    """Most demand that fits, by trying every assignment of rows (small cases only)."""
    if not len(demand):
        return 0.0
    best = packed(demand[1:], allowed[1:], capacity)
    for column in np.flatnonzero(allowed[0]):
        if capacity[column] >= demand[0]:
            left = capacity.copy()
            left[column] -= demand[0]
            best = max(best, demand[0] + packed(demand[1:], allowed[1:], left))
    return best


@st.composite
def questions(draw, rows=6, columns=5):
    n, m = draw(st.integers(1, rows)), draw(st.integers(1, columns))
    demand = np.array(draw(st.lists(st.integers(0, 9), min_size=n, max_size=n)), dtype=float)
    covers = np.array(draw(st.lists(st.booleans(), min_size=n * m, max_size=n * m))).reshape(n, m)
    existing = draw(st.lists(st.integers(0, m - 1), unique=True, max_size=m))
    return demand, covers, existing, draw(st.integers(0, m))


@settings(max_examples=60, deadline=None)
@given(questions(), st.lists(st.integers(0, 6), min_size=5, max_size=5), st.none() | st.integers(0, 15))
def test_coverage_equals_enumeration(question, cost, budget):
    demand, covers, existing, sites = question
    m = covers.shape[1]
    price = np.array(cost[:m], dtype=float)
    plan = maximal_coverage(demand, covers, sites=sites, existing=existing, budget=budget, cost=price)
    new = [j for j in range(m) if j not in existing]
    best = max(
        demand[covers[:, [*existing, *extra]].any(axis=1)].sum()
        for extra in subsets(new, sites)
        if budget is None or price[list(extra)].sum() <= budget
    )
    assert plan.status == "optimal"
    assert plan.objective == best == plan.bound
    assert len(plan.selected) <= sites
    assert not set(plan.selected) & set(existing)
    assert budget is None or price[list(plan.selected)].sum() <= budget
    served = plan.assigned >= 0
    assert demand[served].sum() == best
    assert covers[np.flatnonzero(served), plan.assigned[served]].all()
    assert set(plan.assigned[served]) <= {*plan.selected, *existing}


@settings(max_examples=40, deadline=None)
@given(questions(rows=5, columns=4), st.lists(st.integers(0, 14), min_size=4, max_size=4))
def test_capacitated_coverage_equals_enumeration(question, capacity):
    demand, covers, existing, sites = question
    m = covers.shape[1]
    rooms = np.array(capacity[:m], dtype=float)
    plan = maximal_coverage(demand, covers, sites=sites, existing=existing, capacity=rooms)
    new = [j for j in range(m) if j not in existing]
    best = max(
        packed(demand, covers & np.isin(np.arange(m), [*existing, *extra]), rooms) for extra in subsets(new, sites)
    )
    assert plan.objective == best == plan.bound
    load = np.bincount(plan.assigned[plan.assigned >= 0], weights=demand[plan.assigned >= 0], minlength=m)
    assert (load <= rooms).all()


@st.composite
def journeys(draw, rows=6, columns=5):
    n, m = draw(st.integers(1, rows)), draw(st.integers(1, columns))
    demand = np.array(draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)), dtype=float)
    leg = st.integers(0, 9).map(float) | st.just(np.inf) | st.floats(0, 9)
    distance = np.array(draw(st.lists(leg, min_size=n * m, max_size=n * m))).reshape(n, m)
    existing = draw(st.lists(st.integers(0, m - 1), unique=True, max_size=m))
    return demand, distance, existing, draw(st.integers(0, m - len(existing)))


@settings(max_examples=80, deadline=None)
@given(journeys())
def test_p_median_equals_enumeration(question):
    demand, distance, existing, sites = question
    plan = p_median(demand, distance, sites=sites, existing=existing)
    real = demand > 0
    new = [j for j in range(distance.shape[1]) if j not in existing]
    best = min(
        float((demand[real] * distance[real][:, [*existing, *extra]].min(axis=1, initial=np.inf)).sum())
        for extra in combinations(new, sites)
    )
    if np.isinf(best):
        assert plan.status == "infeasible"
    else:
        assert plan.status == "optimal"
        assert plan.objective == pytest.approx(best, abs=1e-6)
        assert len(plan.selected) == (sites if real.any() else 0)
        assert plan.bound == plan.objective


@settings(max_examples=30, deadline=None)
@given(journeys(rows=4, columns=3), st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_capacitated_p_median_equals_enumeration(question, capacity):
    demand, distance, existing, sites = question
    rooms = np.array(capacity[: distance.shape[1]], dtype=float)
    plan = p_median(demand, distance, sites=sites, existing=existing, capacity=rooms)
    new = [j for j in range(distance.shape[1]) if j not in existing]
    best = min(cheapest(demand, distance, [*existing, *extra], rooms) for extra in combinations(new, sites))
    if np.isinf(best):
        assert plan.status == "infeasible"
    else:
        assert plan.objective == pytest.approx(best, abs=1e-6)


def cheapest(demand, distance, columns, rooms):
    if not len(demand):
        return 0.0
    if demand[0] == 0:
        return cheapest(demand[1:], distance[1:], columns, rooms)
    best = np.inf
    for column in columns:
        if rooms[column] >= demand[0] and np.isfinite(distance[0, column]):
            left = rooms.copy()
            left[column] -= demand[0]
            best = min(best, demand[0] * distance[0, column] + cheapest(demand[1:], distance[1:], columns, left))
    return float(best)
