"""Kemendagri and BPS codes are told apart on the boundary layer, never by luck."""

import numpy as np
import pytest

from gisapp.errors import RegistryError
from gisapp.registry.area_codes import CodeBook, CodeTally, bare_codes, join_parts, refuse_other
from gisapp.registry.ingest import ingest
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from tests.registry.conftest import CROSSWALK, DESA, family, make_workspace, write_boundary

KEMENDAGRI, BPS = list(DESA), list(CROSSWALK.values())


def rows(codes):
    return [family(number, kode_desa=code) for number, code in enumerate(codes, start=1)]


def codes_of(workspace):
    return read_snapshot(latest_snapshot(workspace))["code"].tolist()


@pytest.mark.parametrize("text", ["12.05.01.2001", "1205012001", " 12.05.01.2001 ", "1205012001.0", "12 05 01 2001"])
def test_a_code_is_matched_however_it_is_written(workspace, files, text):
    ingest(workspace, files.csv(rows([text])), period="2025")
    assert codes_of(workspace) == ["12.05.01.2001"]


def test_a_file_of_the_other_system_is_refused_and_nothing_is_written(workspace, files):
    before = sorted(workspace.registry_folder.rglob("*"))
    with pytest.raises(RegistryError, match="kode_bps") as caught:
        ingest(workspace, files.csv(rows(BPS)), period="2025")
    assert caught.value.code == "code_system"
    assert sorted(workspace.registry_folder.rglob("*")) == before
    assert latest_snapshot(workspace) is None


@pytest.mark.parametrize("declared", [None, "bps"])
def test_with_a_crosswalk_the_codes_are_translated(workspace_with_crosswalk, files, declared):
    report = ingest(workspace_with_crosswalk, files.csv(rows(BPS)), period="2025", codes=declared)
    assert (report.codes, report.accepted) == ("bps", 4)
    assert codes_of(workspace_with_crosswalk) == KEMENDAGRI


def test_a_crosswalk_does_not_touch_a_file_of_the_boundary_s_own_system(workspace_with_crosswalk, files):
    report = ingest(workspace_with_crosswalk, files.csv(rows(KEMENDAGRI)), period="2025")
    assert (report.codes, report.reasons) == ("kemendagri", {})
    assert codes_of(workspace_with_crosswalk) == KEMENDAGRI


def test_a_declared_system_needs_a_crosswalk_or_must_be_true(workspace, workspace_with_crosswalk, files):
    with pytest.raises(RegistryError, match="declared as bps"):
        ingest(workspace, files.csv(rows(KEMENDAGRI)), period="2025", codes="bps")
    with pytest.raises(RegistryError, match="not kemendagri as declared"):
        ingest(workspace_with_crosswalk, files.csv(rows(BPS), "b.csv"), period="2025", codes="kemendagri")
    with pytest.raises(RegistryError, match="mixes"):
        ingest(workspace_with_crosswalk, files.csv(rows(KEMENDAGRI), "k.csv"), period="2025", codes="bps")


def test_a_mixed_file_is_refused_with_its_rows(workspace, workspace_with_crosswalk, files):
    mixed = files.csv(rows([*KEMENDAGRI, BPS[0], BPS[1]]))
    for place in (workspace, workspace_with_crosswalk):
        with pytest.raises(RegistryError, match=r"Rows: 6 \(1213010001\), 7 \(1213010002\)") as caught:
            ingest(place, mixed, period="2025")
        assert caught.value.code == "code_system"


def test_another_district_s_file_is_refused(workspace, files):
    with pytest.raises(RegistryError, match="another district") as caught:
        ingest(workspace, files.csv(rows(["12.07.01.2001", "12.07.01.2002"])), period="2025")
    assert caught.value.code == "area_unknown"


def test_the_same_digits_mean_another_place_in_the_other_system():
    """Labuhanbatu Selatan: 1222 in both systems, and a BPS code can be another desa's Kemendagri code."""
    pairs = {"1222011001": "12.22.01.2002", "1222010002": "12.22.01.1001"}
    book = CodeBook(["12.22.01.1001", "12.22.01.2002"], declared_system="kemendagri", crosswalk=pairs)
    bare = np.array(["1222011001"], dtype=object)
    seen = (np.array([False]), np.array([2]), CodeTally())
    assert book.kind_of("1222011001") == "both"
    assert book.look_up(bare, *seen, translate=False)[0].tolist() == ["12.22.01.1001"]
    assert book.look_up(bare, *seen, translate=True)[0].tolist() == ["12.22.01.2002"]


