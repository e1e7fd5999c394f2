from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from gisapp.analysis.disclosure import family_columns, suppress, touches_withheld
from gisapp.columns import columns_of
from gisapp.errors import InvalidInputError

COUNTS = {"poor_families": "families"}


def hierarchy(leaves: dict[str, tuple[int, int]]) -> pd.DataFrame:
    """A frame of desa "K.D" with (poor, families), their kecamatan "K" and the kabupaten ""."""
    rows = pd.DataFrame.from_dict(leaves, orient="index", columns=["poor_families", "families"])
    rows = rows.assign(code=rows.index, parent_code=[code.split(".")[0] for code in rows.index])
    middle = rows.groupby("parent_code")[["poor_families", "families"]].sum().reset_index()
    middle = middle.rename(columns={"parent_code": "code"}).assign(parent_code="kab")
    top = pd.DataFrame([{"code": "kab", "parent_code": None, **rows[["poor_families", "families"]].sum().to_dict()}])
    return pd.concat([rows, middle, top], ignore_index=True)


def hidden(frame):
    return sorted(frame.loc[frame["status"] == "suppressed", "code"])


def shown(frame, **more):
    return suppress(frame, counts=COUNTS, **{"k": 5, "parent": "parent_code", **more})


def test_a_small_count_takes_a_second_one_with_it():
    """A.1 has 2: with the total of A visible, A.2 (the next smallest) must go as well."""
    frame = hierarchy({"A.1": (2, 100), "A.2": (20, 100), "A.3": (30, 100), "B.1": (40, 100)})
    assert hidden(shown(frame)) == ["A.1", "A.2"]


def test_withheld_rows_are_missing_in_every_family_column_and_keep_their_row():
    frame = hierarchy({"A.1": (2, 100), "A.2": (20, 100), "A.3": (30, 100)}).assign(
        headcount_ratio=0.1, excess_high=True, quadrant="x", area_km2=3.0
    )
    result = shown(frame, derived=family_columns("areas"))
    row = result.set_index("code").loc["A.1"]
    assert row[["families", "poor_families", "headcount_ratio", "excess_high", "quadrant"]].isna().all()
    assert row["area_km2"] == 3.0
    assert len(result) == len(frame)
    assert str(result["families"].dtype) == "Int64"


@pytest.mark.parametrize("poor", [0, 4, 96, 100])
def test_nobody_few_nearly_all_and_all_reveal_alike(poor):
    frame = pd.DataFrame({"poor_families": [poor, 50], "families": [100, 100]})
    assert suppress(frame, counts=COUNTS, k=5)["status"].tolist() == ["suppressed", "present"]


@pytest.mark.parametrize("poor", [5, 95])
def test_k_itself_may_be_shown(poor):
    frame = pd.DataFrame({"poor_families": [poor], "families": [100]})
    assert suppress(frame, counts=COUNTS, k=5)["status"].tolist() == ["present"]


def test_two_small_ones_that_sum_below_k_need_a_third():
    frame = hierarchy({"A.1": (1, 100), "A.2": (2, 100), "A.3": (30, 100), "A.4": (31, 100)})
    assert hidden(shown(frame)) == ["A.1", "A.2", "A.3"]


def test_an_only_child_takes_its_parent_and_the_parent_a_sister():
    """A is A.1 alone, so A goes too; kab − B − C would give A back, so B goes, and inside B its smaller part."""
    frame = hierarchy({"A.1": (2, 100), "B.1": (20, 100), "B.2": (25, 100), "C.1": (60, 150)})
    assert hidden(shown(frame)) == ["A", "A.1", "B", "B.1"]


def test_missing_counts_are_no_data_and_protect_nothing():
    frame = hierarchy({"A.1": (20, 100), "A.2": (30, 100)}).astype({"poor_families": "Int64"})
    frame.loc[0, "poor_families"] = pd.NA
    assert shown(frame)["status"].tolist()[0] == "no_data"


def test_a_row_may_be_withheld_for_another_reason():
    frame = pd.DataFrame({"poor_families": [50, 50], "families": [100, 100]})
    assert suppress(frame, counts=COUNTS, k=5, also=[True, False])["status"].tolist() == ["suppressed", "present"]


def test_the_input_stays_as_it_was():
    frame = hierarchy({"A.1": (2, 100), "A.2": (20, 100)})
    before = frame.copy()
    shown(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_a_pocket_with_a_withheld_member_is_withheld():
    found = touches_withheld({"p-1": ["a", "b"], "p-2": ["c"]}, withheld=["b"])
    assert found.to_dict() == {"p-1": True, "p-2": False}


def test_every_family_column_is_known():
    assert "poor_families" in family_columns("areas")
    assert "gi_star_z" in family_columns("areas")
    assert set(family_columns("areas")) < set(columns_of("areas"))


def interval(frame: pd.DataFrame, result: pd.DataFrame, values: pd.Series, code: str) -> tuple[float, float]:
    """Least and greatest value of one row that agree with everything shown, found by linear programming."""
    codes, kids = list(frame["code"]), frame.groupby("parent_code")["code"].apply(list).to_dict()
    visible = set(result.loc[result["status"] == "present", "code"])
    equations, right = [], []
    for at, own in enumerate(codes):
        if own in visible:
            equations.append(np.eye(len(codes))[at])
            right.append(values.iloc[at])
        if own in kids:
            equations.append(np.isin(codes, kids[own]).astype(float) - np.eye(len(codes))[at])
            right.append(0)
    target = np.eye(len(codes))[codes.index(code)]
    limits = [
        linprog(sign * target, A_eq=np.array(equations), b_eq=right, bounds=(0, None), method="highs")
        for sign in (1, -1)
    ]
    return limits[0].fun, -limits[1].fun if limits[1].status == 0 else np.inf


leaf = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))
trees = st.lists(st.lists(leaf, min_size=1, max_size=4), min_size=1, max_size=3)


@given(trees, st.integers(3, 8))
@settings(max_examples=30)
def test_no_withheld_count_can_be_computed_within_k(tree, k):
    frame = hierarchy({f"{kec}.{desa}": cell for kec, part in enumerate(tree) for desa, cell in enumerate(part)})
    result = shown(frame, k=k)
    rest = frame["families"] - frame["poor_families"]
    for code in hidden(result):
        for values in (frame["poor_families"], rest):
            lower, upper = interval(frame, result, values, code)
            assert upper - lower >= k - 1e-6


@given(trees, st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_rows_changes_nothing(tree, random):
    frame = hierarchy({f"{kec}.{desa}": cell for kec, part in enumerate(tree) for desa, cell in enumerate(part)})
    order = list(range(len(frame)))
    random.shuffle(order)
    assert hidden(shown(frame)) == hidden(shown(frame.iloc[order]))


@pytest.mark.parametrize(
    ("change", "more", "told"),
    [
        ({}, {"k": 2}, "k is 2"),
        ({}, {"counts": {"poor_persons": "persons"}}, "no column persons, poor_persons"),
        ({"poor_families": 101}, {}, "exceeds families in row 0"),
        ({"poor_families": -1}, {}, "negative in row 0"),
        ({"parent_code": "A"}, {}, "contains itself"),
        ({"code": "x"}, {}, "code x occurs twice"),
    ],
)
def test_bad_input_is_refused(change, more, told):
    frame = hierarchy({"A.1": (20, 100), "A.2": (30, 100)}).assign(**change)
    with pytest.raises(InvalidInputError, match=told):
        suppress(frame, **{"counts": COUNTS, "k": 5, "parent": "parent_code", **more})
