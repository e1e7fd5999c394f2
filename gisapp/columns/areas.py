"""Columns of the areas: desa, kecamatan, kabupaten."""

from __future__ import annotations

from gisapp.columns.column import Column, count, flag, number, rank_class, ratio, text
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

_TYPOLOGY = (
    rank_class(
        "matrix_share_class", "1..4", "Kelas bagian desil 1 (1 rendah)", "Class of the share of decile 1 (1 low)"
    ),
    rank_class("matrix_density_class", "1..4", "Kelas kepadatan desil 1 (1 rendah)", "Class of the density (1 low)"),
    rank_class("matrix_priority", "1..4", "Prioritas matriks 4×4 (1 pertama)", "Priority of the 4×4 matrix (1 first)"),
    text("klassen", "Tipologi Klassen (tingkat × perubahan)", "Klassen type (level × change)", from_families=True),
    ratio(
        "dense_share",
        "Bagian keluarga desil 1 bertitik yang tinggal berkelompok rapat",
        "Share of located families of decile 1 that live in a dense cluster",
    ),
)


_TRUST = (
    ratio("smoothed_lower", "Bagian desil 1 dihaluskan, batas bawah rentang model", "Smoothed share, lower end"),
    ratio("smoothed_upper", "Bagian desil 1 dihaluskan, batas atas rentang model", "Smoothed share, upper end"),
    ratio(
        "headcount_reliability",
        "Keandalan bagian desil 1",
        "Reliability of the share of decile 1",
    ),
    text(
        "headcount_standing",
        "Bagian desil 1 boleh berdiri sendiri",
        "Whether the share of decile 1 may stand on its own",
        from_families=True,
    ),
    number("expected_families", "families", "Keluarga yang diperkirakan ada", "Families that are expected"),
    number("coverage_gap", "families", "Selisih pendataan", "Coverage gap"),
    number("coverage_gap_lower", "families", "Selisih pendataan, batas bawah", "Coverage gap, lower end"),
    number("coverage_gap_upper", "families", "Selisih pendataan, batas atas", "Coverage gap, upper end"),
    text(
        "coverage_gap_concept",
        "Yang dihitung dalam selisih pendataan",
        "What the coverage gap counts",
        from_families=True,
    ),
    number("registration_z", "z", "Pendataan dibanding desa lain (z)", "Registration against others (z score)"),
    flag("registration_thin", "Pendataan sangat sedikit", "Suspiciously few registered"),
    count("visits_suggested", "visits", "Kunjungan pemeriksaan (saran)", "Suggested visits of verification"),
)

_SURVEY = (
    text("survey_concept", "Yang ditaksir survei (tahun)", "What the survey estimates (year)", from_families=True),
    ratio("survey_estimate", "Taksiran survei langsung", "Direct survey estimate"),
    number("survey_rse", "ratio", "Galat baku relatif taksiran langsung", "Relative standard error of the survey"),
    ratio("survey_model_estimate", "Taksiran survei dengan model (Fay-Herriot)", "Survey estimate by model"),
    number("survey_model_rse", "ratio", "Galat baku relatif taksiran model", "Relative standard error of the model"),
    text("survey_class", "Kelas galat taksiran survei", "Error class of the survey estimate", from_families=True),
)

#: Only where a source brings expenditures; of registered families whose expenditure is recorded, weighted by persons.
_WELFARE = (
    ratio(
        "welfare_known",
        "Bagian jiwa terdaftar dengan pengeluaran tercatat",
        "Share of registered persons with a recorded expenditure",
    ),
    ratio(
        "poverty_line_known",
        "Bagian jiwa terdaftar dengan pengeluaran tercatat dan garis kemiskinan kelas desanya",
        "Share of registered persons with a recorded expenditure and a line for their village's class",
    ),
    count(
        "persons_below_line",
        "persons",
        "Jiwa di bawah garis kemiskinan, di antara keluarga terdaftar dengan pengeluaran tercatat",
        "Persons below the poverty line, among registered families with a recorded expenditure",
    ),
    ratio(
        "poverty_headcount",
        "P0 di antara keluarga terdaftar dengan pengeluaran tercatat",
        "P0 among registered families with a recorded expenditure",
    ),
    ratio(
        "poverty_gap",
        "P1 di antara keluarga terdaftar dengan pengeluaran tercatat",
        "P1 among registered families with a recorded expenditure",
    ),
    ratio(
        "poverty_severity",
        "P2 di antara keluarga terdaftar dengan pengeluaran tercatat",
        "P2 among registered families with a recorded expenditure",
    ),
    count(
        "persons_below_extreme_line",
        "persons",
        "Jiwa di bawah garis kemiskinan ekstrem, di antara keluarga terdaftar dengan pengeluaran tercatat",
        "Persons below the line of extreme poverty, among registered families with a recorded expenditure",
    ),
    ratio(
        "extreme_headcount",
        "Bagian di bawah garis ekstrem di antara keluarga terdaftar dengan pengeluaran tercatat",
        "Share below the extreme line among registered families with a recorded expenditure",
    ),
)

