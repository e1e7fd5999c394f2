"""Scan statistic: by hand, the rules of windows, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gisapp.analysis.scan import bernoulli_scan, poisson_scan
from gisapp.errors import InvalidInputError

LINE = {"x": [0.0, 1.0, 3.0, 6.0, 10.0], "y": [0.0] * 5}


def scan(cases, population, **options):
    given = {"replicates": 0, "seed": 1, **LINE, **options}
    return poisson_scan(given.pop("x"), given.pop("y"), cases, population, **given)


def test_the_poisson_ratio_by_hand():
    """8 of 10 cases among 2 of 5 equal rows: E = 4, 8 ln 2 + 2 ln (2/6); risk (8/4) / (2/6) = 6."""
    found = scan([4, 4, 0, 1, 1], [10] * 5)
    first = found.loc[0]
    assert (first["centre"], first["members"], first["radius"]) == (0, (0, 1), 1.0)
    assert (first["observed"], first["expected"]) == (8, 4.0)
    assert first["log_likelihood_ratio"] == pytest.approx(8 * np.log(2) + 2 * np.log(1 / 3))
    assert first["relative_risk"] == pytest.approx(6)


def test_the_bernoulli_ratio_by_hand():
    """6 cases of 8 persons at one end against 2 of 12: three binomial log-likelihoods."""
    found = bernoulli_scan(LINE["x"], LINE["y"], [3, 3, 0, 1, 1], [1, 1, 4, 3, 3], replicates=0, seed=1).loc[0]
    inside = 6 * np.log(6 / 8) + 2 * np.log(2 / 8)
    outside = 2 * np.log(2 / 12) + 10 * np.log(10 / 12)
    nothing = 8 * np.log(8 / 20) + 12 * np.log(12 / 20)
    assert found["members"] == (0, 1)
    assert found["log_likelihood_ratio"] == pytest.approx(inside + outside - nothing)
    assert found["expected"] == pytest.approx(8 * 8 / 20)
    assert found["relative_risk"] == pytest.approx((6 / 8) / (2 / 12))


def test_only_the_best_window_of_each_centre_competes():
    """Row 4 alone is high (28 of 100 against 17 %), but its best window reaches over row 3 into the first cluster."""
    x = [0.0, 1.0, 2.0, 3.0, 4.0, *range(50, 60)]
    found = poisson_scan(x, [0.0] * 15, [40, 40, 40, 5, 28, *[10] * 10], [100] * 15, replicates=0, seed=1)
    # Rows 0, 1 and 2 are all centres of the same window: the lowest row names it.
    assert found["members"].tolist() == [(0, 1, 2)]


def test_equal_distances_enter_together_or_not_at_all():
    """Rows 1 and 2 lie at 0.1 + 0.2 and 0.3 from row 0: equal but for rounding."""
    x = [0.0, 0.1 + 0.2, -0.3, 5.0, 6.0, 7.0]
    assert abs(x[1]) != abs(x[2])
    pair = poisson_scan(x, [0.0] * 6, [5, 6, 0, 1, 1, 1], [10] * 6, replicates=0, seed=1)
    assert pair.loc[pair["centre"] == 0].empty or set(pair.loc[pair["centre"] == 0, "members"].iloc[0]) != {0, 1}
    whole = poisson_scan(x, [0.0] * 6, [5, 5, 5, 0, 0, 0], [10] * 6, replicates=0, seed=1)
    assert whole["members"][0] == (0, 1, 2)
    # Three of six rows are half of the population; a little less than half keeps both out.
    less = poisson_scan(x, [0.0] * 6, [5, 5, 5, 0, 0, 0], [10] * 6, max_population_share=0.49, replicates=0, seed=1)
    assert all(len(members) < 3 for members in less["members"])


def test_rows_at_one_place_are_one_place():
    x = [0.0, 0.0, 0.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    found = poisson_scan(x, [0.0] * 8, [9, 0, 0, 1, 1, 1, 1, 1], [10] * 8, replicates=0, seed=1)
    assert found["members"][0] == (0, 1, 2)
    assert found["radius"][0] == 0


def test_the_largest_window_holds_the_share_inclusive():
    found = scan([5, 5, 0, 0, 0], [10] * 5, max_population_share=0.4)
    assert found["members"][0] == (0, 1)
    assert scan([5, 5, 0, 0, 0], [10] * 5, max_population_share=0.39)["members"].tolist() == [(0,), (1,)]
    # 0.1 of 30 is 3.0000000000000004 / 3 in floats; the share still counts as held.
    tenth = scan([9, 1, 1, 1, 1], [3, 9, 9, 6, 3], max_population_share=0.1)
    assert tenth["members"].tolist() == [(0,)]


def test_only_high_rates_are_listed_and_a_map_without_any_gives_no_row():
    for cases in ([0] * 5, [3] * 5):
        found = scan(cases, [7] * 5, replicates=9)
        assert len(found) == 0
        assert found.columns[:3].tolist() == ["centre", "radius", "members"]
    assert (scan([2, 0, 1, 0, 4], [5] * 5)["observed"] > scan([2, 0, 1, 0, 4], [5] * 5)["expected"]).all()


def test_all_cases_inside_have_infinite_relative_risk():
    assert scan([5, 0, 0, 0, 0], [10] * 5)["relative_risk"][0] == np.inf


def test_min_cases_leaves_out_clusters_of_fewer():
    assert scan([1, 0, 0, 0, 0], [10] * 5)["members"].tolist() == [(0,)]
    assert scan([1, 0, 0, 0, 0], [10] * 5, min_cases=2).empty


def test_the_radius_on_the_globe_is_in_metres():
    """One degree of latitude on a sphere of 6,367 km is 111.125 km, of longitude at 60° N half of it."""
    one = poisson_scan([10, 10, 50, 90], [0, 1, 0, 0], [5, 5, 1, 1], [9] * 4, replicates=0, seed=1, geographic=True)
    assert one["members"][0] == (0, 1)
    assert one["radius"][0] == pytest.approx(6_367_000 * np.pi / 180)
    half = poisson_scan([10, 11, 50, 90], [60] * 4, [5, 5, 1, 1], [9] * 4, replicates=0, seed=1, geographic=True)
    assert half["radius"][0] == pytest.approx(6_367_000 * np.pi / 360, rel=1e-4)
    across = poisson_scan([179.5, -179.5, 0, 90], [0] * 4, [5, 5, 1, 1], [9] * 4, replicates=0, seed=1, geographic=True)
    assert across["members"][0] == (0, 1)


def test_an_ellipse_follows_a_line_that_circles_cannot():
    """A diagonal of high rows in a lattice: the circle takes its neighbours along, the ellipse at 45° does not."""
    x, y = (values.ravel().astype(float) for values in np.meshgrid(range(9), range(9)))
    cases = np.where(x == y, 20, 5)
    found = poisson_scan(x, y, cases, np.full(81, 100), shape="elliptic", replicates=0, seed=1)
    assert found["angle_deg"][0] == 45
    assert found["axis_ratio"][0] == 4
    assert (cases[list(found["members"][0])] == 20).all()
    penalised = poisson_scan(x, y, cases, np.full(81, 100), shape="elliptic", penalty=1, replicates=0, seed=1)
    factor = (4 * penalised["axis_ratio"] / (penalised["axis_ratio"] + 1) ** 2).to_numpy()
    assert penalised["test_statistic"].to_numpy() == pytest.approx(
        penalised["log_likelihood_ratio"].to_numpy() * factor
    )


def test_p_values_are_ranks_and_missing_without_replicates():
    found = scan([9, 8, 1, 0, 0], [10] * 5, replicates=99)
    assert found["p_value"][0] * 100 == pytest.approx(round(found["p_value"][0] * 100))
    assert 0 < found["gumbel_p_value"][0] < 1
    assert scan([9, 8, 1, 0, 0], [10] * 5)[["p_value", "gumbel_p_value"]].isna().all(axis=None)


GOOD = {"x": [0.0, 1.0, 2.0], "y": [0.0, 0.0, 0.0], "cases": [1, 2, 3], "other": [10, 10, 10]}
BAD = {
    "a missing coordinate": ({"x": [0.0, np.nan, 2.0]}, {}, "x is not a number in row 1"),
    "a coordinate that is text": ({"y": [0.0, "east", 2.0]}, {}, "y is not a number in row 1"),
    "a missing count": ({"cases": [1, 2, np.nan]}, {}, "cases is not a number in row 2"),
    "a negative count": ({"cases": [1, -2, 3]}, {}, "cases is negative in row 1"),
    "half a case": ({"cases": [1, 2.5, 3]}, {}, "cases is not a whole number in row 1"),
    "a negative population": ({"other": [10, 10, -1]}, {}, "is negative in row 2"),
    "an infinite population": ({"other": [10, 10, np.inf]}, {}, "is not a number in row 2"),
    "another length": ({"other": [10, 10]}, {}, "has 2 rows where 3"),
    "coordinates of another length": ({"x": [0.0, 1.0]}, {}, "x has 2 rows where 3"),
    "no rows": ({"x": [], "y": [], "cases": [], "other": []}, {}, "no rows"),
    "one row": ({"x": [0.0], "y": [0.0], "cases": [1], "other": [5]}, {}, "one row"),
    "one place": ({"x": [4.0, 4.0, 4.0]}, {}, "one place"),
    "nobody": ({"cases": [0, 0, 0], "other": [0, 0, 0]}, {}, "0 everywhere"),
    "a share of 0": ({}, {"max_population_share": 0}, "max_population_share is 0"),
    "a share above 1": ({}, {"max_population_share": 1.5}, "max_population_share"),
    "a share that is missing": ({}, {"max_population_share": np.nan}, "max_population_share"),
    "negative replicates": ({}, {"replicates": -1}, "replicates is -1"),
    "half a replicate": ({}, {"replicates": 9.5}, "replicates is 9.5"),
    "no seed": ({}, {"seed": None}, "seed is None"),
    "a negative overdispersion": ({}, {"overdispersion": -0.1}, "overdispersion"),
    "a negative penalty": ({}, {"penalty": -1.0}, "penalty"),
    "an unknown shape": ({}, {"shape": "square"}, "shape is square"),
    "ellipses on the globe": ({}, {"shape": "elliptic", "geographic": True}, "projected"),
    "no latitude": ({"y": [0.0, 95.0, 0.0]}, {"geographic": True}, "latitude y outside the globe in row 1"),
    "no longitude": ({"x": [0.0, 195.0, 0.0]}, {"geographic": True}, "longitude x outside the globe in row 1"),
}


@pytest.mark.parametrize("method", [poisson_scan, bernoulli_scan])
@pytest.mark.parametrize(("data", "options", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_refused_by_name(method, data, options, message):
    given = {**GOOD, **data}
    with pytest.raises(InvalidInputError, match=method.__name__) as refusal:
        method(given["x"], given["y"], given["cases"], given["other"], **{"seed": 1, **options})
    assert message in str(refusal.value)


def test_cases_without_population_are_refused_but_person_time_may_be_less_than_cases():
    with pytest.raises(InvalidInputError, match="cases without population in row 1"):
        scan([1, 1, 0, 0, 0], [10, 0, 10, 10, 10])
    assert scan([5, 1, 0, 0, 0], [0.5, 2, 3, 3, 3])["members"][0] == (0,)


def test_labels_must_agree():
    index = pd.Index(["a", "b", "c"])
    cases, population = pd.Series([1, 2, 3], index=index), pd.Series([9, 9, 9], index=index[::-1])
    with pytest.raises(InvalidInputError, match="not aligned"):
        poisson_scan([0.0, 1.0, 2.0], [0.0] * 3, cases, population, seed=1)
