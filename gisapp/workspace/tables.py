"""What a table of each kind must hold, under the names offices use for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from gisapp.readers.guard import refuse
from gisapp.readers.numbers import parse_numbers, parse_rupiah
from gisapp.workspace.estimate_rules import direct_rules, expected_rules

ColumnType = Literal["text", "count", "year", "percent", "number", "rupiah"]


@dataclass(frozen=True, kw_only=True)
class TableColumn:
    """One column: its canonical name, the headings it is known by (casefolded), its type."""

    name: str
    headings: tuple[str, ...]
    type: ColumnType = "text"
    required: bool = True


_CODE = TableColumn(
    name="code", headings=("kode", "code", "kode_desa", "kode desa", "kode_wilayah", "kode wilayah", "kode_kemendagri")
)
_YEAR = TableColumn(name="year", headings=("tahun", "year", "tahun data"), type="year")
_SOURCE = TableColumn(name="source", headings=("sumber", "source"))
_CONCEPT = TableColumn(name="concept", headings=("konsep", "concept", "indikator", "indicator"))
_UNIT = TableColumn(name="unit", headings=("satuan", "unit"))
_STANDARD_ERROR = TableColumn(
    name="standard_error",
    headings=("galat_baku", "galat baku", "standard_error", "standard error", "se"),
    type="number",
    required=False,
)

#: Columns by table kind; docs/layers.md explains them.
TABLE_COLUMNS: dict[str, tuple[TableColumn, ...]] = {
    "population": (
        _CODE,
        TableColumn(
            name="persons", headings=("jiwa", "persons", "penduduk", "jumlah penduduk", "jumlah_penduduk"), type="count"
        ),
        TableColumn(
            name="families",
            headings=("keluarga", "families", "kk", "jumlah kk", "jumlah_kk", "jumlah keluarga", "jumlah_keluarga"),
            type="count",
        ),
        _YEAR,
        _SOURCE,
        TableColumn(
            name="urban_rural", headings=("kelas", "urban_rural", "klasifikasi", "perkotaan_perdesaan"), required=False
        ),
    ),
    "published_poverty": (
        _YEAR,
        TableColumn(
            name="poor_persons",
            headings=(
                "penduduk_miskin",
                "poor_persons",
                "penduduk miskin",
                "jumlah",
                "jumlah_penduduk_miskin",
                "jumlah penduduk miskin",
            ),
            type="count",
        ),
        TableColumn(
            name="headcount_ratio",
            headings=(
                "persen",
                "headcount_ratio",
                "persentase",
                "p0",
                "persentase penduduk miskin",
                "persentase_penduduk_miskin",
            ),
            type="percent",
        ),
        _SOURCE,
        TableColumn(name="code", headings=_CODE.headings, required=False),
        TableColumn(name="name", headings=("nama", "name"), required=False),
    ),
    "crosswalk": (
        TableColumn(name="kode_kemendagri", headings=("kode_kemendagri", "kode kemendagri")),
        TableColumn(name="kode_bps", headings=("kode_bps", "kode bps")),
        TableColumn(name="valid_from", headings=("valid_from", "berlaku_mulai", "berlaku mulai"), required=False),
        TableColumn(name="valid_to", headings=("valid_to", "berlaku_sampai", "berlaku sampai"), required=False),
    ),
    "direct_estimates": (
        _CODE,
        TableColumn(name="estimate", headings=("taksiran", "estimate", "estimasi", "nilai"), type="number"),
        _STANDARD_ERROR,
        TableColumn(name="variance", headings=("varians", "variance", "ragam"), type="number", required=False),
        TableColumn(name="rse", headings=("rse", "rse_persen", "rse (%)"), type="number", required=False),
        _UNIT,
        _CONCEPT,
        _YEAR,
        _SOURCE,
    ),
    "expected_families": (
        _CODE,
        TableColumn(
            name="families",
            headings=("keluarga", "families", "perkiraan", "perkiraan_keluarga", "jumlah_keluarga", "expected"),
            type="count",
        ),
        TableColumn(
            name="lower", headings=("batas_bawah", "batas bawah", "lower", "bawah"), type="count", required=False
        ),
        TableColumn(name="upper", headings=("batas_atas", "batas atas", "upper", "atas"), type="count", required=False),
        _STANDARD_ERROR,
        _CONCEPT,
        _UNIT,
        _YEAR,
        _SOURCE,
    ),
    "programme": (),
    "planned_works": (
        TableColumn(name="work", headings=("jenis", "jenis_kegiatan", "jenis kegiatan", "kegiatan", "work", "kind")),
        TableColumn(name="year", headings=("tahun", "year", "tahun anggaran", "tahun_anggaran"), type="year"),
        TableColumn(
            name="budget_idr",
            headings=("anggaran", "pagu", "budget", "budget_idr", "pagu anggaran", "nilai", "rupiah"),
            type="rupiah",
            required=False,
        ),
        TableColumn(name="name", headings=("nama", "nama_kegiatan", "nama kegiatan", "name", "uraian"), required=False),
        TableColumn(name="code", headings=_CODE.headings, required=False),
        TableColumn(
            name="families",
            headings=("keluarga", "sasaran", "jumlah keluarga", "jumlah_keluarga", "families", "kk"),
            type="count",
            required=False,
        ),
        TableColumn(name="latitude", headings=("lintang", "latitude", "lat", "y"), required=False),
        TableColumn(name="longitude", headings=("bujur", "longitude", "lon", "long", "x"), required=False),
        TableColumn(name="source", headings=_SOURCE.headings, required=False),
    ),
    "target_list": (),
}
#: What the columns of a kind must say together, beyond each column by itself.
_RULES = {"direct_estimates": direct_rules, "expected_families": expected_rules}
_RURAL = {
    "perkotaan": "urban",
    "urban": "urban",
    "kota": "urban",
    "perdesaan": "rural",
    "pedesaan": "rural",
    "rural": "rural",
    "desa": "rural",
}


def canonical_table(path: Path, frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Rename and type the columns that a kind requires; every other column stays as text.

    ``count`` is a nullable integer >= 0, ``year`` a four-digit integer, ``percent`` a ratio 0..1 (percent in the file),
    ``number`` a number >= 0, ``rupiah`` one as offices write money. A cell that is not required may be blank.

    Raises
    ------
    FileRefusedError : code ``table_columns`` for a missing column, ``table_value`` for a value that is none, with row.
    """
    out = frame.copy()
    for column in TABLE_COLUMNS[kind]:
        found = _find(frame.columns, column.headings)
        if found is None:
            if column.required:
                raise _missing(path, frame, kind, column)
            continue
        out = out.rename(columns={found: column.name})
        out[column.name] = _typed(path, out[column.name].str.strip(), column, found)
    if "urban_rural" in out:
        folded = out["urban_rural"].str.casefold()
        out["urban_rural"] = folded.map(_RURAL).fillna(folded)
    return _RULES[kind](path, out) if kind in _RULES else out


