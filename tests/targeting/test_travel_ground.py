"""Land cover that says little of the ground: what a run warns of, what its manifest keeps, what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio

from gisapp.errors import FileRefusedError
from gisapp.registry.snapshots import latest_snapshot
from gisapp.targeting.load import load_district
from gisapp.targeting.reach import family_times
from gisapp.targeting.travel import ways_of
from gisapp.web.planner.notes import _lost_ground
from gisapp.web.texts import Texts
from gisapp.workspace.folder import open_workspace
from tests.copies import copy_workspace


@pytest.fixture
def changed(small_demo, tmp_path):
    """Families' minutes over a land cover that was changed by hand, and the district with its warnings."""

    def run(change, *, dtype=None, toml="", roads=True):
        root = copy_workspace(small_demo, tmp_path / "copy")
        spec = next(one for one in open_workspace(root).catalog.rasters() if one.kind == "land_cover")
        with rasterio.open(spec.data_path) as source:
            values, profile = source.read(1), source.profile
        profile["dtype"] = dtype or profile["dtype"]
        spec.data_path.unlink()
        with rasterio.open(spec.data_path, "w", **profile) as out:
            out.write(change(values.astype(profile["dtype"])), 1)
        spec.file.write_text(spec.file.read_text() + toml)
        workspace = open_workspace(root)
        district = load_district(workspace, latest_snapshot(workspace))
        if not roads:
            district.roads = district.roads.iloc[:0]
        return family_times(ways_of(workspace, district), district), district

    return run


def upper_half(code):
    def change(values):
        values[: values.shape[0] // 2] = code
        return values

    return change


def test_the_demo_knows_its_ground(changed):
    _, district = changed(lambda values: values)
    assert "land_cover_unknown" not in district.warnings
    assert district.facts["travel"]["land_cover"]["without_class"] == {}


def test_half_the_ground_without_a_class_is_a_warning(changed):
    _, district = changed(upper_half(77))
    cover = district.facts["travel"]["land_cover"]
    assert set(cover["without_class"]) == {"77"}
    assert district.warnings["land_cover_unknown"] == cover["without_class"]["77"]
    assert 0.3 < cover["without_class"]["77"] / cover["cells"] < 0.7


def test_who_stands_on_no_ground_is_counted(changed):
    """Without roads nothing in the upper half can be crossed: who lives there has no way, its schools take no part."""
    times, district = changed(upper_half(77), roads=False)
    off = district.facts["travel"]["off_ground"]
    assert district.warnings["facility_off_ground"] == sum(one["facilities"] for one in off.values()) > 0
    families = district.warnings["family_off_ground"]
    assert families == max(one["families"] for one in off.values())
    assert 0 < families <= np.isinf(times["travel_time_min_primary_school"]).sum()
    assert 0 < off["primary_school"]["facilities"] < off["primary_school"]["of"]


def test_a_class_from_the_layer_is_ground_as_any_other(changed):
    _, district = changed(upper_half(77), toml='\n[kind_map]\n"77" = "cropland"\n')
    assert "land_cover_unknown" not in district.warnings


@pytest.mark.parametrize(
    ("change", "code"),
    [(lambda values: np.zeros_like(values), "land_cover_empty"), (upper_half(10.5), "land_cover_codes")],
)
def test_a_land_cover_that_says_nothing_is_refused_by_name(changed, change, code):
    with pytest.raises(FileRefusedError) as caught:
        changed(change, dtype="float32")
    assert caught.value.code == code
    for text in (caught.value.en, caught.value.id):
        assert "land_cover" in text
        assert ".tif" in text
        assert ".." not in text


@pytest.mark.parametrize(("lang", "words"), [("id", "62,5 % sel tutupan lahan"), ("en", "62.5% of the cells")])
def test_the_pages_say_how_much_of_the_ground_is_lost(lang, words):
    facts = {"land_cover": {"layer": "x", "cells": 8, "without_class": {"9": 1, "77": 4}}}
    told = _lost_ground(facts, Texts(lang))
    assert words in told.replace("\u00a0", " ")
    assert "77, 9" in told
    assert _lost_ground({"land_cover": {"cells": 8, "without_class": {}}}, Texts(lang)) == ""
    assert _lost_ground({}, Texts(lang)) == ""
