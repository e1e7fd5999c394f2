"""Counts by pattern are a handful of families each: no door leads them out."""

from __future__ import annotations

import pytest

from gisapp.columns import COLLECTIONS, ID_COLUMNS
from gisapp.errors import GisappError, NotFoundError
from gisapp.release.collections import disclosed
from gisapp.release.export import export_collection
from gisapp.targeting.runs import PATTERNS, load_run
from gisapp.workspace.folder import open_workspace

NAMES = ("patterns", "patterns.parquet", "../patterns", "context/desa")


@pytest.mark.parametrize("name", NAMES)
def test_patterns_are_no_collection(small_demo, tmp_path, name):
    workspace = open_workspace(small_demo)
    sealed = load_run(workspace)
    assert (sealed.folder / PATTERNS).is_file()
    with pytest.raises(NotFoundError):
        sealed.collection(name)
    with pytest.raises(NotFoundError):
        disclosed(workspace, sealed, name)
    with pytest.raises(GisappError):
        export_collection(workspace, sealed, name, tmp_path / "x.csv")
    assert list(tmp_path.iterdir()) == []


def test_no_released_column_is_a_pattern(small_demo):
    sealed = load_run(open_workspace(small_demo))
    own = set(sealed.patterns().columns) - {"code", "families", "persons"}
    assert "patterns" not in {*COLLECTIONS, *ID_COLUMNS}
    for columns in COLLECTIONS.values():
        assert not own & {column.name for column in columns}


def test_patterns_hold_every_family_once_and_no_position(small_demo):
    sealed = load_run(open_workspace(small_demo))
    patterns = sealed.patterns()
    assert patterns["families"].sum() == sealed.manifest["registry"]["families"]
    assert not {"x", "y", "longitude", "latitude", "family_id"} & set(patterns.columns)
