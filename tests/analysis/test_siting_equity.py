from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.locating.compare import compare_plans
from gisapp.analysis.locating.equity import p_center, worst_off_first
from gisapp.analysis.locating.fairest import fairest_coverage
from gisapp.analysis.siting import maximal_coverage
from gisapp.errors import InvalidInputError

# Five villages on a road at kilometres 0, 1, 2, 8 and 9; ten families in each of the first three, one in the others.
ROAD = np.abs(np.subtract.outer([0.0, 1, 2, 8, 9], [0.0, 1, 2, 8, 9]))
FAMILIES = [10, 10, 10, 1, 1]
# Two kecamatan: the first holds most families.
KECAMATAN = ["Hilir", "Hilir", "Hilir", "Hulu", "Hulu"]


def test_one_site_goes_to_the_middle_of_the_road_for_the_worst_off():
    plan = p_center(FAMILIES, ROAD, sites=1)
    assert (plan.selected, plan.objective, plan.bound, plan.status) == ((2,), 7, 7, "optimal")
    assert p_center(FAMILIES, ROAD, sites=2).objective == 1


def test_families_that_nothing_reaches_are_left_out_and_listed():
    far = ROAD.copy()
    far[4] = np.inf
    plan = p_center(FAMILIES, far, sites=1)
    assert plan.objective == 6
    assert plan.unreachable.tolist() == [4]
    assert plan.assigned.tolist() == [2, 2, 2, 2, -1]


def test_the_worst_off_come_first_and_then_most_families():
    both = worst_off_first(FAMILIES, ROAD, standard=1, sites=2)
    assert both.center.objective == 1
    assert both.plan.objective == 32
    # With one site the least largest distance needs village 2; coverage alone would open village 1.
    one = worst_off_first(FAMILIES, ROAD, standard=1, sites=1)
    assert (one.plan.selected, one.plan.objective) == ((2,), 20)
    assert maximal_coverage(FAMILIES, ROAD <= 1, sites=1).selected == (1,)


def test_a_floor_for_each_kecamatan_moves_one_site():
    free = maximal_coverage(FAMILIES, ROAD <= 0, sites=2)
    assert free.objective == 20
    fair = maximal_coverage(FAMILIES, ROAD <= 0, sites=2, groups=KECAMATAN, least_share=0.3)
    assert fair.objective == 11
    assert fair.status == "optimal"
    one_sided = maximal_coverage(FAMILIES, ROAD <= 0, sites=2, groups=KECAMATAN, least_share={"Hilir": 0.6})
    assert one_sided.objective == 20


def test_a_floor_that_needs_more_sites_says_how_many():
    plan = maximal_coverage(FAMILIES, ROAD <= 0, sites=2, groups=KECAMATAN, least_share=0.5)
    assert plan.status == "infeasible"
    assert np.isnan(plan.objective)
    assert "sites of at least 3" in plan.remarks[-1].detail
    dear = maximal_coverage(FAMILIES, ROAD <= 0, budget=9, cost=[4, 4, 4, 6, 6], groups=KECAMATAN, least_share=0.3)
    assert "cost of at least 10" in dear.remarks[-1].detail
    assert "paling sedikit 10" in dear.remarks[-1].detail_id


def test_a_floor_beyond_reach_names_the_kecamatan():
    plan = maximal_coverage(FAMILIES, ROAD <= 0, sites=2, excluded=[3, 4], groups=KECAMATAN, least_share=0.1)
    assert plan.status == "infeasible"
    assert "Hulu: 0.000" in plan.remarks[-1].detail


def test_the_fairest_plan_by_hand():
    fair = fairest_coverage(FAMILIES, ROAD <= 0, groups=KECAMATAN, sites=2)
    assert fair.least_share == fair.bound == pytest.approx(1 / 3)
    assert fair.plan.objective == 11
    assert fairest_coverage(FAMILIES, ROAD <= 0, groups=KECAMATAN, sites=1).least_share == 0


def test_a_kecamatan_that_nothing_reaches_takes_no_part_in_fairness():
    fair = fairest_coverage(FAMILIES, ROAD <= 0, groups=KECAMATAN, sites=2, excluded=[3, 4])
    assert fair.least_share == pytest.approx(2 / 3)
    assert fair.plan.unreachable.tolist() == [3, 4]
    empty = fairest_coverage([0, 0], np.eye(2), groups=["a", "b"], sites=1)
    assert (empty.least_share, empty.plan.selected) == (1, ())


@pytest.mark.parametrize(
    ("given_too", "names"),
    [
        ({"groups": KECAMATAN}, "belong together"),
        ({"least_share": 0.5}, "belong together"),
        ({"groups": KECAMATAN[:4], "least_share": 0.5}, "4 labels"),
        ({"groups": 5, "least_share": 0.5}, "one label"),
        ({"groups": KECAMATAN, "least_share": 1.5}, "Hilir is 1.5"),
        ({"groups": KECAMATAN, "least_share": np.nan}, "Hilir is nan"),
        ({"groups": KECAMATAN, "least_share": {"Hulu": "x"}}, "Hulu is nan"),
        ({"groups": KECAMATAN, "least_share": {"Selatan": 0.5}}, "Selatan"),
        ({"must_cover": np.eye(5), "capacity": 5}, "together"),
        ({"must_cover": np.eye(4)}, "rows"),
    ],
)
def test_bad_conditions_are_refused(given_too, names):
    with pytest.raises(InvalidInputError, match=names) as refused:
        maximal_coverage(FAMILIES, ROAD <= 1, sites=1, **given_too)
    assert refused.value.en != refused.value.id


