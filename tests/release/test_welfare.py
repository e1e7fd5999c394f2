"""Monetary poverty leaves only where no count of families behind it can be computed to within k."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from small_district import SmallRun, small_workspace

from gisapp.analysis.disclosure import family_columns, suppress
from gisapp.columns import INTERNAL_AREAS, columns_of
from gisapp.release.classes import NO_CLASS, with_welfare, withhold_classes
from gisapp.release.collections import disclosed
from gisapp.release.welfare import EXTREME, WELFARE, withhold_welfare
from gisapp.targeting.welfare import add_welfare

PARTS = ("low", "between", "high")
LINES = {"urban": 100.0, "rural": 80.0}


def measured(leaves):
    """Areas of three levels with everything a run makes, from (code, class, low, between, high, unknown, decile 1)."""
    rows = []
    for code, _, low, between, high, unknown, poor in leaves:
        spent = [20.0] * low + [60.0] * between + [200.0] * high + [np.nan] * unknown
        rows += [
            {"code": code, "kecamatan_code": code.split(".")[0], "kabupaten_code": "kab", "persons": 1,
             "expenditure_idr": amount, "poor": at < poor}
            for at, amount in enumerate(spent)
        ]  # fmt: skip
    families = pd.DataFrame(rows)
    classes = pd.DataFrame({"urban_rural": {leaf[0]: leaf[1] or None for leaf in leaves}}, dtype="object")
    district = SimpleNamespace(families=families, population=classes)
    levels = {}
    for level, column in (("desa", "code"), ("kecamatan", "kecamatan_code"), ("kabupaten", "kabupaten_code")):
        counts = families.groupby(column).agg(families=("poor", "size"), poor_families=("poor", "sum"))
        counts["persons"] = counts["families"]
        levels[level] = gpd.GeoDataFrame(counts.rename_axis("code").reset_index().assign(level=level))
    asked = SimpleNamespace(poverty_line_idr=LINES, extreme_poverty_line_idr=50.0)
    areas = pd.concat(add_welfare(district, levels, asked).values(), ignore_index=True)
    parents = {leaf[0]: leaf[0].split(".")[0] for leaf in leaves} | {leaf[0].split(".")[0]: "kab" for leaf in leaves}
    return areas.assign(parent_code=areas["code"].map(parents), urban_rural=areas["code"].map(classes["urban_rural"]))


def classes_of(areas, shown, k):
    """The urban/rural classes of the same areas, as they leave."""
    desa = areas.loc[areas["level"].eq("desa")]
    named = desa["urban_rural"].astype("object").fillna(NO_CLASS)
    counts = desa.groupby(named)[["families", "poor_families"]].sum().reset_index()
    withheld = set(shown.loc[shown["status"].eq("suppressed"), "code"])
    return with_welfare(withhold_classes(counts.assign(areas=1), areas, withheld, k=k), areas, shown, k=k)


def released(areas, k):
    shown = suppress(
        areas, counts={"poor_families": "families"}, k=k, derived=family_columns("areas"), parent="parent_code"
    )
    return withhold_welfare(shown, areas, k=k)


def test_a_village_with_few_below_the_line_takes_another_with_it():
    """A.1 has 3 of 40 below the line: its own measures go, and with those of A.2 the total gives 3 + 10 together."""
    urban = [("A.1", "urban", 0, 3, 37, 0, 10), ("A.2", "urban", 6, 6, 38, 0, 10)]
    areas = measured([*urban, ("A.3", "rural", 9, 9, 32, 0, 10), ("B.1", "rural", 9, 9, 32, 0, 10)])
    shown = released(areas, 5).set_index("code")
    assert shown["status"].eq("present").all()
    hidden = shown.index[shown["poverty_headcount"].isna()]
    assert "A.1" in hidden
    assert len(hidden) == 2
    assert shown.loc["A", "poverty_headcount"] == pytest.approx(33 / 140)
    assert shown.loc[list(hidden), list(WELFARE)].isna().all(axis=None)


def test_few_in_extreme_poverty_leave_the_poverty_line_alone():
    areas = measured(
        [("A.1", "urban", 2, 10, 30, 0, 10), ("A.2", "urban", 8, 8, 30, 0, 10), ("A.3", "urban", 9, 9, 30, 0, 10)]
    )
    shown = released(areas, 5).set_index("code")
    assert shown["poverty_headcount"].notna().all()
    assert shown.loc["A.1", list(EXTREME)].isna().all()
    assert shown["extreme_headcount"].isna().sum() == 2


def test_without_the_counts_behind_them_nothing_is_shown():
    run = SmallRun()
    run.collections["areas"] = run.collections["areas"].assign(poverty_headcount=0.2, persons_below_line=40)
    frame = disclosed(small_workspace(), run, "areas").frame
    assert frame[["poverty_headcount", "persons_below_line"]].isna().all(axis=None)


def test_the_counts_behind_them_never_leave():
    assert not set(INTERNAL_AREAS) & set(columns_of("areas"))
    assert set(WELFARE) <= set(family_columns("areas"))
    run = SmallRun()
    run.collections["areas"] = run.collections["areas"].assign(
        **dict.fromkeys(INTERNAL_AREAS, 50), poverty_headcount=0.2
    )
    assert not set(INTERNAL_AREAS) & set(disclosed(small_workspace(), run, "areas").frame.columns)


cell = st.integers(0, 12)
leaf = st.tuples(st.sampled_from(["urban", "rural", ""]), cell, cell, cell, st.integers(0, 15), st.integers(0, 40))
trees = st.lists(st.lists(leaf, min_size=1, max_size=4), min_size=1, max_size=3)


def leaves_of(tree):
    leaves = [(f"{kec}.{desa}", *one) for kec, part in enumerate(tree) for desa, one in enumerate(part)]
    return [one for one in leaves if sum(one[2:6]) > 0]


class Attacker:
    """Everything that can be told from what is shown: numbers (low, between, high) of each desa, none negative."""

    def __init__(self, areas, shown, classes):
        self.desa = areas.loc[areas["level"].eq("desa")].reset_index(drop=True)
        self.parents = areas.set_index("code")["parent_code"]
        self.lined = self.desa["urban_rural"].isin(list(LINES)).to_numpy()
        truth = self.desa[[f"{part}_families" for part in PARTS]].to_numpy(dtype=float, copy=True)
        truth[~self.lined, 1] = 0.0  # without a line the last two are one number
        self.truth = truth.ravel()
        self.equal, self.most, self.limits = [], [], []
        for _, row in shown.iterrows():
            inside = self.inside(row["code"])
            if pd.notna(row["families"]):
                self.most.append(self.of(inside, (1, 1, 1)))
                self.limits.append(float(row["families"]))
            self.learn(row, inside)
        for _, row in classes.iterrows():
            named = self.desa["urban_rural"].astype("object").fillna(NO_CLASS)
            self.learn(row, named.eq(row["urban_rural"]).to_numpy())

    def learn(self, row, inside):
        lined = inside & self.lined
        if pd.notna(row.get("welfare_known")):
            self.equal.append(self.of(inside, (1, 1, 1)))
        if pd.notna(row["poverty_line_known"]):
            self.equal.append(self.of(lined, (1, 1, 1)))
        if pd.notna(row["poverty_headcount"]):
            self.equal += [self.of(lined, (1, 1, 0)), self.of(lined, (1, 1, 1))]
        if pd.notna(row["extreme_headcount"]):
            self.equal += [self.of(inside, (1, 0, 0)), self.of(inside, (1, 1, 1))]

    def inside(self, code):
        own = self.desa["code"]
        above = own.map(self.parents)
        return (own.eq(code) | above.eq(code) | above.map(self.parents).eq(code)).to_numpy()

    def of(self, desa, parts):
        return np.outer(desa, parts).ravel().astype(float)

    def width(self, target):
        known = {"A_eq": np.array(self.equal), "b_eq": np.array(self.equal) @ self.truth} if self.equal else {}
        bound = {"A_ub": np.array(self.most), "b_ub": self.limits} if self.most else {}
        zero = [(0, 0) if at % 3 == 1 and not self.lined[at // 3] else (0, None) for at in range(len(self.truth))]
        ends = [linprog(sign * target, bounds=zero, method="highs", **known, **bound) for sign in (1, -1)]
        assert ends[0].status == 0
        return np.inf if ends[1].status else -ends[1].fun - ends[0].fun


def least_open(attacker, shown, areas, k):
    """Least width, as a share of what it must be, of any withheld count of families below a line or not below it.

    It must be k, or all of the families that were asked where these are fewer: how many were asked is no secret.
    """
    truth, found = areas.set_index("code"), [np.inf]
    for _, row in shown.iterrows():
        inside, own = attacker.inside(row["code"]), truth.loc[row["code"]]
        lined = inside & attacker.lined
        for column, asked, desa, sides in (
            ("poverty_headcount", "line_families", lined, ((1, 1, 0), (0, 0, 1))),
            ("extreme_headcount", "welfare_families", inside, ((1, 0, 0), (0, 1, 1))),
        ):
            if pd.isna(row[column]) and own[asked] > 0:
                found += [attacker.width(attacker.of(desa, side)) / min(k, own[asked]) for side in sides]
    return min(found)


@given(trees, st.integers(3, 6))
@settings(max_examples=25, deadline=None)
def test_no_withheld_count_can_be_computed_within_k(tree, k):
    leaves = leaves_of(tree)
    if not leaves:
        return
    areas = measured(leaves)
    if "welfare_families" not in areas.columns:
        return
    shown = released(areas, k)
    assert least_open(Attacker(areas, shown, classes_of(areas, shown, k)), shown, areas, k) >= 1 - 1e-6
