"""Real clients against a served district: GDAL's own driver, and the requests that QGIS makes."""

from __future__ import annotations

import io
import math
import zipfile
from pathlib import Path
from urllib.parse import quote

import geopandas as gpd
import pytest
import shapely

from tests.web.ogc.conftest import Served

pytestmark = pytest.mark.xdist_group("ogc")  # one server for all of them

STAFF = [
    "areas", "pockets", "interventions", "interventions_point", "interventions_line", "interventions_polygon", "gaps",
    "cells",
]  # fmt: skip
GEOJSON = "application/geo+json, application/json"


@pytest.fixture(scope="module")
def exported(served_demo: Served, tmp_path_factory: pytest.TempPathFactory):
    """``exported(collection)``: the GeoPackage that the download hands out."""
    folder = tmp_path_factory.mktemp("exported")

    def read(collection: str) -> gpd.GeoDataFrame:
        path = folder / f"{collection}.gpkg"
        path.write_bytes(served_demo.get(f"/collections/{collection}/download?format=gpkg").body)
        return gpd.read_file(path)

    return read


def test_gdal_lists_what_the_role_may_see(served_demo: Served) -> None:
    assert served_demo.gdal("layers") == STAFF
    assert served_demo.gdal("layers", logged_in=False) == ["areas"]


@pytest.mark.parametrize("layer", ["areas", "pockets", "interventions_point", "gaps", "cells"])
def test_gdal_counts_without_reading(served_demo: Served, exported, layer: str) -> None:
    frame = exported(layer)
    info = served_demo.gdal("info", layer=layer)
    assert info["features"] == len(frame)
    west, south, east, north = info["bounds"]
    assert shapely.box(west, south, east, north).buffer(2e-6).covers(shapely.box(*frame.total_bounds))
    assert set(frame.columns) - {"geometry"} <= set(info["fields"]) | {"id"}


def is_blank(value) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def same(first, second) -> bool:
    if is_blank(first) or is_blank(second):
        return is_blank(first) and is_blank(second)
    if isinstance(first, bool) or isinstance(second, bool):
        return bool(first) == bool(second)
    if isinstance(first, int | float) or isinstance(second, int | float):
        return math.isclose(float(first), float(second), rel_tol=1e-12)
    return str(first) == str(second)


@pytest.mark.parametrize("layer", ["areas", "pockets", "interventions_point", "gaps"])
def test_gdal_reads_what_the_geopackage_holds(served_demo: Served, exported, layer: str) -> None:
    frame = exported(layer)
    key = {"areas": "code", "pockets": "pocket_id", "gaps": "gap_id"}.get(layer, "intervention_id")
    found = served_demo.gdal("read", layer=layer)
    rows = {row[key]: row for row in found["rows"]}
    shapes = dict(zip(rows, found["wkt"], strict=True))
    assert set(rows) == set(frame[key])
    for row in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        for name in row.keys() - {"geometry"}:
            assert same(row[name], rows[row[key]][name]), (row[key], name, row[name], rows[row[key]][name])
        assert shapely.hausdorff_distance(row["geometry"], shapely.from_wkt(shapes[row[key]])) < 2e-6


def test_gdal_pages_to_the_end(served_demo: Served) -> None:
    whole = served_demo.gdal("read", layer="gaps")
    pages = served_demo.gdal("read", layer="gaps", options={"PAGE_SIZE": 37})
    assert [row["gap_id"] for row in pages["rows"]] == [row["gap_id"] for row in whole["rows"]]
    assert len(whole["rows"]) > 100


def test_gdal_asks_by_a_box(served_demo: Served, exported) -> None:
    frame = exported("areas")
    west, south, east, north = frame.total_bounds
    window = (west, south, (west + east) / 2, (south + north) / 2 + 0.001)
    found = served_demo.gdal("read", layer="areas", options={"bbox": window})
    expected = set(frame.loc[frame.intersects(shapely.box(*window)), "code"])
    assert {row["code"] for row in found["rows"]} == expected
    assert 0 < len(expected) < len(frame)


@pytest.mark.parametrize(
    ("where", "condition"),
    [
        ("level = 'kecamatan'", "level == 'kecamatan'"),
        ("level = 'desa' AND families > 100", "level == 'desa' and families > 100"),
        ("families IS NOT NULL", "families.notna()"),
        ("level = 'desa' OR level = 'kabupaten'", "level != 'kecamatan'"),
    ],
)
def test_gdal_filters_by_attribute(served_demo: Served, exported, where: str, condition: str) -> None:
    expected = set(exported("areas").query(condition)["code"])
    found = served_demo.gdal("read", layer="areas", options={"where": where})
    assert {row["code"] for row in found["rows"]} == expected
    assert expected


def test_gdal_asks_for_one_row_by_its_code(served_demo: Served, exported) -> None:
    """GDAL sends ``code=`` and believes the answer."""
    code = exported("areas")["code"].iloc[3]
    found = served_demo.gdal("read", layer="areas", options={"where": f"code = '{code}'"})
    assert [row["code"] for row in found["rows"]] == [code]
    assert served_demo.get(f"/collections/areas/items?code={code}").json["numberMatched"] == 1


