"""Kemendagri and BPS codes are told apart on the boundary layer, never by luck."""

import numpy as np
import pytest

from gisapp.analysis.codes import guess_system
from gisapp.errors import RegistryError
from gisapp.registry.area_codes import CodeBook, CodeTally, bare_codes, join_parts, refuse_other
from gisapp.registry.ingest import ingest
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from gisapp.workspace.add import add_layer
from gisapp.workspace.folder import open_workspace
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


@pytest.mark.parametrize("wrong", ["9901010101700012", "Nama Rekaan"])
def test_a_refusal_never_shows_a_number_or_a_name_that_stands_in_the_code_s_column(workspace, files, wrong):
    with pytest.raises(RegistryError) as caught:
        ingest(workspace, files.csv([family(number, kode_desa=wrong) for number in range(1, 4)]), period="2025")
    assert caught.value.code == "area_unknown"
    assert all(wrong.casefold() not in text.casefold() for text in (caught.value.en, caught.value.id))


def test_parts_that_a_spreadsheet_took_for_numbers_keep_their_place():
    import pandas as pd

    parts = [
        pd.Series(values, dtype="str") for values in (["12.0", "12,0"], ["5.0", "10"], ["1.0", "20"], ["2001.0"] * 2)
    ]
    assert bare_codes(join_parts(parts, "kemendagri")).tolist() == ["1205012001", "1210202001"]


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


def test_undotted_codes_whose_last_part_begins_with_0_make_no_bps_layer_and_no_mixed_file(tmp_path, files):
    codes = {code.replace(".", ""): corner for code, corner in DESA.items()}
    workspace = make_workspace(tmp_path / "ws", write_boundary(tmp_path / "polos.geojson", codes))
    many = rows([*codes] * 40)
    wrong = [family(990 + at, kode_desa="1205010001") for at in range(1)]
    report = ingest(workspace, files.csv([*many, *wrong]), period="2025")
    assert (report.codes, report.accepted, report.reasons) == ("kemendagri", 160, {"area_unknown": 1})


def test_where_both_systems_say_1222_a_mixed_file_is_refused_by_the_boundary(tmp_path, files):
    codes = {"12.22.01.2001": (98.0, 3.5), "12.22.01.2002": (98.1, 3.5)}
    workspace = make_workspace(tmp_path / "ws", write_boundary(tmp_path / "labusel.geojson", codes))
    whole = files.csv(rows(["1222010051", "1222010052"]), "bps.csv")
    with pytest.raises(RegistryError, match="system bps") as caught:
        ingest(workspace, whole, period="2025")
    assert caught.value.code == "code_system"
    with pytest.raises(RegistryError, match=r"Rows: 4 \(1222010051\)"):
        ingest(workspace, files.csv(rows([*codes, "1222010051"]), "campur.csv"), period="2025")


def test_bps_1205_is_another_district_and_not_langkat(workspace, files):
    """Langkat is 12.05 for Kemendagri and 1213 for BPS; 1205 of BPS is Tapanuli Utara."""
    with pytest.raises(RegistryError) as caught:
        ingest(workspace, files.csv(rows(["1205040017", "1205040023"])), period="2025")
    assert caught.value.code == "code_system"


PAIRS = [("12.05.01.2001", "1213010001", "2015", "2020-12-31"), ("12.05.01.2002", "1213010001", "2021-01-01", "")]


@pytest.mark.parametrize(("period", "code"), [("2019", "12.05.01.2001"), ("2025-06", "12.05.01.2002")])
def test_a_dated_crosswalk_is_the_one_of_the_period(workspace, files, tmp_path, period, code):
    table = tmp_path / "padanan.csv"
    lines = ["kode_kemendagri,kode_bps,berlaku_mulai,berlaku_sampai", *(",".join(pair) for pair in PAIRS)]
    table.write_text("\n".join(lines) + "\n")
    add_layer(workspace, table, role="table", name="crosswalk", kind="crosswalk")
    workspace = open_workspace(workspace.root)
    ingest(workspace, files.csv(rows(["1213010001"])), period=period)
    assert codes_of(workspace) == [code]


@pytest.mark.shared_data
def test_real_codes_of_both_districts_are_told_by_their_form(shared_data):
    import geopandas as gpd

    folder = shared_data / "boundaries"
    for district in ("langkat", "labuhanbatu_selatan"):
        own = gpd.read_file(folder / f"kemendagri2025_{district}_desa.geojson")["kode"].astype("str")
        other = gpd.read_file(folder / f"bps2020_{district}_desa.gpkg")["village_code"].astype("str")
        assert guess_system(own.str.replace(".", "")) == "kemendagri"
        assert guess_system(other) == "bps"
