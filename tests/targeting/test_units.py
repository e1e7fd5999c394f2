"""Pockets of grid cells: which families enter, that the planted place is found, and what its parts would tell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gisapp.targeting.units import (
    find_in_units,
    make_units,
    member_desa,
    parts_by_desa,
    pocket_of_desa,
    pocket_of_family,
)
from tests.plain_district import CENTRE, CODES, RADIUS_M, make_district, make_workspace


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    workspace = make_workspace(
        tmp_path_factory.mktemp("grid") / "w", pocket_unit="grid", pocket_grid_size_m=1500, permutations=999
    )
    district = make_district(families=12_000)
    units = make_units(workspace, district)
    return district, units, find_in_units(units, workspace.settings)


def test_families_without_a_position_or_company_are_outside_and_counted(found):
    district, units, _ = found
    assert units.facts["families_without_unit"] == 60 == district.warnings["family_without_unit"]
    assert units.of_family[district.families["x"].isna()].isna().all()
    assert units.shapes["families"].min() >= units.facts["least_families"] == 10
    assert units.of_family.notna().sum() == units.shapes["families"].sum()
    inside = units.of_family.notna()
    assert district.families.loc[inside, "poor"].sum() == units.shapes["poor_families"].sum()


def test_the_planted_place_is_found_across_the_line_of_two_desa(found):
    district, units, result = found
    by = pocket_of_family(units, result)
    x, y = district.families["x"], district.families["y"]
    planted = np.hypot(x - CENTRE[0], y - CENTRE[1]) < RADIUS_M
    assert len(result.pockets) == 1
    assert by[planted].notna().mean() > 0.7
    assert by[~planted & x.notna()].notna().mean() < 0.1
    parts = parts_by_desa(district.families, by)
    assert set(parts["code"]) >= set(CODES[:2])
    assert parts["families"].sum() == by.notna().sum()
    assert list(member_desa(parts, 10).values()) == [sorted(parts.loc[parts["families"] >= 10, "code"])]


def test_a_desa_belongs_to_the_pocket_that_holds_half_of_it():
    families = pd.DataFrame({"code": ["A"] * 4 + ["B"] * 4, "poor": False})
    by = pd.Series(["p", "p", None, None, "p", None, None, None], dtype="object")
    assert pocket_of_desa(families, by).to_dict() == {"A": "p"}


def test_a_member_is_named_from_enough_families_and_the_largest_always():
    parts = pd.DataFrame(
        {"pocket_id": ["p", "p", "q"], "code": ["A", "B", "C"], "families": [30, 9, 4], "poor_families": [9, 3, 1]}
    )
    assert member_desa(parts, 10) == {"p": ["A"], "q": ["C"]}


def test_families_without_any_position_hold_no_pocket(tmp_path):
    workspace = make_workspace(tmp_path / "w", pocket_unit="grid")
    district = make_district(families=500, unplaced=500)
    result = find_in_units(make_units(workspace, district), workspace.settings)
    assert result.pockets.empty
    assert district.warnings["family_without_unit"] == 500