@pytest.mark.parametrize("crs", ["EPSG:32647", "EPSG:23832", "EPSG:9477"])
def test_gdal_reads_metres(served_demo: Served, exported, crs: str) -> None:
    expected = exported("areas").to_crs(crs)
    found = served_demo.gdal("read", layer="areas", options={"CRS": crs})
    assert found["crs"] == crs
    read = gpd.GeoSeries([shapely.from_wkt(one) for one in found["wkt"]], index=[row["code"] for row in found["rows"]])
    for code, shape in zip(expected["code"], expected.geometry, strict=True):
        assert shapely.hausdorff_distance(read[code], shape) < 0.2


def test_what_qgis_asks_when_it_connects(served_demo: Served) -> None:
    """QGIS 3.32 and later: landing page, API, conformance, collections, one collection, schema, the first ten items."""
    landing = served_demo.get("/").json
    links = {link["rel"]: link for link in landing["links"]}
    api = served_demo.get(links["service-desc"]["href"], accept=links["service-desc"]["type"]).json
    limit = api["components"]["parameters"]["limit"]["schema"]
    assert (limit["default"], limit["maximum"]) == (1000, 10_000)
    assert set(served_demo.get(links["conformance"]["href"]).json["conformsTo"]) >= {
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
        "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
        "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
        "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    }
    collection = served_demo.get(f"{links['data']['href']}/areas").json
    schema = next(one for one in collection["links"] if one["rel"] == "http://www.opengis.net/def/rel/ogc/1.0/schema")
    assert schema["type"] == "application/schema+json"
    described = served_demo.get(schema["href"], accept="application/schema+json").json["properties"]
    assert {one.get("type", one.get("format")) for one in described.values()} <= {
        "string", "integer", "number", "boolean", "geometry-polygon-or-multipolygon",
    }  # fmt: skip
    first = served_demo.get("/collections/areas/items?limit=10", accept=GEOJSON)
    assert first.headers["Content-Type"] == "application/geo+json"
    assert isinstance(first.json["numberMatched"], int)
    assert len(first.json["features"]) == 10
    assert "POST" not in served_demo.get("/collections/areas/items", method="OPTIONS").headers["Allow"]


def test_qgis_recognises_its_queryables(served_demo: Served) -> None:
    api = served_demo.get("/openapi.json").json
    listed = api["paths"]["/collections/areas/items"]["get"]["parameters"]
    assert {"$ref": "#/components/parameters/limit"} in listed
    own = [one for one in listed if one.get("in") == "query"]
    simple = {one["name"] for one in own if one["style"] == "form" and not one["explode"] and "type" in one["schema"]}
    assert {"code", "level", "name", "families"} <= simple


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("(level = 'desa')", "level == 'desa'"),
        ("((level = 'desa') AND (families > 100))", "level == 'desa' and families > 100"),
        ('("families" IS NOT NULL)', "families.notna()"),
        ("(CASEI(level) = CASEI('DESA'))", "level == 'desa'"),
        ("(CASEI(name) LIKE CASEI('%A%'))", "name.str.lower().str.contains('a')"),
        ("(families BETWEEN 100 AND 200)", "families >= 100 and families <= 200"),
        ("(level IN ('kecamatan','kabupaten'))", "level != 'desa'"),
        ("NOT (level = 'desa')", "level != 'desa'"),
    ],
)
def test_filters_that_qgis_sends(served_demo: Served, exported, text: str, condition: str) -> None:
    """Each with the systems that QGIS adds; the answer is what the whole table, filtered here, has."""
    crs = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
    query = f"filter={quote(text)}&filter-lang=cql2-text&limit=1000&crs={crs}"
    answer = served_demo.get(f"/collections/areas/items?{query}", accept=GEOJSON)
    assert answer.status == 200, answer.body
    expected = set(exported("areas").query(condition)["code"])
    assert {feature["id"] for feature in answer.json["features"]} == expected
    assert expected


def test_a_layer_follows_the_screen_as_qgis_does(served_demo: Served, exported) -> None:
    frame = exported("areas").to_crs("EPSG:32647")
    west, south, east, north = frame.total_bounds
    window = (west, south, (west + east) / 2, north)
    crs = "http://www.opengis.net/def/crs/EPSG/0/32647"
    query = f"limit=1000&bbox={','.join(map(str, window))}&bbox-crs={crs}&crs={crs}"
    answer = served_demo.get(f"/collections/areas/items?{query}", accept=GEOJSON)
    assert answer.headers["Content-Crs"] == f"<{crs}>"
    expected = set(frame.loc[frame.intersects(shapely.box(*window)), "code"])
    assert {feature["id"] for feature in answer.json["features"]} == expected


def test_parts_are_downloaded_with_one_geometry_type(served_demo: Served, tmp_path: Path) -> None:
    packed = served_demo.get("/collections/interventions_point/download?format=shp").body
    zipfile.ZipFile(io.BytesIO(packed)).extractall(tmp_path)
    (file,) = tmp_path.glob("*.shp")
    assert set(gpd.read_file(file).geom_type) == {"Point"}
