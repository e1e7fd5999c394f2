"""Every column that this service hands to others: its unit, its meaning, and whether families can be read from it.

Inside, ratios are 0..1; screens print percent. ``from_families`` marks what disclosure control must withhold
together with the counts, because a count could be turned back from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "number", "ratio", "boolean"]

#: The collections of a run, with the column that identifies a row.
ID_COLUMNS = {
    "areas": "code",
    "cells": "cell_id",
    "pockets": "pocket_id",
    "interventions": "intervention_id",
    "gaps": "gap_id",
}

STATUSES = ("present", "suppressed", "no_data")

#: Deprivation indicators of a family, in print order: name -> (Indonesian, English).
DEPRIVATIONS = {
    "schooling": ("Anak 7–15 tahun tidak sekolah", "A child of 7–15 is not in school"),
    "adult_education": ("Tidak ada anggota dewasa tamat SMP", "No adult finished junior school"),
    "work": ("Tidak ada anggota dewasa yang bekerja tetap", "No adult has regular work"),
    "water": ("Air minum belum layak", "No safe drinking water"),
    "sanitation": ("Jamban belum layak", "No proper sanitation"),
    "housing": ("Rumah belum layak huni", "Substandard house"),
    "electricity": ("Belum ada listrik PLN bermeteran", "No metered grid electricity"),
    "cooking_fuel": ("Memasak dengan kayu, arang atau minyak tanah", "Cooks with wood, charcoal or kerosene"),
}

#: Services of which reach is measured: name -> (Indonesian, English). Facility kinds map to one each in layers/*.toml.
SERVICES = {
    "early_childhood": ("PAUD/TK", "Early childhood school"),
    "primary_school": ("SD/MI", "Primary school"),
    "junior_school": ("SMP/MTs", "Junior secondary school"),
    "senior_school": ("SMA/MA/SMK", "Senior secondary school"),
    "health_centre": ("Puskesmas/Pustu", "Health centre"),
    "posyandu": ("Posyandu", "Village health post"),
    "market": ("Pasar", "Market"),
    "road": ("Jalan", "Road"),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One released column."""

    name: str
    kind: Kind
    unit: str
    id: str
    en: str
    from_families: bool = False


def _text(name: str, id: str, en: str, *, from_families: bool = False) -> Column:
    return Column(name=name, kind="text", unit="", id=id, en=en, from_families=from_families)


def _count(name: str, unit: str, id: str, en: str) -> Column:
    return Column(name=name, kind="integer", unit=unit, id=id, en=en, from_families=True)


def _ratio(name: str, id: str, en: str) -> Column:
    return Column(name=name, kind="ratio", unit="0..1", id=id, en=en, from_families=True)


def _number(name: str, unit: str, id: str, en: str, *, from_families: bool = True) -> Column:
    return Column(name=name, kind="number", unit=unit, id=id, en=en, from_families=from_families)


def _class(name: str, unit: str, id: str, en: str) -> Column:
    return Column(name=name, kind="integer", unit=unit, id=id, en=en, from_families=True)


def _flag(name: str, id: str, en: str) -> Column:
    return Column(name=name, kind="boolean", unit="", id=id, en=en, from_families=True)


_STATUS = _text("status", "Status nilai", "Value status")

_COUNTS = (
    _count("families", "families", "Keluarga terdaftar", "Registered families"),
    _count("persons", "persons", "Jiwa dalam keluarga terdaftar", "Persons in registered families"),
    _count("poor_families", "families", "Keluarga desil 1", "Families of decile 1"),
    _count("poor_persons", "persons", "Jiwa dalam keluarga desil 1", "Persons in families of decile 1"),
)

_HEADCOUNT = (
    _ratio("headcount_ratio", "Bagian desil 1", "Share of decile 1"),
    _text("headcount_basis", "Dasar bagian", "Basis of the share"),
    _ratio("headcount_lower", "Bagian desil 1, batas bawah rentang model", "Share of decile 1, lower end"),
    _ratio("headcount_upper", "Bagian desil 1, batas atas rentang model", "Share of decile 1, upper end"),
)

