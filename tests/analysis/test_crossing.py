"""Pockets that take a part of a desa: what their totals would tell of the rest, attacked by linear programming."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from gisapp.analysis.withholding.crossing import groups_to_withhold
from gisapp.errors import InvalidInputError


def frames(areas, parts):
    """``areas``: code -> (poor, families); ``parts``: (group, code) -> (poor, families)."""
    rows = [(code, *pair) for code, pair in areas.items()]
    mine = [(group, code, *pair) for (group, code), pair in parts.items()]
    return (
        pd.DataFrame(mine, columns=["group", "code", "poor_families", "families"]),
        pd.DataFrame(rows, columns=["code", "poor_families", "families"]),
    )


def withheld(areas, parts, k=5, **more):
    return sorted(groups_to_withhold(*frames(areas, parts), k=k, **more))


def test_a_pocket_that_leaves_enough_of_its_desa_is_shown():
    assert withheld({"A": (60, 200)}, {("p", "A"): (40, 100)}) == []


def test_a_pocket_that_leaves_two_poor_families_of_its_desa_is_withheld():
    """A − p = 2 of 50: shown side by side, the two totals say so."""
    assert withheld({"A": (42, 150)}, {("p", "A"): (40, 100)}) == ["p"]


def test_a_pocket_that_leaves_no_poor_family_is_withheld_too():
    assert withheld({"A": (40, 150)}, {("p", "A"): (40, 100)}) == ["p"]


def test_a_pocket_that_leaves_two_families_who_are_not_poor_is_withheld():
    assert withheld({"A": (60, 152)}, {("p", "A"): (40, 130)}) == ["p"]


def test_a_pocket_that_is_the_whole_desa_tells_nothing_new():
    assert withheld({"A": (42, 150)}, {("p", "A"): (42, 150)}) == []


def test_a_few_families_across_the_line_of_a_whole_desa_are_protected():
    """p is all of A and 2 poor families of B: p − A = 2."""
    assert withheld({"A": (40, 150), "B": (50, 200)}, {("p", "A"): (40, 150), ("p", "B"): (2, 20)}) == ["p"]


def test_a_few_families_across_the_line_are_hidden_where_both_desa_go_on_outside():
    parts = {("p", "A"): (40, 100), ("p", "B"): (2, 20)}
    assert withheld({"A": (60, 150), "B": (50, 200)}, parts) == []


def test_of_two_pockets_in_a_desa_the_smaller_goes():
    parts = {("p", "A"): (40, 100), ("q", "A"): (30, 80)}
    assert withheld({"A": (72, 250)}, parts) == ["q"]


def test_what_is_withheld_already_need_not_go_again():
    parts = {("p", "A"): (40, 100), ("q", "A"): (30, 80)}
    assert withheld({"A": (72, 250)}, parts, withheld=["p"]) == ["p"]


def test_a_desa_that_is_not_shown_gives_nothing_away():
    parts = {("p", "A"): (40, 100), ("p", "Z"): (1, 3)}
    assert withheld({"A": (60, 200)}, {("p", "A"): (40, 100)}) == []
    assert withheld({"A": (60, 200)}, parts) == []


cell = st.tuples(st.integers(0, 15), st.integers(0, 15)).map(lambda pair: (pair[0], pair[0] + pair[1]))
tables = st.lists(st.lists(cell, min_size=4, max_size=4), min_size=1, max_size=4)


def margins_shown(table, hidden):
    """Equations an outsider has: every desa's total, and the totals of the pockets that are shown."""
    rows, columns = table.shape[:2]
    equations, right = [], []
    for row in range(rows):
        mask = np.zeros((rows, columns))
        mask[row] = 1
        equations.append(mask.ravel())
    for column in range(columns - 1):
        if f"p{column}" not in hidden:
            mask = np.zeros((rows, columns))
            mask[:, column] = 1
            equations.append(mask.ravel())
    equations = np.array(equations)
    return equations, right


@given(tables, st.integers(3, 8))
@settings(max_examples=25)
def test_no_small_part_can_be_computed_within_k_as_long_as_a_shown_pocket_touches_its_desa(rows, k):
    """Desa by pocket (three pockets and a rest): attacked with every margin that is shown, on both sides."""
    table = np.array(rows)
    parts = {(f"p{c}", f"D{r}"): tuple(table[r, c]) for r in range(len(table)) for c in range(3) if table[r, c, 1]}
    areas = {f"D{r}": tuple(table[r].sum(axis=0)) for r in range(len(table))}
    if not parts:
        return
    hidden = groups_to_withhold(*frames(areas, parts), k=k)
    equations, _ = margins_shown(table, hidden)
    there = table[:, :, 1].ravel() > 0
    for side in (table[:, :, 0], table[:, :, 1] - table[:, :, 0]):
        values = side.ravel().astype(float)
        for entry in np.flatnonzero(there & (values < k)):
            row = entry // 4
            touching = {f"p{c}" for c in range(3) if table[row, c, 1]}
            if touching <= hidden:
                continue
            target = np.zeros(len(values))
            target[entry] = 1
            bounds = [(0, None) if here else (0, 0) for here in there]
            ends = [
                linprog(sign * target, A_eq=equations, b_eq=equations @ values, bounds=bounds, method="highs")
                for sign in (1, -1)
            ]
            assert -ends[1].fun - ends[0].fun >= k - 1e-5


@given(tables, st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_the_order_of_rows_changes_nothing(rows, seed):
    table = np.array(rows)
    parts = {(f"p{c}", f"D{r}"): tuple(table[r, c]) for r in range(len(table)) for c in range(3) if table[r, c, 1]}
    if not parts:
        return
    areas = {f"D{r}": tuple(table[r].sum(axis=0)) for r in range(len(table))}
    mine, all_areas = frames(areas, parts)
    turned = mine.sample(frac=1, random_state=seed), all_areas.sample(frac=1, random_state=seed)
    assert groups_to_withhold(mine, all_areas, k=5) == groups_to_withhold(*turned, k=5)


@pytest.mark.parametrize(
    ("areas", "parts", "k", "told"),
    [
        ({"A": (4, 20)}, {("p", "A"): (2, 10)}, 2, "k is 2"),
        ({"A": (4, 20)}, {("p", "A"): (5, 10)}, 5, "the parts exceed the area in row A"),
        ({"A": (4, 20)}, {("p", "A"): (11, 10)}, 5, "poor_families exceeds families in row 0"),
        ({"A": (-4, 20)}, {("p", "A"): (2, 10)}, 5, "negative in row 0"),
        ({"A": (np.nan, 20)}, {("p", "A"): (2, 10)}, 5, "not a number in row 0"),
        ({}, {("p", "A"): (2, 10)}, 5, "areas has no rows"),
    ],
)
def test_bad_input_is_refused(areas, parts, k, told):
    with pytest.raises(InvalidInputError, match=told):
        groups_to_withhold(*frames(areas, parts), k=k)
