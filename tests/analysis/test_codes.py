"""Area codes: parents, systems, and zeros that must not be lost."""

from __future__ import annotations

import pytest

from gisapp.analysis.codes import digits, guess_system, kabupaten_of, parent_code
from gisapp.errors import InvalidInputError


@pytest.mark.parametrize(
    ("code", "level", "system", "parent"),
    [
        ("12.05.01.2001", "desa", "kemendagri", "12.05.01"),
        ("1205012001", "desa", "kemendagri", "120501"),
        ("1213010001", "desa", "bps", "1213010"),
        ("1213010", "kecamatan", "bps", "1213"),
        ("12.05.10", "kecamatan", "kemendagri", "12.05"),
        ("12.10", "kabupaten", "kemendagri", "12"),
        ("120501200", "desa", "kemendagri", None),
        ("", "desa", "bps", None),
    ],
)
def test_parent(code, level, system, parent):
    assert parent_code(code, level, system) == parent


def test_an_unknown_level_is_refused():
    with pytest.raises(InvalidInputError):
        parent_code("12", "provinsi", "kemendagri")


def test_digits_keep_zeros():
    assert digits("12.10.00.0010") == "1210000010"


@pytest.mark.parametrize(
    ("codes", "kabupaten"),
    [
        (["12.05.01.2001", "12.05.23.1002"], "12.05"),
        (["1213010001", "1213230009"], "1213"),
        (["12.05.01.2001", "12.22.01.2001"], None),
        ([], None),
        (["1"], None),
    ],
)
def test_kabupaten(codes, kabupaten):
    assert kabupaten_of(codes) == kabupaten


@pytest.mark.parametrize(
    ("codes", "system"),
    [
        (["12.05.01.2001"], "kemendagri"),
        (["1205012001", "1205011001"], "kemendagri"),
        (["1213010001", "1213010002"], "bps"),
        (["1213011001", "1213010002"], "bps"),
        (["12130100"], None),
        (["12.13.010.001"], "bps"),
        ([*(f"12050120{at:02d}" for at in range(1, 60)), "1205010007"], "kemendagri"),
        (["1213011117", "1213011124", "1213021131"], None),
        ([], None),
    ],
)
def test_system_is_told_by_form(codes, system):
    assert guess_system(codes) == system
