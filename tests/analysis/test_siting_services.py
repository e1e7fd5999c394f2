from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.locating.services import several_services
from gisapp.errors import InvalidInputError

# Four families; a well at 0 (columns 0) or 1 (column 1), a school at 0 (column 2) or 1 (column 3).
LACKS = {"water": [1, 1, 0, 0], "school": [1, 0, 1, 1]}
COVERS = {
    "water": np.array([[1, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]]),
    "school": np.array([[0, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 1]]),
}
COST = [2, 2, 5, 5]


def test_a_family_counts_once_per_service_and_once_in_all():
    plan = several_services(np.ones(4), LACKS, COVERS, cost=COST, budget=9)
    # 2 + 2 + 5: both wells and the school that two families lack.
    assert plan.plan.selected == (0, 1, 3)
    assert plan.plan.objective == plan.plan.bound == 4
    assert plan.cost == 9
    assert (plan.families_lacking, plan.families_reached) == (4, 4)
    assert plan.services.set_index("service").to_dict("index") == {
        "water": {"families_lacking": 2, "families_reached": 2, "families_unreachable": 0, "sites": 2},
        "school": {"families_lacking": 3, "families_reached": 2, "families_unreachable": 0, "sites": 1},
    }


def test_a_family_that_does_not_lack_a_service_is_no_demand_for_it():
    plan = several_services(np.ones(4), {"water": [0, 0, 1, 0]}, {"water": COVERS["water"]}, cost=COST, budget=9)
    assert plan.plan.selected == (0,)
    assert plan.families_reached == plan.families_lacking == 1


def test_counting_families_once_spreads_the_money():
    needs = several_services(np.ones(4), LACKS, COVERS, cost=[2, 9, 5, 9], budget=7)
    assert needs.plan.selected == (0, 2)
    assert needs.families_reached == 1
    once = several_services(np.ones(4), LACKS, COVERS, cost=[2, 9, 5, 7], budget=7, count="families")
    assert once.plan.selected == (3,)
    assert once.families_reached == once.plan.objective == 2


def test_importance_weighs_services():
    # One site only: the school at 1 helps two families, a well one; water ten times as important turns it.
    plain = several_services(np.ones(4), LACKS, COVERS, cost=COST, sites=1)
    assert plain.plan.selected == (3,)
    weighed = several_services(np.ones(4), LACKS, COVERS, cost=COST, sites=1, importance={"water": 10})
    assert weighed.plan.selected == (0,)
    assert weighed.plan.objective == 10


def test_what_stands_is_counted_and_what_nothing_reaches_is_said():
    plan = several_services([1, 1, 1, 3], LACKS, COVERS, cost=COST, budget=0, existing=[3], excluded=[1])
    assert plan.plan.selected == ()
    assert plan.families_reached == 4
    assert plan.services["families_unreachable"].tolist() == [1, 0]
    assert {remark.code for remark in plan.plan.remarks} >= {"unreachable", "budget_too_small"}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"lacks": {}, "covers": {}}, "at least one"),
        ({"lacks": {"water": [1, 1, 0, 0]}}, "school"),
        ({"lacks": LACKS | {"water": [1, 1]}}, "water"),
        ({"lacks": LACKS | {"water": [1, 2, 0, 0]}}, "water"),
        ({"covers": COVERS | {"water": np.ones((4, 3))}}, "same columns"),
        ({"covers": COVERS | {"water": np.ones((3, 4))}}, "rows"),
        ({"families": [1, 1, -1, 1]}, "row 2"),
        ({"count": "sites"}, "needs"),
        ({"importance": {"road": 1}}, "road"),
        ({"importance": {"water": 0}}, "water"),
        ({"importance": {"water": "a"}}, "water"),
        ({"cost": [1, 1, 1]}, "columns"),
        ({"budget": None}, "sites"),
    ],
)
def test_bad_questions_are_refused(change, names):
    given_all = {"families": np.ones(4), "lacks": LACKS, "covers": COVERS, "cost": COST, "budget": 9} | change
    with pytest.raises(InvalidInputError, match=names) as refused:
        several_services(given_all.pop("families"), given_all.pop("lacks"), given_all.pop("covers"), **given_all)
    assert refused.value.en != refused.value.id


@settings(max_examples=100)
@given(st.data())
def test_several_services_equal_enumeration(data):
    n, m = data.draw(st.integers(1, 5)), data.draw(st.integers(1, 5))
    bits = st.lists(st.booleans(), min_size=n * m, max_size=n * m)
    covers = {name: np.array(data.draw(bits)).reshape(n, m) for name in ("a", "b")}
    lacks = {name: np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n))) for name in ("a", "b")}
    families = np.array(data.draw(st.lists(st.integers(0, 4), min_size=n, max_size=n)), dtype=float)
    cost = np.array(data.draw(st.lists(st.integers(0, 5), min_size=m, max_size=m)), dtype=float)
    budget, count = data.draw(st.integers(0, 12)), data.draw(st.sampled_from(["needs", "families"]))
    plan = several_services(families, lacks, covers, cost=cost, budget=budget, count=count)

    def worth(columns):
        given = {name: lacks[name] & covers[name][:, list(columns)].any(axis=1) for name in covers}
        once = families[given["a"] | given["b"]].sum()
        return once if count == "families" else sum(families[hit].sum() for hit in given.values())

    every = chain.from_iterable(combinations(range(m), k) for k in range(m + 1))
    best = max(worth(columns) for columns in every if cost[list(columns)].sum() <= budget)
    assert (plan.plan.objective, plan.plan.status) == (best, "optimal")
    assert worth(plan.plan.selected) == best
    assert plan.cost <= budget
