"""The default speeds: complete for every mode and season, dated and sourced, read strictly."""

from __future__ import annotations

import pytest

from gisapp.analysis.travelling.friction_speeds import speeds_for
from gisapp.catalog.travel_speeds import GROUPS, MODES, SEASONS, load_travel_speeds
from gisapp.demo.rasters import LAND_COVER
from gisapp.errors import ConfigurationError

TABLES = load_travel_speeds()
ENTRY = """
[[speed]]
group = "land"
class = ["field"]
mode = ["walking"]
season = ["dry", "wet"]
speed_kmh = 4
slope = "tobler"
source = "a survey"
date = "2026-01-01"
"""
HEAD = '[land_cover]\n1 = "field"\n\n[[slope_limit]]\nmode = "car"\nlimit = 0.2\nsource = "a"\ndate = "2026"\n'


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("season", SEASONS)
def test_every_mode_and_season_knows_every_class(mode, season):
    speeds = speeds_for(TABLES.speeds, mode=mode, season=season)
    for group in GROUPS:
        classes = TABLES.speeds.loc[TABLES.speeds["group"] == group, "class"].unique()
        assert speeds.missing(group, classes) == []
    assert speeds.missing("land", TABLES.land_cover.values()) == []


def test_the_land_cover_of_the_demo_has_classes():
    assert set(LAND_COVER) <= set(TABLES.land_cover)


def test_nobody_is_faster_in_the_wet_season_and_water_is_crossed_by_boat_only():
    by = TABLES.speeds.pivot(index=["group", "class", "mode"], columns="season", values="speed_kmh")
    assert (by["wet"] <= by["dry"]).all()
    water = TABLES.speeds[TABLES.speeds["class"].isin(["river", "open_water"])]
    assert ((water["speed_kmh"] > 0) == (water["mode"] == "boat")).all()


def test_every_speed_and_limit_is_dated_and_sourced():
    assert (TABLES.speeds[["source", "date"]] != "").all().all()
    assert set(TABLES.slope_limit) == {"car", "motorcycle"}
    assert all(0 < limit < 1 and source and date for limit, source, date in TABLES.slope_limit.values())


def read(tmp_path, text):
    path = tmp_path / "speeds.toml"
    path.write_text(text, encoding="utf-8")
    return load_travel_speeds(path)


def test_an_entry_stands_for_every_combination(tmp_path):
    tables = read(tmp_path, HEAD + ENTRY)
    assert tables.speeds[["class", "season", "speed_kmh"]].to_numpy().tolist() == [
        ["field", "dry", 4],
        ["field", "wet", 4],
    ]
    assert tables.land_cover == {1: "field"}
    assert tables.slope_limit == {"car": (0.2, "a", "2026")}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("speed_kmh = 4", "speed_kmh = -4", "0 or above"),
        ("speed_kmh = 4", 'speed_kmh = "4"', "speed_kmh"),
        ('mode = ["walking"]', 'mode = ["plane"]', "plane"),
        ('season = ["dry", "wet"]', "season = []", "empty list"),
        ('slope = "tobler"', 'slope = "steep"', "steep"),
        ("1 = ", "satu = ", "whole number"),
        ("limit = 0.2", "limit = 0", "above 0"),
        ('source = "a survey"\n', "", "source"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, old, new, words):
    with pytest.raises(ConfigurationError, match=words) as told:
        read(tmp_path, (HEAD + ENTRY).replace(old, new, 1))
    assert "speeds.toml:" in told.value.en


def test_a_class_twice_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="has a speed already"):
        read(tmp_path, HEAD + ENTRY + ENTRY)
