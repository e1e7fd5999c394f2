"""Thresholds of cost and comparison: factors on every price, and how suggestions of a strategy are weighed."""

from __future__ import annotations

from gisapp.workspace.threshold import OURS, Threshold, in_range

#: What suggestions of one strategy are compared by (`analysis.suggesting.weights`).
_CRITERIA = ("families", "families_per_idr", "decile_1_share", "excess")
_SMAA = "Lahdelma, Hokkanen dan Salminen (1998), EJOR 106: 137-143 (SMAA)"


def _weights_allowed(value: dict[str, float]) -> bool:
    return set(value) == set(_CRITERIA) and min(value.values()) > 0 and abs(sum(value.values()) - 1) < 1e-9


COSTING: tuple[Threshold, ...] = (
    in_range(
        "region_cost_factor",
        "number",
        1.0,
        0.2,
        5.0,
        (
            "belum diisi: indeks kemahalan konstruksi kabupaten (not given: the district's construction cost index)",
            "2026-11-22",
            "Pengali harga satuan yang bergantung daerah; 1 berarti tanpa penyesuaian.",
            "Multiplier of unit prices that depend on the region; 1 is no adjustment.",
        ),
        optional=True,
    ),
    in_range(
        "vat_rate",
        "number",
        0.11,
        0.0,
        1.0,
        (
            "UU 7/2021 pasal 7 jo. PMK 131/2024: 12 % atas 11/12 harga, efektif 11 %; periksa sebelum dipakai (verify)",
            "2025-01-01",
            "Tarif PPN atas pekerjaan, perencanaan dan pengawasan yang kena pajak.",
            "Rate of value added tax on taxed works, design and supervision.",
        ),
        optional=True,
    ),
    in_range(
        "count_range_level",
        "number",
        0.95,
        0.5,
        0.999,
        (
            "Wilson (1927), JASA 22: 209-212",
            "1927-06-01",
            "Tingkat rentang jumlah keluarga dalam rupiah per keluarga.",
            "Level of the range of the count of families in rupiah per family.",
        ),
        optional=True,
    ),
    Threshold(
        name="suggestion_weights",
        kind="number_map",
        default=dict.fromkeys(_CRITERIA, 0.25),
        source=f"sama berat selama belum disepakati (equal until agreed); {_SMAA}",
        date="2026-11-22",
        id="Bobot rata-rata kriteria usulan dalam satu strategi; jumlahnya 1.",
        en="Mean weight of each criterion of suggestions within a strategy; they sum to 1.",
        rule_id=f"bobot di atas 0 untuk {', '.join(_CRITERIA)}, berjumlah 1",
        rule_en=f"a weight above 0 for each of {', '.join(_CRITERIA)}, with sum 1",
        allowed=_weights_allowed,
        optional=True,
    ),
    in_range(
        "suggestion_concentration",
        "number",
        4.0,
        0.1,
        10_000.0,
        (
            f"4 dengan empat bobot sama: semua bobot sama mungkin (uniform over all weights); {_SMAA}",
            "1998-04-01",
            "Jumlah parameter Dirichlet; makin besar, bobot yang ditarik makin dekat rata-ratanya.",
            "Sum of the Dirichlet parameters; the larger, the closer drawn weights are to their mean.",
        ),
        optional=True,
    ),
    in_range(
        "suggestion_first",
        "integer",
        10,
        1,
        1000,
        (
            OURS,
            "2026-11-22",
            "Banyaknya usulan pertama dalam satu strategi yang peluangnya dihitung.",
            "How many suggestions of a strategy count as the first.",
        ),
        optional=True,
    ),
    in_range(
        "suggestion_draws",
        "integer",
        2000,
        100,
        100_000,
        (
            "galat baku penarikan paling besar √(¼/n): 1,1 % untuk 2.000 (Monte Carlo error at most √(¼/n))",
            "2026-11-22",
            "Banyaknya penarikan bobot.",
            "Number of draws of weights.",
        ),
        optional=True,
    ),
)
