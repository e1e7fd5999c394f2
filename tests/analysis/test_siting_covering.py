from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.locating.conflicts import closer_than
from gisapp.analysis.locating.covering import set_covering
from gisapp.analysis.siting import maximal_coverage
from gisapp.errors import InvalidInputError

# Five hamlets, three candidates: number 0 reaches hamlets 0 and 1, number 1 hamlets 1 to 3, number 2 hamlet 4.
REACH = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 0], [0, 0, 1]], dtype=bool)


def codes(plan):
    return {remark.code: remark.count for remark in plan.remarks}


def test_nobody_is_left_beyond_the_standard():
    plan = set_covering(REACH)
    assert (plan.selected, plan.objective, plan.bound, plan.gap, plan.status) == ((0, 1, 2), 3, 3, 0, "optimal")
    assert plan.assigned.tolist() == [0, 0, 1, 1, 2]
    assert plan.unreachable.tolist() == []


def test_rows_that_nothing_covers_are_listed_and_the_rest_served():
    plan = set_covering(REACH, excluded=[2])
    assert plan.selected == (0, 1)
    assert plan.unreachable.tolist() == [4]
    assert codes(plan) == {"unreachable": 1}
    assert "1 rows with a demand of 1" in plan.remarks[0].detail
    assert plan.remarks[0].detail != plan.remarks[0].detail_id


def test_what_stands_is_free_and_the_cheapest_of_equals_is_taken():
    covers = [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    plan = set_covering(covers, cost=[7, 5, 9], existing=[2])
    assert (plan.selected, plan.objective) == ((1,), 5)
    assert codes(plan) == {"duplicate_sites": 1}


def test_rivals_can_make_it_impossible():
    plan = set_covering(np.eye(2), conflicts=[(0, 1)])
    assert plan.status == "infeasible"
    assert np.isnan(plan.objective)
    assert "infeasible" in codes(plan)


def test_a_rival_of_a_standing_site_is_not_opened():
    plan = set_covering(np.eye(3), existing=[0], conflicts=[(0, 1)])
    assert plan.selected == (2,)
    assert plan.unreachable.tolist() == [1]
    assert codes(plan) == {"unreachable": 1, "too_close_to_existing": 1}


@pytest.mark.parametrize("covers", [np.zeros((0, 3)), np.zeros((3, 0)), np.zeros((2, 2))])
def test_nothing_to_cover_or_nothing_to_open(covers):
    plan = set_covering(covers)
    assert (plan.selected, plan.objective, plan.status) == ((), 0, "optimal")
    assert len(plan.unreachable) == len(covers) * (len(covers) > 0)


@pytest.mark.parametrize(
    ("given_too", "names"),
    [
        ({"cost": [1, -1, 1]}, "column 1"),
        ({"cost": [1, 1]}, "columns"),
        ({"cost": ["a", 1, 1]}, "column 0"),
        ({"existing": [3]}, "column 3"),
        ({"existing": [1.5]}, "column 1.5"),
        ({"excluded": [-1]}, "column -1"),
        ({"existing": [1], "excluded": [1]}, "both existing and excluded"),
        ({"conflicts": [(0, 3)]}, "row 0"),
        ({"conflicts": [(0, 1), (2, 2)]}, "row 1"),
        ({"conflicts": [0, 1]}, "pairs"),
        ({"conflicts": [(0.0, 1.0)]}, "pairs"),
        ({"node_limit": -1}, "node_limit"),
        ({"time_limit_s": np.nan}, "time_limit_s"),
    ],
)
def test_bad_limits_are_refused(given_too, names):
    for call in (lambda **k: set_covering(REACH, **k), lambda **k: maximal_coverage(np.ones(5), REACH, sites=1, **k)):
        with pytest.raises(InvalidInputError, match=names) as refused:
            call(**given_too)
        assert refused.value.en != refused.value.id


@settings(max_examples=100)
@given(st.data())
def test_set_covering_equals_enumeration(data):
    n, m = data.draw(st.integers(1, 6)), data.draw(st.integers(2, 6))
    covers = np.array(data.draw(st.lists(st.booleans(), min_size=n * m, max_size=n * m))).reshape(n, m)
    cost = np.array(data.draw(st.lists(st.integers(0, 5), min_size=m, max_size=m)), dtype=float)
    existing = data.draw(st.lists(st.integers(0, m - 1), unique=True, max_size=2))
    pairs = data.draw(st.lists(st.lists(st.integers(0, m - 1), min_size=2, max_size=2, unique=True), max_size=3))
    plan = set_covering(covers, cost=cost, existing=existing, conflicts=pairs)
    shut = {j for pair in pairs for j in pair if set(pair) & set(existing)} - set(existing)
    new = [j for j in range(m) if j not in existing and j not in shut]
    wanted = covers[:, [*existing, *new]].any(axis=1)
    possible = [
        cost[list(extra)].sum()
        for extra in chain.from_iterable(combinations(new, k) for k in range(len(new) + 1))
        if covers[wanted][:, [*existing, *extra]].any(axis=1).all()
        and not any(set(pair) <= set(extra) for pair in pairs)
    ]
    assert plan.unreachable.tolist() == np.flatnonzero(~wanted).tolist()
    if not possible:
        assert plan.status == "infeasible"
        return
    assert plan.status == "optimal"
    assert plan.objective == plan.bound == min(possible)
    assert (plan.assigned >= 0).tolist() == wanted.tolist()


def test_a_larger_set_covering_has_a_true_bound_when_stopped():
    rng = np.random.default_rng(2)
    near = np.linalg.norm(rng.random((300, 1, 2)) - rng.random((1, 80, 2)), axis=2) < 0.2
    best, stopped = set_covering(near), set_covering(near, node_limit=0)
    assert best.status == "optimal"
    assert stopped.bound <= best.objective <= stopped.objective
    assert near[:, list(stopped.selected)].any(axis=1).tolist() == near.any(axis=1).tolist()


def test_candidates_closer_than_the_minimum_are_rivals():
    places = [[0.0, 0], [0, 0], [3, 4], [30, 40]]
    assert closer_than(places, minimum_distance_m=5).tolist() == [[0, 1]]
    assert closer_than(places, minimum_distance_m=5.01).tolist() == [[0, 1], [0, 2], [1, 2]]
    assert closer_than([], minimum_distance_m=5).shape == closer_than([[1, 2]], minimum_distance_m=5).shape == (0, 2)


@pytest.mark.parametrize(
    ("places", "metres", "names"),
    [
        ([[0, 0], [np.nan, 1]], 5, "row 1"),
        ([[0, 0], ["a", 1]], 5, "row 1"),
        ([[0, 0, 0]], 5, "two columns"),
        ([[0, 0]], 0, "minimum_distance_m"),
        ([[0, 0]], np.inf, "minimum_distance_m"),
        ([[0, 0]], "x", "minimum_distance_m"),
    ],
)
def test_what_are_no_places_is_refused(places, metres, names):
    with pytest.raises(InvalidInputError, match=names) as refused:
        closer_than(places, minimum_distance_m=metres)
    assert refused.value.en != refused.value.id
