"""Why a row is kept out (reason) or only pointed at (warning), and the sets of them that rows carry."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

#: Reasons for quarantine, in the order in which a row lists them: code -> (Indonesian, English).
REASONS = {
    "area_unknown": ("kode desa tidak ada di batas desa", "the desa code is not in the boundary layer"),
    "code_system": ("kode desa dari sistem lain (Kemendagri/BPS)", "the desa code is of the other system"),
    "nik_damaged": ("NIK rusak atau bukan 16 angka", "the NIK is damaged or not 16 digits"),
    "nik_duplicate": ("NIK sama dengan baris sebelumnya", "the NIK stands in an earlier row"),
    "kk_damaged": ("nomor KK rusak oleh lembar kerja", "the KK number was damaged by a spreadsheet"),
    "kk_missing": ("nomor KK kosong", "the KK number is blank"),
    "kk_duplicate": ("nomor KK sama dengan baris sebelumnya", "the KK number stands in an earlier row"),
    "decile_invalid": ("desil bukan 1 sampai 10", "the decile is not 1 to 10"),
    "persons_invalid": ("jumlah anggota bukan bilangan 1 atau lebih", "the number of persons is not 1 or more"),
    "columns_mismatch": (
        "jumlah sel tidak sama dengan judul kolom",
        "the row has another number of cells than the header",
    ),
    "formula_cell": ("sel berisi rumus", "a cell holds a formula"),
    "not_finite": ("nilai bukan bilangan (NaN, tak hingga)", "a value is not finite (NaN, infinity)"),
}
#: Warnings about accepted rows (coordinates and deciles: families): code -> (Indonesian, English).
WARNINGS = {
    "area_name_differs": ("nama desa atau kecamatan bukan milik kodenya", "the area's name is not that of its code"),
    "coordinate_missing": ("tanpa koordinat", "without coordinates"),
    "coordinate_zero": ("koordinat nol", "coordinates are zero"),
    "coordinate_swapped": ("lintang dan bujur tertukar", "latitude and longitude are exchanged"),
    "coordinate_outside": ("koordinat di luar kabupaten", "coordinates outside the district"),
    "coordinate_stacked": (
        "koordinat sama persis dengan banyak keluarga lain",
        "exactly the same coordinates as many other families",
    ),
    "decile_missing": ("tanpa desil", "without a decile"),
    "family_area_differs": (
        "anggota satu keluarga tercatat di desa berbeda",
        "members of a family stand in other desa",
    ),
    "family_decile_differs": ("anggota satu keluarga berdesil berbeda", "members of a family have other deciles"),
    "family_large": ("satu nomor KK dipakai lebih dari 99 orang", "more than 99 persons share one KK number"),
    "form_code_unknown": ("kode jawaban di luar daftar formulir", "an answer code that the form does not list"),
    "kk_damaged": ("nomor KK mungkin dibulatkan lembar kerja", "the KK number may be rounded by a spreadsheet"),
    "nik_damaged": ("NIK mungkin dibulatkan lembar kerja", "the NIK may be rounded by a spreadsheet"),
    "nik_unknown": ("NIK kosong atau belum ada", "the NIK is blank or not yet known"),
    "note_row": ("baris catatan atau jumlah, bukan data", "a note or a total, not data"),
    "sheet_unread": ("lembar lain di buku kerja ini tidak dibaca", "another sheet of the workbook is not read"),
    "number_unreadable": ("angka tidak terbaca, dianggap tidak diketahui", "a number cannot be read, taken as unknown"),
}
_BIT = {code: np.uint32(1 << position) for position, code in enumerate(REASONS)}

Sets = npt.NDArray[np.uint32]


def no_reasons(rows: int) -> Sets:
    """Empty set of reasons for each row."""
    return np.zeros(rows, dtype=np.uint32)


def add(sets: Sets, code: str, where: npt.NDArray[np.bool_]) -> None:
    """Add a reason to the rows that ``where`` marks."""
    sets[where] |= _BIT[code]


def carries(sets: Sets, code: str) -> npt.NDArray[np.bool_]:
    """Which rows carry a reason."""
    marked: npt.NDArray[np.bool_] = (sets & _BIT[code]) != 0
    return marked


def listed(bits: int) -> list[str]:
    """Codes in one row's set."""
    return [code for code, bit in _BIT.items() if bits & int(bit)]


def counted(sets: Sets) -> Counter[str]:
    """How many rows carry each reason; only those that occur."""
    return Counter({code: n for code, bit in _BIT.items() if (n := int(np.count_nonzero(sets & bit)))})
