"""Whatever is wrong with the input, the answer is one sentence that names it, in two languages, and nothing else."""

from __future__ import annotations

import contextlib
import importlib
import inspect

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph

from gisapp.analysis import assign, density, grids, neighbours, pockets
from gisapp.analysis.checks import as_number
from gisapp.analysis.finding import district_map, lineage
from gisapp.analysis.polygons import tessellation
from gisapp.errors import InvalidInputError
from tests.analysis.drawn_maps import METRES, chessboard, district_with
from tests.analysis.refusal_table import ANSWERED, LABELS, REFUSED, ROWS, Row, ring, unlinked

MODULES = [
    "allocation",
    "assign",
    "autocorrelation.global_autocorrelation",
    "coverage_gap",
    "density",
    "deprivation",
    "facilities.catchment",
    "facilities.duplicates",
    "facilities.presence",
    "finding.cluster_mass",
    "finding.district_map",
    "finding.excess",
    "finding.lineage",
    "finding.recovery",
    "finding.unit_shift",
    "friction",
    "grids",
    "hotspots",
    "klassen",
    "locating.compare",
    "locating.conflicts",
    "locating.covering",
    "locating.equity",
    "locating.fairest",
    "locating.fairness",
    "locating.services",
    "matrix",
    "neighbours",
    "pockets",
    "polygons.tessellation",
    "poverty",
    "quadrants",
    "scan",
    "scanning.core",
    "siting",
    "small_numbers.benchmarking",
    "small_numbers.fay_herriot",
    "small_numbers.intervals",
    "small_numbers.posterior",
    "small_numbers.ranking",
    "small_numbers.smoothing",
    "small_numbers.survey_quality",
    "suggesting.candidates",
    "suggesting.comparison",
    "suggesting.costs",
    "suggesting.funded_works",
    "suggesting.links",
    "suggesting.order",
    "suggesting.plan_budget",
    "suggesting.plan_totals",
    "suggesting.ranks",
    "suggesting.weights",
    "travel_time",
    "travelling.catchments",
    "travelling.checks",
    "travelling.friction_burn",
    "travelling.friction_grid",
    "travelling.friction_speeds",
    "travelling.nearby",
    "travelling.reach",
    "travelling.search",
    "travelling.slopes",
    "zonal",
    "zonal_centre",
]

#: Not fed by the table, and why.
EXEMPT = {
    "takes what a function of the table has checked": (
        "assign.coordinates assign.locate_area assign.note_areas deprivation.checked_families "
        "deprivation.ordered_weights facilities.catchment.weighted_mean "
        "finding.district_map.checked_counts finding.excess.central_spread "
        "finding.excess.haldane_log_rate finding.excess.ordinary_rates finding.excess.predictive_tails "
        "finding.unit_shift.grids_of grids.cell_names grids.cell_polygons grids.check_grid grids.neighbour_pairs "
        "hotspots.conditional_z hotspots.ord_getis_z neighbours.components neighbours.linked_rows "
        "pockets.find_pockets_on pockets.pocket_id poverty.group_labels small_numbers.smoothing.learned_prior "
        "suggesting.candidates.land_named suggesting.costs.volume_of suggesting.links.links_of "
        "suggesting.order.order_changes "
        "suggesting.order.share_at suggesting.plan_budget.reached_once travelling.friction_burn.add_crossings "
        "travelling.friction_burn.add_forbidden travelling.friction_burn.add_roads "
        "travelling.friction_burn.add_water travelling.friction_burn.burn travelling.friction_speeds.class_names "
        "travelling.friction_speeds.refuse_missing travelling.reach.families_frame travelling.reach.way_metres "
        "travelling.nearby.homes_within travelling.nearby.homes_within_straight "
        "travelling.search.lay_level travelling.search.lay_slopes travelling.search.search "
        "zonal_centre.centre_statistics"
    ),
    "takes matrices: tests/analysis/test_siting_refusals.py": (
        "locating.compare.compare_plans locating.conflicts.closer_than locating.covering.serve_all "
        "locating.covering.set_covering locating.equity.p_center locating.equity.worst_off_first "
        "locating.fairest.fairest_coverage locating.services.several_services siting.maximal_coverage "
        "siting.p_median"
    ),
    "its refusals are tested beside its numbers": (
        "deprivation.adjusted_poverty_gap facilities.catchment.beyond_minutes "
        "facilities.catchment.checked_amounts facilities.catchment.floating_catchment facilities.catchment.step_decay "
        "facilities.duplicates.counted_once "
        "facilities.presence.standing_areas "
        "finding.unit_shift.grid_support friction.friction_surface hotspots.least_permutations "
        "suggesting.candidates.check_candidates suggesting.candidates.inhabited_squares "
        "suggesting.candidates.prefer_near suggesting.comparison.compare suggesting.costs.cost_parts "
        "suggesting.costs.cost_per_family suggesting.funded_works.funded_by suggesting.links.checked_links "
        "suggesting.plan_totals.plan_totals suggesting.ranks.rank_within suggesting.ranks.smallest_change "
        "suggesting.weights.first_probability travel_time.least_cost travel_time.least_cost_on_slopes "
        "travel_time.reach travelling.catchments.catchments travelling.catchments.share_within "
        "travelling.checks.checked_grid travelling.checks.checked_search travelling.checks.checked_terrain "
        "travelling.friction_grid.checked_heights travelling.friction_grid.require_metres "
        "travelling.friction_grid.require_same_grid travelling.friction_speeds.speeds_for "
        "travelling.reach.place_facilities travelling.reach.placed travelling.slopes.walking_speed "
        "zonal.zonal_statistics"
    ),
    "reads any text": (
        "facilities.duplicates.facility_name facilities.duplicates.names_agree facilities.presence.alike "
        "facilities.presence.plain_name suggesting.funded_works.work_text"
    ),
    "takes geometries or sets: below": (
        "assign.assign_area assign.index_areas assign.need_column density.cluster_summary density.density_clusters "
        "finding.district_map.district_map finding.lineage.follow grids.grid neighbours.adjacency "
        "neighbours.attach_islands neighbours.contiguity neighbours.islands neighbours.nearest "
        "neighbours.within_distance pockets.find_pockets polygons.tessellation.overlaps_and_gaps"
    ),
}

