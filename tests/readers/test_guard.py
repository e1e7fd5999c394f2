"""A file is what its content says; names, links and connections are never trusted."""

from __future__ import annotations

import json

import pytest

from gisapp.errors import FileRefusedError
from gisapp.readers.guard import identify, local_file
from gisapp.readers.raster import read_raster_info
from gisapp.readers.table import read_text_table
from gisapp.readers.vector import read_vector

VRT = "<OGRVRTDataSource><OGRVRTLayer name='secret'><SrcDataSource>{0}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
RASTER_VRT = "<VRTDataset rasterXSize='4' rasterYSize='1'><VRTRasterBand dataType='Byte' band='1' subClass='VRTRawRasterBand'><SourceFilename>/etc/passwd</SourceFilename></VRTRasterBand></VRTDataset>"  # fmt: skip  # noqa: E501


def refused(call, *args, **kwargs) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as caught:
        call(*args, **kwargs)
    assert caught.value.id
    assert caught.value.en
    assert caught.value.id != caught.value.en
    return caught.value


@pytest.mark.parametrize("ending", ["geojson", "json", "kml", "gpkg", "gml", "gpx", "fgb", "shp", "parquet"])
def test_a_vrt_in_disguise_is_refused_and_reads_nothing(tmp_path, secret, ending):
    path = tmp_path / f"evil.{ending}"
    path.write_text(VRT.format(secret))
    error = refused(read_vector, path)
    assert error.code == "format_mismatch"
    assert "format tidak cocok" in error.id
    assert "3301" not in str(error)


def test_a_vrt_as_csv_or_xlsx_is_refused(tmp_path, secret):
    for ending in ("csv", "xlsx"):
        path = tmp_path / f"evil.{ending}"
        path.write_text(VRT.format(secret))
        assert refused(read_text_table, path).code == "format_mismatch"


def test_a_vrt_inside_a_zip_is_refused(zipped, secret):
    path = zipped({"evil.geojson": VRT.format(secret).encode()})
    assert refused(read_vector, path).code == "format_mismatch"


@pytest.mark.parametrize(
    "content", [RASTER_VRT.encode(), b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, b"<html></html>", b"GIF89a" + b"\x00" * 9]
)
def test_a_raster_that_is_no_geotiff_is_refused(tmp_path, content):
    path = tmp_path / "evil.tif"
    path.write_bytes(content)
    assert refused(read_raster_info, path).code == "format_mismatch"


@pytest.mark.parametrize(
    "name",
    [
        "/vsicurl/http://example.org/a.geojson", "/vsis3/bucket/a.tif", "/VSIZIP/a.zip", "http://example.org/a.geojson",
        "https://example.org/a.csv", "ftp://x/y", "PG:host=localhost", "MEM:::DATAPOINTER=1", "GeoJSON:/etc/passwd",
        "file:///etc/passwd", "GPKG:a.gpkg:layer",
    ],
)  # fmt: skip
@pytest.mark.parametrize("call", [read_vector, read_text_table, read_raster_info])
def test_paths_that_are_no_local_file_are_refused(call, name):
    assert refused(call, name).code == "path_not_local"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a\nb.csv", "file_name"),
        ("a\x00.csv", "file_name"),
        ("nothing.csv", "file_missing"),
        ("x" * 300 + ".csv", "file_unreadable"),
    ],
)
def test_names_that_cannot_be_files_are_refused(tmp_path, name, code):
    assert refused(local_file, f"{tmp_path}/{name}").code in (code, "file_missing")


def test_folders_empty_files_and_unknown_endings_are_refused(tmp_path):
    assert refused(identify, tmp_path).code == "file_missing"
    (tmp_path / "empty.csv").touch()
    assert refused(identify, tmp_path / "empty.csv").code == "file_empty"
    for name in ("a.vrt", "a.gdalg.json.exe", "a.xlsm", "a"):
        (tmp_path / name).write_text("x")
        assert refused(identify, tmp_path / name).code == "format_unknown"


@pytest.mark.parametrize(
    ("root", "ending"),
    [("kml xmlns='http://www.opengis.net/kml/2.2'", "kml"), ("gpx version='1.1'", "gpx"), ("FeatureCollection", "gml")],
)
@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE x SYSTEM 'http://internal.example/x.dtd'>",
        "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>",
    ],
)
def test_xml_with_a_document_type_is_refused(tmp_path, root, ending, doctype):
    path = tmp_path / f"evil.{ending}"
    path.write_text(f"<?xml version='1.0'?>{doctype}<{root}><name>&e;</name></{root.split()[0]}>")
    assert refused(read_vector, path).code == "xml_entities"


def test_xml_in_utf16_is_refused(tmp_path):
    path = tmp_path / "evil.kml"
    path.write_bytes("<?xml version='1.0' encoding='utf-16'?><!DOCTYPE x><kml></kml>".encode("utf-16"))
    assert refused(read_vector, path).code in ("xml_encoding", "format_mismatch")


def test_drivers_that_read_other_files_or_the_network_are_not_there():
    import pyogrio

    assert not {"OGR_VRT", "GDALG", "WFS", "OAPIF", "GPSBabel", "ADBC", "HTTP"} & set(pyogrio.list_drivers())


def test_a_pipeline_in_disguise_is_refused(tmp_path, secret):
    path = tmp_path / "evil.geojson"
    command = f"gdal vector pipeline read {secret}"
    path.write_text(json.dumps({"type": "gdal_streamed_alg", "command_line": command, "x": {"type": "Point"}}))
    assert "3301" not in str(refused(read_vector, path))


@pytest.mark.parametrize("ending", ["kml", "gpx"])
def test_a_vrt_behind_a_good_root_is_refused(tmp_path, secret, ending):
    path = tmp_path / f"evil.{ending}"
    path.write_text(f"<{ending}></{ending}>" + VRT.format(secret))
    assert refused(read_vector, path).code == "xml_entities"


def test_a_deep_geojson_is_a_clean_error(tmp_path):
    path = tmp_path / "deep.geojson"
    path.write_text('{"type":"FeatureCollection","features":' + "[" * 20_000 + "]" * 20_000 + "}")
    assert refused(read_vector, path).code in ("damaged", "layer_empty", "several_layers", "geometry_missing")
