"""Columns of cells, pockets and gaps."""

from __future__ import annotations

from gisapp.columns.column import Column, count, number, ratio, text
from gisapp.columns.shared import (
    COUNTS,
    HEADCOUNT,
    MULTIDIMENSIONAL,
    RANK_CRITERION,
    RANKS,
    STATUS,
    per_deprivation,
    per_service,
)

CELLS = (
    text("cell_id", "Sel", "Cell"),
    STATUS,
    text("code", "Kode desa", "Village code"),
    *COUNTS,
    text("class", "Kelas jumlah keluarga desil 1", "Class of families of decile 1", from_families=True),
)

POCKETS = (
    text("pocket_id", "Wilayah prioritas", "Pocket"),
    text("label", "Huruf", "Letter"),
    text("name", "Nama", "Name"),
    STATUS,
    text("member_codes", "Kode desa anggota", "Codes of the member villages"),
    text("member_names", "Desa anggota", "Member villages"),
    text("core_codes", "Kode desa inti", "Codes of the core villages", from_families=True),
    Column(name="n_areas", kind="integer", unit="areas", id="Jumlah desa", en="Number of villages"),
    *COUNTS,
    *HEADCOUNT,
    number(
        "relative_risk",
        "ratio",
        "Risiko relatif terhadap luar wilayah (keluarga)",
        "Relative risk against outside (families)",
    ),
    number("p_value", "p", "Nilai p terkecil anggota", "Smallest p value of a member"),
    text("methods", "Metode yang menemukan", "Methods that found it"),
    Column(name="agreement", kind="integer", unit="methods", id="Ditemukan oleh (metode)", en="Found by (methods)"),
    Column(name="methods_run", kind="integer", unit="methods", id="Metode yang dijalankan", en="Methods that were run"),
    ratio("stability", "Kestabilan pada penarikan ulang", "Stability under resampling"),
    ratio("grid_support", "Ditemukan lagi pada kisi lain", "Found again on other grids"),
    text("unit", "Satuan penyusun (desa, sls, grid)", "What it is made of (desa, sls, grid)"),
    Column(name="n_units", kind="integer", unit="units", id="Jumlah satuan", en="Number of units"),
    text("lineage", "Sejak periode sebelumnya", "Since the previous period"),
    text("parent_pocket_ids", "Lanjutan dari wilayah prioritas", "Continues the pockets"),
    *RANKS,
    RANK_CRITERION,
    *MULTIDIMENSIONAL,
    *per_deprivation(),
    text("main_causes", "Penyebab utama", "Main causes", from_families=True),
    *per_service(),
)

GAPS = (
    text("gap_id", "Kesenjangan", "Gap"),
    STATUS,
    text("code", "Kode desa", "Village code"),
    text("name", "Desa", "Village"),
    text("service", "Layanan", "Service"),
    Column(name="standard", kind="number", unit="m", id="Standar (jarak)", en="Standard (distance)"),
    text("standard_source", "Sumber standar", "Source of the standard"),
    text("method", "Cara ukur", "Method of measurement"),
    number("distance_m", "m", "Jarak garis lurus median", "Median straight-line distance"),
    number("travel_time_min", "min", "Waktu tempuh median", "Median travel time"),
    count("families", "families", "Keluarga di luar standar", "Families beyond the standard"),
    count("families_measured", "families", "Keluarga terukur", "Families measured"),
    text("absence", "Ketiadaan layanan", "Absence of the service"),
)