def _find(names: Iterable[str], headings: tuple[str, ...]) -> str | None:
    folded = {" ".join(str(name).split()).casefold(): str(name) for name in names}
    return next((folded[heading] for heading in headings if heading in folded), None)


def _typed(path: Path, text: pd.Series, column: TableColumn, heading: str) -> pd.Series:
    if column.type == "text":
        if column.required and (text == "").any():
            raise _value(path, text, text == "", heading, "is blank", "kosong")
        return text
    numbers = (
        text.map(parse_rupiah).astype("float64")
        if column.type == "rupiah"
        else parse_numbers(text, whole=column.type in ("count", "year"))
    )
    bad = numbers.isna() | (numbers < 0)
    if not column.required:
        bad &= text != ""
    if column.type == "count":
        bad |= numbers.notna() & (numbers % 1 != 0)
    if column.type == "year":
        bad |= ~numbers.between(1900, 2100) | (numbers % 1 != 0)
    if column.type == "percent":
        bad |= numbers > 100
    if bad.any():
        raise _value(path, text, bad, heading, "is not a usable number", "bukan angka yang dapat dipakai")
    if column.type in ("number", "rupiah"):
        return numbers
    if column.type == "percent":
        return numbers / 100 if (numbers > 1).any() else numbers
    return numbers.round().astype("Int64")


def _missing(path: Path, frame: pd.DataFrame, kind: str, column: TableColumn) -> Exception:
    shown = " / ".join(column.headings[:3])
    listed = ", ".join(str(name) for name in frame.columns[:30])
    return refuse(
        f"{path}: a {kind} table needs a column {shown}. Columns: {listed}.",
        f"{path}: tabel {kind} memerlukan kolom {shown}. Kolom: {listed}.",
        code="table_columns",
    )


def _value(path: Path, text: pd.Series, bad: pd.Series, heading: str, en: str, id: str) -> Exception:
    row, value = bad[bad].index[0], text[bad].iloc[0]
    return refuse(
        f"{path}, row {row}, column {heading}: {value!r} {en} ({int(bad.sum())} such rows).",
        f"{path}, baris {row}, kolom {heading}: {value!r} {id} ({int(bad.sum())} baris).",
        code="table_value",
    )
