"""Quadrant, matrix and Klassen's types of four desa whose lines can be drawn on paper."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box

from gisapp.targeting.typology import Before, describe_desa, printable
from tests.plain_district import make_workspace

CODES = ["A", "B", "C", "D"]


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return make_workspace(tmp_path_factory.mktemp("typology") / "w").settings


@pytest.fixture
def desa():
    """Shares 0.1, 0.2, 0.3, 0.6 of 100, 400, 100, 50 families; area 1, 2, 3, 4 km²."""
    poor = np.array([10, 80, 30, 30])
    return gpd.GeoDataFrame(
        {
            "code": CODES, "families": [100, 400, 100, 50], "poor_families": poor,
            "headcount_ratio": [0.1, 0.2, 0.3, 0.6], "headcount_basis": "registered_families",
            "population_persons": np.nan, "density": poor / np.array([1, 2, 3, 4]),
        },
        geometry=[box(at, 0, at + 1, 1) for at in range(4)],
    )  # fmt: skip


def before(desa, ratios):
    return Before(run_id="p", why="", desa=pd.DataFrame(desa.set_index("code").assign(headcount_ratio=ratios)))


def test_the_quadrant_lines_are_the_districts_share_and_the_mean_count(desa, settings):
    found, facts = describe_desa(desa, Before(), settings)
    # 150 poor of 650 families; 150 poor in 4 desa
    assert facts["quadrant"] == {"rate_cut": printable(150 / 650), "count_cut": 37.5}
    assert found["quadrant"].tolist() == ["low_rate_low_count", "low_rate_high_count", *["high_rate_low_count"] * 2]


def test_lines_that_the_office_sets_are_applied(desa, settings):
    set_lines = replace(settings, matrix_share_cuts="0.15; 0.25; 0.5", matrix_density_cuts="8; 12; 30")
    found, facts = describe_desa(desa, Before(), set_lines)
    assert found["matrix_share_class"].tolist() == [1, 2, 3, 4]
    assert found["matrix_density_class"].tolist() == [2, 4, 2, 1]  # densities 10, 40, 10, 7.5
    assert found["matrix_priority"].between(1, 4).all()
    assert facts["matrix"] == {"share_cuts": [0.15, 0.25, 0.5], "density_cuts": [8.0, 12.0, 30.0]}


def test_klassen_compares_with_the_districts_own_change(desa, settings):
    found, facts = describe_desa(desa, before(desa, [0.1, 0.1, 0.4, 0.5]), settings)
    # before: (10 + 40 + 40 + 25) of 650; now 150 of 650: the district worsened by 35 / 650
    assert facts["klassen"] == {
        "parent": "p", "level_cut": printable(150 / 650), "change_cut": printable(35 / 650), "compared": 4,
    }  # fmt: skip
    assert found["klassen"].tolist() == ["low_leading", "low_slipping", "high_catching_up", "high_lagging"]


def test_without_a_period_before_or_on_another_basis_nothing_is_said(desa, settings):
    found, facts = describe_desa(desa, Before(), settings)
    assert "klassen" not in found
    assert facts["klassen"] == {"why": "no_parent", "parent": None}
    other = before(desa.assign(headcount_basis="population_persons"), [0.1] * 4)
    assert describe_desa(desa, other, settings)[1]["klassen"]["why"] == "no_common_desa"
    part = before(desa, [0.1, np.nan, 0.4, 0.5])
    found, facts = describe_desa(desa, part, settings)
    assert found["klassen"].isna().tolist() == [False, True, False, False]
    assert facts["klassen"]["compared"] == 3


def test_desa_without_any_share_get_no_class(desa, settings):
    empty = desa.assign(headcount_ratio=np.nan)
    found, facts = describe_desa(empty, Before(), settings)
    assert facts == {}
    assert "quadrant" not in found
