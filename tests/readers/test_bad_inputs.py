"""Bad inputs by the number of their row in the table of faults that the readers answer for (1-20 and 24-26).

A row that has many shapes is tested shape by shape beside its reader; here each row stands once through the real door.
"""

from __future__ import annotations

import csv
import io
import json
import time
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine

from gisapp.errors import FileRefusedError, GisappError
from gisapp.readers.points import read_points
from gisapp.readers.raster import read_raster_info
from gisapp.readers.table import read_preview, read_table, read_text_table, table_sheets
from gisapp.readers.vector import read_vector
from gisapp.registry.ingest import ingest
from gisapp.registry.quarantine import write_quarantine
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import open_workspace
from gisapp.writers.table import inert
from tests.registry.conftest import (
    CROSSWALK,
    DESA,
    everything,
    family,
    make_workspace,
    nik,
    square,
    write_boundary,
    write_csv,
)  # fmt: skip

VRT = "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
VRT += "</OGRVRTDataSource>"
VRT_RASTER = "<VRTDataset rasterXSize='1' rasterYSize='1'><VRTRasterBand dataType='Byte' band='1'/></VRTDataset>"
DTD = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "http://127.0.0.1/b">]>'
POINT = '{"type":"FeatureCollection","features":[]}'


def archive(entries: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in entries.items():
            out.writestr(name, data)
    return content.getvalue()


def workbook(**parts: bytes) -> bytes:
    content = io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["kode", "nama"])
    book.active.append(["1", "A"])
    book.save(content)
    with zipfile.ZipFile(content) as old:
        return archive({name: old.read(name) for name in old.namelist()} | parts)


#: id -> (file name, content, code of the refusal)
REFUSED = {
    "row-01-vrt-as-geojson": ("a.geojson", VRT.encode(), "format_mismatch"),
    "row-01-vrt-as-kml": ("a.kml", VRT.encode(), "format_mismatch"),
    "row-01-vrt-as-csv": ("a.csv", VRT.encode(), "format_mismatch"),
    "row-01-vrt-as-gpkg": ("a.gpkg", VRT.encode(), "format_mismatch"),
    "row-02-vrt-in-a-zip": ("a.zip", archive({"a.vrt": VRT.encode()}), None),
    "row-02-zip-in-a-zip": ("a.zip", archive({"b.zip": archive({"a.geojson": b"{}"})}), "archive"),
    "row-03-vrt-as-tif": ("a.tif", VRT_RASTER.encode(), "format_mismatch"),
    "row-03-png-as-tif": ("a.tif", b"\x89PNG\r\n\x1a\n" + bytes(64), "format_mismatch"),
    "row-03-html-as-tif": ("a.tif", b"<html><body>404</body></html>", "format_mismatch"),
    "row-05-traversal": ("a.zip", archive({"../x.geojson": POINT.encode()}), "archive"),
    "row-05-absolute": ("a.zip", archive({"/etc/x.geojson": POINT.encode()}), "archive"),
    "row-05-drive": ("a.zip", archive({"C:\\x.geojson": POINT.encode()}), "archive"),
    "row-05-names-twice": ("a.zip", archive({"a.geojson": b"{}", "A.geojson": b"{}"}), "archive"),
    "row-05-many-entries": ("a.zip", archive({f"{at}.txt": b"" for at in range(3000)}), "archive"),
    "row-06-zip-bomb": ("a.zip", archive({"a.geojson": b" " * 30_000_000}), "archive"),
    "row-06-xlsx-bomb": ("a.xlsx", workbook(**{"xl/big.xml": b" " * 30_000_000}), "archive"),
    "row-06-kmz-bomb": ("a.kmz", archive({"doc.kml": b" " * 30_000_000}), "archive"),
    "row-07-cut-zip": ("a.zip", archive({"a.geojson": POINT.encode()})[:40], None),
    "row-07-cut-xlsx": ("a.xlsx", workbook()[:-200], "archive"),
    "row-10-entities": ("a.xlsx", workbook(**{"xl/drawings/d.xml": DTD.encode() + b"<a/>"}), "workbook"),
    "row-10-macro": ("a.xlsx", workbook(**{"xl/vbaProject.bin": b"x"}), "workbook"),
    "row-10-xlsm": ("a.xlsm", workbook(), "format_unknown"),
    "row-11-kml-entity": ("a.kml", f"{DTD}<kml>&b;</kml>".encode(), "xml_entities"),
    "row-12-gpx-dtd": ("a.gpx", f"{DTD}<gpx>&b;</gpx>".encode(), "xml_entities"),
    "row-12-gml-dtd": ("a.gml", f"{DTD}<FeatureCollection>&b;</FeatureCollection>".encode(), "xml_entities"),
    "row-13-nul-bytes": ("a.csv", b"kode,nama\n1,A\n2,\x00B\n", "csv_nul"),
    "row-13-open-quote": ("a.csv", b'kode,nama\n1,"A\n2,B\n3,C\n', "csv_quote"),
    "row-13-endless-line": ("a.csv", b"kode,nama\n" + b"1" * 9_000_000, "csv_line"),
    "row-13-endless-line-with-mark": ("a.csv", b"\xef\xbb\xbfkode,nama\n" + b"1" * 9_000_000, "csv_line"),
    "row-13-endless-line-utf16": ("a.csv", ("kode,nama\n" + "1" * 9_000_000).encode("utf-16"), "csv_line"),
    "row-17-crs-unknown": ("a.geojson", json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [430000.0, 400000.0]}}]}
    ).encode(), None),
}  # fmt: skip
READ = {"csv": read_text_table, "xlsx": read_text_table, "xlsm": read_text_table, "tif": read_raster_info}


