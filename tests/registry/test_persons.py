"""Forms with a row per person: grouped by family, judged over the members of the ages that count."""

import pytest

from gisapp.registry.ingest import ingest
from gisapp.registry.snapshots import latest_snapshot, read_snapshot

TOILET, LIGHT, FLOOR = "Milik sendiri", "Listrik PLN meteran", "Semen"


def person(family, age, **changes):
    row = {
        "kode_kemendagri": "12.05.01.2001", "id_keluarga_p3ke": family, "desil_kesejahteraan": "1", "nik": "0",
        "nama": "Nama Rekaan", "usia_2023": str(age), "pendidikan": "Tamat SD/Sederajat", "jns_lantai": FLOOR,
        "fas_bab": TOILET, "sumber_penerangan": LIGHT, "sumber_air": "Air Hujan", "penerima_pkh": "TIDAK",
        "lintang": "3.55", "bujur": "98.05",
    }  # fmt: skip
    return {**row, **changes}


def taken(workspace, files, rows, **options):
    report = ingest(workspace, files.csv(rows), period="2023", **options)
    ref = latest_snapshot(workspace)
    return report, read_snapshot(ref) if ref else None


def test_persons_are_grouped_into_families_in_order_of_appearance(workspace, files):
    rows = [person("K2", 40), person("K1", 35), person("K2", 9), person("K2", 14), person("K1", 3)]
    report, frame = taken(workspace, files, rows)
    assert (report.form, report.rows, report.accepted, report.families) == ("p3ke2023", 5, 5, 2)
    assert frame["family_id"].tolist() == ["0000002", "0000003"]
    assert frame["persons"].tolist() == [3, 2]
    assert frame["children_0_5"].tolist() == [0, 1]
    assert frame["children_7_12"].tolist() == [1, 0]
    assert frame["children_13_15"].tolist() == [1, 0]


def test_one_schooled_adult_is_enough_and_a_child_does_not_count(workspace, files):
    schooled = {"pendidikan": "Tamat SLTP/Sederajat"}
    rows = [
        person("A", 40), person("A", 30, **schooled),
        person("B", 40), person("B", 16, **schooled),
        person("C", 40, pendidikan=""), person("C", 30),
    ]  # fmt: skip
    _, frame = taken(workspace, files, rows)
    assert frame["adult_education"].tolist()[:2] == [False, True]
    assert frame["adult_education"].isna().tolist() == [False, False, True]


def test_what_the_form_does_not_ask_stays_unknown(workspace, files):
    _, frame = taken(workspace, files, [person("A", 40)])
    assert frame.loc[0, ["sanitation", "housing", "cooking_fuel", "work", "receives_pbi"]].isna().all()
    assert frame.loc[0, ["water", "electricity", "receives_pkh"]].tolist() == [False, False, False]


def test_a_known_bad_part_decides_although_others_are_unknown(workspace, files):
    _, frame = taken(workspace, files, [person("A", 40, jns_lantai="Tanah")])
    assert bool(frame.loc[0, "housing"]) is True


def test_family_answers_come_from_the_first_member_who_has_one(workspace, files):
    rows = [person("A", 40, sumber_penerangan="", lintang="", bujur=""), person("A", 9)]
    _, frame = taken(workspace, files, rows)
    assert bool(frame.loc[0, "electricity"]) is False
    assert frame.loc[0, "coordinate_status"] == "ok"


def test_a_member_of_unknown_age_makes_the_children_unknown(workspace, files):
    rows = [person("A", 40), person("A", "")]
    _, frame = taken(workspace, files, rows)
    assert frame.loc[0, ["children_0_5", "children_7_12", "children_13_15"]].isna().all()
    assert frame.loc[0, "persons"] == 2


