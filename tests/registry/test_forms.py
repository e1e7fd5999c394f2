"""Form vocabularies: read strictly, recognised by their columns, never guessed."""

import json

import pytest

from gisapp.errors import ConfigurationError, RegistryError
from gisapp.registry.forms import VARIABLES, answer_key, choose_form, column_key, known_forms, load_form, load_mapping
from gisapp.registry.ingest import ingest
from gisapp.registry.rules import classes_of, load_rules
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from tests.registry.conftest import family


def test_the_known_forms():
    assert known_forms() == ("bdt2015", "dtsen2026", "p3ke2023", "regsosek2022k")


@pytest.mark.parametrize("name", known_forms())
def test_every_form_maps_known_variables_to_names_as_they_are_compared(name):
    form = load_form(name)
    assert form.name == name
    assert set(form.columns) <= set(VARIABLES)
    for names in form.columns.values():
        assert [column_key(one) for one in names] == list(names)
    for variable, codes in form.codes.items():
        assert set(codes.values()) <= classes_of(variable)


def test_every_class_has_a_verdict():
    verdicts = {verdict for table in load_rules().judge.values() for verdict in table.values()}
    assert verdicts == {"deprived", "not", "unknown", "by water_distance"}


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("KODE DESA", "kode_desa"),
        ("Kode Desa/Kelurahan (10)", "kode_desa_kelurahan"),
        (" Kd_Pkh ", "kd_pkh"),
        ("303", "303"),
    ],
)
def test_column_names_are_compared_loosely(written, compared):
    assert column_key(written) == compared


@pytest.mark.parametrize(
    ("written", "compared"),
    [("1", "1"), ("01", "1"), ("1.0", "1"), ("1. Marmer/granit", "1"), (" YA ", "ya"), ("√", "√")],
)
def test_answers_are_compared_loosely(written, compared):
    assert answer_key(written) == compared


def test_the_form_is_told_from_the_columns():
    assert choose_form(tuple(family()), form=None, mapping=None).name == "regsosek2022k"
    dtsen = ("nomor_kartu_keluarga", "desil_nasional", "kode_kelurahan_desa", "jenis_lantai_terluas", "pbi_nas")
    assert choose_form(dtsen, form=None, mapping=None).name == "dtsen2026"


@pytest.mark.parametrize(
    ("header", "reason"),
    [(("a", "b", "c"), "no known form"), (("kode_desa", "nik", "desil", "lintang", "bujur"), "equally well")],
)
def test_an_unclear_form_is_refused(header, reason):
    with pytest.raises(RegistryError, match=reason) as caught:
        choose_form(header, form=None, mapping=None)
    assert caught.value.code == "form_unknown"
    assert "regsosek2022k" in caught.value.en


def test_an_unknown_form_is_refused_with_the_known_ones():
    with pytest.raises(RegistryError, match=r"bdt2015, dtsen2026, p3ke2023, regsosek2022k"):
        load_form("susenas2011")


def test_codes_of_a_form_without_a_list_are_unknown(workspace, files):
    row = {
        "kode_kelurahan_desa": "1205012001", "nomor_kartu_keluarga": "K1", "jumlah_anggota_keluarga": "3",
        "desil_nasional": "1", "jenis_lantai_terluas": "8", "fasilitas_bab": "6", "pbi_nas": "ya",
    }  # fmt: skip
    report = ingest(workspace, files.csv([row]), period="2026")
    assert report.form == "dtsen2026"
    assert report.warnings == {"coordinate_missing": 1, "form_code_unknown": 1}
    frame = read_snapshot(latest_snapshot(workspace))
    assert frame.loc[0, ["housing", "sanitation"]].isna().all()
    assert bool(frame.loc[0, "receives_pbi"]) is True


MAPPING = """
base = "dtsen2026"
source = "Dinas Sosial"
date = "2026-01"
[columns]
floor = ["Lantai Rumah"]
[codes.floor]
A = "earth"
B = "ceramic"
"""


def test_a_mapping_brings_columns_and_codes_on_top_of_its_base(workspace, files):
    mapping = files.text(MAPPING, "kabupaten.toml")
    row = {"kode_kelurahan_desa": "1205012001", "jumlah_anggota": "3", "desil_nasional": "2", "lantai rumah": "a"}
    report = ingest(workspace, files.csv([row]), period="2026", mapping=mapping)
    assert report.form == "mapping:kabupaten"
    frame = read_snapshot(latest_snapshot(workspace))
    assert bool(frame.loc[0, "housing"]) is True
    assert frame.loc[0, "decile"] == 2


def test_another_mapping_is_another_intake(workspace, files):
    row = {"kode_kelurahan_desa": "1205012001", "jumlah_anggota": "3", "desil_nasional": "2", "lantai rumah": "a"}
    file = files.csv([row])
    first = ingest(workspace, file, period="2026", mapping=files.text(MAPPING, "kabupaten.toml"))
    changed = files.text(MAPPING.replace('A = "earth"', 'A = "wood"'), "kabupaten.toml")
    second = ingest(workspace, file, period="2026", mapping=changed)
    assert first.snapshot != second.snapshot


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('unit = "family"\n[columns]\nlantai = ["x"]\n', r":3: key `columns.lantai`: unknown key"),
        ('base = "dtsen2026"\n[codes.floor]\nA = "tanah"\n', r":3: key `codes.floor.A`: unknown class 'tanah'"),
        ('unit = "house"\n', r":1: key `unit`: must be one of"),
        ('form = "x"\n', r"key `unit`: missing"),
        ("unit = family\n", r":1.*not valid TOML"),
        ('unit = "family"\nextra = 1\n', r":2: key `extra`: unknown key"),
    ],
)
def test_a_wrong_mapping_is_refused_by_line_and_key(files, text, said):
    with pytest.raises(ConfigurationError, match=said):
        load_mapping(files.text(text, "m.toml"))


@pytest.mark.shared_data
def test_the_regsosek_codes_are_those_of_its_codebook(shared_data):
    book = json.loads((shared_data / "household" / "regsosek2022k_codebook.json").read_text())["questions"]
    questions = {
        "floor": "303", "wall": "304", "roof": "305", "water": "306a", "water_distance": "306b", "light": "307a",
        "fuel": "308", "toilet": "309a", "closet": "309b", "disposal": "310", "school_participation": "412",
    }  # fmt: skip
    form = load_form("regsosek2022k")
    for variable, question in questions.items():
        assert set(form.codes[variable]) == set(book[question]), variable
    assert set(book["413"]) <= set(form.codes["adult_diploma"])


@pytest.mark.shared_data
def test_the_p3ke_texts_that_were_seen_are_known(shared_data):
    seen = json.loads((shared_data / "household" / "real_headers_no_rows.json").read_text())
    texts = next(value for key, value in seen.items() if key.startswith("p3ke_2023"))["categories"]
    columns = {
        "pendidikan": "adult_diploma", "sumber_air": "water", "fas_bab": "toilet", "jns_lantai": "floor",
        "sumber_penerangan": "light",
    }  # fmt: skip
    form = load_form("p3ke2023")
    for column, variable in columns.items():
        assert column in form.columns[variable]
        assert {answer_key(text) for text in texts[column]} == set(form.codes[variable])
