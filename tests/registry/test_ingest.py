"""Intake: every row is accepted or put aside whole, with its reason; nothing is read as something else."""

import stat

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, text

from gisapp.columns import SNAPSHOT
from gisapp.errors import FileRefusedError, InvalidParameterError, RegistryError
from gisapp.registry.forms import load_form
from gisapp.registry.ingest import ingest
from gisapp.registry.preview import preview
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from gisapp.registry.typed import read_rows
from gisapp.store.database import session
from tests.registry.conftest import family, nik

GOOD = [family(number) for number in range(1, 6)]


def families_of(workspace, period=None):
    return read_snapshot(latest_snapshot(workspace, period))


def test_good_rows_become_families_with_every_column_of_the_snapshot(workspace, files):
    report = ingest(workspace, files.csv(GOOD), period="2025")
    assert (report.rows, report.accepted, report.quarantined, report.families) == (5, 5, 0, 5)
    assert (report.reasons, report.warnings) == ({}, {})
    assert (report.form, report.codes) == ("regsosek2022k", "kemendagri")
    frame = families_of(workspace)
    assert list(frame.columns) == list(SNAPSHOT)
    first = frame.iloc[0]
    assert first["code"] == "12.05.01.2001"
    assert (first["longitude"], first["latitude"]) == (98.0101, 3.5101)
    assert (first["persons"], first["decile"], first["children_7_12"]) == (4, 1, 1)
    assert frame["family_id"].tolist() == ["0000002", "0000003", "0000004", "0000005", "0000006"]
    assert [bool(first[name]) for name in ("schooling", "work", "water", "housing")] == [False] * 4
    assert (bool(first["receives_pkh"]), bool(first["receives_bpnt"]), bool(first["receives_pbi"])) == (
        True,
        False,
        True,
    )


def test_the_snapshot_is_private_and_holds_no_identity(workspace, files):
    ingest(workspace, files.csv([*GOOD, family(9, desil="11")]), period="2025")
    ref = latest_snapshot(workspace)
    assert ref.path.name == f"2025-{ref.hash[:12]}.parquet"
    assert stat.S_IMODE(ref.path.stat().st_mode) == 0o600
    secrets = [row[name].encode() for row in [*GOOD, family(9)] for name in ("nik", "no_kk", "nama_kepala_keluarga")]
    secrets.append(b"Dusun Rekaan")
    for path in workspace.root.rglob("*"):
        if path.is_file():
            assert not [secret for secret in secrets if secret in path.read_bytes()], path
    assert not {"nik", "no_kk"} & set(families_of(workspace).columns)


DEFECTS = {
    "area_unknown": {"kode_desa": "12.05.01.2999"},
    "nik_damaged": {"nik": "9.90101E+15"},
    "nik_duplicate": {"nik": nik(1)},
    "kk_damaged": {"no_kk": "9902010101700002.0"},
    "kk_duplicate": {"no_kk": family(1)["no_kk"]},
    "decile_invalid": {"desil": "11"},
    "persons_invalid": {"jumlah_anggota": "0"},
    "formula_cell": {"alamat": "=HYPERLINK(1)"},
    "not_finite": {"lintang": "NaN"},
}


@pytest.mark.parametrize("code", DEFECTS)
def test_a_defect_puts_its_row_aside_and_no_other(workspace, files, code):
    report = ingest(workspace, files.csv([*GOOD, family(50, **DEFECTS[code]), family(51)]), period="2025")
    assert (report.rows, report.accepted, report.quarantined) == (7, 6, 1)
    assert report.reasons == {code: 1}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"nik": "990101010170001"}, "nik_damaged"),
        ({"nik": "99010101017O0011"}, "nik_damaged"),
        ({"nik": "9901010101700011.0"}, "nik_damaged"),
        ({"nik": "99.0101…0011"}, "nik_damaged"),
        ({"no_kk": "9,90201E+15"}, "kk_damaged"),
        ({"desil": "0"}, "decile_invalid"),
        ({"desil": "1,5"}, "decile_invalid"),
        ({"desil": "miskin"}, "decile_invalid"),
        ({"jumlah_anggota": ""}, "persons_invalid"),
        ({"jumlah_anggota": "-2"}, "persons_invalid"),
        ({"jumlah_anggota": "2019"}, "persons_invalid"),
        ({"kode_desa": ""}, "area_unknown"),
        ({"bujur": "Infinity"}, "not_finite"),
        ({"luas_lantai": "#DIV/0!"}, "not_finite"),
    ],
)
def test_other_faces_of_a_defect(workspace, files, changes, code):
    report = ingest(workspace, files.csv([*GOOD, family(50, **changes)]), period="2025")
    assert report.reasons == {code: 1}


