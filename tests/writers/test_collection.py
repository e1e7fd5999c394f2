"""The same rows in every format: reopened by GDAL, the same bytes each time, whole or not at all."""

import json
import sqlite3
import time
import zipfile

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from shapely.geometry import LineString, Point

from gisapp.errors import InvalidInputError, InvalidParameterError
from gisapp.writers.collection import FORMATS, MEDIA_TYPES, crs_of, format_of, write_collection

GEO = ("geojson", "gpkg", "fgb", "parquet", "shp", "kml")
METADATA = {"run_id": "abc123", "period": "2025-1", "synthetic": True, "poor_families_outside_pockets": 0.61}


def _path(folder, format, stem="areas"):
    return folder / f"{stem}.{'zip' if format == 'shp' else format}"


def _write(frame, folder, format, collection="areas", **keywords):
    path = _path(folder, format, collection)
    write_collection(frame, path, collection=collection, metadata=METADATA, suppressed=1, **keywords)
    return path


def _opened(path, format):
    if format == "parquet":
        return gpd.read_parquet(path)
    source = f"/vsizip/{path}/areas.shp" if format == "shp" else path
    return pyogrio.read_dataframe(source)


@pytest.mark.parametrize("format", GEO)
def test_gdal_reads_back_the_same_codes_numbers_and_shapes(areas, tmp_path, format):
    found = _opened(_write(areas, tmp_path, format), format)
    code, ratio = ("code", "hc_ratio" if format == "shp" else "headcount_ratio")
    found = found.sort_values(code, ignore_index=True)
    assert list(found[code]) == list(areas["code"])
    assert pd.to_numeric(found["families"]).tolist()[::2] == [40, 60]
    assert pd.isna(found["families"][1])
    assert found[ratio][0] == 0.25
    assert pd.isna(found[ratio][2])
    assert found.geometry[2] is None or found.geometry[2].is_empty
    expected = shapely.set_precision(areas.geometry[:2].array, 1e-6)
    assert all(shapely.equals(shapely.force_2d(found.geometry[:2].array), expected))


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_rows_give_the_same_bytes(areas, interventions, tmp_path, format, monkeypatch):
    first = {}
    for turn in range(2):
        for name, frame in (("areas", areas), ("interventions", interventions)):
            content = _write(frame, tmp_path, format, collection=name).read_bytes()
            assert first.setdefault(name, content) == content
        if turn == 0:
            time.sleep(1.1)  # a clock in the file would show


@pytest.mark.parametrize("format", FORMATS)
def test_a_collection_without_rows_is_a_file_or_a_clear_refusal(areas, tmp_path, format):
    if format == "shp":
        with pytest.raises(InvalidInputError, match="geometry"):
            _write(areas.iloc[:0], tmp_path, format)
        assert list(tmp_path.iterdir()) == []
    else:
        assert _write(areas.iloc[:0], tmp_path, format).stat().st_size > 0


def test_metadata_travels_inside_each_file(areas, tmp_path):
    facts = json.loads(_write(areas, tmp_path, "geojson").read_bytes())["metadata"]
    assert facts == {**METADATA, "suppressed": 1}
    layer = pyogrio.read_info(_write(areas, tmp_path, "gpkg"))["layer_metadata"]
    assert layer["run_id"] == "abc123"
    assert layer["synthetic"] == "true"
    schema = pq.read_schema(_write(areas, tmp_path, "parquet"))
    assert json.loads(schema.metadata[b"gisapp"])["poor_families_outside_pockets"] == 0.61
    with zipfile.ZipFile(_write(areas, tmp_path, "shp")) as archive:
        assert "run_id: abc123" in archive.read("metadata.txt").decode()
    assert "run_id=abc123" in _write(areas, tmp_path, "kml").read_text()
    assert b"run_id=abc123" in _write(areas, tmp_path, "fgb").read_bytes()


def test_geopackage_holds_one_fixed_date(areas, tmp_path):
    with sqlite3.connect(_write(areas, tmp_path, "gpkg")) as database:
        dates = database.execute("select last_change from gpkg_contents").fetchall()
    database.close()
    assert dates == [("2000-01-01T00:00:00.000Z",)]


def test_metres_are_written_where_the_format_allows_them(areas, tmp_path):
    found = pyogrio.read_dataframe(_write(areas, tmp_path, "gpkg", crs="32647"))
    assert found.crs.to_epsg() == 32647
    assert found.to_crs(4326).total_bounds == pytest.approx([98.0, 3.0, 98.3, 3.2], abs=1e-6)


@pytest.mark.parametrize("format", ["geojson", "kml"])
def test_formats_of_degrees_refuse_metres_and_say_what_to_do(format):
    with pytest.raises(InvalidParameterError, match="gpkg"):
        crs_of("EPSG:32647", format)
    assert crs_of("4326", format) == "EPSG:4326"


def test_unknown_crs_format_and_folder_leave_nothing_behind(areas, tmp_path):
    with pytest.raises(InvalidParameterError, match="EPSG:32647"):
        crs_of("EPSG:999999", "gpkg")
    with pytest.raises(InvalidParameterError, match="geojson, gpkg"):
        format_of(tmp_path / "areas.docx")
    with pytest.raises(InvalidParameterError, match="no such folder"):
        _write(areas, tmp_path / "absent", "geojson")
    assert list(tmp_path.iterdir()) == []


def test_format_by_ending_or_by_name(tmp_path):
    assert format_of(tmp_path / "a.GeoJSON") == "geojson"
    assert format_of(tmp_path / "a.json") == "geojson"
    assert format_of(tmp_path / "a.zip") == "shp"
    assert format_of(tmp_path / "a.dat", "gpkg") == "gpkg"
    assert set(MEDIA_TYPES) == set(FORMATS)


def test_a_failed_write_keeps_the_old_file(areas, tmp_path):
    path = tmp_path / "areas.gpkg"
    path.write_bytes(b"old")
    mixed = areas.assign(geometry=[Point(98, 3), LineString([(98, 3), (99, 3)]), None])
    with pytest.raises(InvalidInputError, match="areas_point"):
        write_collection(mixed, path, collection="areas")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["areas.gpkg"]