EACH = [pytest.param(row, id=row.name) for row in ROWS]
COLUMNS = [pytest.param(row, name, id=f"{row.name}-{name}") for row in ROWS for name in row.columns]
WRONG = [
    pytest.param(row, name, value, id=f"{row.name}-{name}-{at}")
    for row in ROWS
    for at, (name, value) in enumerate(row.wrong)
]


def refused(call, *, words=()):
    """The call is refused in two sentences, each holding the words."""
    with pytest.raises(InvalidInputError) as told:
        call()
    assert told.value.en != told.value.id
    for word in words:
        assert word in told.value.en
        assert word in told.value.id


def lists(row: Row) -> dict[str, list]:
    return {name: list(column) for name, column in row.columns.items()}


def test_every_public_function_has_a_row_or_a_reason():
    public = {
        f"{name}.{function}"
        for name in MODULES
        for module in [importlib.import_module(f"gisapp.analysis.{name}")]
        for function, found in vars(module).items()
        if inspect.isfunction(found) and found.__module__ == module.__name__ and not function.startswith("_")
    }
    told = {row.name for row in ROWS} | {name for names in EXEMPT.values() for name in names.split()}
    assert public == told


@pytest.mark.parametrize("row", EACH)
def test_good_input_is_answered_the_same_whatever_holds_it(row: Row):
    wanted = repr(row.call(row.series()))
    assert repr(row.call({name: column.astype("Float64") for name, column in row.series().items()})) == wanted
    assert repr(row.call(lists(row))) == repr(row.call({name: np.array(each) for name, each in row.columns.items()}))


def allowed(row: Row, name: str, value: object) -> bool:
    """Missing and negative where the table says so; infinite: what relative_standard_error says of an estimate of 0."""
    return (
        (name in row.may_miss and value is np.nan)
        or (name in row.may_be_negative and value == -1.0)
        or (row.name == "small_numbers.survey_quality.rse_class" and value == np.inf)
    )


NO_QUANTITIES = [
    pytest.param(*case.values, value, id=f"{case.id}-{value}")
    for case in COLUMNS
    for value in (np.nan, np.inf, -np.inf, 1e61, "satu", -1.0)
    if not allowed(*case.values, value)
]


@pytest.mark.parametrize(("row", "name", "value"), NO_QUANTITIES)
def test_a_cell_that_is_no_quantity_is_named_by_its_row(row: Row, name: str, value: object):
    columns = row.series()
    columns[name] = columns[name].astype(object)
    columns[name].loc["c"] = value
    refused(lambda: row.call(columns), words=("c",))


@pytest.mark.parametrize(("row", "name"), COLUMNS)
def test_rows_that_do_not_match_are_refused(row: Row, name: str):
    columns = row.series()
    if len(columns) > 1:
        refused(lambda: row.call({**columns, name: columns[name].iloc[:5]}))
        refused(lambda: row.call({**columns, name: columns[name].iloc[::-1]}))
    elif row.needs_graph:
        refused(lambda: row.call({name: columns[name].iloc[:5]}))


