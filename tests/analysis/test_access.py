import math

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.analysis.access import (
    enhanced_two_step_floating_catchment,
    nearest_line,
    nearest_straight_line,
    service_distances,
)
from gisapp.columns import SERVICES
from gisapp.errors import InvalidInputError


def test_a_3_4_5_triangle():
    distance, index = nearest_straight_line([[0, 0], [3, 5]], [[100, 100], [3, 4]])
    assert distance.tolist() == [5, 1]
    assert index.tolist() == [1, 1]


def test_no_facility_and_no_position_have_no_distance():
    distance, index = nearest_straight_line([[0, 0]], np.empty((0, 2)))
    assert np.isnan(distance).all()
    assert index.tolist() == [-1]
    distance, index = nearest_straight_line([[np.nan, 0], [0, 0]], [[0, 2]])
    np.testing.assert_array_equal(distance, [np.nan, 2])
    assert index.tolist() == [-1, 0]


def test_facilities_on_one_spot_count_as_the_first():
    assert nearest_straight_line([[0, 0]], [[9, 9], [1, 0], [1, 0]])[1].tolist() == [1]


def test_a_facility_without_a_position_is_refused_by_row():
    with pytest.raises(InvalidInputError, match="row 1"):
        nearest_straight_line([[0, 0]], [[0, 0], [np.nan, 1]])


@pytest.mark.parametrize("points", [[1, 2, 3], [[1, 2, 3]]])
def test_positions_need_two_columns(points):
    with pytest.raises(InvalidInputError, match="two columns"):
        nearest_straight_line(points, [[0, 0]])


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), max_size=10),
    st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=10),
)
def test_nearest_is_the_least_of_all_distances(points, facilities):
    distance, index = nearest_straight_line(points, facilities)
    for (x, y), metres, at in zip(points, distance, index, strict=True):
        every = [np.hypot(x - fx, y - fy) for fx, fy in facilities]
        assert metres == pytest.approx(min(every))
        assert every[at] == pytest.approx(min(every))


def test_distance_to_a_line_is_to_its_nearest_point():
    lines = [None, shapely.LineString([(0, 0), (10, 0)]), shapely.LineString([(0, 9), (10, 9)]), shapely.LineString()]
    distance, index = nearest_line([[5, 3], [np.nan, 1], [5, 8]], lines)
    np.testing.assert_array_equal(distance, [3, np.nan, 1])
    assert index.tolist() == [1, -1, 2]


def test_service_distances_has_a_column_per_service():
    facilities = pd.DataFrame(
        {"service": ["primary_school", "primary_school", "ferry"], "x": [3.0, np.nan, 0], "y": [4.0, 1.0, 0]}
    )
    found = service_distances([[0, 0]], facilities, [shapely.LineString([(-2, -5), (-2, 5)])])
    assert list(found.columns) == [f"distance_m_{service}" for service in SERVICES]
    assert found["distance_m_primary_school"].tolist() == [5]
    assert found["distance_m_road"].tolist() == [2]
    assert found["distance_m_market"].isna().all()


def test_service_distances_keeps_the_index_and_names_a_missing_column():
    points = pd.DataFrame({"x": [0.0], "y": [0.0]}, index=["a"])
    facilities = pd.DataFrame({"service": [], "x": [], "y": []})
    assert service_distances(points, facilities).index.tolist() == ["a"]
    with pytest.raises(InvalidInputError, match="no column x"):
        service_distances(points, facilities.drop(columns="x"))


def test_two_steps_share_one_supply_among_all_who_reach_it():
    # The clinic (3 doctors) serves villages 0 and 1 (10 + 20 persons); village 2 is too far.
    found = enhanced_two_step_floating_catchment([10, 20, 30], [3], [[5], [30], [31]], threshold_min=30)
    np.testing.assert_allclose(found, [0.1, 0.1, 0.0])


def test_decay_weighs_both_steps_and_supply_is_shared_out_whole():
    minutes = np.array([[5.0, 20.0], [15.0, np.inf], [25.0, 10.0]])
    demand = pd.Series([10.0, 20.0, 30.0], index=list("abc"))

    def decay(t):
        return np.exp(-t / 20)

    found = enhanced_two_step_floating_catchment(demand, [2, 4], minutes, threshold_min=30, decay=decay)
    weight = np.where(minutes <= 30, np.exp(-minutes / 20), 0)
    by_hand = [
        sum(weight[i, j] * s / sum(demand.iloc[k] * weight[k, j] for k in range(3)) for j, s in enumerate([2, 4]))
        for i in range(3)
    ]
    np.testing.assert_allclose(found, by_hand)
    assert found.index.tolist() == list("abc")
    assert (found * demand).sum() == pytest.approx(6)


