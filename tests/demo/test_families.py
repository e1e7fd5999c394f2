"""The registry files: what a family's row holds, what is planted in it, and what is wrong on purpose."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
import shapely

from gisapp.columns import DEPRIVATIONS
from gisapp.demo.answers import answers, lacking, programmes
from gisapp.demo.families import COLUMNS
from gisapp.demo.people import names, national_ids
from gisapp.demo.planted import Planted, deprivations_of
from gisapp.registry.forms import load_form
from gisapp.registry.reasons import counted
from gisapp.registry.typed import Repeats, read_rows

#: Column of the form -> question of the codebook that holds its codes.
QUESTIONS = {
    "kd_jenis_lantai_terluas": "303", "kd_jenis_dinding": "304", "kd_jenis_atap": "305", "kd_sumber_air_minum": "306a",
    "kd_jarak_sumber_air_ke_tpl": "306b", "kd_sumber_penerangan_utama": "307a", "kd_daya_terpasang": "307b1",
    "kd_bahan_bakar_memasak": "308", "kd_fasilitas_tempat_bab": "309a", "kd_jenis_kloset": "309b",
    "kd_pembuangan_akhir_tinja": "310", "pendidikan_dewasa_tertinggi": "413",
}  # fmt: skip


def judged(row: pd.DataFrame) -> dict[str, pd.Series]:
    """What the answers mean, written out from the published rules and apart from the code under test."""
    well = row["kd_sumber_air_minum"].isin([4, 5])
    return {
        "adult_education": row["pendidikan_dewasa_tertinggi"] < 6,
        "work": row["bekerja_tetap"] == 2,
        "water": row["kd_sumber_air_minum"].isin([6, 8, 9, 11]) | (well & (row["kd_jarak_sumber_air_ke_tpl"] == 1)),
        "sanitation": row["kd_fasilitas_tempat_bab"].isin([4, 5, 6])
        | (row["kd_jenis_kloset"] != 1)
        | ~row["kd_pembuangan_akhir_tinja"].isin([1, 2]),
        "housing": row["kd_jenis_atap"].isin([4, 6, 7, 8])
        | ~row["kd_jenis_dinding"].isin([1, 2, 3])
        | row["kd_jenis_lantai_terluas"].isin([7, 8, 9]),
        "electricity": row["kd_sumber_penerangan_utama"] != 1,
        "cooking_fuel": row["kd_bahan_bakar_memasak"].isin([7, 8, 9, 10]),
    }


def test_answers_say_exactly_what_the_family_lacks():
    rng = np.random.default_rng(5)
    lacks = {name: rng.uniform(size=4000) < 0.4 for name in DEPRIVATIONS}
    persons = rng.integers(1, 9, 4000)
    # Blank answers are left out of the comparison: 0 fills them with a code that no rule names.
    given = answers(lacks, persons, rng=rng)
    asked = given.drop(columns=["kd_jenis_kloset", "kd_pembuangan_akhir_tinja", "kd_daya_terpasang"])
    complete = asked.drop(columns="kd_jarak_sumber_air_ke_tpl").notna().all(axis=1)
    complete &= given["kd_fasilitas_tempat_bab"].eq(6) | given["kd_jenis_kloset"].notna()
    complete &= given["kd_fasilitas_tempat_bab"].eq(6) | given["kd_pembuangan_akhir_tinja"].notna()
    complete &= ~given["kd_sumber_air_minum"].isin([4, 5]) | given["kd_jarak_sumber_air_ke_tpl"].notna()
    assert complete.mean() > 0.8
    for name, deprived in judged(given.fillna(0).astype(int)[complete]).items():
        assert (deprived.to_numpy() == lacks[name][complete]).all(), name
    assert (given["luas_lantai"] / persons >= 7.2).all()


def test_a_cause_and_a_low_decile_make_a_deprivation_more_common():
    area, decile = np.repeat(np.arange(40), 500), np.tile(np.arange(1, 11), 2000)
    pocket = Planted(name="K1", relative_risk=3.0, cause="no_safe_water", members=tuple(range(10)))
    rng = np.random.default_rng(2)
    lacks = lacking(area, decile, (pocket,), with_pupils=np.arange(20_000) % 2 == 0, rng=rng)
    assert set(lacks) == set(DEPRIVATIONS)
    assert lacks["water"][area < 10].mean() > 2.5 * lacks["water"][area >= 10].mean()
    assert lacks["work"][area < 10].mean() < 1.6 * lacks["work"][area >= 10].mean()
    assert lacks["housing"][decile == 1].mean() > lacks["housing"][decile == 9].mean()
    assert not lacks["schooling"][1::2].any()


def test_aid_reaches_low_deciles_more_often_and_imperfectly():
    decile = np.repeat(np.arange(1, 11), 2000)
    given = programmes(decile, np.ones(20_000, dtype=int), rng=np.random.default_rng(1))
    assert set(np.unique(given)) == {1, 2}
    for column in given:
        share = (given[column] == 1).groupby(decile).mean()
        assert 0.2 < share[1] < 1
        assert 0 < share[10] < share[1]


def test_numbers_are_distinct_well_formed_and_never_end_in_zero():
    women = np.arange(5000) % 2 == 0
    place = np.full(5000, 990501)
    numbers = national_ids(place, women, years=(1980, 1980), rng=np.random.default_rng(1)).astype(str)
    assert len(set(numbers)) == 5000
    for number, woman in zip(numbers, women, strict=True):
        assert re.fullmatch(r"990501\d{10}", number)
        assert (41 if woman else 1) <= int(number[6:8]) <= (68 if woman else 28)
        assert 1 <= int(number[8:10]) <= 12
        assert number[10:12] == "80"
        assert number[-1] != "0"


def test_names_are_two_invented_words():
    made = names(np.array([True, False] * 50), rng=np.random.default_rng(1))
    assert all(len(name.split()) == 2 for name in made)
    assert not set(made[::2]) & set(made[1::2])


def test_file_has_the_declared_columns_and_numbers_as_text(langkat):
    families = langkat.families("2024")
    assert families.columns.tolist() == list(COLUMNS)
    assert families["nik"].str.fullmatch(r"99\d{14}").all()
    assert families["no_kk"].str.fullmatch(r"99\d{14}").all()
    assert families["nik"].is_unique
    assert families["no_kk"].is_unique
    assert families["desil"].astype(int).between(1, 10).all()
    assert families["jumlah_anggota"].astype(int).between(1, 12).all()
    first_line = langkat.files.registry["2024"].read_text(encoding="utf-8").splitlines()[1]
    assert re.search(r'"99\d{14}"', first_line)


def test_the_form_knows_every_column_of_the_file(langkat):
    known = load_form("regsosek2022k").recognise(COLUMNS).values()
    assert [column for column in COLUMNS if column not in known] == []


def test_an_intake_finds_every_planted_row_and_no_other(langkat):
    form = load_form("regsosek2022k")
    columns = form.recognise(COLUMNS)
    families = langkat.families("2025")
    typed = read_rows(families, columns, form)
    Repeats(form).mark(typed, families, columns)
    planted = dict(langkat.files.defects.reasons)
    planted.pop("area_unknown")
    assert dict(counted(typed.reasons)) == planted
    assert int(typed.marks["form_code_unknown"].sum()) == langkat.files.defects.warnings["form_code_unknown"]


def test_children_are_fewer_than_persons_and_only_they_miss_school(langkat):
    families = langkat.families("2024")
    young, primary, junior = (families[f"jumlah_anak_{age}"].astype(int) for age in ("0_5", "7_12", "13_15"))
    assert (young + primary + junior < families["jumlah_anggota"].astype(int)).all()
    assert set(families["anak_7_15_tidak_sekolah"]) == {"1", "2"}
    assert (primary + junior)[families["anak_7_15_tidak_sekolah"] == "1"].min() == 1


def test_families_of_the_first_period_live_in_their_area(langkat):
    families = langkat.families("2024")
    polygons = langkat.layer("desa").set_index("kode").geometry
    for code, group in list(families.groupby("kode_desa"))[::12]:
        x, y = group["bujur"].astype(float), group["lintang"].astype(float)
        assert shapely.dwithin(shapely.points(x, y), polygons[code], 2e-5).all()


def test_periods_differ_a_little(langkat):
    earlier, latest = langkat.families("2024"), langkat.families("2025")
    both = earlier.merge(latest.drop_duplicates("nik"), on="nik", suffixes=("_a", "_b"))
    assert len(both) / len(earlier) == pytest.approx(0.988, abs=0.004)
    assert 0 < len(latest) - len(both) < 0.03 * len(latest)
    assert (both["no_kk_a"] == both["no_kk_b"]).mean() > 0.999
    assert (both["desil_a"] != both["desil_b"]).mean() == pytest.approx(0.055, abs=0.01)


@pytest.mark.shared_data
def test_every_answer_is_in_the_codebook(langkat, shared_data):
    book = json.loads((shared_data / "household" / "regsosek2022k_codebook.json").read_text())["questions"]
    families = langkat.families("2024")
    for column, question in QUESTIONS.items():
        # 0 is "no diploma": the codebook's list of levels starts at 1.
        assert set(families[column]) - {"", "0"} <= set(book[question]), column


def test_planted_causes_show_in_the_answers(langkat):
    families = langkat.families("2024")
    number = families[[*QUESTIONS, "bekerja_tetap"]].apply(pd.to_numeric).fillna(0).astype(int)
    deprived = judged(number)
    inside = families["kode_desa"].map(langkat.files.truth.set_index("code")["cause"])
    for cause in inside.dropna().unique():
        for name in set(deprivations_of(cause)) & set(deprived):
            assert deprived[name][inside == cause].mean() > 1.4 * deprived[name][inside.isna()].mean(), (cause, name)


def test_defects_are_in_the_file_as_often_as_they_are_counted(langkat):
    families, reasons = langkat.families("2025"), langkat.files.defects.reasons
    warnings = langkat.files.defects.warnings
    known = set(langkat.layer("desa")["kode"])
    x, y = (pd.to_numeric(families[column]) for column in ("bujur", "lintang"))
    damaged = ~families["nik"].str.fullmatch(r"\d{16}")
    counted = {
        "nik_duplicate": families.loc[~damaged, "nik"].duplicated(),
        "kk_duplicate": families["no_kk"].duplicated() & families["no_kk"].str.isdigit(),
        "kk_damaged": families["no_kk"].str.endswith("E+15"),
        "formula_cell": families["alamat"].str.startswith("="),
        "nik_damaged": damaged,
        "area_unknown": ~families["kode_desa"].isin(known),
        "decile_invalid": ~families["desil"].isin([str(n) for n in range(1, 11)]),
        "persons_invalid": families["jumlah_anggota"].astype(int) < 1,
        "not_finite": families["lintang"] == "Infinity",
    }
    assert {code: int(rows.sum()) for code, rows in counted.items()} == reasons
    assert int(x.isna().sum()) == warnings["coordinate_missing"]
    assert int(((x == 0) & (y == 0)).sum()) == warnings["coordinate_zero"]
    assert int((y.between(90, 120) & x.between(0, 20)).sum()) == warnings["coordinate_swapped"]
    assert int((x > langkat.layer("desa").total_bounds[2] + 0.5).sum()) == warnings["coordinate_outside"]
    assert int(families["kd_jenis_dinding"].eq("77").sum()) == warnings["form_code_unknown"]
    at = families[(x > 1) & y.notna()].groupby(["lintang", "bujur"]).size()
    assert at.max() == warnings["coordinate_stacked"]
    assert at.nlargest(2).iloc[1] <= 5


def test_a_duplicate_stands_after_the_row_that_it_repeats(langkat):
    families = langkat.families("2025")
    repeated = families[families.duplicated("nik", keep=False) & families["nik"].str.isdigit()]
    # The planted head was born before 1940 by her or his KK of 2000-2003; the original's KK is of 2007 or later.
    for _, pair in repeated.groupby("nik"):
        years = pair["no_kk"].str[10:12].astype(int).tolist()
        assert years[0] >= 7 > years[1]


def test_the_first_period_has_no_defect(langkat):
    families = langkat.families("2024")
    assert families["kode_desa"].isin(langkat.layer("desa")["kode"]).all()
    assert pd.to_numeric(families["lintang"]).between(3, 5).all()
    assert families.groupby(["lintang", "bujur"]).size().max() <= 3


def test_birth_dates_are_those_of_the_numbers_and_three_heads_are_registered_twice(langkat):
    families = langkat.families("2025")
    whole = families[families["nik"].str.fullmatch(r"\d{16}")].drop_duplicates("nik")
    day = whole["nik"].str.slice(6, 8).astype(int)
    day = day.where(day <= 40, day - 40)
    assert (day == whole["tanggal_lahir"].str.slice(8).astype(int)).all()
    assert (whole["nik"].str.slice(8, 10) == whole["tanggal_lahir"].str.slice(5, 7)).all()
    assert (whole["nik"].str.slice(10, 12) == whole["tanggal_lahir"].str.slice(2, 4)).all()
    again = whole[whole["nik"].str.slice(12).astype(int) >= 9001]
    assert len(again) == 3
    for _, second in again.iterrows():
        same = whole[whole["nik"].str.startswith(second["nik"][:12]) & (whole["kode_desa"] == second["kode_desa"])]
        names = set(same["nama_kepala_keluarga"])
        assert len(names) > 1