#: A table is what covariates are; their own wrong values are tried below.
NO_TABLES = [
    case
    for case in COLUMNS
    if (case.values[0].name, case.values[1]) != ("fay_herriot.fay_herriot", "covariates")
    and case.values[0].name != "fay_herriot.fit_fay_herriot"
]


@pytest.mark.parametrize(("row", "name"), NO_TABLES)
@pytest.mark.parametrize(
    "whole",
    [np.ones((6, 2)), np.ones(6) * 1j, [[1], [1, 2]] * 3, pd.date_range("2025", periods=6)],
    ids=["table", "complex", "lists", "dates"],
)
def test_what_is_no_column_of_numbers_is_refused(row: Row, name: str, whole: object):
    refused(lambda: row.call({**lists(row), name: whole}))


@pytest.mark.parametrize("row", EACH)
def test_no_rows_are_refused(row: Row):
    if row.name == "hotspots.false_discovery_rate":
        assert len(row.call({"p_values": []})) == 0  # nothing was tested, so nothing was found
        return
    refused(lambda: row.call({name: column.iloc[:0] for name, column in row.series().items()}))
    refused(lambda: row.call(dict.fromkeys(row.columns)))


@pytest.mark.parametrize(("row", "name", "value"), WRONG)
def test_a_parameter_out_of_range_is_refused(row: Row, name: str, value: object):
    columns, given_too = lists(row), {}
    (columns if name in columns else given_too)[name] = value
    refused(lambda: row.call(columns, **given_too))


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in ROWS if row.exceeds])
def test_more_events_than_population_are_named(row: Row):
    columns = row.series()
    events, population = row.exceeds
    columns[events].loc["b"] = columns[population]["b"] + 1
    refused(lambda: row.call(columns), words=("b",))


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in ROWS if row.needs_graph])
def test_a_map_of_islands_is_refused_and_an_island_keeps_its_row(row: Row):
    refused(lambda: row.call(row.series(), graph=unlinked(LABELS)))
    first = pd.DataFrame({"focal": [LABELS[0]], "neighbor": [LABELS[0]], "weight": [0.0]})
    rest = ring(LABELS[1:]).adjacency.reset_index()
    answer = row.call(row.series(), graph=Graph.from_adjacency(pd.concat([first, rest])))
    if isinstance(answer, pd.Series | pd.DataFrame):
        assert list(answer.index) == LABELS
    else:
        assert answer.isolates == (LABELS[0],)


@pytest.mark.parametrize("row", EACH)
@pytest.mark.parametrize("case", ["one", "constant", "zero"])
def test_a_single_row_equal_values_and_zeros_have_the_answer_of_the_table(row: Row, case: str):
    said, series = getattr(row, case), row.series()
    columns = {
        "one": {name: column.iloc[:1] for name, column in series.items()},
        "constant": {name: column * 0 + column.iloc[0] for name, column in series.items()},
        "zero": {name: column * 0 for name, column in series.items()},
    }[case]
    extra = {"graph": unlinked(LABELS[:1])} if case == "one" and row.needs_graph else {}
    if said == REFUSED:
        refused(lambda: row.call(columns, **extra))
    elif said == ANSWERED:
        assert row.call(columns, **extra) is not None


def _layers():
    areas = chessboard(2, 3).set_index("code", drop=False)
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    return {
        "nothing": None,
        "list": list(areas.geometry),
        "frame": pd.DataFrame(areas.drop(columns="geometry")),
        "no geometry": gpd.GeoDataFrame({"code": ["a"]}),
        "missing": areas.assign(geometry=[None, *areas.geometry[1:]]),
        "points": areas.set_geometry(areas.centroid),
        "empty": areas.iloc[:0],
        "invalid": areas.assign(geometry=[bow, *areas.geometry[1:]]),
    }


def _polygon_functions():
    points = gpd.GeoDataFrame(geometry=[shapely.Point(1, 1)], crs=METRES)
    return {
        "contiguity": lambda areas: neighbours.contiguity(areas, rule="rook"),
        "assign": lambda areas: assign.assign_area(points, areas, key="code"),
        "index": lambda areas: assign.index_areas(areas, key="code"),
        "fit together": lambda areas: tessellation.overlaps_and_gaps(areas, key="code"),
        "district": lambda areas: district_map.district_map(
            areas.assign(population=10, events=1) if isinstance(areas, pd.DataFrame) else areas
        ),
    }