def test_decay_may_be_a_function_of_one_number():
    minutes = np.array([[5.0, 25.0], [12.0, 40.0]])
    args, threshold = ([10, 20], [2, 4], minutes), {"threshold_min": 30}
    array = enhanced_two_step_floating_catchment(*args, **threshold, decay=lambda t: np.exp(-t / 10))
    single = enhanced_two_step_floating_catchment(*args, **threshold, decay=lambda t: math.exp(-t / 10))
    np.testing.assert_allclose(single, array)
    steps = enhanced_two_step_floating_catchment(*args, **threshold, decay=lambda t: 1.0 if t <= 10 else 0.5)
    np.testing.assert_allclose(steps, [2 / 20 + 0.5 * 4 / 5, 0.5 * 2 / 20])


@pytest.mark.parametrize(
    ("decay", "names"),
    [
        (lambda m: 1 - m / 5.5, "demand row 1 and supply row 0 have weight -0.0909091 at 6 minutes"),
        (lambda m: m / 5.5, "demand row 1 and supply row 0 have weight 1.09091 at 6 minutes"),
        (lambda m: m * np.nan, "demand row 0 and supply row 0 have weight nan at 5 minutes"),
        (lambda m: 5 / (m - 5), "demand row 0 and supply row 0 have weight inf at 5 minutes"),
        (lambda m: 0 if m > 5 else 1 / (m - 5), "row 0 have weight nan at 5 minutes"),
        (lambda m: math.log(m - 5) / 9, "row 0 have weight nan at 5 minutes"),
        (lambda m: None, "no number for 5 minutes"),
        (0.5, "function of minutes"),
    ],
)
def test_a_decay_that_gives_no_weight_is_refused_with_its_pair(decay, names):
    with pytest.raises(InvalidInputError, match=names) as refused:
        enhanced_two_step_floating_catchment([1, 1], [4], [[5], [6]], threshold_min=30, decay=decay)
    assert refused.value.en != refused.value.id


def test_a_weight_of_0_counts_nothing_and_one_too_small_for_its_square_still_shares_out_whole():
    args, all_of_it = ([2, 1], [4], [[5], [6]]), {"threshold_min": 30}
    none_of_6 = enhanced_two_step_floating_catchment(*args, **all_of_it, decay=lambda m: np.where(m > 5, 0, 1))
    assert none_of_6.tolist() == [2, 0]
    tiny = enhanced_two_step_floating_catchment(*args, **all_of_it, decay=lambda m: 2.0**-1060 + 0 * m)
    assert tiny.tolist() == pytest.approx([4 / 3, 4 / 3])
    nobody = enhanced_two_step_floating_catchment(*args, **all_of_it, decay=lambda m: 0 * m)
    assert nobody.tolist() == [0, 0]


def test_no_way_is_never_within_whatever_the_threshold():
    found = enhanced_two_step_floating_catchment([100, 300], [40], [[5], [np.inf]], threshold_min=np.inf)
    assert found.tolist() == [0.4, 0]
    assert enhanced_two_step_floating_catchment([100], [40], [[np.inf]], threshold_min=np.inf).tolist() == [0]


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"demand": [1.0]}, "demands"),
        ({"demand": 1.0}, "demand is 1.0, not a list"),
        ({"supply": 1.0}, "supply is 1.0, not a list"),
        ({"demand": 1.0, "supply": 1.0, "travel_time_min": 1.0}, "list"),
        ({"demand": None}, "demand is None"),
        ({"demand": np.array(1.0)}, "list"),
        ({"demand": np.ones((2, 2))}, "per row"),
        ({"demand": ["a", 1.0]}, "row 0"),
        ({"travel_time_min": 1.0}, "demands"),
        ({"travel_time_min": [1.0, 2.0]}, "demands"),
        ({"travel_time_min": [[1.0], [2.0, 3.0]]}, "no table"),
        ({"travel_time_min": [["a"], [1.0]]}, "no table"),
        ({"travel_time_min": [[-1.0], [1.0]]}, "0 or more"),
        ({"threshold_min": None}, "0 or more"),
        ({"threshold_min": np.nan}, "0 or more"),
        ({"threshold_min": [5, 6]}, "0 or more"),
        ({"demand": [1.0, -1.0]}, "row 1"),
        ({"supply": [np.nan]}, "row 0"),
        ({"travel_time_min": [[np.nan], [1.0]]}, "0 or more"),
        ({"threshold_min": -1}, "0 or more"),
    ],
)
def test_bad_catchments_are_refused(change, names):
    given = {"demand": [1.0, 2.0], "supply": [1.0], "travel_time_min": [[1.0], [2.0]], "threshold_min": 5} | change
    with pytest.raises(InvalidInputError, match=names):
        enhanced_two_step_floating_catchment(**given)
