"""Columns found by the names that Indonesian layers usually give them."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

import pandas as pd

#: Usual names of an area's code, by level; the first that is there wins.
CODE_NAMES = {
    "desa": (
        "kode",
        "kode_desa",
        "kode_kd",
        "kdepum",
        "kddesa",
        "iddesa",
        "kdebps",
        "code",
        "adm4_pcode",
        "kode_kemendagri",
        "village_code",
    ),
    "kecamatan": (
        "kode",
        "kode_kecamatan",
        "kode_kec",
        "kdcpum",
        "kdkec",
        "idkec",
        "code",
        "adm3_pcode",
        "district_code",
    ),
    "kabupaten": (
        "kode",
        "kode_kabupaten",
        "kode_kab",
        "kdpkab",
        "kdkab",
        "idkab",
        "code",
        "adm2_pcode",
        "regency_code",
    ),
    "sls": (
        "kode",
        "kode_sls",
        "idsls",
        "id_sls",
        "kdsls",
        "idsubsls",
        "kode_sub_sls",
        "kode_dusun",
        "code",
    ),
}
#: Usual names of an area's name, by level.
AREA_NAMES = {
    "desa": (
        "nama",
        "name",
        "namobj",
        "wadmkd",
        "nama_desa",
        "desa",
        "nmdesa",
        "desa_kelurahan",
        "kelurahan",
        "adm4_en",
        "village",
        "village_name",
    ),
    "kecamatan": (
        "nama",
        "name",
        "namobj",
        "wadmkc",
        "nama_kecamatan",
        "kecamatan",
        "nmkec",
        "adm3_en",
        "district",
        "district_name",
        "subdistrict",
    ),
    "kabupaten": (
        "nama",
        "name",
        "namobj",
        "wadmkk",
        "nama_kabupaten",
        "kabupaten",
        "kabupaten_kota",
        "nmkab",
        "adm2_en",
        "regency",
        "regency_name",
    ),
    "sls": (
        "nama",
        "name",
        "nama_sls",
        "nmsls",
        "nama_dusun",
        "dusun",
        "rt_rw",
    ),
}
#: Usual names of a facility's name.
PLACE_NAMES = (
    "nama",
    "name",
    "namobj",
    "nama_sekolah",
    "sekolah",
    "nama_satuan_pendidikan",
    "nama_faskes",
    "nama_objek",
    "remark",
)
_DESA_HINTS = ("desa", "kelurahan", "desa_kelurahan", "nama_desa", "wadmkd")
_KECAMATAN_HINTS = ("kecamatan", "nama_kecamatan", "kec", "wadmkc")
_KABUPATEN_HINTS = ("wadmkk", "kabupaten", "nama_kabupaten", "kabupaten_kota", "nmkab", "regency")
_CODE_HINTS = (
    "kode_desa",
    "kode desa",
    "kdepum",
    "kode_wilayah",
    "kode wilayah",
    "kode_kecamatan",
    "kode_kec",
    "kdcpum",
)


def find_column(names: Iterable[str], usual: Iterable[str]) -> str | None:
    """Return the first usual name that is there, in the file's own spelling, or None.

    >>> find_column(["KODE", "NAMOBJ"], AREA_NAMES["desa"])
    'NAMOBJ'
    """
    folded = {str(name).strip().casefold(): str(name) for name in names}
    return next((folded[name] for name in usual if name in folded), None)


class Meant(NamedTuple):
    """The sentence "did you mean" in both languages, with a space before it; empty where nothing is near."""

    en: str
    id: str


def nearest(asked: str, names: Iterable[str]) -> Meant:
    """What the user may have meant: the same name in other letters, else the most alike.

    >>> nearest("KODE", ["kode", "nama"]).en
    " Did you mean 'kode'?"
    """
    listed = [str(name) for name in names]
    alike = [name for name in listed if asked and name.casefold() == asked.strip().casefold()]
    alike = alike or (get_close_matches(asked, listed, n=1, cutoff=0.75) if asked else [])
    if not alike:
        return Meant("", "")
    return Meant(f" Did you mean {alike[0]!r}?", f" Maksud Anda {alike[0]!r}?")


def area_hint(frame: pd.DataFrame) -> pd.Series:
    """Name of the smallest area a row says it lies in (desa, else kecamatan), or empty text; aligned with the frame."""
    parts = [column for usual in (_DESA_HINTS, _KECAMATAN_HINTS) if (column := find_column(frame.columns, usual))]
    texts = [as_text(frame[column]) for column in parts]
    if not texts:
        return pd.Series("", index=frame.index, dtype="str")
    if len(texts) == 1:
        return texts[0]
    return texts[0].where(texts[0] != "", texts[1])


def area_words(frame: pd.DataFrame) -> pd.DataFrame:
    """What a row says of where it lies, empty text where nothing: area_code; hints of desa, kecamatan, kabupaten."""
    usual = {
        "area_code": _CODE_HINTS,
        "desa_hint": _DESA_HINTS,
        "kecamatan_hint": _KECAMATAN_HINTS,
        "kabupaten_hint": _KABUPATEN_HINTS,
    }
    blank = pd.Series("", index=frame.index, dtype="str")
    found = {name: find_column(frame.columns, names) for name, names in usual.items()}
    return pd.DataFrame({name: blank if column is None else as_text(frame[column]) for name, column in found.items()})


def single_kabupaten(frame: pd.DataFrame) -> str | None:
    """Name of the kabupaten that all rows share, where a column says it."""
    column = find_column(frame.columns, _KABUPATEN_HINTS)
    if column is None:
        return None
    names = {name for name in as_text(frame[column]) if name}
    return names.pop() if len(names) == 1 else None


def as_text(values: pd.Series) -> pd.Series:
    """Column as trimmed text: whole numbers without .0, missing values empty."""
    if pd.api.types.is_float_dtype(values):
        texts = [
            "" if value != value else (str(int(value)) if float(value).is_integer() else repr(float(value)))
            for value in values
        ]
    else:
        texts = ["" if value is None or value is pd.NA or value != value else str(value).strip() for value in values]
    return pd.Series(texts, index=values.index, dtype="str")
