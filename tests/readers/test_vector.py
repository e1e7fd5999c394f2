"""Every vector format reads the same; what is wrong is repaired with a count, or refused."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon

from gisapp.errors import FileRefusedError
from gisapp.readers.vector import read_vector

SQUARE = [[98.40, 3.70], [98.41, 3.70], [98.41, 3.71], [98.40, 3.71], [98.40, 3.70]]
BOW_TIE = [[98.40, 3.70], [98.41, 3.71], [98.41, 3.70], [98.40, 3.71], [98.40, 3.70]]


def codes(read) -> dict[str, int]:
    return {problem.code: problem.count for problem in read.problems}


def refused(path, code, **options) -> FileRefusedError:
    with pytest.raises(FileRefusedError) as caught:
        read_vector(path, **options)
    assert caught.value.code == code
    return caught.value


def same(found, expected, tolerance=1e-7) -> bool:
    """Whether two layers hold the same areas, whatever the order of rows and of corners."""
    left, right = (frame.geometry.iloc[frame.geometry.bounds.minx.argsort()].to_numpy() for frame in (found, expected))
    return bool(shapely.equals_exact(shapely.normalize(left), shapely.normalize(right), tolerance).all())


def zip_of(zipped, parts, folder="", leave_out=()):
    return zipped({f"{folder}desa{ending}": data for ending, data in parts.items() if ending not in leave_out})


DRIVERS = {
    "geojson": "GeoJSON", "gpkg": "GPKG", "fgb": "FlatGeobuf", "kml": "KML", "shp": "ESRI Shapefile", "gml": "GML",
}  # fmt: skip


@pytest.mark.parametrize("ending", DRIVERS)
def test_every_format_gives_the_same_areas(tmp_path, two_squares, ending):
    path = tmp_path / f"desa.{ending}"
    two_squares.to_file(path, driver=DRIVERS[ending], engine="pyogrio")
    read = read_vector(path)
    assert read.frame.crs == "EPSG:4326"
    assert codes(read) == {}
    assert same(read.frame, two_squares)


def test_geoparquet_reads_and_plain_parquet_does_not(tmp_path, two_squares):
    two_squares.to_crs(32647).to_parquet(tmp_path / "desa.parquet")
    read = read_vector(tmp_path / "desa.parquet")
    assert read.crs == "EPSG:32647"
    assert list(read.frame["kode"]) == list(two_squares["kode"])
    assert same(read.frame, two_squares, 1e-7)
    two_squares.drop(columns="geometry").to_parquet(tmp_path / "plain.parquet")
    refused(tmp_path / "plain.parquet", "geometry_missing")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1" + b"\x00" * 100 + b"PAR1")
    refused(tmp_path / "broken.parquet", "damaged")


@pytest.mark.parametrize("folder", ["", "peta/batas/desa 2025/"])
def test_a_zipped_shapefile_is_found_at_any_depth(zipped, shapefile, two_squares, folder):
    read = read_vector(zip_of(zipped, shapefile(two_squares), folder))
    assert list(read.frame["kode"]) == ["12.05.10.2001", "12.05.10.2010"]


def test_a_shapefile_without_prj_is_told_by_its_extent(zipped, shapefile, two_squares):
    read = read_vector(zip_of(zipped, shapefile(two_squares), leave_out=(".prj",)))
    assert codes(read) == {"crs_assumed": 1}
    assert read.crs == "EPSG:4326"


def test_metres_without_prj_are_refused_until_the_crs_is_given(zipped, shapefile, two_squares):
    path = zip_of(zipped, shapefile(two_squares.to_crs(32647)), leave_out=(".prj",))
    assert "--crs" in refused(path, "crs_missing").id
    read = read_vector(path, crs="EPSG:32647")
    assert same(read.frame, two_squares, 1e-7)


@pytest.mark.parametrize("missing", [".shx", ".dbf"])
def test_a_shapefile_lacking_a_part_is_refused(zipped, shapefile, two_squares, missing):
    path = zip_of(zipped, shapefile(two_squares), leave_out=(missing,))
    error = refused(path, "shapefile_parts")
    for sentence in (error.en, error.id):
        assert missing in sentence
        assert sentence.startswith(f"{path} (")
        assert "gisapp-" not in sentence


def test_an_archive_without_a_map_lists_what_it_holds(zipped):
    assert refused(zipped({"baca/readme.txt": b"x"}), "archive_layers").en.endswith("it holds: baca/readme.txt.")


@pytest.mark.parametrize("epsg", [32647, 9477, 23831, 4755, 9470])
def test_indonesian_reference_systems_are_moved_to_degrees(tmp_path, two_squares, epsg):
    path = tmp_path / "desa.gpkg"
    two_squares.to_crs(epsg).to_file(path, engine="pyogrio")
    read = read_vector(path)
    assert read.crs == f"EPSG:{epsg}"
    assert same(read.frame, two_squares, 2e-5)


def test_degrees_labelled_as_metres_are_reported(tmp_path, two_squares):
    path = tmp_path / "desa.gpkg"
    two_squares.set_crs(32647, allow_override=True).to_file(path, engine="pyogrio")
    read = read_vector(path)
    assert codes(read) == {"crs_corrected": 1}
    assert same(read.frame, two_squares)


def test_metres_labelled_as_degrees_are_refused(geojson):
    path = geojson({"type": "Point", "coordinates": [434000.0, 409000.0]})
    refused(path, "crs_wrong")
    read = read_vector(path, crs="32647")
    assert codes(read) == {"crs_overridden": 1}
    assert read.frame.geometry.iloc[0].x == pytest.approx(98.4, abs=0.1)


@pytest.mark.parametrize("crs", ["EPSG:99999", "zone 47", "/vsicurl/http://x", "EPSG:", "+proj=utm +zone=47"])
def test_an_unknown_crs_is_refused(polygon_geojson, crs):
    refused(polygon_geojson(SQUARE), "crs_unknown", crs=crs)


def test_a_bow_tie_stays_a_polygon_and_its_area_is_reported(polygon_geojson):
    read = read_vector(polygon_geojson(SQUARE, BOW_TIE))
    assert codes(read) == {"geometry_repaired": 1}
    (problem,) = read.problems
    assert "0.0000 to" in problem.detail
    assert read.frame.geometry.is_valid.all()
    assert set(read.frame.geometry.geom_type) <= {"Polygon", "MultiPolygon"}
    assert read.frame.geometry.iloc[1].area == pytest.approx(0.01 * 0.01 / 2)


@pytest.mark.parametrize(
    ("ring", "codes_expected"),
    [
        (SQUARE[:-1], {}),
        ([*SQUARE[:2], SQUARE[1], SQUARE[1], *SQUARE[2:]], {}),
        ([[98.4, 3.7], [98.41, 3.7], [98.4, 3.7], [98.4, 3.7]], {"geometry_repaired": 1, "geometry_lost": 1}),
    ],
)
def test_open_rings_repeated_points_and_no_area(polygon_geojson, ring, codes_expected):
    read = read_vector(polygon_geojson(SQUARE, ring))
    assert codes(read) == codes_expected
    assert len(read.frame) == 2


def test_a_hole_outside_its_shell_is_repaired(geojson):
    hole = [[98.45, 3.75], [98.46, 3.75], [98.46, 3.76], [98.45, 3.76], [98.45, 3.75]]
    read = read_vector(geojson({"type": "Polygon", "coordinates": [SQUARE, hole]}))
    assert codes(read)["geometry_repaired"] == 1
    assert read.frame.geometry.is_valid.all()


def test_heights_are_dropped_and_collections_give_their_polygons(geojson):
    polygon = {"type": "Polygon", "coordinates": [[[x, y, 12.0] for x, y in SQUARE]]}
    mixed = {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [SQUARE]}, {"type": "Point", "coordinates": [98.4, 3.7]}]}  # fmt: skip  # noqa: E501
    read = read_vector(geojson(polygon, mixed))
    assert codes(read) == {"z_dropped": 1, "geometry_collection": 1}
    assert read.crs == "EPSG:4326"
    assert not read.frame.geometry.has_z.any()
    assert set(read.frame.geometry.geom_type) == {"Polygon"}


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-Infinity"])
def test_coordinates_that_are_not_finite_leave_the_row_without_position(tmp_path, bad):
    path = tmp_path / "p.geojson"
    good = '{"type":"Feature","properties":{"n":1},"geometry":{"type":"Point","coordinates":[98.4,3.7]}}'
    path.write_text(f'{{"type":"FeatureCollection","features":[{good},{good.replace("98.4", bad)}]}}')
    read = read_vector(path)
    assert len(read.frame) == 2
    assert read.frame.geometry.iloc[1] is None
    assert codes(read) == {"not_finite": 1}


def test_nan_in_geoparquet_is_reported(tmp_path):
    gpd.GeoDataFrame({"n": [1, 2]}, geometry=[Point(98.4, 3.7), Point(float("nan"), 3.7)], crs=4326).to_parquet(
        tmp_path / "p.parquet"
    )
    read = read_vector(tmp_path / "p.parquet")
    assert codes(read) == {"not_finite": 1}
    assert read.frame.geometry.isna().tolist() == [False, True]


def test_empty_collections_are_refused(geojson):
    refused(geojson(), "layer_empty")


def test_a_geopackage_of_several_layers_is_refused_by_their_names(tmp_path, two_squares):
    path = tmp_path / "both.gpkg"
    two_squares.to_file(path, layer="lama", engine="pyogrio")
    two_squares.to_file(path, layer="baru", engine="pyogrio")
    error = refused(path, "several_layers")
    assert "lama" in error.id
    assert "baru" in error.id


def test_kmz_is_read_from_its_doc_kml(tmp_path, zipped, three_points):
    kml = tmp_path / "p.kml"
    three_points.to_file(kml, driver="KML", engine="pyogrio")
    read = read_vector(zipped({"doc.kml": kml.read_bytes(), "images/a.png": b"\x89PNG"}, name="p.kmz"))
    assert len(read.frame) == 3


def test_a_network_link_is_not_followed(tmp_path):
    path = tmp_path / "link.kml"
    path.write_text(
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link><href>http://internal.example/a.kml'
        "</href></Link></NetworkLink><Placemark><name>a</name><description><![CDATA[<script>x</script>]]></description>"
        "<Point><coordinates>98.4,3.7</coordinates></Point></Placemark></Document></kml>"
    )
    assert len(read_vector(path).frame) == 1


def test_gpx_gives_waypoints_or_else_tracks(tmp_path):
    path = tmp_path / "a.gpx"
    head = '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">'
    track = '<trk><trkseg><trkpt lat="3.7" lon="98.4"/><trkpt lat="3.8" lon="98.4"/></trkseg></trk></gpx>'
    path.write_text(f'{head}<wpt lat="3.7" lon="98.4"><name>pustu</name></wpt>{track}')
    assert set(read_vector(path).frame.geom_type) == {"Point"}
    path.write_text(head + track)
    assert set(read_vector(path).frame.geom_type) == {"MultiLineString"}


def test_features_outside_indonesia_are_reported(geojson):
    assert codes(read_vector(geojson({"type": "Point", "coordinates": [3.7, 98.4 - 10]}))) == {"outside_indonesia": 1}


@pytest.mark.parametrize(
    "content",
    [
        '{"type":"FeatureCollection","features":[',
        '{"type":"FeatureCollection","features":{}}',
        '{"type":"Feature"',
    ],
)
def test_cut_off_files_are_a_clean_error(tmp_path, content):
    path = tmp_path / "cut.geojson"
    path.write_text(content)
    with pytest.raises(FileRefusedError) as caught:
        read_vector(path)
    assert str(path) in caught.value.en


def test_missing_geometry_keeps_its_row(geojson):
    read = read_vector(geojson({"type": "Polygon", "coordinates": [SQUARE]}, None))
    assert read.frame.geometry.isna().tolist() == [False, True]


def test_hostile_names_stay_text(tmp_path, two_squares):
    path = tmp_path / "n.geojson"
    names = ["<script>alert(1)</script>", "{{7*7}} `x` \u202e 😀" + "x" * 10_000]
    two_squares.assign(nama=names).to_file(path, engine="pyogrio")
    assert list(read_vector(path).frame["nama"]) == names


def test_curves_and_lines_survive(tmp_path):
    path = tmp_path / "l.gpkg"
    gpd.GeoDataFrame(geometry=[LineString([(98.4, 3.7), (98.5, 3.8)])], crs=4326).to_file(path, engine="pyogrio")
    assert codes(read_vector(path)) == {}


def test_a_valid_polygon_is_not_touched(tmp_path):
    ring = Polygon(SQUARE, [[[98.402, 3.702], [98.404, 3.702], [98.404, 3.704], [98.402, 3.702]]])
    path = tmp_path / "p.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(ring)}]}))  # fmt: skip  # noqa: E501
    assert read_vector(path).frame.geometry.iloc[0].equals(ring)


@pytest.mark.shared_data
def test_the_invalid_kabupaten_of_indonesia_are_repaired_and_counted(shared_data):
    read = read_vector(shared_data / "boundaries" / "kemendagri2025_indonesia_kabupaten.parquet")
    assert codes(read) == {"geometry_repaired": 124}
    assert read.frame.geometry.is_valid.all()
    assert set(read.frame.geometry.geom_type) <= {"Polygon", "MultiPolygon"}
    assert len(read.frame) == 514
