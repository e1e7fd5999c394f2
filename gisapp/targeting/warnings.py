"""Warnings of a run in words."""

from __future__ import annotations

#: Code -> (Indonesian, English).
WARNINGS = {
    "expected_missing": (
        "desa tanpa angka perkiraan keluarga; selisih pendataannya tidak diketahui",
        "desa without an expected number of families; their coverage gap is not known",
    ),
    "expected_other_concept": (
        "baris perkiraan keluarga yang menghitung hal lain daripada hasil ini; tidak dibandingkan",
        "rows of expected families that count something else than this run; not compared",
    ),
    "family_in_no_desa": (
        "keluarga dengan titik di luar semua desa; dihitung di desa yang tercatat",
        "families whose point is in no desa; counted in their declared desa",
    ),
    "family_in_small_unit": (
        "keluarga di sel atau SLS yang terlalu sedikit penghuninya untuk diuji; di luar semua wilayah prioritas",
        "families in cells or SLS with too few families to be tested; outside every pocket",
    ),
    "family_outside_declared_desa": (
        "keluarga dengan titik di luar desa yang tercatat; dihitung di desa yang tercatat",
        "families whose point is outside their declared desa; counted in their declared desa",
    ),
    "family_without_unit": (
        "keluarga tanpa titik yang dapat dipakai, atau di luar SLS desanya; tidak ikut diuji",
        "families without a usable position, or outside the SLS of their desa; not part of the tests",
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
    "survey_other_concept": (
        "baris taksiran survei tentang hal lain; hanya yang paling banyak yang dipakai",
        "rows of survey estimates about something else; only the most frequent concept is used",
    ),
    "survey_unknown_code": (
        "baris taksiran survei dengan kode yang tidak ada di batas wilayah",
        "rows of survey estimates whose code is in no boundary",
    ),
    "survey_without_error": (
        "taksiran survei tanpa galat baku, atau dengan galat 0; tidak masuk model",
        "survey estimates without a standard error, or with an error of 0; left out of the model",
    ),
}
