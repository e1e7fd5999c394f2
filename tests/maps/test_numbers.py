"""Numbers as people write them."""

import pandas as pd
import pytest

from gisapp.maps.numbers import distance, is_missing, number, percent, percent_range, rupiah, with_unit


def test_indonesian_and_english():
    assert number(1234.5, "id", digits=1) == "1.234,5"
    assert number(1234.5, "en", digits=1) == "1,234.5"
    assert percent(0.0923, "id", digits=2) == "9,23\u00a0%"
    assert percent(0.0923, "en", digits=2) == "9.23%"
    assert percent_range(0.201, 0.226) == "20,1–22,6\u00a0%"
    assert number(-0.3, "id") == "0"
    assert number(-1234.5, "en", digits=1) == "−1,234.5"
    assert distance(850) == "850\u00a0m"
    assert distance(4200) == "4,2\u00a0km"


def test_money_is_shortened_and_keeps_no_empty_decimals():
    assert rupiah(2.5e8) == "Rp\u00a0250\u00a0juta"
    assert rupiah(1.25e9) == "Rp\u00a01,25\u00a0miliar"
    assert rupiah(3.1e12, "en") == "Rp\u00a03.10\u00a0trillion"
    assert rupiah(75000) == "Rp\u00a075.000"


@pytest.mark.parametrize("nothing", [None, pd.NA, float("nan"), float("inf"), "x"])
def test_what_is_not_a_number_is_a_dash(nothing):
    assert is_missing(nothing)
    assert number(nothing) == percent(nothing) == distance(nothing) == rupiah(nothing) == "–"
    assert percent_range(nothing, 1) == ""


def test_each_unit_its_own_form():
    assert with_unit(0.5, "0..1") == "50,0\u00a0%"
    assert with_unit(12.0, "families") == "12"
    assert with_unit(1500, "m") == "1,5\u00a0km"
    assert with_unit(2.345, "z") == "2,35"
