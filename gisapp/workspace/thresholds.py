"""Every dated threshold of a workspace, declared once: its default, its source, what it means and what is allowed."""

from __future__ import annotations

from gisapp.columns import DEPRIVATIONS
from gisapp.workspace.comparison_rules import COMPARISON
from gisapp.workspace.costing import COSTING
from gisapp.workspace.describing import DESCRIBING
from gisapp.workspace.linking import LINKING
from gisapp.workspace.poverty_lines import POVERTY_LINES
from gisapp.workspace.siting_rules import SITING
from gisapp.workspace.threshold import OURS as _OURS
from gisapp.workspace.threshold import Threshold
from gisapp.workspace.threshold import in_range as _range
from gisapp.workspace.travelling import TRAVELLING
from gisapp.workspace.trust import TRUST
from gisapp.workspace.units import UNITS

RANKING_CRITERIA = ("poor_families", "headcount_ratio", "poor_persons")

#: Four equal dimensions: education, work, living conditions (water, sanitation), housing (house, light, fuel).
_WEIGHTS = {
    "schooling": 0.125,
    "adult_education": 0.125,
    "work": 0.25,
    "water": 0.125,
    "sanitation": 0.125,
    "housing": 1 / 12,
    "electricity": 1 / 12,
    "cooking_fuel": 1 / 12,
}


def _weights_allowed(value: dict[str, float]) -> bool:
    return set(value) == set(DEPRIVATIONS) and min(value.values()) >= 0 and abs(sum(value.values()) - 1) < 1e-9