@pytest.mark.parametrize("unknown", ["0", "", "-", "0000000000000000"])
def test_people_without_a_nik_are_kept_apart_and_kept(workspace, files, unknown):
    report = ingest(workspace, files.csv([*GOOD, family(50, nik=unknown), family(51, nik=unknown)]), period="2025")
    assert report.accepted == 7
    assert report.warnings == {"nik_unknown": 2}


@pytest.mark.parametrize("text", ["desil 3", "Desil 3", "3", "3.0", " 3 ", "03"])
def test_a_decile_in_words_is_read(workspace, files, text):
    ingest(workspace, files.csv([family(1, desil=text)]), period="2025")
    assert families_of(workspace)["decile"].tolist() == [3]


def test_a_blank_decile_is_unknown(workspace, files):
    report = ingest(workspace, files.csv([family(1, desil=""), family(2)]), period="2025")
    assert report.warnings == {"decile_missing": 1}
    assert families_of(workspace)["decile"].isna().tolist() == [True, False]


POSITIONS = {
    "missing": {"lintang": ""},
    "zero": {"lintang": "0", "bujur": "0.0"},
    "swapped": {"lintang": "98.05", "bujur": "3.55"},
    "outside": {"lintang": "3.55", "bujur": "99.05"},
}


@pytest.mark.parametrize("status", POSITIONS)
def test_a_family_with_a_bad_position_still_counts_in_its_desa(workspace, files, status):
    report = ingest(workspace, files.csv([family(1), family(2, **POSITIONS[status])]), period="2025")
    assert (report.accepted, report.warnings) == (2, {f"coordinate_{status}": 1})
    frame = families_of(workspace)
    assert frame["coordinate_status"].tolist() == ["ok", status]
    assert frame["code"].tolist() == ["12.05.01.2001"] * 2
    assert frame.loc[1, ["longitude", "latitude"]].isna().all()


def test_more_families_on_one_point_than_the_threshold_are_stacked(workspace, files):
    most = workspace.settings.stack_threshold
    here, there = {"lintang": "3.52", "bujur": "98.02"}, {"lintang": "3.53", "bujur": "98.03"}
    rows = [family(n, **here) for n in range(most)] + [family(n, **there) for n in range(most, 2 * most + 1)]
    report = ingest(workspace, files.csv(rows), period="2025")
    assert report.warnings == {"coordinate_stacked": most + 1}
    assert families_of(workspace)["coordinate_status"].tolist() == ["ok"] * most + ["stacked"] * (most + 1)


@pytest.mark.parametrize(
    ("lintang", "bujur"), [("3,5512", "98,0123"), ("3°33'4.32\"LU", "98°0'44.28\"BT"), (" 3.5512 ", "98.0123")]
)
def test_positions_are_read_as_offices_write_them(workspace, files, lintang, bujur):
    ingest(workspace, files.csv([family(1, lintang=lintang, bujur=bujur)], separator=";"), period="2025")
    frame = families_of(workspace)
    assert frame["coordinate_status"].tolist() == ["ok"]
    assert frame["latitude"][0] == pytest.approx(3.5512)
    assert frame["longitude"][0] == pytest.approx(98.0123)


def test_a_point_just_across_the_line_is_inside_and_a_kilometre_off_is_not(workspace, files):
    near, far = 98.0 - 200 / 111_000, 98.0 - 1000 / 111_000
    rows = [family(1, bujur=f"{near:.6f}"), family(2, bujur=f"{far:.6f}")]
    ingest(workspace, files.csv(rows), period="2025")
    assert families_of(workspace)["coordinate_status"].tolist() == ["ok", "outside"]


def test_an_answer_that_no_code_list_holds_is_unknown_with_a_warning(workspace, files):
    report = ingest(workspace, files.csv([family(1), family(2, kd_jenis_dinding="77")]), period="2025")
    assert report.warnings == {"form_code_unknown": 1}
    assert families_of(workspace)["housing"].isna().tolist() == [False, True]


def all_rows(workspace):
    """Every row of every table."""
    with session(workspace.database, write=False) as database:
        names = sorted(inspect(database.connection()).get_table_names())
        return {name: database.execute(text(f'SELECT * FROM "{name}"')).all() for name in names}


def test_the_same_file_twice_changes_nothing(workspace, files):
    file = files.csv([*GOOD, family(9, desil="11")])
    first = ingest(workspace, file, period="2025")
    before = sorted(path.name for path in workspace.registry_folder.rglob("*"))
    rows = all_rows(workspace)
    again = ingest(workspace, file.rename(file.with_name("salinan.csv")), period="2025")
    assert again.unchanged
    assert not first.unchanged
    assert {**again.as_dict(), "unchanged": False} == first.as_dict()
    assert sorted(path.name for path in workspace.registry_folder.rglob("*")) == before
    assert all_rows(workspace) == rows