@pytest.fixture
def workspace(tmp_path):
    return make_workspace(tmp_path / "kabupaten", write_boundary(tmp_path / "desa.geojson", DESA))


@pytest.mark.parametrize("case", REFUSED)
def test_refused(tmp_path, case):
    name, content, code = REFUSED[case]
    folder = tmp_path / "masuk"
    folder.mkdir()
    path = folder / name
    path.write_bytes(content)
    began = time.monotonic()
    with pytest.raises(FileRefusedError) as caught:
        READ.get(name.rpartition(".")[2], read_vector)(path)
    assert time.monotonic() - began < 10
    assert code is None or caught.value.code == code
    assert caught.value.id != caught.value.en
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == [name]
    if case.startswith("row-13"):
        assert any(word in caught.value.en for word in ("line 2", "line 3", "row 2", "row 4", "row 5")), caught.value.en


CONNECTIONS = ["/vsicurl/http://a/b.geojson", "http://a/b.csv", "PG:host=a", "MEM:::", "GeoJSON:/etc/passwd"]


@pytest.mark.parametrize("text", CONNECTIONS)
def test_row_04_no_text_is_a_connection(text):
    for read in (read_vector, read_text_table, read_raster_info):
        with pytest.raises(FileRefusedError) as caught:
            read(text)
        assert caught.value.code in ("path_not_local", "file_missing", "format_unknown")


def test_row_08_a_sparse_giant_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "raksasa.tif"
    options = {"driver": "GTiff", "count": 1, "dtype": "float32", "crs": "EPSG:32647", "sparse_ok": True,
               "tiled": True, "transform": Affine(10, 0, 430000, 0, -10, 410000), "bigtiff": "yes"}  # fmt: skip
    with rasterio.open(path, "w", width=100_000, height=100_000, **options):
        pass
    with pytest.raises(FileRefusedError):
        read_raster_info(path)


def test_row_09_rasters_without_crs_or_turned_are_refused_with_what_to_do_and_south_up_is_right(tmp_path):
    def write(name, **changes):
        options = {"driver": "GTiff", "count": 1, "dtype": "float32", "width": 2, "height": 2, "crs": "EPSG:32647",
                   "transform": Affine(100, 0, 430000, 0, -100, 410000)} | changes  # fmt: skip
        with rasterio.open(tmp_path / name, "w", **options) as target:
            target.write(np.ones((1, 2, 2), dtype="float32"))
        return tmp_path / name

    with pytest.raises(FileRefusedError):
        read_raster_info(write("tanpa.tif", crs=None))
    with pytest.raises(FileRefusedError):
        read_raster_info(write("putar.tif", transform=Affine(100, 20, 430000, 20, -100, 410000)))
    assert read_raster_info(write("selatan.tif", transform=Affine(100, 0, 430000, 0, 100, 400000))).height == 2