THRESHOLDS: tuple[Threshold, ...] = (
    Threshold(
        name="poor_deciles",
        kind="integers",
        default=[1],
        source="desil nasional DTSEN/P3KE; desil 1 (Inpres 4/2025)",
        date="2025-02-05",
        id="Keluarga dihitung bila desil nasionalnya ada di daftar ini.",
        en="A family counts when its national decile is in this list.",
        rule_id="daftar desil 1 sampai 10, tanpa ulangan",
        rule_en="a list of deciles from 1 to 10, none twice",
        allowed=lambda value: bool(value) and len(set(value)) == len(value) and all(1 <= item <= 10 for item in value),
    ),
    Threshold(
        name="ranking_criterion",
        kind="text",
        default="poor_families",
        source=_OURS,
        date="2025-01-01",
        id="Dasar peringkat wilayah prioritas; dicetak di samping setiap peringkat.",
        en="What pockets are ranked by; printed beside each rank.",
        rule_id=f"salah satu dari {', '.join(RANKING_CRITERIA)}",
        rule_en=f"one of {', '.join(RANKING_CRITERIA)}",
        allowed=lambda value: value in RANKING_CRITERIA,
    ),
    Threshold(
        name="deprivation_weights",
        kind="number_map",
        default=_WEIGHTS,
        source="empat dimensi sama berat, cara Alkire-Foster (four equal dimensions, Alkire and Foster 2011)",
        date="2011-08-01",
        id="Bobot tiap indikator kekurangan; jumlahnya 1.",
        en="Weight of each deprivation indicator; they sum to 1.",
        rule_id=f"bobot 0 atau lebih untuk {', '.join(DEPRIVATIONS)}, berjumlah 1",
        rule_en=f"a weight of 0 or more for each of {', '.join(DEPRIVATIONS)}, with sum 1",
        allowed=_weights_allowed,
    ),
    Threshold(
        name="deprivation_cutoff",
        kind="number",
        default=0.333333333333,
        source="Global MPI, k = 1/3 (UNDP dan OPHI)",
        date="2010-11-04",
        id="Keluarga kurang multidimensi bila jumlah bobot kekurangannya sekurangnya ini.",
        en="A family is multidimensionally deprived when its weighted deprivations reach this.",
        rule_id="di atas 0, paling banyak 1",
        rule_en="above 0, at most 1",
        allowed=lambda value: 0 < value <= 1,
    ),
    Threshold(
        name="significance_level",
        kind="number",
        default=0.05,
        source="Fisher (1925), kelaziman 5 %; dibagi atas para saksi (Bonferroni)",
        date="1925-01-01",
        id="Bagian peta tanpa wilayah prioritas yang boleh keliru menunjukkan satu.",
        en="Share of maps without a priority area that may wrongly show one.",
        rule_id="di atas 0, di bawah 0,5",
        rule_en="above 0, below 0.5",
        allowed=lambda value: 0 < value < 0.5,
    ),
    _range(
        "permutations",
        "integer",
        0,
        0,
        1_000_000,
        (
            _OURS,
            "2025-01-01",
            "Banyaknya permutasi; 0 berarti otomatis (sekurangnya 2n ÷ tingkat bermakna).",
            "Permutations; 0 means automatic (at least 2n ÷ significance level).",
        ),
    ),
    _range(
        "min_methods",
        "integer",
        1,
        1,
        4,
        (
            "galat terbukti (Bonferroni), F1 setara yang terbaik dalam simulasi "
            "(proven error, F1 within simulation error of the best)",
            "2026-11-22",
            "Wilayah inti ditemukan oleh sekurangnya sekian dari empat uji; 1: tiap uji pada tingkat bermakna ÷ 4.",
            "A core area is found by at least this many of four tests; 1: each test at significance level ÷ 4.",
        ),
    ),
    _range(
        "seed",
        "integer",
        20250205,
        0,
        2**31 - 1,
        (
            _OURS,
            "2025-02-05",
            "Benih acak; hasil yang sama untuk benih yang sama.",
            "Random seed; the same seed gives the same result.",
        ),
    ),
    _range(
        "k_staff",
        "integer",
        5,
        1,
        1000,
        (
            "praktik umum k ≥ 5; penilaian dampak UU 27/2022",
            "2022-10-17",
            "Angka keluarga di bawah ini disembunyikan bagi staf.",
            "Family counts below this are withheld from staff.",
        ),
    ),
    _range(
        "k_public",
        "integer",
        10,
        1,
        1000,
        (
            "praktik sebagian kantor k = 10; UU 27/2022",
            "2022-10-17",
            "Angka keluarga di bawah ini disembunyikan bagi umum dan FGD.",
            "Family counts below this are withheld from the public and the FGD.",
        ),
    ),
    _range(
        "cell_size_m",
        "integer",
        250,
        50,
        5000,
        (_OURS, "2025-01-01", "Sisi sel peta, meter.", "Side of a map cell, metres."),
    ),
    _range(
        "stack_threshold",
        "integer",
        20,
        1,
        100_000,
        (
            _OURS,
            "2025-01-01",
            "Lebih dari sekian keluarga di satu titik dianggap menumpuk (mis. di kantor desa).",
            "More families than this on one coordinate count as stacked (such as at the village office).",
        ),
    ),
    _range(
        "facility_stack_threshold",
        "integer",
        2,
        1,
        1000,
        (
            _OURS,
            "2025-01-01",
            "Lebih dari sekian sarana di satu titik dilaporkan menumpuk; tetap dipakai (sekolah satu atap).",
            "More facilities than this on one coordinate are reported as stacked; still used.",
        ),
    ),
    _range(
        "sites_per_pocket",
        "integer",
        1,
        0,
        20,
        (
            _OURS,
            "2025-01-01",
            "Banyaknya indikasi lokasi baru per layanan dan wilayah prioritas.",
            "New indicative sites per service and pocket.",
        ),
    ),
    _range(
        "detour_factor",
        "number",
        1.0,
        1.0,
        5.0,
        (
            _OURS,
            "2025-01-01",
            "Pengali jarak garis lurus; 1 berarti jarak garis lurus apa adanya.",
            "Multiplier of straight-line distance; 1 is the straight line as it is.",
        ),
    ),
    _range(
        "quarantine_retention_days",
        "integer",
        365,
        1,
        3650,
        (
            "bawaan gisapp, atas asas pembatasan penyimpanan UU 27/2022 (gisapp default)",
            "2026-01-01",
            "Baris karantina dibuang sekian hari setelah diterima; ditetapkan kabupaten dalam daftar pemrosesan.",
            "Quarantined rows are removed this many days after intake; decided in the processing register.",
        ),
        optional=True,
    ),
    *POVERTY_LINES,
    *DESCRIBING,
    *UNITS,
    *TRUST,
    *SITING,
    *COSTING,
    *COMPARISON,
    *TRAVELLING,
    *LINKING,
)