def test_another_period_is_another_snapshot_and_the_later_one_is_the_latest(workspace, files):
    file = files.csv(GOOD)
    later = ingest(workspace, file, period="2025")
    earlier = ingest(workspace, file, period="2024")
    assert later.snapshot != earlier.snapshot
    assert latest_snapshot(workspace).period == "2025"
    assert latest_snapshot(workspace, "2024").hash == earlier.snapshot
    assert latest_snapshot(workspace, "2023") is None


def test_a_newer_file_of_the_period_takes_the_place_of_the_older(workspace, files):
    ingest(workspace, files.csv(GOOD), period="2025")
    newer = ingest(workspace, files.csv(GOOD[:3], "baru.csv"), period="2025")
    assert latest_snapshot(workspace).hash == newer.snapshot
    assert len(families_of(workspace)) == 3


def test_the_same_rows_in_csv_xlsx_and_parquet_are_the_same_snapshot(workspace, files):
    frame = pd.DataFrame(GOOD)
    frame.to_excel(files.folder / "a.xlsx", index=False)
    frame.to_parquet(files.folder / "a.parquet")
    paths = [files.csv(GOOD), files.folder / "a.xlsx", files.folder / "a.parquet"]
    reports = [ingest(workspace, path, period="2025") for path in paths]
    assert len({report.snapshot for report in reports}) == 1
    assert len({report.quarantine for report in reports}) == 3


def test_titles_totals_and_footnotes_are_no_rows(workspace, files):
    text = files.csv(GOOD).read_text()
    header, *rows = text.splitlines()
    blank = "," * header.count(",")
    width = header.count(",") + 1
    numbering = ",".join(f"({n})" for n in range(1, width + 1))
    lines = ["DAFTAR KELUARGA 2025" + blank, header, numbering, *rows, "Jumlah,5" + blank[1:], "Sumber: rekaan" + blank]
    report = ingest(workspace, files.text("\n".join(lines) + "\n"), period="2025")
    assert (report.rows, report.accepted) == (5, 5)
    assert report.warnings == {"note_row": 3}


def test_subtotals_and_headings_that_come_again_are_no_rows(workspace, files):
    header, *rows = files.csv(GOOD).read_text().splitlines()
    blank = "," * (header.count(",") - 1)
    lines = [header, *rows[:2], f"Subtotal Kec. Rekaan,9{blank}", header, *rows[2:], f"Grand Total,20{blank}"]
    report = ingest(workspace, files.text("\n".join(lines) + "\n"), period="2025")
    assert (report.rows, report.accepted, report.warnings) == (5, 5, {"note_row": 3})


def test_what_other_rows_hold_never_changes_a_number(workspace, files):
    areas = ["20.500", "20,5", "20.5", "1.234,5", "1.250.000"]
    columns = {"floor_area_m2": "luas_lantai"}
    whole = pd.DataFrame({"luas_lantai": areas})
    together = read_rows(whole, columns, load_form("regsosek2022k")).numbers["floor_area_m2"].tolist()
    assert together == [20.5, 20.5, 20.5, 1234.5, 1250000.0]
    alone = [read_rows(whole.iloc[[at]], columns, load_form("regsosek2022k")) for at in range(len(areas))]
    assert [one.numbers["floor_area_m2"][0] for one in alone] == together


def test_sheets_that_are_not_read_are_told(workspace, files):
    path = files.folder / "dua.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame(GOOD).to_excel(book, sheet_name="Kecamatan 1", index=False)
        pd.DataFrame([family(9)]).to_excel(book, sheet_name="Kecamatan 2", index=False)
    assert preview(workspace, path).warnings == {"sheet_unread": 1}
    report = ingest(workspace, path, period="2025")
    assert (report.accepted, report.warnings) == (5, {"sheet_unread": 1})


def test_footnotes_with_commas_are_no_rows_and_a_cut_row_is_one(workspace, files):
    lines = files.csv(GOOD).read_text().splitlines()
    cut = ",".join(lines[-1].split(",")[:3])
    notes = ["Sumber: Dinas Sosial, 2025", "Keterangan: desil 1 = termiskin, desil 10 = terkaya"]
    report = ingest(workspace, files.text("\n".join([*lines, cut, *notes]) + "\n"), period="2025")
    assert (report.rows, report.accepted, report.warnings) == (6, 5, {"note_row": 2})
    assert report.reasons["columns_mismatch"] == 1


def test_an_apostrophe_before_an_id_is_the_spreadsheet_s(workspace, files):
    text = files.csv(GOOD).read_text()
    nik = GOOD[0]["nik"]
    report = ingest(workspace, files.text(text.replace(nik, f"'{nik}", 1)), period="2025")
    assert (report.accepted, report.reasons) == (5, {})
    again = files.text(text + text.splitlines()[1].replace(nik, f"'{nik}", 1) + "\n")
    assert ingest(workspace, again, period="2026").reasons["nik_duplicate"] == 1


