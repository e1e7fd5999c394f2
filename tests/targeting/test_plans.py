"""What a budget buys: by hand, and against every subset of small plans."""

from __future__ import annotations

import json
from itertools import chain, combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from gisapp.errors import InvalidParameterError
from gisapp.targeting.plans import PlanBasis, plan_basis
from gisapp.targeting.plans_compare import compare_families, compare_sites, poor_reached
from gisapp.targeting.plans_weights import criteria_of, weighted_standing
from gisapp.targeting.reached import COLUMNS, make_reached

CRS = "EPSG:32647"


def basis(members, cost, *, snapshot="s", budget=None, in_budget=None, kinds=None, places=None) -> PlanBasis:
    """Suggestions i0, i1 … with the rows of the families that each reaches; odd families are poor."""
    count = len(members)
    frame = gpd.GeoDataFrame(
        {
            "intervention_id": [f"i{n}" for n in range(count)],
            "kind": kinds or ["sd_baru"] * count,
            "strategy": [2] * count,
            "families": [len(rows) for rows in members],
            "cost_idr": [float(one) for one in cost],
            "in_budget": pd.array(in_budget or [pd.NA] * count, dtype="boolean"),
            "evidence": [json.dumps({"excess_in_spreads_between_desa": n}) for n in range(count)],
        },
        geometry=gpd.GeoSeries([Point(*xy) for xy in places or [(0, 0)] * count], crs=CRS).to_crs("EPSG:4326"),
    )
    pairs = [(row, family) for row, rows in enumerate(members) for family in rows]
    reached = pd.DataFrame(pairs, columns=["row", "family"]).astype("int64")
    reached = reached.assign(
        kecamatan_code="k" + (reached["family"] // 10).astype(str), poor=reached["family"] % 2 == 1
    )
    return PlanBasis(
        run_id="r", snapshot=snapshot, crs=CRS, budget_idr=budget, suggestions=frame, reached=reached,
        poor_deciles=(1,),
    )  # fmt: skip


def test_overlap_is_counted_once_and_dear_reach_is_left():
    """The first two reach 4 and 3 families, together 5, for 10 each; the third reaches 3 others for 15."""
    one = basis([[0, 1, 2, 9], [1, 2, 3], [4, 5, 6]], [10, 10, 15])
    assert (one.sealed.families, one.sealed.cost_idr) == (8, 35.0)
    assert one.buy(9).rows == ()
    assert one.buy(25).rows == (0, 2)
    assert (one.buy(25).families, one.buy(25).cost_idr, one.buy(25).status) == (7, 25.0, "optimal")
    assert one.buy(35).families == 8


def test_with_a_budget_the_sealed_plan_is_what_the_run_bought():
    one = basis([[0, 1], [1, 2]], [5, 5], budget=5.0, in_budget=[False, True])
    assert (one.sealed.rows, one.sealed.families, one.sealed.cost_idr) == ((1,), 2, 5.0)


def test_no_suggestion_buys_nothing():
    assert basis([], []).buy(10).rows == ()
    assert basis([[]], [1]).buy(10).families == 0


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
def test_a_budget_that_is_none(wrong):
    with pytest.raises(InvalidParameterError, match="budget_idr"):
        basis([[0]], [1]).buy(wrong)


MEMBERS = st.lists(st.lists(st.integers(0, 11), min_size=1, max_size=6, unique=True), min_size=1, max_size=6)


@settings(max_examples=60)
@given(MEMBERS, st.lists(st.integers(1, 9), min_size=6, max_size=6), st.integers(0, 30))
def test_no_subset_within_the_budget_reaches_more(members, cost, budget):
    found = basis(members, cost[: len(members)]).buy(budget)
    rows = range(len(members))
    subsets = chain.from_iterable(combinations(rows, size) for size in range(len(members) + 1))
    best = max(
        len({family for row in subset for family in members[row]})
        for subset in subsets
        if sum(cost[row] for row in subset) <= budget
    )
    assert found.families == best == len({family for row in found.rows for family in members[row]})
    assert found.cost_idr <= budget
    assert found.bound >= best


def test_families_gained_and_lost_are_counted_by_their_row():
    before, after = basis([[0, 1, 2], [2, 3]], [1, 1]), basis([[3, 4]], [1])
    found = compare_families(before, after)
    assert (found.both, found.gained, found.lost) == (1, 1, 3)


def test_rows_of_two_snapshots_are_two_lists():
    assert compare_families(basis([[0]], [1]), basis([[0]], [1], snapshot="other")) is None
    assert compare_families(basis([[0]], [1], snapshot=""), basis([[0]], [1], snapshot="")) is None


def test_sites_are_the_same_by_kind_and_distance():
    x, y = 500_000.0, 400_000.0
    before = basis([[0], [1]], [1, 1], kinds=["sd_baru", "pustu"], places=[(x, y), (x, y)])
    after = basis([[0], [1]], [1, 1], kinds=["sd_baru", "posyandu"], places=[(x, y + 300), (x, y)])
    found = compare_sites(before, after, within_m=500)
    assert [(one, two, round(metres)) for one, two, metres in found.shared] == [("i0", "i0", 300)]
    assert (found.only_before, found.only_after) == (("i1",), ("i1",))
    assert compare_sites(before, after, within_m=299).shared == ()


def test_poor_families_by_kecamatan_once_each():
    one = basis([[1, 2, 3], [3, 11]], [1, 1])
    assert poor_reached(one, one.sealed.rows).to_dict() == {"k0": 2, "k1": 1}
    assert poor_reached(one, ()).empty


def test_standing_within_a_strategy_follows_the_weights():
    one = basis([[1, 2, 3], [4], [5, 7]], [30, 1, 4])
    by, criteria = one.suggestions["strategy"], criteria_of(one)
    only = dict.fromkeys(criteria.columns, 0.0)
    assert weighted_standing(criteria, by, only | {"families": 1.0}).tolist() == [1.0, 0.0, 0.5]
    assert weighted_standing(criteria, by, only | {"families_per_idr": 1.0}).tolist() == [0.0, 1.0, 0.5]
    assert weighted_standing(criteria, by, only | {"decile_1_share": 1.0}).tolist() == [0.5, 0.0, 1.0]
    assert weighted_standing(criteria, by, only | {"excess": 1.0}).tolist() == [0.0, 0.5, 1.0]
    assert weighted_standing(criteria.iloc[:1], by.iloc[:1], only | {"families": 1.0}).tolist() == [0.5]


def test_reached_holds_rows_and_no_id_of_a_family():
    families = pd.DataFrame({"family_id": ["f1", "f2"], "kecamatan_code": ["k", None], "poor": [True, False]})
    found = make_reached(["b", "a"], [np.array([0, 1]), np.array([1])], families)
    assert tuple(found.columns) == COLUMNS
    assert found.values.tolist() == [["a", 1, None, False], ["b", 0, "k", True], ["b", 1, None, False]]
    assert make_reached([], [], families).empty


class Stub:
    """A run in memory."""

    run_id = "r"

    def __init__(self, frame, reached):
        self.frame, self.table = frame, reached
        self.manifest = {"snapshot": "s", "crs": CRS, "parameters": {"budget_idr": None, "poor_deciles": [1]}}

    def collection(self, name):
        return self.frame

    def reached(self):
        return self.table


def test_what_a_budget_can_buy_of_a_run():
    """Not strategy 7, not what funded works answer, not what counts families outside the registry, nothing withheld."""
    one = basis([[0, 1], [1], [2], [3], [4]], [1] * 5)
    frame = one.suggestions.assign(
        strategy=[2, 7, 3, 5, 4], pre_empted=pd.array([pd.NA, False, True, False, False], dtype="boolean"),
        families=[2, 1, 1, 9, 1],
    )  # fmt: skip
    reached = one.reached.assign(intervention_id="i" + one.reached["row"].astype(str)).drop(columns="row")
    found = plan_basis(Stub(frame, reached), shown={"i0", "i1", "i2", "i3"})
    assert found.suggestions["intervention_id"].tolist() == ["i0"]
    assert found.left_out == 1
    assert found.sealed.families == 2