#: What has an answer: an area without geometry holds nothing, no areas hold nothing, queen needs no valid polygon.
_HELD = {
    ("assign", "missing"),
    ("assign", "empty"),
    ("index", "missing"),
    ("index", "empty"),
    ("fit together", "missing"),
    ("district", "invalid"),
}


@pytest.mark.parametrize("layer", list(_layers()))
@pytest.mark.parametrize("function", list(_polygon_functions()))
def test_what_is_no_layer_of_polygons_is_refused(function: str, layer: str):
    call, areas = _polygon_functions()[function], _layers()[layer]
    if (function, layer) in _HELD:
        call(areas)
    else:
        refused(lambda: call(areas))


@pytest.mark.parametrize(
    "points",
    [None, [1, 2], [[1], [1, 2]], [["a", 1], ["b", 2]], np.ones((3, 3)), [[0, np.nan], [1, 1]], [[0, 1e300], [1, 1]]],
    ids=str,
)
def test_what_are_no_places_is_refused(points: object):
    refused(lambda: neighbours.nearest(points, k=1))
    refused(lambda: neighbours.within_distance(points, distance_m=1))
    refused(lambda: density.density_clusters(points, min_cluster_size=2))
    refused(lambda: grids.grid(points, size_m=1))


@pytest.mark.parametrize("wrong", [0, -1, np.nan, None, "a", True], ids=str)
def test_a_number_out_of_range_is_refused_by_what_takes_geometries(wrong: object):
    areas = chessboard(2, 3)
    refused(lambda: neighbours.nearest(np.eye(2), k=wrong if wrong is not True else 0))
    refused(lambda: neighbours.within_distance(np.eye(2), distance_m=wrong))
    refused(lambda: neighbours.attach_islands(ring(list(range(6))), areas, at_most_m=wrong))
    if wrong != 0:
        refused(lambda: neighbours.contiguity(areas, tolerance=wrong))
    refused(lambda: density.density_clusters(np.eye(2), min_cluster_size=wrong))
    refused(lambda: density.density_clusters(np.eye(2), method="dbscan", distance_m=wrong))
    refused(lambda: grids.grid(np.eye(2), size_m=wrong))
    refused(lambda: lineage.follow({"a": ["1"]}, {"b": ["1"]}, least_overlap=wrong))


@pytest.mark.parametrize("graph", [None, "queen", np.eye(3)], ids=str)
def test_what_is_no_graph_is_refused(graph: object):
    refused(lambda: neighbours.islands(graph))
    refused(lambda: neighbours.adjacency(graph))
    refused(lambda: neighbours.attach_islands(graph, chessboard(2, 3)))


def test_a_frame_of_places_keeps_its_labels():
    places = pd.DataFrame({"x": [0.0, 1, 5], "y": [0.0, 0, 0]}, index=list("cab"))
    assert neighbours.nearest(places, k=1).unique_ids.tolist() == list("cab")
    assert neighbours.within_distance(places, distance_m=1).unique_ids.tolist() == list("cab")


def test_one_area_has_no_pocket_and_no_area_is_refused():
    district = district_with({}, rows=2, columns=2).iloc[:1]
    assert pockets.find_pockets(district, seed=1, redraws=0).pockets.empty
    refused(lambda: pockets.find_pockets(district.iloc[:0], seed=1))
    refused(lambda: pockets.find_pockets(None, seed=1))


def test_what_is_no_list_of_members_is_refused():
    refused(lambda: lineage.follow(None, {}))
    refused(lambda: lineage.follow([["1"]], {}))
    assert lineage.follow({1: ["1"], "a": ["2"]}, {}).pockets["lineage"].tolist() == ["new", "new"]


def test_a_rectangle_of_a_slip_in_its_units_is_refused():
    refused(lambda: grids.grid((0, 0, 1e9, 1e9), size_m=1))
    assert len(grids.grid(np.array([1.0, 1, 9, 9]), size_m=10)) == 1


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from([(row, name) for row in ROWS for name in row.columns]),
    st.lists(st.floats(), min_size=6, max_size=6),
)
@example((next(row for row in ROWS if "controls" in row.columns), "cases"), [0.0, 0.0, 0.0, 0.0, 9e307, 9e307])
def test_any_values_have_an_answer_or_a_refusal(which: tuple[Row, str], values: list[float]):
    row, name = which
    with contextlib.suppress(InvalidInputError):
        row.call({**lists(row), name: values})


@settings(max_examples=50)
@given(st.one_of(st.none(), st.booleans(), st.text(), st.complex_numbers(), st.lists(st.floats())))
def test_a_parameter_that_is_no_number_is_nan(value: object):
    assert np.isnan(as_number(value))
    assert as_number(np.array(0.5)) == as_number(np.float32(0.5)) == 0.5
