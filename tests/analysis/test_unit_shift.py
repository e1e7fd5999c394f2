"""The same families on other cuts: a strong place is found on all of them, a place of the lines on few."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.finding.unit_shift import SHIFTS, grid_support
from gisapp.errors import InvalidInputError


def families(n=24_000, side_m=24_000.0, centre=(6_000.0, 6_000.0), radius_m=3_000.0, high=0.45, seed=3):
    """Families spread evenly, one in ten poor, and one round place where nearly half are."""
    generator = np.random.default_rng(seed)
    x, y = generator.uniform(0, side_m, (2, n))
    inside = np.hypot(x - centre[0], y - centre[1]) < radius_m
    poor = generator.random(n) < np.where(inside, high, 0.1)
    return pd.DataFrame({"x": x, "y": y, "poor": poor}), inside


def labelled(mask, name="p-1"):
    return pd.Series(np.where(mask, name, None), dtype="object")


@pytest.fixture(scope="module")
def planted():
    points, inside = families()
    strip = (points["x"] > 20_000) & (points["y"] > 20_000)
    pocket = labelled(inside).where(~strip, "p-2")
    return grid_support(points, pocket, sizes_m=(1500, 2000, 3000), shapes=("square", "hexagon"), seed=1), inside


def test_a_strong_place_is_found_on_every_grid_and_an_ordinary_corner_on_none(planted):
    result, _ = planted
    assert result.pockets.to_dict() == {"p-1": 1.0, "p-2": 0.0}
    assert result.pockets.name == "grid_support"


def test_each_grid_has_its_row(planted):
    result, _inside = planted
    rows = result.grids
    assert len(rows) == 2 * 3 * len(SHIFTS)
    assert rows.groupby(["shape", "size_m"]).size().eq(len(SHIFTS)).all()
    assert (rows["pockets"] >= 1).all()
    assert rows["poor_share"].between(0.1, 0.3).all()
    assert rows["overlap"].between(0.2, 1).all()
    assert (rows.groupby("size_m")["cells"].mean().diff().dropna() < 0).all()


def test_one_grid_by_hand():
    """36 cells of 100 families, ten poor in each and sixty in one; the grid is the pocket's own."""
    column, row = (part.ravel() for part in np.mgrid[0:6, 0:6])
    x, y = np.repeat(column * 100.0 + 50, 100), np.repeat(row * 100.0 + 50, 100)
    turn = np.tile(np.arange(100), 36)
    hot = (x == 250) & (y == 250)
    points = pd.DataFrame({"x": x, "y": y, "poor": turn < np.where(hot, 60, 10)})
    result = grid_support(points, labelled(hot), sizes_m=(100,), shifts=((0, 0),), seed=1)
    assert result.pockets.to_dict() == {"p-1": 1.0}
    only = result.grids.iloc[0]
    assert (only["cells"], only["pockets"], only["overlap"]) == (36, 1, 1.0)
    assert only["poor_share"] == pytest.approx(60 / 410)


def test_nothing_high_anywhere_finds_nothing_and_says_so():
    points, inside = families(n=3000, high=0.1)
    points["poor"] = False
    result = grid_support(points, labelled(inside), sizes_m=(2000,), seed=1)
    assert result.pockets.isna().all()
    assert (result.grids["pockets"] == 0).all()
    assert (result.grids["poor_share"] == 0).all()


def test_without_a_pocket_the_grids_are_still_told():
    points, _inside = families(n=6000)
    result = grid_support(points, labelled(np.zeros(len(points), dtype=bool)), sizes_m=(2000,), seed=1)
    assert result.pockets.empty
    assert len(result.grids) == len(SHIFTS)


def test_cells_with_few_families_do_not_enter():
    points, inside = families(n=200)
    result = grid_support(points, labelled(inside), sizes_m=(1000,), at_least=50, seed=1)
    assert (result.grids["cells"] == 0).all()
    assert (result.grids["pockets"] == 0).all()


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=5)
def test_the_order_of_families_changes_nothing(seed):
    points, inside = families(n=4000)
    order = np.random.default_rng(seed).permutation(len(points))
    pocket = labelled(inside)
    still = grid_support(points, pocket, sizes_m=(2000,), shifts=((0, 0),), seed=1)
    turned = grid_support(points.iloc[order], pocket.iloc[order], sizes_m=(2000,), shifts=((0, 0),), seed=1)
    pd.testing.assert_series_equal(still.pockets, turned.pockets)
    pd.testing.assert_frame_equal(still.grids, turned.grids)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sizes_m": ()}, "no size"),
        ({"sizes_m": (0,)}, "size_m is 0"),
        ({"shapes": ("circle",)}, "'circle', not square"),
        ({"shifts": ()}, "no shift"),
        ({"at_least": 0}, "at_least is 0"),
        ({"level": 1.0}, "level is 1.0"),
        ({"points": pd.DataFrame({"x": [1.0], "y": [np.nan], "poor": [True]}), "pocket": labelled([True])}, "row 0"),
        ({"points": pd.DataFrame({"x": [1.0], "y": [1.0]}), "pocket": labelled([True])}, "no column poor"),
        ({"points": pd.DataFrame({"x": [1.0], "y": [1.0], "poor": [2]}), "pocket": labelled([True])}, "not 0 or 1"),
        ({"pocket": labelled([True])}, "1 rows where"),
        ({"points": pd.DataFrame({"x": [], "y": [], "poor": []}), "pocket": labelled([])}, "no rows"),
    ],
)
def test_bad_input_is_refused(change, told):
    points, inside = families(n=50)
    arguments = {"points": points, "pocket": labelled(inside), "sizes_m": (1000,), "seed": 1} | change
    with pytest.raises(InvalidInputError, match=told):
        grid_support(arguments.pop("points"), arguments.pop("pocket"), **arguments)
