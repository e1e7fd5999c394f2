"""Travel times of a run: over the ground of the demo, and what is said where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gisapp.registry.snapshots import latest_snapshot
from gisapp.targeting.load import load_district
from gisapp.targeting.reach import family_distances, family_times
from gisapp.targeting.runs import load_run
from gisapp.targeting.travel import median_minutes, ways_of
from gisapp.workspace.folder import open_workspace
from tests.copies import copy_workspace

#: No mode of the default table is faster on any ground, metres a minute (60 km/h).
FASTEST = 1000.0


def times_of(root):
    workspace = open_workspace(root)
    district = load_district(workspace, latest_snapshot(workspace))
    return family_times(ways_of(workspace, district), district), family_distances(district), district


@pytest.fixture(scope="module")
def grid(small_demo):
    return times_of(small_demo)


def test_nobody_is_faster_than_the_fastest_straight_line(grid):
    times, distances, district = grid
    assert district.facts["travel"]["basis"] == "grid"
    for name in times:
        minutes = times[name].to_numpy()
        metres = distances[name.replace("travel_time_min_", "distance_m_")].to_numpy()
        reached = np.isfinite(minutes)
        assert reached.mean() > 0.9
        # A cell is where one stands: half a diagonal at each end.
        assert (minutes[reached] * FASTEST >= metres[reached] - 2 * 71).all()


def test_every_family_is_reached_without_way_or_of_unknown_place(grid):
    times, _, district = grid
    for service, told in district.facts["travel"]["services"].items():
        counts = {status: n for status, n in told.items() if status != "mode"}
        assert sum(counts.values()) == len(district.families)
        assert counts.get("unknown", 0) == times[f"travel_time_min_{service}"].isna().sum()
        assert counts.get("unreachable", 0) == np.isinf(times[f"travel_time_min_{service}"]).sum()


def test_without_land_cover_the_straight_line_is_said_to_be_one(small_demo, tmp_path):
    root = copy_workspace(small_demo, tmp_path / "copy")
    for path in (root / "layers").glob("land_cover*"):
        path.unlink()
    times, distances, district = times_of(root)
    facts = district.facts["travel"]
    assert (facts["basis"], facts["detour_factor"]) == ("straight_line", 1.0)
    walked = times["travel_time_min_primary_school"] / distances["distance_m_primary_school"]
    assert walked.dropna().to_numpy() == pytest.approx(60 / 5000)  # 5 km/h


def test_the_wet_season_is_never_faster(small_demo, tmp_path, grid):
    root = copy_workspace(small_demo, tmp_path / "copy")
    settings = root / "gisapp.toml"
    settings.write_text(settings.read_text().replace('value = "dry"', 'value = "wet"'))
    wet, _, district = times_of(root)
    assert district.facts["travel"]["season"] == "wet"
    dry = grid[0]
    known = dry.notna().to_numpy() & np.isfinite(dry.to_numpy())
    slower = wet.to_numpy()[known] - dry.to_numpy()[known]
    # The facility is chosen before the walk to it from the nearest passable ground (250 m at 5 km/h) is added.
    assert slower.min() >= -3.0
    assert slower.max() > 1


def test_a_median_beyond_any_way_is_missing():
    times = pd.DataFrame({"travel_time_min_market": [1.0, 2.0, np.inf, np.inf, np.inf, 4.04]})
    found = median_minutes(times, pd.Series(["a", "a", "a", "b", "b", "c"]))
    assert found["travel_time_min_market"].tolist()[:1] == [2.0]
    assert np.isnan(found.loc["b", "travel_time_min_market"])
    assert found.loc["c", "travel_time_min_market"] == 4.0


def test_areas_pockets_and_gaps_carry_minutes(small_demo):
    run = load_run(open_workspace(small_demo))
    areas, gaps = run.collection("areas"), run.collection("gaps")
    desa = areas[areas["level"].eq("desa")].set_index("code")
    schools = gaps[gaps["service"].eq("primary_school")].set_index("code")
    assert desa["travel_time_min_primary_school"].notna().any()
    both = desa.index.intersection(schools.index)
    minutes = desa.loc[both, "travel_time_min_primary_school"].astype(float)
    assert np.allclose(minutes, schools.loc[both, "travel_time_min"].astype(float), equal_nan=True)
    assert gaps.loc[gaps["service"].eq("road"), "travel_time_min"].isna().all()
