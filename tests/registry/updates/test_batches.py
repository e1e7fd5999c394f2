"""Registrations by CSV and filled verification lists: every row is taken or handed back, and twice is once."""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from gisapp.access.actors import Actor
from gisapp.errors import PermissionRefusedError, RegistryError
from gisapp.registry.updates.matching import match_many
from gisapp.registry.updates.papers import read_visit_list, write_visit_list
from gisapp.registry.updates.queue import case, cases, read_case
from gisapp.registry.updates.registration import register_batch
from gisapp.registry.updates.visits import put_on_list, visit
from tests.registry.conftest import nik
from tests.registry.updates.conftest import CHAIR, HERE, OPERATOR, STAFF, THERE, VERIFIER

HEADER = "jenis,kode_desa,nama,nik,no_kk,alamat,alasan,kd_jenis_lantai_terluas,jumlah_anggota\n"


def line(kind="perubahan", code=HERE, name="Nama Rekaan", number=1, floor="8", persons="", **more):
    return f"{kind},{code},{name},{more.get('nik', nik(number))},,Dusun,{more.get('why', '')},{floor},{persons}\n"


@pytest.fixture
def batch(five, files):
    def take(*lines, actor=STAFF, header=HEADER):
        return register_batch(five, actor, files.text(header + "".join(lines), "usulan.csv"))

    return take


def test_every_row_is_taken_or_handed_back(batch, five):
    report = batch(
        line(number=1), line(kind="pindah", code=THERE, number=2), line(kind="besok", number=3),
        line(code="99.99.99.9999", number=4), line(number=5, nik="12E+15"), line(number=6, persons="nol"),
        line(kind="baru", number=77, persons="3"),
    )  # fmt: skip
    assert (report.rows, len(report.registered), report.unchanged) == (7, 3, 0)
    assert [(one.row, one.code) for one in report.refused] == [
        (4, "kind"), (5, "area_unknown"), (6, "nik_damaged"), (7, "answers")
    ]  # fmt: skip
    assert all(one.reason_id and one.reason_en for one in report.refused)
    assert {one.kind for one in cases(five, STAFF)} == {"change", "move", "new"}


def test_the_same_file_twice_changes_nothing(batch, five):
    first = batch(line(number=1), line(number=2))
    again = batch(line(number=1), line(number=2))
    assert (again.registered, again.unchanged) == ((), 2)
    assert len(cases(five, STAFF)) == len(first.registered) == 2


def test_a_village_operator_registers_for_the_own_desa_only(batch):
    report = batch(line(number=1), line(number=2, code=THERE), actor=OPERATOR)
    assert [(one.row, one.column, one.code) for one in report.refused] == [(3, "kode_desa", "area_not_yours")]
    assert len(report.registered) == 1


def test_a_decile_in_the_file_is_refused_row_by_row(batch):
    header = HEADER.replace("jumlah_anggota", "desil")
    report = batch(line(number=1, persons="1"), line(number=2), header=header)
    assert [(one.row, one.code) for one in report.refused] == [(2, "decile_not_yours")]
    assert len(report.registered) == 1


@pytest.mark.parametrize(
    ("header", "code"),
    [("jenis,nama\n", "column_missing"), (HEADER.replace("alasan", "warna_favorit"), "column_unknown")],
)
def test_columns_that_cannot_be_read_refuse_the_file(batch, five, header, code):
    with pytest.raises(RegistryError) as refused:
        batch(line(), header=header)
    assert refused.value.code == code
    assert cases(five, STAFF) == []


def test_a_formula_is_handed_back(batch):
    report = batch(line(name="=1+1", number=1), line(number=2))
    assert len(report.registered) + len(report.refused) == report.rows == 2


@pytest.fixture
def listed(five, batch):
    """Three cases on one list."""
    ids = list(batch(*(line(number=n) for n in (1, 2, 3))).registered)
    match_many(five, STAFF, ids)
    (made,) = put_on_list(five, STAFF, ids)
    return made


def fill(path, rows, column="hasil"):
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[2]]
    for row, value in rows.items():
        sheet.cell(row, heads.index(column) + 1).value = value
    book.save(path)
    return path


def test_a_list_is_text_locked_and_has_choices(five, listed, tmp_path):
    path = tmp_path / "daftar.xlsx"
    assert write_visit_list(five, STAFF, listed.id, path) == 3
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[2]]
    assert heads[:5] == ["no_usulan", "versi", "jenis", "nama", "nik"]
    assert sheet.column_dimensions["B"].hidden
    assert sheet.protection.sheet
    assert sheet.freeze_panes == "E3"
    assert (sheet["E3"].value, sheet["E3"].data_type, sheet["E3"].number_format) == (nik(1), "s", "@")
    assert sheet["A3"].protection.locked
    assert not sheet.cell(3, heads.index("hasil") + 1).protection.locked
    rules = {str(rule.sqref) for rule in sheet.data_validations.dataValidation}
    assert "H3:H5" in rules
    assert book.sheetnames == ["Verifikasi", "Pilihan", "Petunjuk"]


