from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPolygon, Polygon, box

from gisapp.analysis.assign import assign_area
from gisapp.analysis.polygons.tessellation import overlaps_and_gaps
from gisapp.errors import CRSMismatchError, InvalidInputError

CRS = "EPSG:32647"
EAST, NORTH = 500_000, 400_000
UTM = 0.9996**2  # an area on the map over the true one, on the middle meridian of a zone


def km(*bounds):
    """A box in kilometres of the map from a place on the middle meridian of the zone."""
    x_low, y_low, x_high, y_high = (1000 * value for value in bounds)
    return box(EAST + x_low, NORTH + y_low, EAST + x_high, NORTH + y_high)


def areas(shapes, keys=None, crs=CRS):
    return gpd.GeoDataFrame({"kode": keys or [f"{at + 1}" for at in range(len(shapes))]}, geometry=shapes, crs=crs)


def measured(layer, **options):
    found = overlaps_and_gaps(layer, key="kode", **options)
    overlaps = [
        (a, b, round(size * UTM, 2)) for a, b, size in found.overlaps[["first", "second", "area_km2"]].to_numpy()
    ]
    gaps = [(round(size * UTM, 2), codes) for size, codes in found.gaps[["area_km2", "neighbours"]].to_numpy()]
    return overlaps, gaps


def test_squares_that_fit_have_neither():
    assert measured(areas([km(c, r, c + 1, r + 1) for r in range(3) for c in range(3)])) == ([], [])


def test_an_overlap_and_a_hole_by_hand():
    shapes = [km(0, 0, 4, 10), km(3, 0, 10, 5), km(4, 5, 10, 10).difference(km(6, 6, 7, 8))]
    assert measured(areas(shapes, ["b", "a", "c"])) == ([("a", "b", 5.0)], [(2.0, ("c",))])


def test_the_largest_comes_first_with_the_areas_around_a_gap():
    ring = [km(0, 0, 9, 3), km(0, 3, 3, 6), km(6, 3, 9, 6), km(0, 6, 9, 9)]
    overlaps, gaps = measured(areas([*ring, km(8, 8, 9, 9), km(0, 0, 2, 2)], ["d", "c", "b", "a", "x", "y"]))
    assert gaps == [(9.0, ("a", "b", "c", "d"))]
    assert overlaps == [("d", "y", 4.0), ("a", "x", 1.0)]


def test_one_area_inside_another_overlaps_and_a_polygon_given_twice_does():
    assert measured(areas([km(0, 0, 3, 3), km(1, 1, 2, 2)]))[0] == [("1", "2", 1.0)]
    assert measured(areas([km(0, 0, 3, 3), km(0, 0, 3, 3)]))[0] == [("1", "2", 9.0)]


def test_an_enclave_that_fills_a_hole_and_areas_that_touch_in_a_corner_are_neither():
    around = km(0, 0, 3, 3).difference(km(1, 1, 2, 2))
    assert measured(areas([around, km(1, 1, 2, 2), km(3, 3, 4, 4)])) == ([], [])


def test_parts_of_one_area_do_not_overlap_each_other_and_count_together():
    parts = [km(0, 0, 2, 2), km(1, 1, 3, 3), MultiPolygon([km(0, 0, 1, 1), km(2.5, 2.5, 4, 4)])]
    assert measured(areas(parts, ["a", "a", "b"]))[0] == [("a", "b", 1.25)]


def test_a_narrow_crack_to_the_outside_is_a_gap_only_where_openings_of_its_width_are_closed():
    crack = [km(0, 0, 10, 5), km(0, 5.001, 10, 10)]
    assert measured(areas(crack), sliver_m=0.0) == ([], [])
    assert measured(areas(crack), sliver_m=1.0) == ([], [(0.01, ("1", "2"))])
    assert measured(areas(crack), sliver_m=0.2) == ([], [])


def test_noise_is_left_out_by_its_size():
    shapes = [km(0, 0, 5, 5), km(4.999, 0, 10, 5)]
    assert len(overlaps_and_gaps(areas(shapes), key="kode", smallest_m2=4_900).overlaps) == 1
    assert len(overlaps_and_gaps(areas(shapes), key="kode", smallest_m2=5_100).overlaps) == 0