#: What a run keeps of its areas beside the released columns, where it has expenditures: the families that these
#: measures rest on, without which nobody could tell which of them may leave. They never do.
INTERNAL_AREAS = (
    "welfare_families",
    "line_families",
    "below_line_families",
    "extreme_families",
    "low_families",
    "between_families",
    "high_families",
    "welfare_persons",
    "line_persons",
)

AREAS = (
    text("code", "Kode wilayah", "Area code"),
    text("code_bps", "Kode BPS", "BPS code"),
    text("name", "Nama", "Name"),
    text("level", "Tingkat", "Level"),
    text("parent_code", "Kode wilayah induk", "Code of the containing area"),
    text("urban_rural", "Kelas perkotaan/perdesaan", "Urban/rural class"),
    STATUS,
    *COUNTS,
    Column(
        name="population_families",
        kind="integer",
        unit="families",
        id="Semua keluarga (tabel penduduk)",
        en="All families (population table)",
    ),
    Column(
        name="population_persons",
        kind="integer",
        unit="persons",
        id="Penduduk (tabel penduduk)",
        en="Population (population table)",
    ),
    text("population_date", "Tahun tabel penduduk", "Year of the population table"),
    ratio("coverage", "Terdaftar ÷ semua keluarga", "Registered ÷ all families"),
    *HEADCOUNT,
    ratio(
        "headcount_smoothed",
        "Bagian desil 1, dihaluskan (Bayes empiris)",
        "Share of decile 1, smoothed (empirical Bayes)",
    ),
    *_TRUST,
    *_SURVEY,
    *_WELFARE,
    Column(name="area_km2", kind="number", unit="km²", id="Luas", en="Area"),
    number("density", "families/km²", "Keluarga desil 1 per km²", "Families of decile 1 per km²"),
    *MULTIDIMENSIONAL,
    ratio(
        "share_of_adjusted_headcount",
        "Sumbangan wilayah pada M0 seluruh wilayah setingkat",
        "The area's part of the M0 of all areas of its level",
    ),
    *per_deprivation(),
    text("quadrant", "Kuadran bagian × jumlah", "Quadrant of rate × count", from_families=True),
    *_TYPOLOGY,
    number("gi_star_z", "z", "Gi* (nilai z)", "Gi* (z score)"),
    number("gi_star_p", "p", "Gi* (nilai p)", "Gi* (p value)"),
    flag("gi_star_high", "Gi* tinggi bermakna", "Gi* significantly high"),
    number("local_moran", "", "Moran lokal", "Local Moran"),
    number("local_moran_p", "p", "Moran lokal (nilai p)", "Local Moran (p value)"),
    text("local_moran_quadrant", "Kuadran Moran lokal", "Local Moran quadrant", from_families=True),
    flag("local_moran_high", "Moran lokal tinggi bermakna", "Local Moran significantly high"),
    number("cluster_mass_p", "p", "Massa gugus (nilai p)", "Cluster mass (p value)"),
    flag("cluster_mass_high", "Massa gugus bermakna", "Cluster mass significant"),
    number("scan_p", "p", "Jendela pindai (nilai p)", "Scan window (p value)"),
    flag("scan_high", "Jendela pindai bermakna", "Scan window significant"),
    ratio("scan_reliability", "Ditemukan pada … bagian ukuran jendela", "Found at this share of window sizes"),
    number("excess_z", "z", "Kelebihan atas kabupaten (nilai z)", "Excess over the district (z score)"),
    flag("excess_high", "Kelebihan bermakna", "Excess significant"),
    Column(
        name="methods_found",
        kind="integer",
        unit="methods",
        id="Ditemukan oleh … metode",
        en="Found by … methods",
        from_families=True,
    ),
    text("pocket_id", "Wilayah prioritas", "Pocket", from_families=True),
    *RANKS,
    RANK_CRITERION,
    *per_service(),
)
