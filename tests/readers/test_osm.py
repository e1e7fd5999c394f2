"""Roads and rivers of an OpenStreetMap extract come with their own words; what is no extract is refused."""

from __future__ import annotations

import importlib

import pytest

from gisapp.errors import FileRefusedError
from gisapp.readers import osm
from gisapp.readers.osm import read_osm_rivers, read_osm_roads

PLACES = {1: (98.40, 3.70), 2: (98.41, 3.70), 3: (98.42, 3.71), 4: (98.43, 3.71)}
WAYS = {
    10: ([1, 2, 3], {"highway": "residential", "name": "Jalan Melati", "oneway": "-1", "surface": "asphalt"}),
    11: ([2, 4], {"highway": "tertiary", "bridge": "yes", "layer": "1"}),
    12: ([1, 2, 3, 1], {"highway": "primary", "junction": "roundabout"}),
    13: ([3, 4], {"highway": "proposed"}),
    14: ([1, 2, 3, 1], {"highway": "pedestrian", "area": "yes"}),
    15: ([1, 4], {"route": "ferry", "name": "Penyeberangan"}),
    16: ([1, 3], {"waterway": "river", "name": "Sei Wampu"}),
    17: ([1, 2], {"waterway": "dam"}),
    18: ([1, 2], {"highway": "track", "access": "private"}),
    19: ([2, 3, 99, 4, 1], {"highway": "path"}),
    20: ([99, 4], {"highway": "path"}),
    21: ([1, 2], {"building": "yes"}),
}


@pytest.fixture
def extract(tmp_path):
    """A hand-made extract of four nodes; node 99 lies outside."""
    osmium = pytest.importorskip("osmium", reason="the optional package osmium (extra osm) is not installed")
    mutable = importlib.import_module("osmium.osm.mutable")
    path = tmp_path / "langkat.osm.pbf"
    writer = osmium.SimpleWriter(str(path))
    told = {"version": 1, "timestamp": "2025-01-01T00:00:00Z"}
    for number, place in PLACES.items():
        writer.add_node(mutable.Node(id=number, location=place, **told))
    for number, (nodes, tags) in WAYS.items():
        writer.add_way(mutable.Way(id=number, nodes=nodes, tags=tags, **told))
    writer.close()
    return path


def refused(call, code) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as told:
        call()
    assert told.value.code == code
    assert told.value.en != told.value.id
    return told.value


def test_roads_keep_the_words_of_openstreetmap(extract):
    read = read_osm_roads(extract)
    roads = read.frame.set_index("osm_id")
    assert read.crs == "EPSG:4326"
    assert list(roads.index) == ["10", "11", "12", "15", "18", "19"]
    assert roads.loc["10", ["road_class", "name", "oneway", "surface"]].tolist() == [
        "residential", "Jalan Melati", "-1", "asphalt",
    ]  # fmt: skip
    assert roads.loc["11", ["bridge", "layer", "oneway"]].tolist() == ["yes", "1", ""]
    assert roads.loc["12", "oneway"] == "yes"  # a roundabout is one-way unless it says otherwise
    assert roads.loc["15", "road_class"] == "ferry"
    assert list(roads.geometry["10"].coords) == [PLACES[at] for at in (1, 2, 3)]


def test_what_lies_outside_the_extract_is_left_out_and_counted(extract):
    read = read_osm_roads(extract)
    counts = {problem.code: problem.count for problem in read.problems}
    assert counts == {"osm_way_cut": 2, "osm_private": 1}
    parts = read.frame.set_index("osm_id").geometry["19"].geoms
    assert [list(part.coords) for part in parts] == [[PLACES[2], PLACES[3]], [PLACES[4], PLACES[1]]]


def test_rivers_are_lines_of_water_that_flows(extract):
    rivers = read_osm_rivers(extract).frame
    assert rivers[["osm_id", "name", "waterway"]].to_numpy().tolist() == [["16", "Sei Wampu", "river"]]


def test_an_extract_becomes_a_network(extract):
    from gisapp.analysis.network import road_network

    roads = read_osm_roads(extract).frame.to_crs(32647)
    network = road_network(roads, tolerance_m=1, crossings="shared_vertex")
    assert set(network.edges["road_class"]) == {"residential", "tertiary", "primary", "ferry", "track", "path"}
    assert len(network.components) == 1


def test_a_damaged_extract_is_refused(extract, tmp_path):
    short = tmp_path / "short.osm.pbf"
    short.write_bytes(extract.read_bytes()[:120])
    refused(lambda: read_osm_roads(short), "damaged")


def test_an_extract_without_roads_is_refused(tmp_path):
    osmium = pytest.importorskip("osmium", reason="the optional package osmium (extra osm) is not installed")
    path = tmp_path / "empty.osm.pbf"
    osmium.SimpleWriter(str(path)).close()
    refused(lambda: read_osm_roads(path), "layer_empty")


def test_what_is_no_extract_is_refused_by_its_first_bytes(tmp_path):
    path = tmp_path / "jalan.osm.pbf"
    path.write_bytes(b"SQLite format 3\x00 and more")
    refused(lambda: read_osm_roads(path), "format_mismatch")
    other = tmp_path / "jalan.osm"
    other.write_text("<osm/>")
    refused(lambda: read_osm_roads(other), "format_unknown")
    refused(lambda: read_osm_roads(tmp_path / "absent.osm.pbf"), "file_missing")
    refused(lambda: read_osm_roads("https://example.org/langkat.osm.pbf"), "path_not_local")


def _headed(tmp_path):
    path = tmp_path / "large.osm.pbf"
    path.write_bytes(b"\x00\x00\x00\x0d\x0a\x09OSMHeader" + bytes(100))
    return path


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(osm, "MOST_BYTES", 50)
    assert "osmium extract" in refused(lambda: read_osm_roads(_headed(tmp_path)), "file_too_large").en


def test_without_the_package_the_message_says_how_to_get_it(tmp_path, monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    assert "gisapp[osm]" in refused(lambda: read_osm_roads(_headed(tmp_path)), "osmium_missing").id