def test_degrees_and_metres_give_the_same_areas():
    shapes = [km(0, 0, 4, 10), km(3, 0, 10, 5), km(4, 5, 10, 10).difference(km(6, 6, 7, 8))]
    assert measured(areas(shapes).to_crs("EPSG:4326")) == measured(areas(shapes))


def test_numbers_are_compared_as_numbers_and_the_order_of_rows_changes_nothing():
    layer = areas([km(0, 0, 2, 2), km(1, 0, 3, 2)], [10, 9])
    assert measured(layer)[0] == [(9, 10, 2.0)]
    assert measured(layer.iloc[::-1])[0] == [(9, 10, 2.0)]


def test_one_area_areas_without_geometry_and_islands_have_defined_answers():
    assert measured(areas([km(0, 0, 1, 1)])) == ([], [])
    assert measured(areas([None, Polygon()])) == ([], [])
    assert measured(areas([km(0, 0, 1, 1), None, km(5, 5, 6, 6)])) == ([], [])


@pytest.mark.parametrize(
    ("layer", "options", "told"),
    [
        (areas([]), {}, "no rows"),
        (areas([km(0, 0, 1, 1)], [None]), {}, "no value of `kode` in row 0"),
        (areas([LineString([(0, 0), (1, 1)])]), {}, "not a polygon in row 0"),
        (areas([Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])]), {}, "invalid .* in row 0"),
        (areas([km(0, 0, 1, 1)]), {"smallest_m2": -1.0}, "smallest_m2 is -1.0"),
        (areas([km(0, 0, 1, 1)]), {"sliver_m": float("nan")}, "sliver_m is nan"),
    ],
)
def test_bad_input_is_refused_with_the_row(layer, options, told):
    with pytest.raises(InvalidInputError, match=told):
        overlaps_and_gaps(layer, key="kode", **options)


def test_an_unknown_key_and_a_missing_crs_are_refused():
    with pytest.raises(InvalidInputError, match="no column `code`"):
        overlaps_and_gaps(areas([km(0, 0, 1, 1)]), key="code")
    with pytest.raises(CRSMismatchError, match="no coordinate reference system"):
        overlaps_and_gaps(areas([km(0, 0, 1, 1)], crs=None), key="kode")


corner = st.integers(0, 8)


@given(st.lists(st.tuples(corner, corner, corner, corner), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_cells_of_a_board_add_up_and_every_overlap_goes_to_the_lower_key(corners):
    """Boxes on whole kilometres: each cell of the board is counted by hand."""
    boxes = [(min(a, c), min(b, d), max(a, c) + 1, max(b, d) + 1) for a, b, c, d in corners]
    layer = areas([km(*bounds) for bounds in boxes], list(range(len(boxes))))
    found = overlaps_and_gaps(layer, key="kode", sliver_m=0.0)
    board = np.zeros((len(boxes), 9, 9), dtype=bool)
    for at, (x_low, y_low, x_high, y_high) in enumerate(boxes):
        board[at, x_low:x_high, y_low:y_high] = True
    shared = {(i, j): (board[i] & board[j]).sum() for i in range(len(boxes)) for j in range(i)}
    told = {(b, a): size for a, b, size in found.overlaps[["first", "second", "area_km2"]].to_numpy()}
    assert told == pytest.approx({pair: cells for pair, cells in shared.items() if cells}, rel=2e-3)
    inner = found.overlaps.assign(geometry=found.overlaps.representative_point())
    lowest = assign_area(inner, layer, key="kode")
    assert (lowest.to_numpy(dtype=int) <= inner["first"].to_numpy(dtype=int)).all()
    assert not any(layer.intersects(place).any() for place in found.gaps.representative_point())


@pytest.mark.shared_data
def test_real_villages_overlap_and_gap_by_little(shared_data):
    layer = gpd.read_file(shared_data / "boundaries" / "kemendagri2025_langkat_desa.geojson")
    found = overlaps_and_gaps(layer, key="kode")
    assert 0 < found.overlaps["area_km2"].sum() < 1
    assert 0 < found.gaps["area_km2"].sum() < 1
    assert (found.overlaps["first"] < found.overlaps["second"]).all()
