"""Deprivations of families by hand: three values, nothing imputed."""

import pytest

from gisapp.registry.ingest import ingest
from gisapp.registry.snapshots import latest_snapshot, read_snapshot
from tests.registry.conftest import family

YES, NO, UNKNOWN = True, False, None


def judged(workspace, files, name, cases):
    rows = [family(number, **changes) for number, changes in enumerate(cases, start=1)]
    ingest(workspace, files.csv(rows), period="2025")
    values = read_snapshot(latest_snapshot(workspace))[name]
    return [None if missing else bool(value) for value, missing in zip(values, values.isna(), strict=True)]


CASES = {
    "water": [
        ({"kd_sumber_air_minum": "3", "kd_jarak_sumber_air_ke_tpl": ""}, NO),
        ({"kd_sumber_air_minum": "4", "kd_jarak_sumber_air_ke_tpl": "2"}, NO),
        ({"kd_sumber_air_minum": "5", "kd_jarak_sumber_air_ke_tpl": "1"}, YES),
        ({"kd_sumber_air_minum": "4", "kd_jarak_sumber_air_ke_tpl": ""}, UNKNOWN),
        ({"kd_sumber_air_minum": "4", "kd_jarak_sumber_air_ke_tpl": "3"}, UNKNOWN),
        ({"kd_sumber_air_minum": "6", "kd_jarak_sumber_air_ke_tpl": "2"}, YES),
        ({"kd_sumber_air_minum": "2"}, UNKNOWN),
        ({"kd_sumber_air_minum": ""}, UNKNOWN),
    ],
    "sanitation": [
        ({}, NO),
        ({"kd_fasilitas_tempat_bab": "3"}, NO),
        ({"kd_fasilitas_tempat_bab": "4"}, YES),
        ({"kd_fasilitas_tempat_bab": "6", "kd_jenis_kloset": "", "kd_pembuangan_akhir_tinja": ""}, YES),
        ({"kd_jenis_kloset": "4"}, YES),
        ({"kd_pembuangan_akhir_tinja": "3"}, YES),
        ({"kd_jenis_kloset": ""}, UNKNOWN),
        ({"kd_jenis_kloset": "", "kd_pembuangan_akhir_tinja": "4"}, YES),
    ],
    "housing": [
        ({}, NO),
        ({"kd_jenis_lantai_terluas": "8"}, YES),
        ({"kd_jenis_dinding": "4"}, YES),
        ({"kd_jenis_dinding": "5"}, UNKNOWN),
        ({"kd_jenis_atap": "4"}, YES),
        ({"jumlah_anggota": "5", "luas_lantai": "36"}, NO),
        ({"jumlah_anggota": "6", "luas_lantai": "36"}, YES),
        ({"luas_lantai": ""}, UNKNOWN),
        ({"luas_lantai": "", "kd_jenis_lantai_terluas": "7"}, YES),
    ],
    "schooling": [
        ({"anak_7_15_tidak_sekolah": "2"}, NO),
        ({"anak_7_15_tidak_sekolah": "YA"}, YES),
        ({"anak_7_15_tidak_sekolah": ""}, UNKNOWN),
        ({"anak_7_15_tidak_sekolah": "", "jumlah_anak_7_12": "0"}, NO),
        ({"anak_7_15_tidak_sekolah": "2", "kd_partisipasi_sekolah": "3"}, YES),
    ],
    "adult_education": [
        ({"pendidikan_dewasa_tertinggi": "0"}, YES),
        ({"pendidikan_dewasa_tertinggi": "03"}, YES),
        ({"pendidikan_dewasa_tertinggi": "8"}, NO),
        ({"pendidikan_dewasa_tertinggi": "SD/sederajat"}, YES),
        ({"pendidikan_dewasa_tertinggi": ""}, UNKNOWN),
    ],
    "work": [({"bekerja_tetap": "YA"}, NO), ({"bekerja_tetap": "Tidak"}, YES), ({"bekerja_tetap": "?"}, UNKNOWN)],
    "electricity": [
        ({"kd_sumber_penerangan_utama": "1"}, NO),
        ({"kd_sumber_penerangan_utama": "2"}, YES),
        ({"kd_sumber_penerangan_utama": "4. Bukan listrik"}, YES),
    ],
    "cooking_fuel": [
        ({"kd_bahan_bakar_memasak": "4"}, NO),
        ({"kd_bahan_bakar_memasak": "10"}, YES),
        ({"kd_bahan_bakar_memasak": "7"}, YES),
        ({"kd_bahan_bakar_memasak": "11"}, UNKNOWN),
        ({"kd_bahan_bakar_memasak": "12"}, NO),
    ],
}


@pytest.mark.parametrize("name", CASES)
def test_rules_by_hand(workspace, files, name):
    blank = {"kd_partisipasi_sekolah": ""} if name == "schooling" else {}
    cases = [{**blank, **changes} for changes, _ in CASES[name]]
    assert judged(workspace, files, name, cases) == [verdict for _, verdict in CASES[name]]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("YA", YES),
        ("Ya", YES),
        ("1", YES),
        ("V", YES),
        ("√", YES),
        ("✔", YES),
        ("v", YES),
        ("1,0", YES),
        ("1 - Ya", YES),
        ("ya.", YES),
        ("Tdk.", NO),
        ("2. Tidak", NO),
        ("-", UNKNOWN),
        ("TIDAK", NO),
        ("2", NO),
        ("", UNKNOWN),
    ],
)
def test_yes_and_no_as_offices_write_them(workspace, files, text, value):
    assert judged(workspace, files, "receives_pkh", [{"kd_pkh": text}]) == [value]
