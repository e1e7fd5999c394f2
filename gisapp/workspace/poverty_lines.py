"""Lines of poverty as dated, sourced thresholds: several are in circulation, an office names its own."""

from __future__ import annotations

from gisapp.workspace.threshold import Threshold, in_range

#: Classes that BPS publishes a poverty line for. 0: no line was given, and nothing is measured against it.
LINE_CLASSES = ("urban", "rural")
_MOST_IDR = 100_000_000


def _lines_allowed(value: dict[str, float]) -> bool:
    return set(value) == set(LINE_CLASSES) and all(0 <= line <= _MOST_IDR for line in value.values())


POVERTY_LINES: tuple[Threshold, ...] = (
    in_range(
        "extreme_poverty_line_idr",
        "number",
        358_233.0,
        1.0,
        100_000_000.0,
        (
            "USD 1,90 PPP 2011 = Rp 11.941,1 per jiwa per hari, Rp 358.233 per bulan (2021); beredar pula "
            "Rp 322.170 (2021) dan USD 2,15 PPP 2017",
            "2021-12-31",
            "Garis kemiskinan ekstrem, Rp per jiwa per bulan; hanya untuk pengeluaran yang diukur, bukan untuk desil.",
            "Line of extreme poverty, Rp per person per month; only for measured expenditure, never for a decile.",
        ),
        optional=True,
    ),
    Threshold(
        name="poverty_line_idr",
        kind="number_map",
        default=dict.fromkeys(LINE_CLASSES, 0),
        source="belum diisi: garis kemiskinan BPS provinsi, perkotaan dan perdesaan (not given)",
        date="2026-11-22",
        id="Garis kemiskinan, Rp per jiwa per bulan, menurut kelas desa; 0: belum diisi. Hanya untuk pengeluaran.",
        en="Poverty line, Rp per person per month, by class of the village; 0: not given. For expenditure only.",
        rule_id=f"angka 0 sampai {_MOST_IDR} untuk {', '.join(LINE_CLASSES)}",
        rule_en=f"a number from 0 to {_MOST_IDR} for each of {', '.join(LINE_CLASSES)}",
        allowed=_lines_allowed,
        optional=True,
    ),
)
