"""Monetary poverty of families that a reader can redo on paper, and of a mapped file through an intake and a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gisapp.columns import INTERNAL_AREAS
from gisapp.targeting.welfare import class_welfare, line_of, measure_welfare

SPENT = [20.0, 40.0, 60.0, 80.0, 200.0]
FGT = ["poverty_headcount", "poverty_gap", "poverty_severity"]


def families(spent=SPENT, persons=1):
    return pd.DataFrame({"persons": persons, "expenditure_idr": spent})


def measured(frame, by, line=100.0, extreme=50.0):
    return measure_welfare(frame, by, pd.Series(line, index=frame.index), extreme_line_idr=extreme)


def test_five_families_by_hand():
    """Gaps .8 .6 .4 .2 0: their mean is .4, that of their squares (.64 + .36 + .16 + .04) / 5 = .24."""
    row = measured(families(), pd.Series(["a"] * 5)).loc["a"]
    assert row[FGT].tolist() == pytest.approx([0.8, 0.4, 0.24])
    assert row["extreme_headcount"] == pytest.approx(0.4)
    assert row[["persons_below_line", "persons_below_extreme_line"]].tolist() == [4, 2]
    assert row[["low_families", "between_families", "high_families"]].tolist() == [2, 2, 1]
    assert row[["welfare_families", "line_families", "below_line_families", "extreme_families"]].tolist() == [
        5,
        5,
        4,
        2,
    ]


def test_persons_are_the_weight():
    """The family of 20 holds 6 of 10 persons: P0 = 9/10, P1 = (6 × .8 + .6 + .4 + .2) / 10 = .6."""
    row = measured(families(persons=[6, 1, 1, 1, 1]), pd.Series(["a"] * 5)).loc["a"]
    assert row[["persons_below_line", "poverty_headcount", "poverty_gap"]].tolist() == pytest.approx([9, 0.9, 0.6])
    assert row[["persons_below_extreme_line", "extreme_headcount"]].tolist() == pytest.approx([7, 0.7])


def test_a_family_without_an_expenditure_or_a_line_is_unknown_never_poor():
    frame = families([20.0, np.nan, 60.0, 80.0, 200.0])
    lines = pd.Series([100.0, 100.0, 100.0, np.nan, np.nan])
    found = measure_welfare(frame, pd.Series(["a", "a", "a", "b", "c"]), lines, extreme_line_idr=50.0)
    assert found.loc["a", ["persons_registered", "welfare_persons", "line_persons"]].tolist() == [3, 2, 2]
    assert found.loc["a", "poverty_headcount"] == 1.0
    assert found.loc["b", FGT].isna().all()
    assert found.loc["b", "extreme_headcount"] == 0.0


def test_without_any_line_only_extreme_poverty_is_measured():
    found = measured(families(), pd.Series(["a"] * 5), line=np.nan).loc["a"]
    assert found[[*FGT, "persons_below_line"]].isna().all()
    assert found["extreme_headcount"] == pytest.approx(0.4)
    assert found[["low_families", "between_families", "high_families"]].tolist() == [2, 3, 3]


def test_a_line_comes_from_the_class_alone():
    codes = pd.Series(["1", "2", "3", "4"])
    classes = pd.Series(["urban", "rural", None, "kelurahan"], index=["1", "2", "3", "4"])
    lines = {"urban": 600_000, "rural": 500_000}
    assert line_of(codes, classes, lines).tolist()[:2] == [600_000, 500_000]
    assert line_of(codes, classes, lines)[2:].isna().all()
    assert line_of(codes, classes, {"urban": 600_000, "rural": 0}).isna().tolist() == [False, True, True, True]
    assert line_of(codes, None, lines).isna().all()


def test_classes_are_the_whole_of_their_families():
    rng = np.random.default_rng(3)
    frame = families(rng.uniform(1, 300, 200).round(), rng.integers(1, 7, 200))
    by = pd.Series(rng.choice(list("abcd"), 200))
    desa = measured(frame, by).rename(columns={"persons_registered": "persons"})
    classes = class_welfare(desa, desa.index.to_series().map({"a": "urban", "b": "urban", "c": "rural", "d": "rural"}))
    direct = measured(frame, by.map({"a": "urban", "b": "urban", "c": "rural", "d": "rural"}))
    names = [*FGT, "extreme_headcount", "persons_below_line", "persons_below_extreme_line", *INTERNAL_AREAS]
    pd.testing.assert_frame_equal(classes[names], direct[names].astype("float64"), check_names=False)