@pytest.mark.parametrize("standard", [-1, np.nan, "x"])
def test_a_standard_that_is_no_distance_is_refused(standard):
    with pytest.raises(InvalidInputError, match="standard"):
        worst_off_first(FAMILIES, ROAD, standard=standard, sites=1)
    with pytest.raises(InvalidInputError, match="standard"):
        compare_plans(FAMILIES, ROAD, standard=standard, sites=1)


def test_too_few_sites_for_everyone_is_said():
    apart = np.where(np.eye(3) > 0, 0.0, np.inf)
    plan = p_center(np.ones(3), apart, sites=2)
    assert (plan.status, plan.selected) == ("infeasible", ())
    with pytest.raises(InvalidInputError, match="no plan reaches"):
        worst_off_first(np.ones(3), apart, standard=1, sites=2)


def test_three_methods_side_by_side_by_hand():
    frame = compare_plans(FAMILIES, ROAD, standard=1, sites=1).set_index("method")
    assert frame["objective"].to_dict() == {"greedy": 30, "p_median": 30, "exact": 30}
    assert frame["bound"].unique().tolist() == [30]
    assert frame.loc["exact", "sites"] == (1,)
    assert frame.loc["p_median", "mean_distance"] == pytest.approx((10 + 0 + 10 + 7 + 8) / 32)


def test_greedy_may_be_worse_and_its_gap_says_so():
    # Column 0 alone reaches most; the best pair leaves it out.
    far = np.where([[0, 1, 0], [1, 1, 0], [1, 1, 0], [1, 0, 1], [1, 0, 1], [0, 0, 1]], 0.0, np.inf)
    frame = compare_plans([3, 2, 2, 2, 2, 3], far, standard=1, sites=2).set_index("method")
    assert frame["objective"].to_dict() == {"greedy": 11, "p_median": 14, "exact": 14}
    assert frame["gap"].to_dict() == {"greedy": 3 / 11, "p_median": 0, "exact": 0}


def subsets(columns, most):
    return chain.from_iterable(combinations(columns, k) for k in range(most + 1))


@st.composite
def journeys(draw, rows=6, columns=5):
    n, m = draw(st.integers(1, rows)), draw(st.integers(1, columns))
    demand = np.array(draw(st.lists(st.integers(0, 5), min_size=n, max_size=n)), dtype=float)
    leg = st.integers(0, 9).map(float) | st.just(np.inf)
    distance = np.array(draw(st.lists(leg, min_size=n * m, max_size=n * m))).reshape(n, m)
    return demand, distance, draw(st.lists(st.integers(0, m - 1), unique=True, max_size=2)), draw(st.integers(0, m))


@settings(max_examples=100)
@given(journeys(), st.integers(0, 9))
def test_the_worst_off_equal_enumeration(question, standard):
    demand, distance, existing, sites = question
    new = [j for j in range(distance.shape[1]) if j not in existing]
    asked = (demand > 0) & np.isfinite(distance).any(axis=1)
    largest = {
        extra: distance[asked][:, [*existing, *extra]].min(axis=1, initial=np.inf).max(initial=0.0)
        for extra in subsets(new, min(sites, len(new)))
    }
    best = min(largest.values())
    plan = p_center(demand, distance, sites=sites, existing=existing)
    if np.isinf(best):
        assert plan.status == "infeasible"
        return
    assert (plan.objective, plan.bound, plan.status) == (best, best, "optimal")
    both = worst_off_first(demand, distance, standard=standard, sites=sites, existing=existing).plan
    most = max(
        demand[(distance[:, [*existing, *extra]] <= standard).any(axis=1)].sum()
        for extra, reach in largest.items()
        if reach <= best
    )
    assert (both.objective, both.status) == (most, "optimal")
    assert largest[both.selected] <= best


@settings(max_examples=100)
@given(journeys(), st.data())
def test_floors_and_fairness_equal_enumeration(question, data):
    demand, distance, existing, sites = question
    n, m = distance.shape
    covers = distance <= 4
    groups = np.array(data.draw(st.lists(st.sampled_from("ab"), min_size=n, max_size=n)))
    share = data.draw(st.sampled_from([0.0, 0.25, 0.5, 1.0]))
    new = [j for j in range(m) if j not in existing]

    def shares(extra):
        hit = covers[:, [*existing, *extra]].any(axis=1)
        return {
            g: demand[hit & (groups == g)].sum() / demand[groups == g].sum()
            for g in "ab"
            if demand[(groups == g) & covers.any(axis=1)].sum() > 0
        }

    def total(extra):
        return demand[covers[:, [*existing, *extra]].any(axis=1)].sum()

    fair = fairest_coverage(demand, covers, groups=groups, sites=sites, existing=existing)
    least = {extra: min(shares(extra).values(), default=1.0) for extra in subsets(new, min(sites, len(new)))}
    assert fair.least_share == pytest.approx(max(least.values()))
    assert fair.plan.objective == max(
        total(extra) for extra, value in least.items() if value >= max(least.values()) - 1e-9
    )
    capacity = data.draw(st.none() | st.just(np.inf))
    plan = maximal_coverage(
        demand, covers, sites=sites, existing=existing, groups=groups, least_share=share, capacity=capacity
    )
    lost = any(demand[groups == g].sum() > 0 and g not in shares(()) for g in "ab") and share > 0
    kept = [total(extra) for extra, value in least.items() if value >= share - 1e-9 and not lost]
    if kept:
        assert (plan.objective, plan.status) == (max(kept), "optimal")
    else:
        assert plan.status == "infeasible"
