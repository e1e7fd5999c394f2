from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import shapely

from gisapp.writers.raw import write_csv_rows, write_geojson_layer, write_geotiff


def test_geojson_is_in_degrees_with_six_decimals_and_right_hand_rings(tmp_path):
    clockwise = shapely.Polygon([(98, 3), (98, 4), (99, 4), (99, 3.123456789)])
    frame = gpd.GeoDataFrame({"kode": ["09.10"], "n": [np.int64(2)]}, geometry=[clockwise], crs="EPSG:4326")
    path = tmp_path / "a.geojson"
    write_geojson_layer(frame, path, name="a", source="SINTETIS")
    content = json.loads(path.read_bytes())
    assert (content["type"], content["name"], content["source"]) == ("FeatureCollection", "a", "SINTETIS")
    (feature,) = content["features"]
    assert feature["properties"] == {"kode": "09.10", "n": 2}
    ring = feature["geometry"]["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw
    assert [99.0, 3.123457] in ring
    assert gpd.read_file(path)["kode"].tolist() == ["09.10"]


def test_geojson_is_reprojected(tmp_path):
    frame = gpd.GeoDataFrame({"nama": ["titik"]}, geometry=[shapely.Point(500_000, 0)], crs="EPSG:32647")
    write_geojson_layer(frame, tmp_path / "p.geojson", name="p", source="")
    content = json.loads((tmp_path / "p.geojson").read_bytes())
    assert content["features"][0]["geometry"] == {"type": "Point", "coordinates": [99.0, 0.0]}


def test_csv_keeps_text_missing_values_and_numbers_apart(tmp_path):
    frame = pd.DataFrame({"nik": ["0099", None], "n": pd.array([1, None], dtype="Int64"), "r": [0.5, 2.25]})
    write_csv_rows(frame, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == '"nik","n","r"\n"0099",1,0.5\n,,2.25\n'


def test_geotiff_has_its_place_its_nodata_and_the_same_bytes_twice(tmp_path):
    values = np.array([[1, 2, 3], [4, 5, 0]], dtype=np.uint8)
    about = {"west": 400_000.0, "north": 420_000.0, "cell_m": 250.0, "crs": "EPSG:32647", "nodata": 0}
    for name in ("a.tif", "b.tif"):
        write_geotiff(values, tmp_path / name, tags={"SOURCE": "SINTETIS"}, **about)
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()
    with rasterio.open(tmp_path / "a.tif") as file:
        assert file.read(1).tolist() == values.tolist()
        assert file.bounds == (400_000, 419_500, 400_750, 420_000)
        assert (file.nodata, file.tags()["SOURCE"]) == (0, "SINTETIS")
