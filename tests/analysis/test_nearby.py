"""Searches with a limit, one per facility: by hand, and the minutes of a search without a limit from each alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.friction import Surface
from gisapp.analysis.travel_time import reach
from gisapp.analysis.travelling.friction_grid import Grid
from gisapp.analysis.travelling.nearby import homes_within, homes_within_straight
from gisapp.analysis.travelling.reach import Snapping, placed
from gisapp.analysis.travelling.slopes import SlopeRules

CELL = 100.0


def surface_of(minutes_per_metre, elevation=None):
    friction = np.asarray(minutes_per_metre, dtype=float)
    grid = Grid(Affine(CELL, 0.0, 0.0, 0.0, -CELL, CELL * len(friction)), "EPSG:32647", friction.shape)
    rule = np.ones(friction.shape, dtype=np.uint8)
    return Surface(friction, rule, elevation, grid, "walking", "dry", pd.DataFrame())


def middle(row, column, rows):
    return ((column + 0.5) * CELL, (rows - row - 0.5) * CELL)


def found_by(homes, facilities, surface, limit):
    snap = Snapping(within_m=CELL)
    each = homes_within(
        placed(homes, surface, snap, "points"),
        placed(facilities, surface, snap, "facilities"),
        surface,
        limit_min=limit,
        snapping=snap,
        slopes=SlopeRules(),
    )
    return list(each)


def test_a_road_of_five_cells_by_hand():
    surface = surface_of([[0.01] * 5])  # a minute per cell
    homes = [middle(0, column, 1) for column in (4, 0, 2, 2)] + [(np.nan, np.nan)]
    (first, minutes), (second, late) = found_by(homes, [middle(0, 0, 1), middle(0, 4, 1)], surface, 2.0)
    assert first.tolist() == [1, 2, 3]
    np.testing.assert_allclose(minutes, [0, 2, 2])
    assert second.tolist() == [0, 2, 3]
    np.testing.assert_allclose(late, [0, 2, 2])


def test_a_walk_beside_the_ground_counts_and_may_pass_the_limit():
    surface = surface_of([[np.nan, 0.01, 0.01]])
    beside = (20.0, 50.0)  # 130 m from the nearest middle of ground; 1.56 min at 5 km/h
    snap = Snapping(within_m=200)
    for limit, rows in ((1.5, []), (1.6, [0])):
        homes = placed([beside], surface, snap, "points")
        place = placed([middle(0, 1, 1)], surface, snap, "facilities")
        within = homes_within(homes, place, surface, limit_min=limit, snapping=snap, slopes=SlopeRules())
        [(found, minutes)] = list(within)
        assert found.tolist() == rows
        np.testing.assert_allclose(minutes, [1.56] * len(rows))


def test_a_facility_without_a_cell_reaches_nobody():
    surface = surface_of([[0.01, 0.01, np.nan, np.nan, np.nan]])
    homes = [middle(0, 0, 1)]
    far = middle(0, 4, 1)
    assert [rows.tolist() for rows, _ in found_by(homes, [far, middle(0, 1, 1)], surface, 9.0)] == [[], [0]]
    assert [rows.tolist() for rows, _ in found_by(homes, [far], surface, 9.0)] == [[]]


@given(
    seed=st.integers(0, 2**16),
    rows=st.integers(1, 40),
    columns=st.integers(1, 40),
    limit=st.floats(0.5, 60),
    hilly=st.booleans(),
)
def test_every_search_finds_what_one_without_a_limit_finds(seed, rows, columns, limit, hilly):
    generator = np.random.default_rng(seed)
    friction = generator.choice([0.002, 0.01, 0.05, np.nan], (rows, columns))
    friction[0, 0] = 0.01
    height = generator.uniform(0, 60, (rows, columns)) if hilly else None
    surface = surface_of(friction, height)
    homes = generator.uniform(0, [columns * CELL, rows * CELL], (30, 2))
    open_cells = np.argwhere(np.isfinite(friction))
    chosen = open_cells[generator.integers(0, len(open_cells), 6)]
    facilities = np.array([middle(row, column, rows) for row, column in chosen])
    found = found_by(homes, facilities, surface, limit)
    assert len(found) == len(facilities)
    for place, (at, minutes) in zip(facilities, found, strict=True):
        whole = reach(homes, [place], surface, snapping=Snapping(within_m=CELL)).families["travel_time_min"].to_numpy()
        near = np.flatnonzero(whole <= limit - 1e-9)
        assert set(near) <= set(at.tolist()) <= set(np.flatnonzero(whole <= limit + 1e-9))
        assert minutes == pytest.approx(whole[at])
        assert (np.diff(at) > 0).all()


def test_straight_lines_where_no_ground_is_known_by_hand():
    homes = np.array([[0.0, 0.0], [300.0, 400.0], [np.nan, 0.0], [0.0, 501.0]])
    found = list(
        homes_within_straight(homes, np.array([[0.0, 0.0], [np.nan, 1.0]]), minutes_per_metre=0.012, limit_min=6.0)
    )
    assert [rows.tolist() for rows, _ in found] == [[0, 1], []]
    np.testing.assert_allclose(found[0][1], [0, 6])
    nobody = np.full((2, 2), np.nan)
    assert [len(rows) for rows, _ in homes_within_straight(nobody, homes[:1], minutes_per_metre=1, limit_min=5)] == [0]
