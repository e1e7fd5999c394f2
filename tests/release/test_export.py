"""Exports of a run: counts, hash, the facts inside, the same bytes each time."""

import hashlib
import json
import zipfile

import openpyxl
import pytest
from small_district import SmallRun

from gisapp.errors import InvalidParameterError
from gisapp.release.export import export_collection


def test_the_report_counts_rows_and_names_the_bytes(workspace, run, tmp_path):
    path = tmp_path / "areas.geojson"
    report = export_collection(workspace, run, "areas", path)
    assert report.features == 16
    assert report.suppressed == 2
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_file_says_what_share_lives_outside_all_pockets(workspace, run, tmp_path):
    path = tmp_path / "pockets.geojson"
    export_collection(workspace, run, "pockets", path)
    facts = json.loads(path.read_text())["metadata"]
    assert facts["poor_families_outside_pockets"] == 0.263
    assert facts["families_outside_pockets"] == 0.53
    assert facts["synthetic"] is True
    assert facts["run_id"] == "run0run0run0"
    assert facts["period"] == "2025-1"
    assert facts["k"] == 5
    assert "dibuat oleh komputer" in facts["notice"]


@pytest.mark.parametrize("ending", ["geojson", "csv", "xlsx", "gpkg", "parquet", "kml", "shp.zip"])
def test_a_file_for_strangers_says_nothing_of_pockets_before_they_are_published(workspace, run, tmp_path, ending):
    path = tmp_path / f"areas.{ending}"
    export_collection(workspace, run, "areas", path, audience="public")
    content = path.read_bytes()
    for part in zipfile.ZipFile(path).namelist() if zipfile.is_zipfile(path) else ():
        content += zipfile.ZipFile(path).read(part)
    assert b"outside_pockets" not in content


def test_xlsx_says_how_many_rows_are_withheld_in_the_language(workspace, run, tmp_path):
    path = tmp_path / "areas.xlsx"
    export_collection(workspace, run, "areas", path, lang="en")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["areas", "Columns", "Metadata"]
    facts = {row[2].value: row[1].value for row in book["Metadata"].iter_rows(min_row=2)}
    assert facts["suppressed"] == 2
    assert "fewer than 5" in facts["disclosure_rule"]
    book.close()


@pytest.mark.parametrize("collection", ["areas", "cells", "pockets", "interventions_point", "gaps"])
def test_the_same_run_gives_the_same_bytes(workspace, collection, tmp_path):
    for format in ("geojson", "gpkg", "xlsx"):
        hashes = {
            export_collection(workspace, SmallRun(), collection, tmp_path / f"{n}.{format}").sha256 for n in range(2)
        }
        assert len(hashes) == 1


def test_an_unknown_language_is_refused(workspace, run, tmp_path):
    with pytest.raises(InvalidParameterError, match="id or en"):
        export_collection(workspace, run, "areas", tmp_path / "a.csv", lang="nl")
