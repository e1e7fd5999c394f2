"""The page's documents: complete, small, tagged, and without a figure that is withheld."""

from __future__ import annotations

import gzip
import json
import re
import string
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from gisapp.web.texts import catalogue


def test_shapes_carry_no_figure(client: FlaskClient) -> None:
    document = client.get("/data/areas/desa.json").get_json()
    assert len(document["features"]) == 12
    assert {tuple(feature["properties"]) for feature in document["features"]} == {("name",)}


def test_values_lie_in_order_of_code(client: FlaskClient) -> None:
    document = client.get("/data/values/desa.json").get_json()
    assert document["code"] == sorted(document["code"])
    assert {len(column) for column in document.values()} == {12}


def test_withheld_and_absent_rows_have_no_value(client: FlaskClient) -> None:
    document = client.get("/data/values/desa.json").get_json()
    for row, status in enumerate(document["status"]):
        if status != "present":
            for column in ("families", "poor_families", "headcount_ratio", "headcount_lower", "headcount_upper"):
                assert document[column][row] is None
    assert "suppressed" in document["status"]
    assert "no_data" in document["status"]


@pytest.mark.parametrize("method", ["quantile", "equal_interval", "natural_breaks"])
@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_legend_counts_every_area_once(client: FlaskClient, method: str, count: int) -> None:
    document = client.get(f"/data/legend/desa/headcount_ratio.json?method={method}&k={count}").get_json()
    assert len(document["classes"]) <= count
    assert sum(one["count"] for one in document["classes"]) + document["withheld"] + document["no_data"] == 12
    assert len(document["class_of"]) == 12
    assert document["withheld"] > 0


def test_every_offered_indicator_has_a_legend(client: FlaskClient) -> None:
    manifest = client.get("/data/manifest.json").get_json()
    assert len(manifest["indicators"]) > 15
    for one in manifest["indicators"]:
        for level in manifest["levels"]:
            document = client.get(f"/data/legend/{level['name']}/{one['name']}.json").get_json()
            assert len(document["class_of"]) == level["count"]


def test_layers_say_how_many_or_none(client: FlaskClient) -> None:
    layers = {layer["id"]: layer for layer in client.get("/data/manifest.json").get_json()["layers"]}
    assert layers["pockets"]["count"] == 2
    assert layers["sd"]["count"] == 1
    assert not layers["mi"]["count"]
    assert not layers["hgu"]["count"]


def test_etag_answers_304_and_changes_with_content(client: FlaskClient) -> None:
    first = client.get("/data/values/desa.json")
    again = client.get("/data/values/desa.json", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert first.headers["ETag"] != client.get("/data/values/kecamatan.json").headers["ETag"]


def test_gzip_where_it_is_asked_for(client: FlaskClient) -> None:
    plain = client.get("/data/values/desa.json")
    packed = client.get("/data/values/desa.json", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_numbers_are_json(client: FlaskClient) -> None:
    def refuse(constant: str) -> float:
        raise AssertionError(constant)

    for path in ("/data/manifest.json", "/data/values/desa.json", "/api/collections/areas/items?limit=1000"):
        json.loads(client.get(path).data, parse_constant=refuse)


def test_items_page_by_page_meet_every_feature_once(client: FlaskClient) -> None:
    path, seen = "/api/collections/areas/items?limit=5", []
    while path:
        document = client.get(path).get_json()
        assert document["numberMatched"] == 16
        assert document["numberReturned"] == len(document["features"])
        seen += [feature["id"] for feature in document["features"]]
        path = next((link["href"] for link in document["links"] if link["rel"] == "next"), None)
    assert len(seen) == len(set(seen)) == 16


def test_items_beyond_the_end_and_a_large_limit(client: FlaskClient) -> None:
    assert client.get("/api/collections/areas/items?offset=999").get_json()["features"] == []
    assert len(client.get("/api/collections/areas/items?limit=999999").get_json()["features"]) == 16


def test_items_are_geojson_with_text_codes(client: FlaskClient) -> None:
    response = client.get("/api/collections/areas/items")
    assert response.mimetype == "application/geo+json"
    document = response.get_json()
    assert "crs" not in document
    assert all(isinstance(feature["properties"]["code"], str) for feature in document["features"])


def test_a_suggestion_without_a_place_keeps_its_row(client: FlaskClient) -> None:
    features = {one["id"]: one for one in client.get("/api/collections/interventions/items").get_json()["features"]}
    assert features["i3"]["geometry"] is None


@pytest.mark.parametrize("file_format", ["geojson", "gpkg", "fgb", "parquet", "shp", "kml", "csv", "xlsx"])
def test_download(client: FlaskClient, file_format: str) -> None:
    response = client.get(f"/api/collections/pockets/download?format={file_format}")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment; filename=gisapp-pockets.")
    assert len(response.data) > 100


def test_sheet_is_a_pdf(client: FlaskClient) -> None:
    response = client.get("/pockets/p-a/sheet.pdf")
    assert response.status_code == 200
    assert response.data.startswith(b"%PDF")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_texts_are_complete_and_take_the_same_values() -> None:
    for key, (indonesian, english) in catalogue().items():
        assert indonesian, key
        assert english, key
        names = [
            {field for _, field, _, _ in string.Formatter().parse(text) if field} for text in (indonesian, english)
        ]
        assert names[0] == names[1], key


#: How templates and modules put a key together: a beginning before what is looked up, or an ending behind it.
BEGINNING = re.compile(r"""\bt\(\s*(?:f["']([a-z_]+_)\{|["']([a-z_]+_)["']\s*~)|\.pick\(f["']([a-z_]+_)\{""")
ENDING = re.compile(r"""~\s*["'](_[a-z_]+)["']\s*\)""")


def test_every_text_is_used() -> None:
    root = Path(__file__).resolve().parents[2]
    folders = (root / "gisapp" / "web", root / "gisapp" / "static" / "js", root / "templates")
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix in (".py", ".html", ".js")]
    written = "".join(file.read_text(encoding="utf-8") for file in files)
    beginnings = tuple(next(filter(None, found)) for found in BEGINNING.findall(written))
    endings = tuple(ENDING.findall(written))
    for key in catalogue():
        if not key.startswith(beginnings) and not key.endswith(endings):
            assert re.search(rf"['\".]{key}\b", written), key