def test_members_who_disagree_on_the_desa_or_the_decile_are_told(workspace, files):
    rows = [
        person("A", 40), person("A", 9, kode_kemendagri="12.05.01.2002"),
        person("B", 40, desil_kesejahteraan=""), person("B", 9), person("B", 8, desil_kesejahteraan="4"),
        person("C", 40), person("C", 9),
    ]  # fmt: skip
    report, frame = taken(workspace, files, rows)
    assert frame["code"].tolist() == ["12.05.01.2001"] * 3
    assert frame["decile"].tolist() == [1, 1, 1]
    assert (report.warnings["family_area_differs"], report.warnings["family_decile_differs"]) == (1, 1)
    assert report.warning_rows["family_area_differs"] == [2]
    assert report.warning_rows["family_decile_differs"] == [4]


@pytest.mark.parametrize("nothing", ["TIDAK ADA", "Belum ada", "-", "9" * 16, "n/a", "Kosong"])
def test_a_word_for_no_family_number_never_makes_a_family_of_strangers(workspace, files, nothing):
    rows = [person("A", 40), *[person(nothing, 30) for _ in range(5)]]
    report, frame = taken(workspace, files, rows)
    assert (len(frame), report.reasons) == (1, {"kk_missing": 5})


def test_more_persons_than_a_family_has_are_told(workspace, files):
    report, frame = taken(workspace, files, [person("1205XX", 30) for _ in range(100)])
    assert (frame["persons"].tolist(), report.warnings["family_large"]) == ([100], 1)


def test_persons_without_a_family_number_are_put_aside(workspace, files):
    report, frame = taken(workspace, files, [person("A", 40), person("", 9)])
    assert report.reasons == {"kk_missing": 1}
    assert frame["persons"].tolist() == [1]


def test_a_file_of_persons_without_an_acceptable_row_makes_no_snapshot(workspace, files):
    report, frame = taken(workspace, files, [person("", 40), person("", 9)])
    assert (report.accepted, report.quarantined, report.snapshot, frame) == (0, 2, None, None)


def test_bdt_is_grouped_by_household_with_codes_in_parts_and_ranked_by_percentile(workspace_with_crosswalk, files):
    head = {
        "ID rumah tangga (2)": "R1", "Kode Provinsi (4)": "12", "Kode Kab/Kota (6)": "13", "Kode Kecamatan (8)": "020",
        "Kode Desa/Kelurahan (10)": "1", "percentile": "11", "Lantai terluas (19)": "6",
        "Umur anggota rumah tangga (tahun)": "30",
    }  # fmt: skip
    report, frame = taken(workspace_with_crosswalk, files, [head, {**head, "percentile": ""}])
    assert (report.form, report.codes, report.families) == ("bdt2015", "bps", 1)
    assert frame.loc[0, "code"] == "12.05.02.1001"
    assert frame.loc[0, "decile"] == 2
    assert frame["housing"].isna().all()
    assert report.warnings["form_code_unknown"] == 2


@pytest.mark.shared_data
def test_the_masked_bdt_sample_is_recognised(shared_data):
    from gisapp.readers.table import read_text_table
    from gisapp.registry.forms import CODE_PARTS, choose_form

    sample = read_text_table(shared_data / "household" / "bdt2015_sample_masked.csv")
    form = choose_form(tuple(sample.columns), form=None, mapping=None)
    assert form.name == "bdt2015"
    found = form.recognise(sample.columns)
    assert {*CODE_PARTS, "percentile", "floor", "age", "family_number"} <= set(found)


def test_rounded_family_numbers_join_no_strangers(workspace, files):
    rounded = [person(f"9901010101240{n:02d}0", 40) for n in range(15) for _ in range(2)]  # two families each
    whole = [person(f"990202020124{n:04d}", 30) for n in range(1, 40) if n % 10]
    report, frame = taken(workspace, files, [*rounded, *whole])
    assert report.reasons["kk_damaged"] == 30
    assert (report.families, frame["persons"].max()) == (len(whole), 1)


def test_family_numbers_that_end_in_0_by_chance_stay(workspace, files):
    rows = [person(f"990202020124{n:04d}", age) for n in range(1, 60) for age in (40, 9)]
    report, _ = taken(workspace, files, rows)
    assert (report.reasons, report.families) == ({}, 59)
