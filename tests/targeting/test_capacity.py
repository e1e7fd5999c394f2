"""Capacity shared out and standards in minutes through a real run: nothing lost, nothing guessed, nothing doubled."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely.geometry import Point

from gisapp.columns import CAPACITY_SERVICES
from gisapp.registry.snapshots import latest_snapshot
from gisapp.targeting.capacity import demand_of, family_places, places_of
from gisapp.targeting.load import load_district
from gisapp.targeting.reach import family_times, reach_of_groups
from gisapp.targeting.runs import load_run
from gisapp.targeting.travel import Ways, beyond_standards, ways_of
from gisapp.workspace.folder import open_workspace
from tests.copies import copy_workspace
from tests.plain_district import make_district, make_workspace

SCHOOLS = ("early_childhood", "primary_school", "junior_school", "senior_school")


def district_of(root):
    workspace = open_workspace(root)
    return workspace, load_district(workspace, latest_snapshot(workspace))


@pytest.fixture(scope="module")
def shared(small_demo):
    workspace, district = district_of(small_demo)
    ways = ways_of(workspace, district)
    return district, ways, family_places(ways, district)


@pytest.mark.parametrize("service", SCHOOLS)
def test_what_all_families_find_is_the_capacity_that_somebody_reaches(shared, service):
    district, _, places = shared
    told = district.facts["capacity"]["services"][service]
    handed_out = (places[f"places_{service}"] * places[f"demand_{service}"]).sum()
    assert handed_out == pytest.approx(told["capacity_reached"])
    assert 0 < told["capacity_reached"] <= told["capacity"]
    assert 0 < told["with_capacity"] <= told["facilities"]
    assert told["columns"] == ["daya_tampung"]


def test_only_services_with_a_capacity_are_computed(shared):
    district, _, places = shared
    assert set(district.facts["capacity"]["services"]) == set(SCHOOLS)
    assert set(places) == {f"{part}_{name}" for name in SCHOOLS for part in ("places", "demand")}
    nowhere = district.families["x"].isna()
    assert nowhere.any()
    assert places.loc[nowhere, "places_primary_school"].isna().all()
    assert places.loc[~nowhere, "places_primary_school"].notna().all()


def test_demand_stands_for_every_family_of_the_population_table(shared):
    district, _, _ = shared
    demand, facts = demand_of(district, "primary_school")
    assert facts["basis"] == "population"
    families = district.families
    own = families["children_7_12"].astype("float64")
    usable = own.notna() & families["x"].notna()
    assert facts["families_unknown"] == (~usable).sum()
    code = families.loc[usable, "code"].iloc[0]
    here = usable & families["code"].eq(code)
    whole = max(float(district.population.loc[code, "families"]), families["code"].eq(code).sum())
    assert demand[here].sum() == pytest.approx(own[here].mean() * whole)


def test_areas_and_pockets_of_a_run_carry_what_their_families_find(small_demo, shared):
    district, _, places = shared
    areas = load_run(open_workspace(small_demo)).collection("areas").set_index("code")
    whole = areas[areas["level"].eq("kabupaten")].iloc[0]
    for service in SCHOOLS:
        demand = places[f"demand_{service}"]
        mean = 1000 * (places[f"places_{service}"] * demand).sum() / demand.sum()
        assert whole[f"places_per_1000_{service}"] == pytest.approx(mean, rel=1e-6)
    assert areas["places_per_1000_health_centre"].isna().all()
    by_desa = places_of(places, district.families["code"])["places_per_1000_primary_school"]
    desa = areas[areas["level"].eq("desa")]["places_per_1000_primary_school"].astype("float64")
    np.testing.assert_allclose(desa, by_desa.reindex(desa.index).round(6), rtol=1e-4, atol=1e-5)
    pockets = load_run(open_workspace(small_demo)).collection("pockets")
    assert pockets["places_per_1000_primary_school"].notna().all()


def test_families_beyond_the_minutes_add_up_over_the_levels(small_demo, shared):
    district, ways, _ = shared
    areas = load_run(open_workspace(small_demo)).collection("areas")
    times = family_times(ways, district)
    for service, limit in ways.settings.standard_minutes.items():
        minutes = times[f"travel_time_min_{service}"]
        for _, level in areas.groupby("level"):
            assert level[f"beyond_minutes_{service}"].sum() == (minutes > limit).sum()
        whole = areas[areas["level"].eq("kabupaten")].iloc[0]
        known = minutes.dropna()
        assert whole[f"beyond_minutes_share_{service}"] == pytest.approx((known > limit).mean())
        assert whole[f"minutes_unknown_share_{service}"] == pytest.approx(minutes.isna().mean())
    assert areas["beyond_minutes_primary_school"].isna().all()
    assert district.facts["travel"]["standards"]["minutes"] == ways.settings.standard_minutes


def test_a_standard_where_no_time_is_known_counts_nobody():
    times = pd.DataFrame({"travel_time_min_market": [np.nan, np.nan, np.inf, 39.0]})
    found = beyond_standards(times, pd.Series(["a", "a", "b", "b"]), {"market": 40, "posyandu": 20})
    assert found["beyond_minutes_market"].isna().tolist() == [True, False]
    assert found.loc["b"].tolist() == [1, 0.5, 0]
    assert found.loc["a", "minutes_unknown_share_market"] == 1
    assert "beyond_minutes_posyandu" not in found


def test_without_land_cover_capacity_goes_by_straight_lines(small_demo, tmp_path):
    root = copy_workspace(small_demo, tmp_path / "copy")
    for path in (root / "layers").glob("land_cover*"):
        path.unlink()
    workspace, district = district_of(root)
    ways = ways_of(workspace, district)
    places = family_places(ways, district)
    told = district.facts["capacity"]["services"]["primary_school"]
    handed_out = (places["places_primary_school"] * places["demand_primary_school"]).sum()
    assert handed_out == pytest.approx(told["capacity_reached"])
    far = places["places_primary_school"].eq(0)
    schools = district.facilities[district.facilities["service"].eq("primary_school")]
    schools = schools[schools["capacity"].notna() & schools.geometry.notna()]
    points = shapely.points(district.families.loc[far, ["x", "y"]].to_numpy())
    # 30 minutes on foot at 5 km/h.
    assert (shapely.distance(points, schools.geometry.union_all()) > 2500 * (1 - 1e-9)).all()


def test_without_any_capacity_nothing_is_computed(small_demo, tmp_path):
    root = copy_workspace(small_demo, tmp_path / "copy")
    for path in (root / "layers").glob("sekolah.*"):
        if path.suffix == ".parquet":
            gpd.read_parquet(path).drop(columns="daya_tampung").to_parquet(path, index=False)
        elif path.suffix == ".toml":
            lines = [line for line in path.read_text().splitlines() if not line.startswith("capacity_column")]
            path.write_text("\n".join(lines) + "\n")
    workspace, district = district_of(root)
    ways = ways_of(workspace, district)
    assert family_places(ways, district).empty
    assert district.facts["capacity"]["services"] == {}
    groups = reach_of_groups(family_times(ways, district), district.families["code"], ways.settings)
    assert not [name for name in groups if name.startswith("places_per_1000")]


def test_three_villages_and_two_schools_through_the_steps_of_a_run(tmp_path):
    # Straight lines at 5 km/h. School 1 is 5, 15 and 38 minutes from the families, school 2 is 25, 15 and 8 minutes.
    workspace = make_workspace(tmp_path / "w")
    district = make_district(families=3, unplaced=0)
    metres = 5000 / 60
    district.families = district.families.assign(
        x=[5 * metres, 15 * metres, 38 * metres], y=100.0, children_7_12=pd.array([2, 1, 4], dtype="Int64"),
        code=district.desa["code"].iloc[:3].to_numpy(),
    )  # fmt: skip
    district.facilities = gpd.GeoDataFrame(
        {"service": "primary_school", "kind": "sd", "name": ["1", "2", "3"], "position": ["known", "known", "blank"],
         "capacity": [120.0, 60.0, 50.0], "capacity_from": ["daya_tampung", "kursi", "kursi"]},
        geometry=[Point(0, 100), Point(30 * metres, 100), None], crs=district.crs,
    )  # fmt: skip
    ways = Ways(settings=workspace.settings, table=ways_of_table(), ground=None)
    found = family_places(ways, district)
    first, second = 120 / (2 * 1 + 1 * 0.68), 60 / (2 * 0.22 + 1 * 0.68 + 4 * 1)
    by_hand = [first + 0.22 * second, 0.68 * (first + second), second]
    assert found["places_primary_school"].tolist() == pytest.approx(by_hand)
    told = district.facts["capacity"]["services"]["primary_school"]
    assert (told["unplaced"], told["capacity"], told["demand"]) == (1, 180, 7)
    assert (told["of"], told["basis"], told["columns"]) == ("children_7_12", "registered", ["daya_tampung", "kursi"])
    assert district.warnings["capacity_columns_differ"] == 1
    assert json.dumps(district.facts["capacity"])
    assert set(district.facts["capacity"]["services"]) <= set(CAPACITY_SERVICES)


def ways_of_table():
    from gisapp.catalog.travel_speeds import load_travel_speeds

    return load_travel_speeds()