def test_a_filled_list_comes_back_and_twice_is_once(five, listed, tmp_path):
    path = tmp_path / "daftar.xlsx"
    write_visit_list(five, STAFF, listed.id, path)
    fill(path, {3: "selesai", 4: "tidak ditemukan"})
    fill(path, {3: "2/3/2026", 4: "2026-03-02"}, "tanggal")
    fill(path, {3: "1 · Marmer/granit"}, "kd_jenis_lantai_terluas")
    report = read_visit_list(five, VERIFIER, path)
    assert (report.rows, report.registered, report.unchanged, report.refused) == (3, listed.case_ids[:2], 1, ())
    first = case(five, STAFF, listed.case_ids[0])
    assert (first.case.result, first.case.visited_on, first.answers["floor"]) == ("finished", "2026-03-02", "1")
    again = read_visit_list(five, VERIFIER, path)
    assert (again.registered, again.unchanged, again.refused) == ((), 3, ())
    assert case(five, STAFF, listed.case_ids[0]) == first


def test_a_wrong_cell_is_named_and_the_others_are_taken(five, listed, tmp_path):
    path = tmp_path / "daftar.xlsx"
    write_visit_list(five, STAFF, listed.id, path)
    fill(path, {3: "sudah", 4: "selesai", 5: "selesai"})
    fill(path, {4: "31/02/2026"}, "tanggal")
    report = read_visit_list(five, VERIFIER, path)
    assert [(one.cell, one.column, one.code) for one in report.refused] == [
        ("H3", "hasil", "cell"), ("I4", "tanggal", "cell")
    ]  # fmt: skip
    assert report.registered == listed.case_ids[2:]


def test_a_code_that_the_form_has_not_is_named(five, listed, tmp_path):
    path = tmp_path / "daftar.xlsx"
    write_visit_list(five, STAFF, listed.id, path)
    fill(path, {3: "selesai"})
    fill(path, {3: "99"}, "kd_jenis_lantai_terluas")
    (one,) = read_visit_list(five, VERIFIER, path).refused
    assert one.column == "kd_jenis_lantai_terluas"
    assert one.cell.endswith("3")


def test_what_somebody_else_recorded_meanwhile_is_a_conflict(five, listed, tmp_path):
    path = tmp_path / "daftar.xlsx"
    write_visit_list(five, STAFF, listed.id, path)
    visit(five, VERIFIER, listed.case_ids[0], case(five, STAFF, listed.case_ids[0]).case.version, result="duplicate")
    report = read_visit_list(five, VERIFIER, fill(path, {3: "selesai"}))
    assert [(one.cell, one.code) for one in report.refused] == [("A3", "conflict")]
    assert case(five, STAFF, listed.case_ids[0]).case.result == "duplicate"


def test_a_case_of_another_area_is_not_there(five, listed, tmp_path):
    path = tmp_path / "daftar.xlsx"
    write_visit_list(five, STAFF, listed.id, path)
    stranger = Actor(name="lain", role="verifier", area="12.05.02")
    report = read_visit_list(five, stranger, fill(path, {3: "selesai"}))
    assert [one.code for one in report.refused] == ["case_unknown"]


def test_another_workbook_is_refused(five, tmp_path):
    path = tmp_path / "lain.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["judul", "x"])
    book.active.append(["a", "b"])
    book.save(path)
    with pytest.raises(RegistryError) as refused:
        read_visit_list(five, VERIFIER, path)
    assert refused.value.code == "column_missing"


@pytest.mark.parametrize("kind", ["pdf", "forms"])
def test_the_papers_print(five, listed, tmp_path, kind):
    path = tmp_path / "daftar.pdf"
    assert write_visit_list(five, VERIFIER, listed.id, path, kind) == 3
    assert path.read_bytes().startswith(b"%PDF")


def test_training_marks_the_workbook(five, listed, tmp_path):
    path = tmp_path / "daftar.xlsx"
    training = replace(five, settings=replace(five.settings, training=True))
    write_visit_list(training, STAFF, listed.id, path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert "LATIHAN" in sheet.title
    assert sheet["A1"].value.startswith("LATIHAN")
    report = read_visit_list(five, VERIFIER, fill(path, {3: "selesai"}))
    assert len(report.registered) == 1


def test_names_are_for_those_who_may_read_them(five, listed, tmp_path):
    with pytest.raises(PermissionRefusedError):
        write_visit_list(five, CHAIR, listed.id, tmp_path / "x.xlsx")
    with pytest.raises(PermissionRefusedError):
        read_case(five, CHAIR, listed.case_ids[0])
    assert read_case(five, VERIFIER, listed.case_ids[0], "visit").identity.nik == nik(1)
