"""A layer of which nothing can be used: `add` refuses it, and `check` calls it an error where it is stored already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from gisapp.analysis.codes import DIGITS, digits, kabupaten_of
from gisapp.errors import Problem
from gisapp.readers.guard import refuse
from gisapp.workspace.folder import Workspace
from gisapp.workspace.layers import read_boundary, read_table
from gisapp.workspace.prepared import warn

#: Where a table of each kind holds desa codes.
CODE_COLUMNS = {
    "population": ("code",),
    "crosswalk": ("kode_kemendagri", "kode_bps"),
    "direct_estimates": ("code",),
    "expected_families": ("code",),
}
#: Kinds whose codes may also be of a kecamatan.
_ANY_LEVEL = ("direct_estimates",)
USED_POSITIONS = ("known", "stacked")
_POSISI = {
    "blank": "kosong",
    "unreadable": "tidak terbaca",
    "not_finite": "bukan angka",
    "zero": "nol",
    "swapped": "tertukar",
    "outside": "di luar kabupaten",
}
_ADVICE = {
    "swapped": (
        "Latitude and longitude are exchanged: add it again with --latitude and --longitude the other way round, "
        "--replace where it is stored already.",
        "Lintang dan bujur tertukar: tambahkan lagi dengan --latitude dan --longitude ditukar, "
        "serta --replace bila sudah tersimpan.",
    ),
    "formula": (
        "The cells hold formulas without stored results. Open the file in Excel, save it, and add it again.",
        "Selnya berisi rumus tanpa hasil tersimpan. Buka berkas di Excel, simpan, lalu tambahkan lagi.",
    ),
    "outside": (
        "Is it another district's file? If the coordinates are metres, say their --crs.",
        "Apakah ini berkas kabupaten lain? Bila koordinatnya meter, sebutkan --crs.",
    ),
    "blank": (
        "Fill in the coordinates, or name their columns with --latitude and --longitude.",
        "Isi koordinatnya, atau sebutkan kolomnya dengan --latitude dan --longitude.",
    ),
}


def refuse_unusable(path: Path, problems: Iterable[Problem]) -> None:
    """Raise FileRefusedError for the first problem of severity error; its code is the problem's."""
    for problem in problems:
        if problem.severity == "error":
            raise refuse(f"{path}: {problem.detail}", f"{path}: {problem.detail_id}", code=problem.code)


def no_rows(rows: int) -> list[Problem]:
    """A header without a row under it."""
    if rows:
        return []
    return [_error("layer_empty", 1, "there is no data row in the file.", "berkas tidak berisi baris data.")]


def no_position(position: np.ndarray, read: Iterable[Problem] = ()) -> list[Problem]:
    """Facilities of which not one has a usable position; ``read`` is what their reader noticed."""
    if not len(position) or np.isin(position, USED_POSITIONS).any():
        return []
    noticed = {problem.code: problem for problem in read}
    kinds = pd.Series(position).value_counts()
    listed = ", ".join(f"{name} {count}" for name, count in sorted(kinds.items()))
    terdaftar = ", ".join(f"{_POSISI.get(str(name), name)} {count}" for name, count in sorted(kinds.items()))
    advice = "formula" if kinds.index[0] == "blank" and "formula_cell" in noticed else str(kinds.index[0])
    en, id = _ADVICE.get(advice, _ADVICE["blank"])
    if (swapped := noticed.get("columns_swapped")) is not None:
        en, id = swapped.detail, swapped.detail_id
    return [
        _error(
            "columns_swapped" if advice == "swapped" else "position_unusable",
            len(position),
            f"none of the {len(position)} rows has a usable position ({listed}). {en}",
            f"tidak satu pun dari {len(position)} baris punya posisi yang dapat dipakai ({terdaftar}). {id}",
        )
    ]


def foreign_codes(kind: str, table: pd.DataFrame, desa: pd.Series | None) -> list[Problem]:
    """A table of desa codes (population, crosswalk) of which not one is a desa of the boundary."""
    if desa is None or kind not in CODE_COLUMNS or table.empty:
        return []
    there = {digits(code) for code in desa}
    here = {digits(code) for column in CODE_COLUMNS[kind] for code in table[column]}
    above = kind in _ANY_LEVEL and any(len(code) > 4 and own.startswith(code) for code in here for own in there)
    if here & there or above:
        return []
    seen, own = table[CODE_COLUMNS[kind][0]].iloc[0], desa.iloc[0]
    return [
        _error(
            "code_foreign",
            len(table),
            f"none of the {len(table)} rows has the code of a desa of the boundary ({seen}; the boundary has {own}). "
            "Use the codes of the boundary's system and district.",
            f"tidak satu pun dari {len(table)} baris berkode desa yang ada di batas desa ({seen}; batas: {own}). "
            "Pakai kode dari sistem dan kabupaten yang sama dengan batas desa.",
        )
    ]


def wrong_level(codes: Sequence[str], level: str) -> list[Problem]:
    """Areas whose codes all have the length of another level."""
    lengths = {len(digits(code)) for code in codes}
    own = {by_level[level] for by_level in DIGITS.values() if level in by_level}
    others = {name for by_level in DIGITS.values() for name, length in by_level.items() if length in lengths}
    if not lengths or lengths & own or len(others) != 1 or len(lengths) != 1:
        return []
    other = others.pop()
    return [
        _error(
            "level_mismatch",
            len(codes),
            f"the codes ({codes[0]}) are of level {other}, not {level}. Say --level {other}, or another --key.",
            f"kodenya ({codes[0]}) tingkat {other}, bukan {level}. Pakai --level {other}, atau --key lain.",
        )
    ]


def foreign_district(workspace: Workspace, codes: Sequence[str], level: str) -> list[Problem]:
    """Areas of which not one is of this workspace's district, by ``kode`` or else by the boundaries that are there."""
    kode = workspace.settings.kode or _kode_of_others(workspace, level)
    own = digits(kode)
    known = (own, *_bps_districts(workspace)) if level == "sls" else (own,)
    if not own or not len(codes) or any(digits(code).startswith(known) for code in codes):
        return []
    other = kabupaten_of(codes) or codes[0]
    return [
        _error(
            "kode_mismatch",
            len(codes),
            f"the codes are of district {other}, but this workspace is of {kode}. "
            "Bring the right file, or correct kode in gisapp.toml.",
            f"kodenya milik kabupaten {other}, sedangkan ruang kerja ini {kode}. "
            "Bawa berkas yang benar, atau betulkan kode di gisapp.toml.",
        )
    ]


def _bps_districts(workspace: Workspace) -> tuple[str, ...]:
    """First four digits of the BPS codes that a crosswalk gives: SLS are numbered by BPS below its own desa codes."""
    tables = read_table(workspace, "crosswalk")
    return tuple(sorted({digits(str(code))[:4] for table in tables for code in table["kode_bps"]} - {""}))


def _kode_of_others(workspace: Workspace, level: str) -> str:
    for other in ("desa", "kecamatan", "kabupaten"):
        areas = read_boundary(workspace, other) if other != level else None
        if areas is not None and (kode := kabupaten_of(areas["code"])):
            return kode
    return ""


def _error(code: str, count: int, en: str, id: str) -> Problem:
    return warn(code, count, en, id, severity="error")