def test_row_10_hidden_sheets_stay_hidden_and_merged_headings_are_read(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["DAFTAR", None, None])
    book.active.append(["Kode", "Alamat", None])
    book.active.append([None, "Desa", "Dusun"])
    book.active.append(["12", "A", 3])
    for merged in ("A1:C1", "A2:A3", "B2:C2"):
        book.active.merge_cells(merged)
    book.create_sheet("rahasia").sheet_state = "veryHidden"
    book.save(tmp_path / "b.xlsx")
    assert list(read_text_table(tmp_path / "b.xlsx").columns) == ["Kode", "Alamat | Desa", "Alamat | Dusun"]
    assert table_sheets(tmp_path / "b.xlsx") == ["Sheet"]


def test_row_11_html_in_a_balloon_is_text_and_a_link_is_not_followed(tmp_path):
    path = tmp_path / "a.kml"
    path.write_text(
        '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        "<NetworkLink><Link><href>http://127.0.0.1/x.kml</href></Link></NetworkLink>"
        "<Placemark><name>&lt;b&gt;SD&lt;/b&gt;</name><description><![CDATA[<script>1</script>]]></description>"
        "<Point><coordinates>98.1,3.5</coordinates></Point></Placemark></Document></kml>"
    )
    assert len(read_vector(path).frame) == 1


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_row_13_encodings_and_separators(tmp_path, encoding, separator):
    path = tmp_path / "a.csv"
    rows = [["kode", "nama", "luas"], ["0101", "Désa", '"1.234,5"'], ["0102", "B", '"36,5"']]
    path.write_bytes("\r\n".join(separator.join(row) for row in rows).encode(encoding))
    frame = read_text_table(path)
    assert frame.to_dict("list") == {"kode": ["0101", "0102"], "nama": ["Désa", "B"], "luas": ["1.234,5", "36,5"]}
    assert read_preview(path)[1][0] == "0101"


