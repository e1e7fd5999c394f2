"""Where a facility stands that has no place on the map: hand-drawn areas, and names as offices write them."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.facilities.presence import alike, plain_name, standing_areas
from gisapp.errors import InvalidInputError

#: Two kecamatan; the name Sukamaju stands in both, Contoh 1 and Contoh 2 differ by a number alone.
DESA = pd.DataFrame(
    {
        "code": ["12.05.01.2001", "12.05.01.2002", "12.05.02.2001", "12.05.02.2002", "12.05.02.2003"],
        "name": ["Desa Sukamaju", "Kel. Pekan Stabat", "Sukamaju", "Contoh 1", "Contoh 2"],
        "kecamatan_code": ["12.05.01", "12.05.01", "12.05.02", "12.05.02", "12.05.02"],
    }
)
KECAMATAN = pd.DataFrame({"code": ["12.05.01", "12.05.02"], "name": ["Kecamatan Stabat", "Hinai"]})
A, B = "12.05.01", "12.05.02"


def find(code="", desa="", kecamatan="", **more):
    facility = pd.DataFrame({"area_code": [code], "desa_hint": [desa], "kecamatan_hint": [kecamatan]})
    found = standing_areas(facility, DESA, KECAMATAN, **more).iloc[0]
    return found["codes"], found["how"]


@pytest.mark.parametrize(
    ("said", "codes", "how"),
    [
        ({"code": "1205012002"}, ("12.05.01.2002",), "code"),
        ({"code": "12.05.02"}, (B,), "code"),
        ({"code": "1205012002", "kecamatan": "Hinai"}, ("12.05.01.2002",), "code"),
        ({"desa": "PEKAN STABAT"}, ("12.05.01.2002",), "name"),
        ({"kecamatan": "Kec. stabat"}, (A,), "name"),
        ({"desa": "Sukamaju", "kecamatan": "Hinai"}, ("12.05.02.2001",), "name"),
        ({"desa": "Sukamaju"}, ("12.05.01.2001", "12.05.02.2001"), "namesakes"),
        ({"kecamatan": "Stabatt"}, (A,), "misspelt"),
        ({"desa": "Sukamajuu", "kecamatan": "Hinai"}, ("12.05.02.2001",), "misspelt"),
        ({"desa": "Sukamaju", "kecamatan": "Stabatt"}, ("12.05.01.2001",), "misspelt"),
        ({"desa": "Tidak Ada", "kecamatan": "Hinai"}, (B,), "name"),
        ({"desa": "Pekan Stabat", "kecamatan": "Hinai"}, (B, "12.05.01.2002"), "namesakes"),
        ({"desa": "Contoh 1"}, ("12.05.02.2002",), "name"),
        ({"desa": "Contoh 3"}, (), "unknown"),
        ({"desa": "Binjai"}, (), "unknown"),
        ({"code": "99.01"}, (), "unknown"),
        ({}, (), "blank"),
    ],
)
def test_the_words_of_a_row_name_the_areas_where_it_may_stand(said, codes, how):
    assert find(**said) == (codes, how)


def test_at_likeness_one_a_misspelt_area_is_unknown():
    assert find(kecamatan="Stabatt", likeness=1.0) == ((), "unknown")


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"desa": DESA.drop(columns="name")}, "desa: no column name"),
        ({"kecamatan": KECAMATAN.drop(columns="code")}, "kecamatan: no column code"),
        ({"facilities": pd.DataFrame({"area_code": [""]})}, "desa_hint"),
        ({"likeness": 1.5}, "likeness is 1.5"),
        ({"likeness": float("nan")}, "likeness is nan"),
    ],
)
def test_bad_input_is_refused_by_name(change, names):
    blank = pd.DataFrame({"area_code": [""], "desa_hint": [""], "kecamatan_hint": [""]})
    given_ = {"facilities": blank, "desa": DESA, "kecamatan": KECAMATAN} | change
    with pytest.raises(InvalidInputError, match=names) as refused:
        standing_areas(**given_)
    assert refused.value.en != refused.value.id


def test_no_facility_is_a_valid_answer():
    empty = pd.DataFrame({"area_code": [], "desa_hint": [], "kecamatan_hint": []})
    assert len(standing_areas(empty, DESA, KECAMATAN)) == 0


@given(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))
def test_whatever_a_row_says_the_codes_are_of_the_district_and_unknown_means_anywhere(code, desa, kecamatan):
    codes, how = find(code, desa, kecamatan)
    assert set(codes) <= {*DESA["code"], *KECAMATAN["code"]}
    assert (codes == ()) == (how in ("unknown", "blank"))


@given(st.text(alphabet="abc 12", max_size=8), st.text(alphabet="abc 12", max_size=8))
def test_likeness_is_of_both_ways_for_equal_names_and_never_across_numbers(one, other):
    assert alike(plain_name(one), plain_name(one), likeness=1.0)
    if [c for c in one if c.isdigit()] != [c for c in other if c.isdigit()]:
        assert not alike(one, other, likeness=0.0)
