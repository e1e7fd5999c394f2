"""New York leukemia by SaTScan: the published clusters to the digits printed."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from gisapp.analysis.scan import bernoulli_scan, poisson_scan

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def tracts(shared_data):
    return pd.read_csv(shared_data / "reference/scan/ny8_leukemia_tracts.csv")


def ids(tracts, members):
    return tracts["id"].to_numpy()[list(members)].tolist()


def test_new_york_circles(tracts, shared_data):
    answers = json.loads((shared_data / "reference/scan/answers.json").read_text())
    for case in answers["cases"].values():
        found = poisson_scan(tracts["latitude"], tracts["longitude"], tracts["cases"], tracts["population"], seed=1)
        assert len(found) >= len(case["clusters"])
        for row, published in zip(found.itertuples(), case["clusters"], strict=False):
            assert ids(tracts, row.members) == published["location_ids_in_order"]
            centre = tracts.loc[row.centre, ["latitude", "longitude"]]
            assert centre.round(4).tolist() == published["centre"]
            # SaTScan prints two significant digits of the radius.
            assert float(f"{row.radius:.2g}") == published["radius_rounded"]
            assert row.observed == published["cases"]
            assert round(row.expected, 2) == published["expected"]
            assert round(row.relative_risk, 2) == published["relative_risk"]
            assert round(row.log_likelihood_ratio, 6) == published["llr"]
            # Four standard errors of two Monte Carlo p-values of 999 replicates.
            slack = 4 * (2 * published["p_value"] * (1 - published["p_value"]) / 999) ** 0.5 + 0.001
            assert row.p_value == pytest.approx(published["p_value"], abs=slack)
            assert row.gumbel_p_value == pytest.approx(published["p_value"], abs=slack)


def test_new_york_on_the_globe(tracts):
    """SaTScan 9.3.1, latitude and longitude, as stored in the R package smerc."""
    found = poisson_scan(
        tracts["longitude"], tracts["latitude"], tracts["cases"], tracts["population"], geographic=True, seed=1
    )
    published = [(31, 106, 14.780276, 7.70), (9, 42, 8.287056, 13.01), (16, 44, 7.199672, 2.35)]
    published += [(4, 25, 4.651839, 5.82), (6, 10, 3.773422, 1.16), (3, 11, 3.209485, 1.01)]
    rows = zip(found["members"].map(len), found["observed"], found["log_likelihood_ratio"].round(6), strict=True)
    printed = (found["radius"] / 1000).round(2)
    assert [(*row, km) for row, km in zip(rows, printed, strict=True)][:6] == published
    assert ids(tracts, found["members"][4]) == [132, 138, 121, 131, 139, 120]


def test_new_york_small_windows(tracts):
    """SaTScan 9.6, at most 10 % of the population, as stored in smerc."""
    found = poisson_scan(
        tracts["latitude"], tracts["longitude"], tracts["cases"], tracts["population"],
        max_population_share=0.1, replicates=0, seed=1,
    )  # fmt: skip
    published = [11.577255, 9.019716, 6.114140, 4.651839, 4.169203, 3.363518, 3.209485]
    assert found["log_likelihood_ratio"].round(6).tolist()[:7] == published
    assert ids(tracts, found["members"][4]) == [46, 45, 41, 54, 44, 43, 53]


@pytest.mark.parametrize(
    ("penalty", "published"),
    [
        (0.0, [(15.416469, 15.416469, 4, 90), (11.061167, 11.061167, 5, 60), (9.562963, 9.562963, 4, 75),
               (6.154083, 6.154083, 4, -60), (5.244377, 5.244377, 4, 30)]),
        (0.5, [(14.772705, 14.474236, 1.5, 90), (9.860447, 9.296518, 2, -60), (9.347892, 8.095512, 3, 80),
               (6.154083, 4.923266, 4, -60), (4.651839, 4.651839, 1, 0), (5.369233, 4.295386, 4, -45),
               (3.820132, 3.742950, 1.5, 90)]),
        (1.0, [(14.772705, 14.181797, 1.5, 90), (9.019716, 9.019716, 1, 0), (8.311580, 7.388071, 2, 60),
               (4.651839, 4.651839, 1, 0), (6.154083, 3.938613, 4, -60), (3.820132, 3.667327, 1.5, 90),
               (5.369233, 3.436309, 4, -45)]),
    ],
)  # fmt: skip
def test_new_york_ellipses(tracts, penalty, published):
    """SaTScan 9.6 with no, medium and strong penalty, as stored in smerc."""
    found = poisson_scan(
        tracts["latitude"], tracts["longitude"], tracts["cases"], tracts["population"],
        max_population_share=0.1, shape="elliptic", penalty=penalty, replicates=0, seed=1,
    )  # fmt: skip
    columns = found[["log_likelihood_ratio", "test_statistic", "axis_ratio", "angle_deg"]].round(6)
    assert list(columns.itertuples(index=False, name=None))[: len(published)] == published


def test_a_rare_event_is_nearly_the_same_as_bernoulli(tracts):
    controls = tracts["population"] - tracts["cases"]
    found = bernoulli_scan(tracts["latitude"], tracts["longitude"], tracts["cases"], controls, replicates=0, seed=1)
    assert ids(tracts, found["members"][0])[:3] == [52, 50, 37]
    assert found["log_likelihood_ratio"][0] == pytest.approx(14.09, abs=0.01)
