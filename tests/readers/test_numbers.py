"""Indonesian numbers and coordinates."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.readers.numbers import parse_coordinate, parse_coordinates, parse_number, parse_numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.250.000", 1_250_000),
        ("1,250,000", 1_250_000),
        ("9,23", 9.23),
        ("9.23", 9.23),
        ("-5", -5),
        ("1 250", 1250),
        ("1e3", 1000),
        (" 7 ", 7),
        ("0,5", 0.5),
        ("1.250.000,75", 1250000.75),
    ],
)
def test_numbers(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "-", "abc", "1.2.3", "1,2,3", "12.34,5", "nan", "1-2", "=1+1"])
def test_no_numbers(text):
    assert math.isnan(parse_number(text))


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1.250", "1.250.000"], [1250, 1_250_000]),
        (["1.250", "9,5"], [1250, 9.5]),
        (["1.250", "2.5"], [1.25, 2.5]),
        (["12", "1.5"], [12, 1.5]),
    ],
)
def test_a_column_decides_together_what_a_dot_means(texts, values):
    assert parse_numbers(pd.Series(texts)).tolist() == values


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["36.370", "36.620"], [36370, 36620]),
        (["36,370", "512"], [36370, 512]),
        (["36.370", "512,0"], [36370, 512]),
        (["12", "3.0"], [12, 3]),
        (["1.250", "2.5"], [1.25, 2.5]),
    ],
)
def test_counts_group_by_thousands(texts, values):
    assert parse_numbers(pd.Series(texts), whole=True).tolist() == values


@given(st.integers(0, 10**12))
def test_grouped_thousands_read_back(value):
    assert parse_number(f"{value:,}".replace(",", "."), comma_decimal=True) == value


@pytest.mark.parametrize(
    ("text", "degrees"),
    [
        ("3.8214", 3.8214),
        ("3,8214", 3.8214),
        ("-0,5", -0.5),
        ("98°28'33.6\"BT", 98.476),
        ("3° 49' 17.04\" LU", 3.8214),
        ("3 49 17.04 LS", -3.8214),
        ("N 3°49.284'", 3.8214),
        ("98.476° BT", 98.476),
        ("0,5 LS", -0.5),
        ("98,476E", 98.476),
        ("-3 30 0", -3.5),
        ("3º49’17,04”", 3.8214),
        ("98d28m33.6s", 98.476),
    ],
)
def test_coordinates(text, degrees):
    assert parse_coordinate(text) == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize("text", ["", "-", "utara", "98.476.000", "3°75'0\"", "N 3 S", "3,8214,5", "=A1", "--3"])
def test_no_coordinates(text):
    assert math.isnan(parse_coordinate(text))


@given(st.floats(-90, 90, allow_nan=False))
def test_any_decimal_degree_reads_back_with_comma(value):
    assert parse_coordinates(pd.Series([f"{value:.7f}".replace(".", ",")]))[0] == pytest.approx(value, abs=1e-7)