_MULTIDIMENSIONAL = (
    _ratio(
        "multidimensional_headcount",
        "Bagian keluarga terdaftar kurang multidimensi (H)",
        "Multidimensional headcount of registered families (H)",
    ),
    _ratio("intensity", "Intensitas (A)", "Intensity (A)"),
    _ratio("adjusted_headcount", "Headcount tersesuaikan (M0)", "Adjusted headcount (M0)"),
    _ratio(
        "share_unknown",
        "Bagian keluarga dengan indikator tidak diketahui",
        "Share of families with an unknown indicator",
    ),
)


def _per_deprivation() -> tuple[Column, ...]:
    shares = [
        _ratio(f"deprived_share_{name}", f"{id} (bagian keluarga terdaftar)", f"{en} (share of registered families)")
        for name, (id, en) in DEPRIVATIONS.items()
    ]
    contributions = [
        _ratio(f"contribution_{name}", f"Sumbangan pada M0: {id}", f"Contribution to M0: {en}")
        for name, (id, en) in DEPRIVATIONS.items()
    ]
    return (*shares, *contributions)


def _per_service() -> tuple[Column, ...]:
    return tuple(
        _number(
            f"distance_m_{name}",
            "m",
            f"Jarak garis lurus median ke {id}",
            f"Median straight-line distance to {en}",
        )
        for name, (id, en) in SERVICES.items()
    )


_RANKS = tuple(
    Column(name=name, kind="integer", unit="", id=id, en=en, from_families=True)
    for name, id, en in (
        ("rank", "Peringkat di antara yang ditampilkan", "Rank among those shown"),
        ("rank_lower", "Peringkat terbaik dalam rentang model", "Best rank of the model range"),
        ("rank_upper", "Peringkat terakhir dalam rentang model", "Last rank of the model range"),
        ("rank_group", "Kelompok setara", "Group of equal standing"),
    )
)
_RANK_CRITERION = _text("rank_criterion", "Dasar peringkat", "Criterion of the ranking")


_TYPOLOGY = (
    _class("matrix_share_class", "1..4", "Kelas bagian desil 1 (1 rendah)", "Class of the share of decile 1 (1 low)"),
    _class("matrix_density_class", "1..4", "Kelas kepadatan desil 1 (1 rendah)", "Class of the density (1 low)"),
    _class("matrix_priority", "1..4", "Prioritas matriks 4×4 (1 pertama)", "Priority of the 4×4 matrix (1 first)"),
    _text("klassen", "Tipologi Klassen (tingkat × perubahan)", "Klassen type (level × change)", from_families=True),
    _ratio(
        "dense_share",
        "Bagian keluarga desil 1 bertitik yang tinggal berkelompok rapat",
        "Share of located families of decile 1 that live in a dense cluster",
    ),
)


_TRUST = (
    _ratio("smoothed_lower", "Bagian desil 1 dihaluskan, batas bawah rentang model", "Smoothed share, lower end"),
    _ratio("smoothed_upper", "Bagian desil 1 dihaluskan, batas atas rentang model", "Smoothed share, upper end"),
    _ratio(
        "headcount_reliability",
        "Keandalan bagian desil 1",
        "Reliability of the share of decile 1",
    ),
    _text(
        "headcount_standing",
        "Bagian desil 1 boleh berdiri sendiri",
        "Whether the share of decile 1 may stand on its own",
        from_families=True,
    ),
    _number("expected_families", "families", "Keluarga yang diperkirakan ada", "Families that are expected"),
    _number("coverage_gap", "families", "Selisih pendataan", "Coverage gap"),
    _number("coverage_gap_lower", "families", "Selisih pendataan, batas bawah", "Coverage gap, lower end"),
    _number("coverage_gap_upper", "families", "Selisih pendataan, batas atas", "Coverage gap, upper end"),
    _text(
        "coverage_gap_concept",
        "Yang dihitung dalam selisih pendataan",
        "What the coverage gap counts",
        from_families=True,
    ),
    _number("registration_z", "z", "Pendataan dibanding desa lain (z)", "Registration against others (z score)"),
    _flag("registration_thin", "Pendataan sangat sedikit", "Suspiciously few registered"),
    _count("visits_suggested", "visits", "Kunjungan pemeriksaan (saran)", "Suggested visits of verification"),
)

