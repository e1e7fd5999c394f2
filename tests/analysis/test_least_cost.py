"""Least cost over a grid: by hand, by a published grid, and beside scipy's Dijkstra on the same graph."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from gisapp.analysis.kernels import cost_queue
from gisapp.analysis.travel_time import least_cost, least_cost_on_slopes
from gisapp.analysis.travelling.slopes import SlopeRules, walking_speed
from gisapp.errors import InvalidInputError

NAN, INF, ROOT = float("nan"), float("inf"), 2**0.5
MOVES = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]


def by_graph(friction, sources, metres, factor=lambda here, there, run: (1.0, 1.0)):
    """Costs by scipy: an edge from each cell to each neighbour, searched backwards from the sources."""
    rows, columns = friction.shape
    edges = []
    for row in range(rows):
        for column in range(columns):
            for down, right in MOVES:
                to = row + down, column + right
                if 0 <= to[0] < rows and 0 <= to[1] < columns and np.isfinite(friction[row, column] + friction[to]):
                    run = metres * (ROOT if down and right else 1.0)
                    slow = factor((row, column), to, run)
                    cost = run * (friction[row, column] * slow[0] + friction[to] * slow[1]) / 2
                    edges.append((to[0] * columns + to[1], row * columns + column, cost))
    here, there, cost = np.array(edges or [(0, 0, 0.0)]).T
    cost_of = coo_array((cost, (here.astype(int), there.astype(int))), shape=(friction.size,) * 2).tocsr()
    cells = [row * columns + column for row, column in sources]
    return dijkstra(cost_of, indices=cells).reshape(len(cells), rows, columns)


def test_one_row_is_read_off():
    minutes, nearest = least_cost([[1.0, 3.0, 1.0, NAN, 1.0]], [[0, 0]], cell_size_m=10)
    assert minutes.tolist() == [[0, 20, 40, INF, INF]]
    assert nearest.tolist() == [[0, 0, 0, -1, -1]]
    assert minutes.dtype == float


def test_a_diagonal_step_costs_root_two_and_passes_between_two_barriers():
    minutes, _ = least_cost([[1.0, NAN], [NAN, 1.0]], [[0, 0]], cell_size_m=1)
    assert minutes[1, 1] == pytest.approx(ROOT)


def test_a_way_round_is_taken_where_it_is_cheaper():
    slow = np.array([[1.0, 9.0, 1.0], [1.0, 1.0, 1.0]])
    minutes, _ = least_cost(slow, [[0, 0]], cell_size_m=1)
    assert minutes[0, 2] == pytest.approx(2 * ROOT)


def test_of_sources_at_the_same_cost_the_lowest_row_counts():
    even = np.ones((3, 5))
    _, nearest = least_cost(even, [[1, 4], [1, 0]], cell_size_m=1)
    assert nearest[:, 2].tolist() == [0, 0, 0]
    _, nearest = least_cost(even, [[1, 0], [1, 4]], cell_size_m=1)
    assert nearest[:, 2].tolist() == [0, 0, 0]
    assert nearest[1].tolist() == [0, 0, 0, 1, 1]


def test_two_sources_on_one_cell_count_as_the_first():
    _, nearest = least_cost(np.ones((1, 2)), [[0, 1], [0, 1]], cell_size_m=1)
    assert nearest.tolist() == [[0, 0]]


def test_infinity_is_a_barrier_and_islands_have_no_way():
    minutes, nearest = least_cost(np.array([[1.0, INF, 1.0]]), [[0, 0]], cell_size_m=1)
    assert minutes.tolist() == [[0, INF, INF]]
    assert nearest.tolist() == [[0, -1, -1]]


def test_more_sources_than_a_block_holds():
    places = np.argwhere(np.ones((30, 30)))
    minutes, nearest = least_cost(np.ones((30, 30)), places, cell_size_m=1)
    assert not minutes.any()
    assert nearest.ravel().tolist() == list(range(900))


def test_the_queue_grows_where_it_must(monkeypatch):
    calls = []
    monkeypatch.setattr(
        "gisapp.analysis.travelling.search.grown", lambda queue: calls.append(1) or cost_queue.grown(queue)
    )

    def short(cheapest, dearest, cells):
        queue, per_cost = cost_queue.new_queue(cheapest, dearest, cells)
        queue.state[2] = 8 * cost_queue.block_size(queue) + 1
        return queue, per_cost

    monkeypatch.setattr("gisapp.analysis.travelling.search.new_queue", short)
    friction = np.random.default_rng(1).uniform(1, 2, (200, 200))
    minutes, _ = least_cost(friction, [[0, 0], [150, 20]], cell_size_m=1)
    monkeypatch.undo()
    assert calls
    np.testing.assert_array_equal(minutes, least_cost(friction, [[0, 0], [150, 20]], cell_size_m=1)[0])


@pytest.mark.parametrize("spread", [1.0, 1e3, 1e7, 1e12])
def test_friction_may_differ_by_any_ratio(spread):
    generator = np.random.default_rng(3)
    friction = np.exp(generator.uniform(0, np.log(spread), (12, 14)) if spread > 1 else np.zeros((12, 14)))
    sources = [[0, 0], [11, 13], [5, 5]]
    minutes, nearest = least_cost(friction, sources, cell_size_m=30)
    wanted = by_graph(friction, sources, 30)
    np.testing.assert_allclose(minutes, wanted.min(axis=0), rtol=1e-12)
    np.testing.assert_allclose(np.take_along_axis(wanted, nearest[None].astype(int), 0)[0], minutes, rtol=1e-12)


frictions = st.lists(st.sampled_from([0.5, 1.0, 1.7, 40.0, NAN]), min_size=20, max_size=20)


@given(frictions, st.sets(st.integers(0, 19), min_size=1, max_size=3))
def test_costs_are_those_of_dijkstra(values, cells):
    friction = np.array(values).reshape(4, 5)
    sources = [[cell // 5, cell % 5] for cell in sorted(cells, reverse=True)]
    friction[tuple(np.transpose(sources))] = 1.0
    minutes, nearest = least_cost(friction, sources, cell_size_m=2.5)
    wanted = by_graph(friction, sources, 2.5)
    np.testing.assert_allclose(minutes, wanted.min(axis=0), rtol=1e-12)
    assert ((nearest == -1) == np.isinf(minutes)).all()
    reached = np.isfinite(minutes)
    by_row = np.take_along_axis(wanted, np.maximum(nearest, 0)[None].astype(int), 0)[0]
    np.testing.assert_allclose(by_row[reached], minutes[reached], rtol=1e-12)


@given(st.integers(0, 2**32 - 1))
def test_rows_of_the_grid_may_be_turned_and_more_sources_never_lengthen(seed):
    generator = np.random.default_rng(seed)
    friction = generator.uniform(0.1, 3, (6, 7))
    sources = np.unique(generator.integers(0, 6, (3, 2)), axis=0)
    minutes, _ = least_cost(friction, sources, cell_size_m=10)
    turned, _ = least_cost(friction[::-1], np.c_[5 - sources[:, 0], sources[:, 1]], cell_size_m=10)
    np.testing.assert_allclose(turned[::-1], minutes, rtol=1e-12)
    assert (minutes <= least_cost(friction, sources[:1], cell_size_m=10)[0]).all()


@pytest.mark.shared_data
def test_the_grid_of_the_manual_of_r_cost(shared_data):
    import rasterio

    folder = shared_data / "reference" / "cost_distance"
    answer = json.loads((folder / "answers.json").read_text())["grass_r_cost_manual"]
    with rasterio.open(folder / "rcost_manual_cost.tif") as raster:
        cost = raster.read(1)
    minutes, _ = least_cost(cost, [answer["start_cell_rowcol_0based"]], cell_size_m=answer["cell_size"])
    assert np.abs(minutes - np.array(answer["cumulative_8_neighbours"])).max() < 1


# Slopes.


def tobler(height):
    """Factors of both halves of a step, the hiking function written out: 6 km/h over its value on this slope."""

    def factor(here, to, run):
        slope = (height[to] - height[here]) / run
        slower = np.exp(-3.5 * 0.05) / np.exp(-3.5 * abs(slope + 0.05))
        return slower, slower

    return factor


def test_walking_speed_is_the_published_function():
    assert walking_speed([0.0, -0.05, 0.5]) == pytest.approx([5.0367, 6.0, 0.8752], abs=1e-4)


def test_a_family_climbs_to_its_facility_and_walks_down_from_it():
    friction, height = np.array([[0.01, 0.01]]), np.array([[100.0, 90.0]])
    up, _ = least_cost_on_slopes(friction, [[0, 0]], height, cell_size_m=100)
    assert up[0, 1] == pytest.approx(100 * 0.01 * 5.036742 / walking_speed(0.1), rel=1e-6)
    down, _ = least_cost_on_slopes(friction, [[0, 0]], height, cell_size_m=100, direction="from_source")
    assert down[0, 1] == pytest.approx(100 * 0.01 * 5.036742 / walking_speed(-0.1), rel=1e-6)
    assert down[0, 1] < up[0, 1]


@given(st.integers(0, 2**32 - 1), st.sampled_from(["to_source", "from_source"]))
def test_slopes_count_as_on_the_directed_graph(seed, direction):
    generator = np.random.default_rng(seed)
    friction = generator.uniform(0.01, 0.05, (5, 6))
    friction[generator.random((5, 6)) < 0.15] = NAN
    friction[2, 2] = friction[0, 5] = 0.02
    height = generator.uniform(0, 40, (5, 6))
    found, nearest = least_cost_on_slopes(friction, [[2, 2], [0, 5]], height, cell_size_m=30, direction=direction)
    sign = 1 if direction == "to_source" else -1
    wanted = by_graph(friction, [[2, 2], [0, 5]], 30, tobler(sign * height))
    np.testing.assert_allclose(found, wanted.min(axis=0), rtol=1e-12)
    assert ((nearest == -1) == np.isinf(found)).all()


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 1234.5]))
def test_on_level_ground_slopes_change_nothing(seed, level):
    generator = np.random.default_rng(seed)
    friction = generator.uniform(0.01, 0.05, (7, 5))
    rule = generator.integers(0, 3, (7, 5))
    flat = least_cost(friction, [[3, 3], [0, 0]], cell_size_m=30)
    slopes = least_cost_on_slopes(friction, [[3, 3], [0, 0]], np.full((7, 5), level), cell_size_m=30, rule=rule)
    np.testing.assert_array_equal(slopes[0], flat[0])
    np.testing.assert_array_equal(slopes[1], flat[1])


def test_wheels_stop_on_a_steep_slope_and_built_roads_do_not():
    friction, height = np.full((1, 3), 0.002), np.array([[0.0, 0.0, 50.0]])
    rule = np.array([[2, 2, 2]])
    stopped, _ = least_cost_on_slopes(friction, [[0, 0]], height, cell_size_m=100, rule=rule)
    assert stopped.tolist() == [[0.0, 0.2, INF]]
    steeper = SlopeRules(wheels_limit=0.5)
    passed, _ = least_cost_on_slopes(friction, [[0, 0]], height, cell_size_m=100, rule=rule, slopes=steeper)
    assert passed[0, 2] == pytest.approx(0.4)
    level, _ = least_cost_on_slopes(friction, [[0, 0]], height, cell_size_m=100, rule=[[0, 0, 0]])
    assert level[0, 2] == pytest.approx(0.4)


def test_a_cliff_takes_long_and_is_no_barrier():
    height = np.array([[0.0, 3000.0]])
    minutes, _ = least_cost_on_slopes(np.ones((1, 2)), [[0, 0]], height, cell_size_m=100)
    assert minutes[0, 1] == pytest.approx(100 * np.exp(3.5 * (abs(-30 + 0.05) - 0.05)))


# Refusals.


def refused(words, friction, sources, cell=1.0, **given):
    with pytest.raises(InvalidInputError) as told:
        least_cost_on_slopes(friction, sources, **given, cell_size_m=cell) if given else least_cost(
            friction, sources, cell_size_m=cell
        )
    assert told.value.en != told.value.id
    for word in words:
        assert word in told.value.en


@pytest.mark.parametrize("cell", [0, -1, NAN, INF, None, "a"], ids=str)
def test_a_cell_without_size_is_refused(cell):
    refused(["cell_size_m"], np.ones((2, 2)), [[0, 0]], cell)


@pytest.mark.parametrize("grid", [None, "abc", [1.0, 2.0], np.ones((2, 2, 2)), [[]], [["a"]]], ids=repr)
def test_what_is_no_grid_is_refused(grid):
    refused(["minutes_per_metre"], grid, [[0, 0]])


def test_friction_of_zero_or_below_is_refused_with_its_place_and_count():
    refused(["row 0, column 1", "2 such cells"], [[1.0, 0.0, -3.0]], [[0, 0]])


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ([], ["nowhere to go"]),
        (None, ["(k, 2)"]),
        ([[0, 0, 0]], ["(k, 2)"]),
        ([["a", "b"]], ["(k, 2)"]),
        ([[0, 0], [0.5, 0]], ["whole row", "row 1"]),
        ([[0, 0], [NAN, 0]], ["row 1"]),
        ([[0, 0], [0, 3], [-1, 0]], ["outside the grid", "row 1, 2"]),
        ([[0, 2]], ["barrier", "row 0"]),
    ],
    ids=str,
)
def test_a_source_that_is_none_is_named(sources, words):
    refused(words, [[1.0, 1.0, NAN]], sources)


def test_a_frame_of_sources_is_named_by_its_labels():
    frame = pd.DataFrame({"row": [0, 9], "column": [0, 0]}, index=["SD 1", "SD 2"])
    refused(["SD 2"], [[1.0]], frame)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"elevation": [[1.0, NAN, 2.0]]}, ["column 1", "1 such cells"]),
        ({"elevation": [[1.0, 2.0]]}, ["elevation is (1, 2)"]),
        ({"elevation": [[1.0, 2.0, 3.0]], "rule": [[0, 1, 7]]}, ["0, 1 and 2"]),
        ({"elevation": [[1.0, 2.0, 3.0]], "rule": [[0, 1]]}, ["rule is"]),
        ({"elevation": [[1.0, 2.0, 3.0]], "direction": "up"}, ["direction"]),
    ],
    ids=str,
)
def test_terrain_that_does_not_fit_is_refused(given, words):
    refused(words, [[1.0, 1.0, 1.0]], [[0, 0]], **given)


def test_heights_are_not_needed_on_barriers():
    minutes, _ = least_cost_on_slopes([[1.0, NAN]], [[0, 0]], [[5.0, NAN]], cell_size_m=1)
    assert minutes.tolist() == [[0, INF]]


@pytest.mark.parametrize("wrong", [{"steepness": -1}, {"easiest": NAN}, {"wheels_limit": "a"}], ids=str)
def test_what_is_no_rule_of_slopes_is_refused(wrong):
    with pytest.raises(InvalidInputError):
        SlopeRules(**wrong)
    with pytest.raises(InvalidInputError):
        walking_speed([NAN])
