"""What a budget buys, each family counted once, and what each suggestion keeps out: small plans, enumerated."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.suggesting.plan_budget import BudgetChoice, reached_once
from gisapp.analysis.suggesting.plan_totals import plan_totals
from gisapp.errors import InvalidInputError

A, B, C = np.arange(0, 10), np.arange(8, 14), np.arange(20, 25)
#: A reaches 10 for 100, B 6 (two of them A's) for 60, C 5 for 50.
MEMBERS, COST = [A, B, C], np.array([100.0, 60.0, 50.0])


def test_a_budget_of_110_buys_b_and_c():
    """A alone reaches 10, B and C together 11."""
    plan = BudgetChoice(MEMBERS, COST, 110.0).plan()
    assert plan.chosen == (1, 2)
    assert (plan.families, plan.cost_idr, plan.status) == (11, 110.0, "optimal")
    assert plan.bound >= plan.families


def test_what_each_keeps_out():
    choice = BudgetChoice(MEMBERS, COST, 110.0)
    forced = choice.displaced(0)
    assert (forced.rows, forced.families) == ((1, 2), 1)
    without = choice.displaced(1)
    assert (without.rows, without.families) == ((0,), 1)


def test_each_family_counts_once_where_everything_is_affordable():
    choice = BudgetChoice(MEMBERS, COST, 1e9)
    assert choice.plan().families == reached_once(MEMBERS) == 19
    assert choice.displaced(2).rows == ()
    assert choice.displaced(2).families == 5


def test_dearer_than_the_budget_and_no_money_at_all():
    choice = BudgetChoice(MEMBERS, COST, 70.0)
    assert not choice.displaced(0).affordable
    nothing = BudgetChoice(MEMBERS, COST, 0.0).plan()
    assert (nothing.chosen, nothing.families) == ((), 0)
    assert BudgetChoice([], np.array([]), 5.0).plan().chosen == ()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_plan_is_the_best_of_all_subsets(data):
    count = data.draw(st.integers(1, 6))
    rows = st.lists(st.integers(0, 12), max_size=8, unique=True)
    members = [np.array(sorted(data.draw(rows)), dtype=np.intp) for _ in range(count)]
    cost = np.array([float(data.draw(st.integers(1, 9))) for _ in range(count)])
    budget = float(data.draw(st.integers(0, 25)))
    best = max(
        reached_once([members[i] for i in part])
        for size in range(count + 1)
        for part in combinations(range(count), size)
        if cost[list(part)].sum() <= budget
    )
    choice = BudgetChoice(members, cost, budget)
    plan = choice.plan()
    assert plan.families == best
    assert plan.cost_idr <= budget
    for row in range(count):
        assert choice.displaced(row).families >= 0


@pytest.mark.parametrize(
    ("members", "cost", "budget", "names"),
    [
        (MEMBERS, COST[:2], 1.0, "cost_idr"),
        (MEMBERS, np.array([1.0, np.nan, 1.0]), 1.0, "row 1"),
        (MEMBERS, np.array([1.0, 1.0, -1.0]), 1.0, "row 2"),
        (MEMBERS, COST, -1.0, "budget_idr"),
        (MEMBERS, COST, float("inf"), "budget_idr"),
    ],
)
def test_bad_input_is_named(members, cost, budget, names):
    with pytest.raises(InvalidInputError, match=names) as refused:
        BudgetChoice(members, cost, budget)
    assert refused.value.en != refused.value.id


def suggestions(**more):
    frame = pd.DataFrame(
        {
            "intervention_id": ["a", "b", "c"],
            "strategy": [2, 2, 5],
            "families": pd.array([10, 6, 5], dtype="Int64"),
            "cost_idr": COST,
            "maintenance_idr": [1.0, 2.0, 3.0],
        }
    )
    return frame.assign(**more)


def test_totals_count_each_family_once_in_each_scope():
    totals = plan_totals(suggestions(), MEMBERS)
    assert totals["2"] == {"rows": ["a", "b"], "families": 14, "reached": 16, "cost_idr": 160.0, "maintenance_idr": 3.0}
    assert totals["all"]["families"] == 19
    assert totals["7"] == {"rows": [], "families": 0, "reached": 0, "cost_idr": 0.0, "maintenance_idr": 0.0}
    assert "in_budget" not in totals


def test_small_rows_unknown_families_and_what_is_funded_already_are_left_out():
    assert plan_totals(suggestions(), MEMBERS, least=6)["all"]["rows"] == ["a", "b"]
    funded = suggestions(pre_empted=pd.array([True, False, None], dtype="boolean"))
    assert plan_totals(funded, MEMBERS)["all"]["families"] == 11
    assert plan_totals(suggestions(), [A, B, C[:0]])["all"]["rows"] == ["a", "b"]
    bought = suggestions(in_budget=pd.array([None, True, True], dtype="boolean"))
    assert plan_totals(bought, MEMBERS)["in_budget"]["families"] == 11


def test_totals_of_what_does_not_fit_together_are_refused():
    with pytest.raises(InvalidInputError, match="members"):
        plan_totals(suggestions(), MEMBERS[:2])
    with pytest.raises(InvalidInputError, match="cost_idr"):
        plan_totals(suggestions().drop(columns="cost_idr"), MEMBERS)
