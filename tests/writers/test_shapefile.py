"""Names of ten characters that differ, and a legend that explains them."""

import csv
import io
import zipfile

import pyogrio
import pytest

from gisapp.columns import COLLECTIONS, columns_of
from gisapp.writers.collection import write_collection
from gisapp.writers.shapefile import SHORT_NAMES, short_names


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_column_has_its_own_short_name_that_was_chosen(collection):
    names = short_names(columns_of(collection))
    assert len({short.casefold() for short in names.values()}) == len(names)
    assert all(len(short) <= 10 for short in names.values())
    assert [name for name in names if len(name) > 10 and name not in SHORT_NAMES] == []


def test_unknown_long_names_are_numbered():
    assert list(short_names(["kemiskinan_ekstrem", "kemiskinan_total"]).values()) == ["kemiskinan", "kemiskin_1"]


def test_long_text_is_cut_whole_and_the_legend_says_so(interventions, tmp_path):
    interventions.loc[1, "why_id"] = "é" * 200
    path = tmp_path / "interventions.zip"
    write_collection(interventions, path, collection="interventions")
    found = pyogrio.read_dataframe(f"/vsizip/{path}/interventions.shp")
    assert found["why_id"].str.len().tolist() == [254, 127]
    with zipfile.ZipFile(path) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("legend.csv").decode("utf-8-sig"))))
    cut = {row["column"]: row["cut_to_254_bytes"] for row in rows}
    assert cut["why_id"] == "2"
    assert {row["dbf"]: row["id"] for row in rows}["interv_id"] == "Usulan"


def test_a_file_named_shp_comes_with_its_parts_beside_it(areas, tmp_path):
    write_collection(areas, tmp_path / "desa.shp", collection="areas", crs="32647")
    assert {path.name for path in tmp_path.iterdir()} == {
        "desa.cpg", "desa.dbf", "desa.prj", "desa.shp", "desa.shx", "desa-legend.csv", "desa-metadata.txt",
    }  # fmt: skip
    found = pyogrio.read_dataframe(tmp_path / "desa.shp")
    assert found["code"].tolist() == areas["code"].tolist()
    assert found.crs.to_epsg() == 32647
