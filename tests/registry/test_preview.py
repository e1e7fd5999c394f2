"""The preview: what each column becomes and what is wrong in which cell, with nothing stored and nobody named."""

from __future__ import annotations

import json

import pytest

from gisapp.registry.columns_seen import columns_seen
from gisapp.registry.forms import VARIABLES, known_forms, load_form
from gisapp.registry.ingest import ingest
from gisapp.registry.preview import MOST_ROWS, preview
from gisapp.registry.recognise import Recognised
from gisapp.registry.variables import load_variables
from tests.registry.conftest import everything, family, nik

PLANTED = {
    "area_unknown": {"kode_desa": "12.05.09.2009"},
    "nik_damaged": {"nik": "9.90101E+15"},
    "decile_invalid": {"desil": "11"},
    "persons_invalid": {"jumlah_anggota": "0"},
    "not_finite": {"luas_lantai": "#N/A"},
    "form_code_unknown": {"kd_jenis_atap": "77"},
    "number_unreadable": {"luas_lantai": "luas"},
    "coordinate_zero": {"lintang": "0", "bujur": "0"},
    "nik_unknown": {"nik": "0"},
}


def planted() -> list[dict[str, str]]:
    return [family(1), *(family(at, **bad) for at, bad in enumerate(PLANTED.values(), start=2))]


def test_every_planted_cell_is_named_by_row_and_column(workspace, files):
    seen = preview(workspace, files.csv(planted()))
    assert seen.refusal is None
    where = {(problem.code, problem.row): problem.column for problem in seen.problems}
    for row, (code, change) in enumerate(PLANTED.items(), start=3):
        assert where[code, row] in change, code
    assert seen.rows_read == len(PLANTED) + 1
    assert seen.complete


def test_it_counts_what_the_intake_then_counts(workspace, files):
    file = files.csv(planted())
    seen, report = preview(workspace, file), ingest(workspace, file, period="2025")
    assert (seen.reasons, seen.warnings) == (report.reasons, report.warnings)
    assert (seen.rows_read, seen.accepted, seen.families, seen.form) == (
        report.rows, report.accepted, report.families, report.form,
    )  # fmt: skip


def test_nothing_is_stored(workspace, files):
    file = files.csv(planted())
    before = everything(workspace.root)
    preview(workspace, file)
    assert everything(workspace.root) == before


def test_nobody_is_named(workspace, files):
    rows = [*planted(), family(30, alamat="Jalan Rekaan 7", catatan="Rahasia Rekaan", kd_jenis_atap="Budi Rekaan")]
    rows = [{"catatan": "", **row} for row in rows]
    text = json.dumps(preview(workspace, files.csv(rows)).as_dict(), ensure_ascii=False)
    for row in rows:
        for secret in (row["no_kk"], row["nik"], row["nama_kepala_keluarga"], row["alamat"], row["catatan"]):
            assert len(secret) < 4 or secret not in text
    assert "Budi" not in text
    assert nik(1)[-4:] in text


def test_a_file_without_a_header_is_refused_and_its_first_row_is_masked(workspace, files):
    row = list(family(1).values())
    seen = preview(workspace, files.text(",".join(row) + "\n" + ",".join(family(2).values()) + "\n"))
    assert seen.refusal is not None
    assert seen.refusal[2] == "form_unknown"
    text = json.dumps(seen.as_dict())
    assert nik(1) not in text
    assert "Rekaan" not in text


def test_cells_of_a_shifted_row_are_not_shown(workspace, files):
    good, text = files.csv([family(1)]), ",".join(["x", *family(2).values()])
    seen = preview(workspace, files.text(good.read_text() + text + "\n", "geser.csv"))
    assert seen.reasons == {"columns_mismatch": 1, "area_unknown": 1, "persons_invalid": 1}
    assert "Nama Rekaan 2" not in json.dumps(seen.as_dict())


def test_a_long_file_is_read_to_its_limit_and_says_so(workspace, files):
    head, row = files.csv([family(1)]).read_text().splitlines()
    seen = preview(workspace, files.text("\n".join([head, *[row] * (MOST_ROWS + 1)]) + "\n", "panjang.csv"))
    assert (seen.rows_read, seen.complete) == (MOST_ROWS, False)


def test_a_refusal_comes_with_the_columns(workspace, files):
    rows = [{k: v for k, v in family(1).items() if k != "jumlah_anggota"}]
    seen = preview(workspace, files.csv(rows))
    assert seen.refusal is not None
    assert seen.refusal[2] == "column_missing"
    assert seen.missing[0] == "persons"
    treatments = {column.source: column.treatment for column in seen.columns}
    assert treatments["nik"] == "encrypted"
    assert treatments["nama_desa"] == "checked"
    assert treatments["desil"] == "stored"


def test_a_file_without_any_decile_is_refused_as_its_intake_would_be(workspace, files):
    seen = preview(workspace, files.csv([family(number, desil="") for number in range(1, 4)]))
    assert seen.refusal is not None
    assert (seen.refusal[2], seen.accepted) == ("decile_missing", 3)


def test_a_wrong_file_is_refused_without_an_error(workspace, files):
    assert preview(workspace, files.folder / "tidak-ada.csv").refusal is not None


def test_every_variable_has_a_title_and_a_treatment():
    assert set(load_variables()) == set(VARIABLES)


@pytest.mark.parametrize("name", known_forms())
def test_where_no_code_list_is_known_the_column_says_so(name):
    form = load_form(name)
    header = [names[0] for names in form.columns.values()]
    columns = columns_seen(Recognised(form=form, header=header, columns=form.recognise(header)))
    floor = next(column for column in columns if column.variable == "floor")
    assert bool(floor.note_id) == (name in ("dtsen2026", "bdt2015"))
