"""The vocabularies against the code books and column lists of the real forms."""

from __future__ import annotations

import csv
import json

import pytest

from gisapp.registry.deprivations import code_list
from gisapp.registry.forms import CODED, DIFFICULTIES, known_forms, load_form
from gisapp.registry.rules import answer_key

pytestmark = pytest.mark.shared_data

#: Question of the code book -> variable, and the class that each of its texts must have.
REGSOSEK = {
    "303": ("floor", ["stone", "ceramic", "parquet", "tile", "wood", "cement", "bamboo", "earth", "other"]),
    "304": ("wall", ["masonry", "plastered_mat", "wood", "woven_bamboo", "log", "bamboo", "other"]),
    "305": ("roof", ["concrete", "tile", "zinc", "asbestos", "shingle", "bamboo", "thatch", "other"]),
    "306a": ("water", ["bottled", "refill", "piped", "bore_well", "protected_well", "unprotected_well",
                       "protected_spring", "unprotected_spring", "surface", "rain", "other"]),
    "306b": ("water_distance", ["near", "far", "unknown"]),
    "307a": ("light", ["metered", "unmetered", "other_electric", "none"]),
    "308": ("fuel", ["electric", "gas", "gas", "gas", "gas", "biogas", "kerosene", "briquette", "charcoal", "wood",
                     "other", "no_cooking"]),
    "309a": ("toilet", ["own", "shared_known", "communal", "public", "unused", "none"]),
    "309b": ("closet", ["swan_neck", "covered_slope", "open_slope", "pit"]),
    "310": ("disposal", ["septic", "treatment_plant", "water_body", "ground_hole", "open_land", "other"]),
    "412": ("school_participation", ["never", "in_school", "left"]),
    "413": ("adult_diploma", ["primary"] * 5 + ["junior"] * 5 + ["senior"] * 7 + ["higher"] * 5),
    "428a": ("difficulty_seeing", ["cannot", "a_lot", "some", "none"]),
}  # fmt: skip
#: A word of the code book's text that must go with the class, so that a shifted list is noticed.
WORDS = {
    "earth": "tanah", "bamboo": "bambu", "asbestos": "asbes", "bore_well": "bor", "rain": "hujan", "septic": "septik",
    "swan_neck": "angsa", "metered": "dengan meteran", "kerosene": "minyak tanah", "wood": "kayu", "own": "sendiri",
    "in_school": "masih sekolah", "masonry": "tembok", "near": "<", "a_lot": "banyak kesulitan",
}  # fmt: skip


@pytest.fixture(scope="module")
def household(shared_data):
    return shared_data / "household"


@pytest.mark.parametrize("question", REGSOSEK)
def test_every_code_of_the_code_book_has_its_class(household, question):
    book = json.loads((household / "regsosek2022k_codebook.json").read_text())["questions"][question]
    variable, classes = REGSOSEK[question]
    known = code_list(load_form("regsosek2022k"), variable)
    assert {code: known[answer_key(code)] for code in book} == dict(zip(book, classes, strict=True))
    for code, text in book.items():
        word = WORDS.get(known[answer_key(code)])
        assert word is None or word in text.casefold() or question in ("412", "413"), text


def test_the_columns_of_the_village_system_are_known(household):
    tables = json.loads((household / "opensid_dtks_schema.json").read_text())
    header = [column["column"] for table in tables.values() if isinstance(table, list) for column in table]
    found = load_form("regsosek2022k").recognise(header)
    wanted = {"code", "code_province", "code_regency", "code_district", "floor", "wall", "roof", "water", "light"}
    wanted |= {"fuel", "toilet", "closet", "disposal", "receives_pkh", "receives_bpnt", "family_role", *DIFFICULTIES}
    assert wanted <= set(found)


def test_the_headings_of_bdt_2015_are_known(household):
    with (household / "bdt2015_column_headers.csv").open(encoding="utf-8") as stream:
        header = [row["header"] for row in csv.DictReader(stream)]
    form = load_form("bdt2015")
    found = form.recognise(header)
    absent = {"code", "longitude", "latitude", "birth_date"}
    assert set(form.columns) - set(found) == absent
    assert found["nik"] == "NIK"
    assert found["member_name"] == "Nama ART"
    assert found["village_name"] == "Desa/Kelurahan (9)"


def test_the_texts_of_p3ke_2023_are_known(household):
    seen = json.loads((household / "real_headers_no_rows.json").read_text())
    (p3ke,) = [entry for name, entry in seen.items() if name.startswith("p3ke_2023")]
    variables = {"pendidikan": "adult_diploma", "sumber_air": "water", "fas_bab": "toilet", "jns_lantai": "floor",
                 "sumber_penerangan": "light"}  # fmt: skip
    form = load_form("p3ke2023")
    for column, variable in variables.items():
        assert {answer_key(text) for text in p3ke["categories"][column]} <= set(code_list(form, variable)), column
    tables = [name for names in p3ke["tables"].values() for name in names]
    assert {"code", "family_number", "floor", "water", "toilet", "light", "decile", "age"} <= set(
        form.recognise(tables)
    )


def test_lists_that_nobody_has_published_are_empty():
    for name in ("dtsen2026", "bdt2015"):
        assert not any(code_list(load_form(name), variable) for variable in (*CODED, *DIFFICULTIES))


def test_the_scale_of_difficulty_runs_down_in_regsosek_and_is_unknown_elsewhere():
    assert code_list(load_form("regsosek2022k"), "difficulty_seeing") == {
        "1": "cannot", "2": "a_lot", "3": "some", "4": "none",
    }  # fmt: skip
    for name in set(known_forms()) - {"regsosek2022k"}:
        assert code_list(load_form(name), "difficulty_seeing") == {}
