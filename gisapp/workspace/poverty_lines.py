"""The line of extreme poverty as a dated, sourced threshold: several are in circulation, an office names its own."""

from __future__ import annotations

from gisapp.workspace.threshold import Threshold, in_range

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
)