def test_row_14_damaged_nik_are_listed_row_by_row_and_none_is_changed(workspace, tmp_path):
    bad = ["3.30101E+15", "990101010170001", "99010101017000AB", nik(1), "9901010101700011.0"]
    rows = [family(1), *(family(at, nik=text) for at, text in enumerate(bad, start=2))]
    report = ingest(workspace, write_csv(tmp_path / "k.csv", rows), period="2025")
    assert report.reasons == {"nik_damaged": 4, "nik_duplicate": 1}
    write_quarantine(workspace, report.quarantine, tmp_path / "q.csv")
    with (tmp_path / "q.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["nik"] for row in csv.DictReader(stream)] == bad


def test_row_15_every_bad_position_is_counted_and_none_is_on_the_map(workspace, tmp_path):
    positions = {"coordinate_missing": ("", ""), "coordinate_zero": ("0", "0"), "coordinate_swapped": ("98.05", "3.55"),
                 "coordinate_outside": ("3.55", "99.9")}  # fmt: skip
    rows = [family(at, lintang=y, bujur=x) for at, (y, x) in enumerate(positions.values(), start=1)]
    report = ingest(workspace, write_csv(tmp_path / "k.csv", [*rows, family(9)]), period="2025")
    assert report.warnings == dict.fromkeys(positions, 1)
    frame = read_snapshot(latest_snapshot(workspace))
    assert frame["longitude"].notna().sum() == 1
    assert len(frame) == 5


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-inf", "#DIV/0!", "#N/A"])
def test_row_16_what_is_not_finite_is_a_rejected_row(workspace, tmp_path, text):
    rows = [family(1), family(2, bujur=text), family(3, luas_lantai=text)]
    report = ingest(workspace, write_csv(tmp_path / "k.csv", rows), period="2025")
    assert report.reasons == {"not_finite": 2}


def test_row_17_degrees_called_metres_are_told(tmp_path):
    frame = gpd.GeoDataFrame({"n": [1]}, geometry=[shapely.box(98.0, 3.5, 98.1, 3.6)], crs="EPSG:32647")
    frame.to_file(tmp_path / "a.gpkg")
    read = read_vector(tmp_path / "a.gpkg")
    assert read.problems
    assert read.frame.crs.to_epsg() == 4326


def test_row_18_a_bow_tie_is_repaired_and_its_area_told(tmp_path):
    ring = [[98.0, 3.5], [98.1, 3.6], [98.1, 3.5], [98.0, 3.6], [98.0, 3.5]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    read = read_vector(tmp_path / "a.geojson")
    assert read.frame.geometry.is_valid.all()
    assert [problem.code for problem in read.problems]


def test_row_19_a_family_where_desa_overlap_is_counted_once(tmp_path):
    overlapping = {"12.05.01.2001": (98.0, 3.5), "12.05.01.2002": (98.05, 3.5)}
    workspace = make_workspace(tmp_path / "w", write_boundary(tmp_path / "desa.geojson", overlapping))
    rows = [family(at, lintang="3.55", bujur="98.07") for at in (1, 2)]
    report = ingest(workspace, write_csv(tmp_path / "k.csv", rows), period="2025")
    assert (report.families, len(read_snapshot(latest_snapshot(workspace)))) == (2, 2)


def test_row_19_one_code_twice_is_refused(workspace, tmp_path):
    features = [
        {"type": "Feature", "properties": {"kode": "12.05.01.2001"},
         "geometry": {"type": "Polygon", "coordinates": [square(x, 3.5)]}} for x in (98.0, 98.3)
    ]  # fmt: skip
    path = tmp_path / "ganda.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with pytest.raises(FileRefusedError, match=r"12\.05\.01\.2001 \(2×\)"):
        add_layer(workspace, path, role="boundary", name="desa", level="desa", key="kode", replace=True)


def test_row_20_the_two_code_systems_meet_in_a_crosswalk_or_are_refused(workspace, tmp_path):
    file = write_csv(tmp_path / "k.csv", [family(at, kode_desa=code) for at, code in enumerate(CROSSWALK.values(), 1)])
    with pytest.raises(GisappError) as caught:
        ingest(workspace, file, period="2025")
    assert caught.value.code == "code_system"
    table = tmp_path / "padanan.csv"
    table.write_text("kode_kemendagri,kode_bps\n" + "".join(f"{k},{b}\n" for k, b in CROSSWALK.items()))
    add_layer(workspace, table, role="table", name="crosswalk", kind="crosswalk")
    ingest(open_workspace(workspace.root), file, period="2025")
    assert read_snapshot(latest_snapshot(workspace))["code"].tolist() == list(DESA)


HOSTILE = ["<script>1</script>", "${alert(1)}", "{{7*7}}", "`x`", "\u202eabc", "\U0001f3e0", "x" * 10_000]


@pytest.mark.parametrize("name", HOSTILE)
def test_row_24_names_stay_text(tmp_path, name):
    path = tmp_path / "a.csv"
    pd.DataFrame({"nama": [name], "lintang": ["3.5"], "bujur": ["98.1"]}).to_csv(path, index=False)
    assert read_points(path).frame["nama"].tolist() == [name]


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://a")'])
def test_row_25_a_cell_that_would_run_is_data_on_the_way_in_and_inert_on_the_way_out(tmp_path, cell):
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([["kode", "nama"], ["1", cell]])
    assert read_table(path).frame["nama"].tolist() == [cell]
    assert inert(cell) == f"'{cell}"
    assert inert("-1,5") == "-1,5"


@pytest.mark.parametrize("name", ["a\nb.csv", "a\x00b.csv", "a\x1bb.csv"])
def test_row_26_a_name_with_control_characters_is_refused(name):
    with pytest.raises(FileRefusedError) as caught:
        read_text_table(name)
    assert caught.value.code == "file_name"
    assert "\n" not in caught.value.en.split(":")[0]


def test_row_26_a_file_is_stored_under_the_name_of_its_layer(workspace, tmp_path):
    folder = tmp_path / "x"
    folder.mkdir()
    path = folder / ("..%2F..%00" + "n" * 150 + ".csv")
    path.write_text("kode_kemendagri,kode_bps\n12.05.01.2001,1213010001\n")
    before = everything(tmp_path)
    add_layer(workspace, path, role="table", name="crosswalk", kind="crosswalk")
    made = [Path(name) for name in everything(tmp_path) if name not in before]
    assert all("kabupaten" in str(one) and ".." not in one.parts for one in made)
