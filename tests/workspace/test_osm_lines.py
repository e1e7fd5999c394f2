"""An OpenStreetMap extract given to ``add``: its roads or its rivers, named as theirs; without osmium a way out."""

from __future__ import annotations

import importlib

import pytest

from gisapp.errors import FileRefusedError
from gisapp.readers import osm
from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import init_workspace, open_workspace
from gisapp.workspace.ways import read_ways

PLACES = {1: (98.40, 3.70), 2: (98.41, 3.70), 3: (98.42, 3.71)}
WAYS = {
    10: ([1, 2], {"highway": "tertiary", "name": "Jalan Melati"}),
    11: ([2, 3], {"highway": "footway", "bridge": "yes"}),
    12: ([1, 3], {"route": "ferry"}),
    13: ([1, 3], {"waterway": "river", "name": "Sei Wampu"}),
}


@pytest.fixture
def extract(tmp_path):
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


@pytest.fixture
def workspace(tmp_path):
    return init_workspace(tmp_path / "w")


def test_roads_become_a_layer_with_classes_and_bridges_and_name_where_they_are_from(extract, workspace):
    report = add_layer(workspace, extract, role="road", name="jalan")
    assert report.features == 2
    assert {problem.code: problem.count for problem in report.problems}["osm_ferry"] == 1
    again = open_workspace(workspace.root)
    spec = again.catalog.layers["jalan"]
    assert (spec.source, spec.licence) == ("OpenStreetMap contributors", "ODbL-1.0")
    roads, unknown = read_ways(again)
    assert roads["class"].tolist() == ["tertiary", "path"]
    assert roads["bridge"].tolist() == [False, True]
    assert unknown == {}
    assert (again.root / "layers" / spec.original).read_bytes() == extract.read_bytes()


def test_rivers_of_the_same_extract_and_a_source_of_ones_own(extract, workspace):
    report = add_layer(workspace, extract, role="road", name="sungai", kind="sungai", source="Dinas")
    assert report.features == 1
    spec = open_workspace(workspace.root).catalog.layers["sungai"]
    assert (spec.kind, spec.source, spec.licence) == ("sungai", "Dinas", "ODbL-1.0")


def test_without_osmium_it_says_what_to_install_and_leaves_nothing(extract, workspace, monkeypatch):
    def missing(name):
        raise ImportError(name)

    monkeypatch.setattr(osm.importlib, "import_module", missing)
    with pytest.raises(FileRefusedError) as told:
        add_layer(workspace, extract, role="road", name="jalan")
    assert told.value.code == "osmium_missing"
    assert 'pip install "gisapp[osm]"' in told.value.en
    assert 'pip install "gisapp[osm]"' in told.value.id
    assert "jalan" not in open_workspace(workspace.root).catalog.layers
    assert not [path for path in (workspace.root / "layers").rglob("*") if path.is_file()]