def test_a_few_wrong_codes_are_unknown_areas_and_no_mixture(workspace, files):
    many = rows(KEMENDAGRI * 30)
    report = ingest(workspace, files.csv([*many, family(999, kode_desa="12.05.99.0001")]), period="2025")
    assert (report.accepted, report.reasons) == (120, {"area_unknown": 1})


def test_a_single_code_of_the_other_system_says_so(workspace, workspace_with_crosswalk, files):
    file = files.csv([*rows(KEMENDAGRI * 30), family(999, kode_desa=BPS[0])])
    for place in (workspace, workspace_with_crosswalk):
        report = ingest(place, file, period="2025")
        assert (report.accepted, report.reasons) == (120, {"area_unknown": 1, "code_system": 1})


def test_an_unknown_code_is_no_code_of_the_other_system_by_its_digits_alone(tmp_path, workspace, files):
    """A dotted code is Kemendagri's; over BPS boundaries a seventh digit of 9 fits neither system."""
    few = ingest(
        workspace, files.csv([*rows(KEMENDAGRI), family(99, kode_desa="12.05.99.0001")], "k.csv"), period="2025"
    )
    assert (few.accepted, few.reasons) == (4, {"area_unknown": 1})
    layer = write_boundary(tmp_path / "bps.geojson", dict(zip(BPS, DESA.values(), strict=True)))
    bps = make_workspace(tmp_path / "ws", layer)
    few = ingest(bps, files.csv([*rows(BPS), family(99, kode_desa="1213999001")], "b.csv"), period="2025")
    assert (few.accepted, few.reasons) == (4, {"area_unknown": 1})


def test_boundaries_of_bps_take_bps_codes(tmp_path, files):
    layer = write_boundary(
        tmp_path / "bps.geojson", dict(zip((f"id{code}" for code in BPS), DESA.values(), strict=True))
    )
    workspace = make_workspace(tmp_path / "ws", layer)
    assert ingest(workspace, files.csv(rows(BPS)), period="2025").codes == "bps"
    assert codes_of(workspace) == [f"id{code}" for code in BPS]
    with pytest.raises(RegistryError, match="system kemendagri"):
        ingest(workspace, files.csv(rows(KEMENDAGRI), "k.csv"), period="2025")


def test_a_file_with_the_parts_in_columns_of_their_own(workspace, files):
    parts = {"kode_provinsi": "12", "kode_kabupaten": "12.05", "kode_kecamatan": "1"}
    file = files.csv([{**family(1, kode_desa="2002"), **parts}, {**family(2, kode_desa="12.05.01.2001"), **parts}])
    ingest(workspace, file, period="2025")
    assert codes_of(workspace) == ["12.05.01.2002", "12.05.01.2001"]


def test_a_code_in_parts_is_put_together():
    import pandas as pd

    parts = [
        pd.Series(values, dtype="str") for values in (["12", "12"], ["5", "5"], ["1", "1"], ["2001", "1205012002"])
    ]
    assert bare_codes(join_parts(parts, "kemendagri")).tolist() == ["1205012001", "1205012002"]


@pytest.mark.shared_data
@pytest.mark.parametrize("district", ["langkat", "labuhanbatu_selatan"])
def test_real_codes_of_the_two_systems_are_never_confused(shared_data, district):
    import geopandas as gpd

    folder = shared_data / "boundaries"
    own = gpd.read_file(folder / f"kemendagri2025_{district}_desa.geojson")["kode"]
    other = gpd.read_file(folder / f"bps2020_{district}_desa.gpkg")["village_code"]
    for boundary, file in ((own, other), (other, own)):
        book = CodeBook(boundary, declared_system="kemendagri", crosswalk={})
        bare, tally = bare_codes(file.astype("str")), CodeTally()
        book.look_up(bare, np.zeros(len(bare), dtype=bool), np.arange(len(bare)), tally, translate=False)
        with pytest.raises(RegistryError) as caught:
            refuse_other(book, tally, translate=False)
        assert caught.value.code == "code_system"
