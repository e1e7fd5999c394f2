"""Warnings of a run in words."""

from __future__ import annotations

#: Code -> (Indonesian, English).
WARNINGS = {
    "family_in_no_desa": (
        "keluarga dengan titik di luar semua desa; dihitung di desa yang tercatat",
        "families whose point is in no desa; counted in their declared desa",
    ),
    "family_outside_declared_desa": (
        "keluarga dengan titik di luar desa yang tercatat; dihitung di desa yang tercatat",
        "families whose point is outside their declared desa; counted in their declared desa",
    ),
    "population_below_registered": (
        "desa yang tabel penduduknya lebih kecil dari keluarga atau jiwa terdaftar",
        "desa whose population table has fewer families or persons than are registered",
    ),
    "population_missing": ("desa tanpa baris di tabel penduduk", "desa without a row in the population table"),
    "population_tables": (
        "desa dengan tahun yang sama di beberapa tabel penduduk; lihat `gisapp check`",
        "desa with the same year in several population tables; see `gisapp check`",
    ),
}