_SURVEY = (
    _text("survey_concept", "Yang ditaksir survei (tahun)", "What the survey estimates (year)", from_families=True),
    _ratio("survey_estimate", "Taksiran survei langsung", "Direct survey estimate"),
    _number("survey_rse", "ratio", "Galat baku relatif taksiran langsung", "Relative standard error of the survey"),
    _ratio("survey_model_estimate", "Taksiran survei dengan model (Fay-Herriot)", "Survey estimate by model"),
    _number("survey_model_rse", "ratio", "Galat baku relatif taksiran model", "Relative standard error of the model"),
    _text("survey_class", "Kelas galat taksiran survei", "Error class of the survey estimate", from_families=True),
)

#: Only where a source brings expenditures; of registered families whose expenditure is recorded, weighted by persons.
_WELFARE = (
    _ratio(
        "welfare_known",
        "Bagian jiwa terdaftar dengan pengeluaran tercatat",
        "Share of registered persons with a recorded expenditure",
    ),
    _ratio(
        "poverty_line_known",
        "Bagian jiwa terdaftar dengan pengeluaran tercatat dan garis kemiskinan kelas desanya",
        "Share of registered persons with a recorded expenditure and a line for their village's class",
    ),
    _count(
        "persons_below_line",
        "persons",
        "Jiwa di bawah garis kemiskinan, di antara keluarga terdaftar dengan pengeluaran tercatat",
        "Persons below the poverty line, among registered families with a recorded expenditure",
    ),
    _ratio(
        "poverty_headcount",
        "P0 di antara keluarga terdaftar dengan pengeluaran tercatat",
        "P0 among registered families with a recorded expenditure",
    ),
    _ratio(
        "poverty_gap",
        "P1 di antara keluarga terdaftar dengan pengeluaran tercatat",
        "P1 among registered families with a recorded expenditure",
    ),
    _ratio(
        "poverty_severity",
        "P2 di antara keluarga terdaftar dengan pengeluaran tercatat",
        "P2 among registered families with a recorded expenditure",
    ),
    _count(
        "persons_below_extreme_line",
        "persons",
        "Jiwa di bawah garis kemiskinan ekstrem, di antara keluarga terdaftar dengan pengeluaran tercatat",
        "Persons below the line of extreme poverty, among registered families with a recorded expenditure",
    ),
    _ratio(
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
    _text("code", "Kode wilayah", "Area code"),
    _text("code_bps", "Kode BPS", "BPS code"),
    _text("name", "Nama", "Name"),
    _text("level", "Tingkat", "Level"),
    _text("parent_code", "Kode wilayah induk", "Code of the containing area"),
    _text("urban_rural", "Kelas perkotaan/perdesaan", "Urban/rural class"),
    _STATUS,
    *_COUNTS,
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
    _text("population_date", "Tahun tabel penduduk", "Year of the population table"),
    _ratio("coverage", "Terdaftar ÷ semua keluarga", "Registered ÷ all families"),
    *_HEADCOUNT,
    _ratio(
        "headcount_smoothed",
        "Bagian desil 1, dihaluskan (Bayes empiris)",
        "Share of decile 1, smoothed (empirical Bayes)",
    ),
    *_TRUST,
    *_SURVEY,
    *_WELFARE,
    Column(name="area_km2", kind="number", unit="km²", id="Luas", en="Area"),
    _number("density", "families/km²", "Keluarga desil 1 per km²", "Families of decile 1 per km²"),
    *_MULTIDIMENSIONAL,
    _ratio(
        "share_of_adjusted_headcount",
        "Sumbangan wilayah pada M0 seluruh wilayah setingkat",
        "The area's part of the M0 of all areas of its level",
    ),
    *_per_deprivation(),
    _text("quadrant", "Kuadran bagian × jumlah", "Quadrant of rate × count", from_families=True),
    *_TYPOLOGY,
    _number("gi_star_z", "z", "Gi* (nilai z)", "Gi* (z score)"),
    _number("gi_star_p", "p", "Gi* (nilai p)", "Gi* (p value)"),
    _flag("gi_star_high", "Gi* tinggi bermakna", "Gi* significantly high"),
    _number("local_moran", "", "Moran lokal", "Local Moran"),
    _number("local_moran_p", "p", "Moran lokal (nilai p)", "Local Moran (p value)"),
    _text("local_moran_quadrant", "Kuadran Moran lokal", "Local Moran quadrant", from_families=True),
    _flag("local_moran_high", "Moran lokal tinggi bermakna", "Local Moran significantly high"),
    _number("cluster_mass_p", "p", "Massa gugus (nilai p)", "Cluster mass (p value)"),
    _flag("cluster_mass_high", "Massa gugus bermakna", "Cluster mass significant"),
    _number("scan_p", "p", "Jendela pindai (nilai p)", "Scan window (p value)"),
    _flag("scan_high", "Jendela pindai bermakna", "Scan window significant"),
    _ratio("scan_reliability", "Ditemukan pada … bagian ukuran jendela", "Found at this share of window sizes"),
    _number("excess_z", "z", "Kelebihan atas kabupaten (nilai z)", "Excess over the district (z score)"),
    _flag("excess_high", "Kelebihan bermakna", "Excess significant"),
    Column(
        name="methods_found",
        kind="integer",
        unit="methods",
        id="Ditemukan oleh … metode",
        en="Found by … methods",
        from_families=True,
    ),
    _text("pocket_id", "Wilayah prioritas", "Pocket", from_families=True),
    *_RANKS,
    _RANK_CRITERION,
    *_per_service(),
)

CELLS = (
    _text("cell_id", "Sel", "Cell"),
    _STATUS,
    _text("code", "Kode desa", "Village code"),
    *_COUNTS,
    _text("class", "Kelas jumlah keluarga desil 1", "Class of families of decile 1", from_families=True),
)

POCKETS = (
    _text("pocket_id", "Wilayah prioritas", "Pocket"),
    _text("label", "Huruf", "Letter"),
    _text("name", "Nama", "Name"),
    _STATUS,
    _text("member_codes", "Kode desa anggota", "Codes of the member villages"),
    _text("member_names", "Desa anggota", "Member villages"),
    _text("core_codes", "Kode desa inti", "Codes of the core villages", from_families=True),
    Column(name="n_areas", kind="integer", unit="areas", id="Jumlah desa", en="Number of villages"),
    *_COUNTS,
    *_HEADCOUNT,
    _number("relative_risk", "ratio", "Risiko relatif terhadap luar wilayah", "Relative risk against outside"),
    _number("p_value", "p", "Nilai p terkecil anggota", "Smallest p value of a member"),
    _text("methods", "Metode yang menemukan", "Methods that found it"),
    Column(name="agreement", kind="integer", unit="methods", id="Ditemukan oleh (metode)", en="Found by (methods)"),
    Column(name="methods_run", kind="integer", unit="methods", id="Metode yang dijalankan", en="Methods that were run"),
    _ratio("stability", "Kestabilan pada penarikan ulang", "Stability under resampling"),
    _ratio("grid_support", "Ditemukan lagi pada kisi lain", "Found again on other grids"),
    _text("unit", "Satuan penyusun (desa, sls, grid)", "What it is made of (desa, sls, grid)"),
    Column(name="n_units", kind="integer", unit="units", id="Jumlah satuan", en="Number of units"),
    _text("lineage", "Sejak periode sebelumnya", "Since the previous period"),
    _text("parent_pocket_ids", "Lanjutan dari wilayah prioritas", "Continues the pockets"),
    *_RANKS,
    _RANK_CRITERION,
    *_MULTIDIMENSIONAL,
    *_per_deprivation(),
    _text("main_causes", "Penyebab utama", "Main causes", from_families=True),
    *_per_service(),
)

INTERVENTIONS = (
    _text("intervention_id", "Usulan", "Suggestion"),
    _text("pocket_id", "Wilayah prioritas", "Pocket"),
    _STATUS,
    Column(name="strategy", kind="integer", unit="1..7", id="Strategi", en="Strategy"),
    _text("kind", "Jenis", "Kind"),
    _text("title_id", "Usulan (Indonesia)", "Suggestion (Indonesian)"),
    _text("title_en", "Usulan (Inggris)", "Suggestion (English)"),
    Column(name="sequence", kind="integer", unit="", id="Urutan dalam wilayah", en="Order within the pocket"),
    _text("need", "Yang dijawab", "What it answers", from_families=True),
    _text("code", "Kode desa lokasi", "Village code of the location"),
    _text("location_label", "Keterangan lokasi", "What the location is"),
    _count("families", "families", "Keluarga dijangkau", "Families reached"),
    _count("persons", "persons", "Jiwa dijangkau", "Persons reached"),
    _number("volume", "unit", "Volume", "Volume"),
    _text("unit", "Satuan", "Unit"),
    _number("unit_cost_idr", "IDR", "Harga satuan", "Unit cost", from_families=False),
    _number("cost_idr", "IDR", "Biaya", "Cost"),
    _text("cost_source", "Sumber dan tahun biaya", "Source and year of the cost"),
    _text("executor", "Pelaksana", "Executor"),
    _text("authority", "Kewenangan", "Authority"),
    _text("service", "Layanan", "Service"),
    _text("why_id", "Alasan (Indonesia)", "Reason (Indonesian)", from_families=True),
    _text("why_en", "Alasan (Inggris)", "Reason (English)", from_families=True),
    _text("evidence", "Angka yang mendasari (JSON)", "Numbers behind it (JSON)", from_families=True),
    _text("not_checked", "Belum diperiksa", "Not checked"),
    _text("land_note", "Catatan lahan", "Note on the land"),
    _text("funded_by", "Kegiatan yang sudah didanai", "Works already funded", from_families=True),
    _ratio("funded_share", "Bagian keluarga yang dijawab kegiatan itu", "Share of its families that they answer"),
    _flag("pre_empted", "Sudah dijawab kegiatan yang didanai", "Already answered by funded works"),
    _text("plan_status", "Mutu rencana lokasi", "Quality of the siting plan", from_families=True),
    _flag("in_budget", "Masuk anggaran yang diberikan", "Within the given budget"),
    _text("run_id", "Hasil hitung", "Run"),
)

GAPS = (
    _text("gap_id", "Kesenjangan", "Gap"),
    _STATUS,
    _text("code", "Kode desa", "Village code"),
    _text("name", "Desa", "Village"),
    _text("service", "Layanan", "Service"),
    Column(name="standard", kind="number", unit="m", id="Standar (jarak)", en="Standard (distance)"),
    _text("standard_source", "Sumber standar", "Source of the standard"),
    _text("method", "Cara ukur", "Method of measurement"),
    _number("distance_m", "m", "Jarak garis lurus median", "Median straight-line distance"),
    _count("families", "families", "Keluarga di luar standar", "Families beyond the standard"),
    _count("families_measured", "families", "Keluarga terukur", "Families measured"),
    _text("absence", "Ketiadaan layanan", "Absence of the service"),
)

COLLECTIONS: dict[str, tuple[Column, ...]] = {
    "areas": AREAS,
    "cells": CELLS,
    "pockets": POCKETS,
    "interventions": INTERVENTIONS,
    "gaps": GAPS,
}


def columns_of(collection: str) -> dict[str, Column]:
    """Columns of one collection by name, in print order."""
    return {column.name: column for column in COLLECTIONS[collection]}


#: Canonical columns of a household snapshot: one row is a family. No name, NIK, No. KK or address text.
SNAPSHOT = {
    "family_id": "text: position in the intake, stable for the same file; does not depend on any key",
    "code": "text: desa code exactly as the boundary layer writes it",
    "longitude": "number, degrees east, exact; null unless coordinate_status is ok",
    "latitude": "number, degrees north, exact; null unless coordinate_status is ok",
    "coordinate_status": "text: ok, missing, zero, swapped, outside, stacked (only ok enters point methods)",
    "persons": "integer >= 1",
    "decile": "integer 1..10, national and relative; null where the source has none",
    "children_7_12": "integer: children of primary school age; null where unknown",
    "children_13_15": "integer: children of junior school age; null where unknown",
    "children_0_5": "integer: children under six; null where unknown",
    **{name: f"nullable boolean: {en}" for name, (_, en) in DEPRIVATIONS.items()},
    "receives_pkh": "nullable boolean: receives PKH",
    "receives_bpnt": "nullable boolean: receives BPNT/Sembako",
    "receives_pbi": "nullable boolean: health insurance paid by the state",
    "expenditure_idr": "number > 0: expenditure per person and month, Rp, measured by a survey; null where unknown",
}

#: Columns of a snapshot that only some sources bring: a file without any value of them is written as it always was.
OPTIONAL_SNAPSHOT = ("expenditure_idr",)
