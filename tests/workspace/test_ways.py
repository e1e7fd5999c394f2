"""Roads by class, in the words that road maps use."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import LineString

from gisapp.workspace.folder import init_workspace, open_workspace
from gisapp.workspace.ways import UNKNOWN_CLASS, read_ways, road_class


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("Jalan Provinsi", "provinsi"), ("KABUPATEN", "kabupaten"), ("kabupaten/kota", "kabupaten"),
        ("Lokal Sekunder", "lokal"), ("trunk_link", "trunk"), ("footway", "path"), ("Jalan  Setapak", "setapak"),
        ("usaha tani", "track"), ("IIIA", None), ("", None),
    ],
)  # fmt: skip
def test_words_of_road_maps(word, found):
    assert road_class(word) == found


def road_layer(root, columns):
    roads = gpd.GeoDataFrame(columns, geometry=[LineString([(98, 3), (98.1, 3)])] * 3, crs="EPSG:4326")
    (root / "layers").mkdir(exist_ok=True)
    roads.to_file(root / "layers" / "jalan.geojson", driver="GeoJSON")
    (root / "layers" / "jalan.toml").write_text(
        'name = "jalan"\nrole = "road"\nkind = "jalan"\ntitle_id = "Jalan"\ntitle_en = "Roads"\n'
        'path = "jalan.geojson"\n'
        'source = "tiruan"\ndate = "2025"\nlicence = "CC0"\n'
    )
    return open_workspace(root)


def test_classes_bridges_and_what_nobody_knows(tmp_path):
    init_workspace(tmp_path / "w")
    workspace = road_layer(tmp_path / "w", {"KELAS": ["desa", "IIIA", None], "bridge": ["yes", "no", None]})
    ways, unknown = read_ways(workspace)
    assert ways["class"].tolist() == ["desa", UNKNOWN_CLASS, UNKNOWN_CLASS]
    assert ways["bridge"].tolist() == [True, False, False]
    assert unknown == {"(kosong)": 1, "IIIA": 1}


def test_a_layer_without_classes_is_unclassified_and_says_nothing_of_bridges(tmp_path):
    init_workspace(tmp_path / "w")
    ways, unknown = read_ways(road_layer(tmp_path / "w", {"nama": ["A", "B", "C"]}))
    assert set(ways["class"]) == {UNKNOWN_CLASS}
    assert ways["bridge"].isna().all()
    assert unknown == {"(kosong)": 3}


def test_no_roads_at_all(tmp_path):
    init_workspace(tmp_path / "w")
    ways, unknown = read_ways(open_workspace(tmp_path / "w"))
    assert len(ways) == 0
    assert unknown == {}