def test_a_row_with_another_number_of_cells_is_put_aside(workspace, files):
    path = files.csv(GOOD)
    path.write_text(path.read_text().replace("Nama Rekaan 3", "Nama, Rekaan 3"))
    report = ingest(workspace, path, period="2025")
    assert report.reasons["columns_mismatch"] == 1
    assert (report.accepted, report.quarantined) == (4, 1)


def test_ids_rounded_by_a_spreadsheet_are_pointed_at_and_not_taken_for_repeats(workspace, files):
    rows = [family(n, nik=nik(n)[:-1] + "0") for n in range(1, 41)]
    report = ingest(workspace, files.csv(rows), period="2025")
    assert (report.accepted, report.reasons) == (40, {})
    assert report.warnings == {"nik_damaged": 40}


def test_the_first_acceptable_row_of_an_id_is_kept(workspace, files):
    rows = [family(1, desil="99"), family(2, nik=nik(1)), family(3, nik=nik(1)), family(4)]
    report = ingest(workspace, files.csv(rows), period="2025")
    assert report.reasons == {"decile_invalid": 1, "nik_duplicate": 1}
    assert families_of(workspace)["family_id"].tolist() == ["0000003", "0000005"]


def test_a_whole_copy_of_a_row_carries_both_reasons(workspace, files):
    report = ingest(workspace, files.csv([family(1), family(1), family(2)]), period="2025")
    assert report.reasons == {"kk_duplicate": 1, "nik_duplicate": 1}
    assert (report.accepted, report.quarantined) == (2, 1)


def test_a_file_without_one_acceptable_row_makes_no_snapshot_but_loses_nothing(workspace, files):
    report = ingest(workspace, files.csv([family(1, desil="99")]), period="2025")
    assert (report.rows, report.accepted, report.quarantined, report.snapshot) == (1, 0, 1, None)
    assert latest_snapshot(workspace) is None


@pytest.mark.parametrize("period", ["", "baru", "25", "2025/06", "../2025", "2025" + "x" * 20])
def test_a_period_must_sort_and_be_a_file_name(workspace, files, period):
    with pytest.raises(InvalidParameterError, match="year"):
        ingest(workspace, files.csv(GOOD), period=period)


def test_files_that_cannot_be_taken_in_say_so_and_leave_nothing(workspace, files):
    before = sorted(path.name for path in workspace.registry_folder.rglob("*"))
    with pytest.raises(RegistryError, match="no data rows"):
        ingest(workspace, files.text(",".join(GOOD[0]) + "\n"), period="2025")
    with pytest.raises(FileRefusedError):
        ingest(workspace, files.folder / "tidak-ada.csv", period="2025")
    with pytest.raises(FileRefusedError):
        ingest(workspace, files.text("", "kosong.csv"), period="2025")
    rows = [{name: text for name, text in GOOD[0].items() if name != "jumlah_anggota"}]
    with pytest.raises(RegistryError, match="jumlah_anggota"):
        ingest(workspace, files.csv(rows), period="2025", form="regsosek2022k")
    assert sorted(path.name for path in workspace.registry_folder.rglob("*")) == before


def test_without_a_desa_boundary_nothing_can_be_checked(tmp_path, files):
    from gisapp.workspace.folder import init_workspace

    with pytest.raises(RegistryError, match="no desa boundary") as caught:
        ingest(init_workspace(tmp_path / "kosong"), files.csv(GOOD), period="2025")
    assert caught.value.code == "no_boundary"


def test_progress_counts_the_bytes(workspace, files):
    seen, file = [], files.csv(GOOD)
    ingest(workspace, file, period="2025", progress=lambda *step: seen.append(step))
    assert seen == [("ingest", file.stat().st_size, file.stat().st_size), ("store", 0, 1)]


cell = st.sampled_from(
    ["", "0", "1", "x", "NaN", "=1", nik(1), "12.05.01.2001", "9E+15", "3.55", "98.05", "Ü,;'\"", "-1"]
)
changed = st.dictionaries(st.sampled_from(sorted(family())), cell, max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(changes=st.lists(changed, min_size=1, max_size=12))
def test_rows_are_accepted_or_quarantined_and_never_lost(workspace, files, changes):
    rows = [family(1000), *(family(n, **change) for n, change in enumerate(changes, start=1))]
    report = ingest(workspace, files.csv(rows), period="2025")
    assert report.rows == len(rows) == report.accepted + report.quarantined
    assert report.families == report.accepted
    assert len(families_of(workspace)) == report.accepted
    assert sum(report.reasons.values()) >= report.quarantined
    assert bool(report.reasons) == (report.quarantined > 0)
