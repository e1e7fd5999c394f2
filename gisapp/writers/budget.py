"""The budget table (RAB) as a workbook: a recapitulation, its parameters, one sheet per strategy, notes; Indonesian.

Every amount is a formula over volume, unit price, factors and shares, so a corrected price or volume recomputes it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from openpyxl.utils import get_column_letter

from gisapp.writers.budget_cells import FACTOR, PLAIN, RUPIAH, SHARE, YEAR, BudgetBook

#: Names of the sheets by strategy.
STRATEGIES = {
    1: "1 Data dan sasaran",
    2: "2 Layanan dasar",
    3: "3 Ekonomi lokal",
    4: "4 Bantuan sosial",
    5: "5 Infrastruktur",
    6: "6 Kemitraan",
    7: "7 Pemantauan",
}
PARAMETERS, RECAPITULATION, NOTES = "Parameter", "Rekapitulasi", "Catatan"
FACTOR_CELL, TAX_CELL = f"{PARAMETERS}!$B$3", f"{PARAMETERS}!$B$4"
HEAD_ROW = 4


@dataclass(frozen=True, kw_only=True)
class BudgetLine:
    """One suggestion; what is withheld (``withheld``) has no numbers and is in no sum.

    ``counted`` is False where funded works answer it already. Amounts follow from the other numbers.
    """

    id: str
    strategy: int
    pocket: str
    title: str
    place: str
    code: str
    families: int | None
    volume: float | None
    unit: str
    unit_cost_idr: float
    regional: bool
    design_share: float
    supervision_share: float
    taxed: bool
    maintenance_share: float
    year: int | None
    source: str
    texts: tuple[str, ...] = ()
    withheld: bool = False
    counted: bool = True


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Everything that the workbook says.

    ``once`` is the number of families reached, each counted once, per strategy and for ``all``; None where withheld.
    ``facts`` and ``notes`` are texts in print order.
    """

    title: str
    facts: Sequence[str]
    lines: Sequence[BudgetLine]
    region_factor: float
    region_source: str
    tax_rate: float
    tax_source: str
    once: Mapping[str, int | None] = field(default_factory=dict)
    notes: Sequence[str] = ()


_COLUMNS = (
    ("Dihitung (1 ya, 0 tidak)", 9), ("Kode usulan", 12), ("Wilayah prioritas", 26), ("Usulan", 34),
    ("Lokasi", 30), ("Kode desa", 15), ("Keluarga dijangkau", 11), ("Volume", 10), ("Satuan", 18),
    ("Harga satuan (Rp)", 16), ("Faktor daerah", 8), ("Pekerjaan (Rp)", 17), ("Perencanaan (%)", 13),
    ("Perencanaan (Rp)", 15), ("Pengawasan (%)", 13), ("Pengawasan (Rp)", 15), ("PPN (%)", 8), ("PPN (Rp)", 15),
    ("Jumlah (Rp)", 18), ("Rupiah per keluarga", 15), ("Pemeliharaan (% per tahun)", 14),
    ("Pemeliharaan per tahun (Rp)", 15), ("Tahun harga", 8), ("Sumber harga", 34),
)  # fmt: skip
#: Headings of ``BudgetLine.texts``.
TEXTS = (
    ("Ganti harga dari", 12), ("Pelaksana", 28), ("Kewenangan", 12), ("Program nasional", 24), ("Syarat", 40),
    ("Belum diperiksa", 40), ("Sudah didanai", 30), ("Dalam anggaran", 10),
)  # fmt: skip
_ADVICE = "Harga satuan adalah contoh perencanaan kecuali sumbernya menyebut lain. Sel kuning dapat diubah."
#: Columns that the last row and the recapitulation add up: works, design, supervision, tax, total, upkeep.
_SUMS = ("L", "N", "P", "R", "S", "V")


def write_budget(out: BinaryIO, budget: Budget) -> None:
    """Write the workbook: Rekapitulasi, Parameter, a sheet for each strategy that has suggestions, Catatan."""
    book = BudgetBook()
    recapitulation = book.sheet(RECAPITULATION, widths=[34, 11, 17, 15, 15, 15, 18, 17, 22])
    _parameters(book, budget)
    ends = {number: _strategy(book, number, budget) for number in STRATEGIES if _of(budget, number)}
    _recapitulation(book, recapitulation, budget, ends)
    _notes(book, budget)
    out.write(book.save())


def amounts(line: BudgetLine, budget: Budget) -> dict[str, float]:
    """Amounts of one line by column letter, as the formulas of the workbook compute them."""
    if line.withheld or line.volume is None:
        return dict.fromkeys(_SUMS, 0.0)
    works = _round(line.volume * line.unit_cost_idr * (budget.region_factor if line.regional else 1.0))
    design, supervision = _round(works * line.design_share), _round(works * line.supervision_share)
    tax = _round((works + design + supervision) * (budget.tax_rate if line.taxed else 0.0))
    upkeep = _round(works * line.maintenance_share)
    return {"L": works, "N": design, "P": supervision, "R": tax, "S": works + design + supervision + tax, "V": upkeep}


def _of(budget: Budget, strategy: int) -> list[BudgetLine]:
    return [line for line in budget.lines if line.strategy == strategy]


def _round(value: float) -> float:
    """Round as a spreadsheet does, half upwards."""
    return float(math.floor(value + 0.5))


def _parameters(book: BudgetBook, budget: Budget) -> None:
    page = book.sheet(PARAMETERS, widths=[34, 14, 90])
    book.title(page, 1, "Parameter: ubah di sini, semua jumlah ikut berubah", size=13)
    book.heading(page, 2, ["Parameter", "Nilai", "Sumber dan tanggal"])
    rows = (
        ("Faktor daerah (pengali harga)", budget.region_factor, FACTOR, budget.region_source),
        ("PPN", budget.tax_rate, SHARE, budget.tax_source),
    )
    for row, (name, value, form, source) in enumerate(rows, start=3):
        book.put(page, row, 1, name)
        book.put(page, row, 2, value, form=form, fill_in=True)
        book.put(page, row, 3, source)


def _strategy(book: BudgetBook, number: int, budget: Budget) -> tuple[int, dict[str, float]]:
    """Write the sheet of one strategy; return its row of sums and the values there."""
    lines = _of(budget, number)
    headings = [*_COLUMNS, *TEXTS]
    page = book.sheet(STRATEGIES[number], widths=[width for _, width in headings], pages_wide=3)
    book.title(page, 1, f"{budget.title} — strategi {STRATEGIES[number]}", size=13)
    book.title(page, 2, _ADVICE)
    book.heading(page, HEAD_ROW, [name for name, _ in headings])
    for row, line in enumerate(lines, start=HEAD_ROW + 1):
        _line(book, page, row, line, budget)
    page.freeze_panes = page.cell(HEAD_ROW + 1, 5)
    page.auto_filter.ref = f"A{HEAD_ROW}:{get_column_letter(len(headings))}{HEAD_ROW + len(lines)}"
    page.print_title_rows, page.print_title_cols = f"{HEAD_ROW}:{HEAD_ROW}", "B:D"
    return _sums(book, page, lines, budget)


def _sums(book: BudgetBook, page: Any, lines: list[BudgetLine], budget: Budget) -> tuple[int, dict[str, float]]:
    first, last = HEAD_ROW + 1, HEAD_ROW + len(lines)
    end = last + 1
    book.put(page, end, 4, "Jumlah (baris yang dihitung)", bold=True)
    counted = [amounts(line, budget) for line in lines if line.counted and not line.withheld]
    values = {column: sum(one[column] for one in counted) for column in _SUMS}
    for column, value in values.items():
        place = page[f"{column}{end}"].column
        formula = f"SUMIF($A${first}:$A${last},1,{column}{first}:{column}{last})"
        book.formula(page, end, place, formula, value, bold=True)
    return end, values


def _line(book: BudgetBook, page: Any, row: int, line: BudgetLine, budget: Budget) -> None:
    book.put(page, row, 1, 0 if line.withheld or not line.counted else 1, fill_in=True)
    for column, text in enumerate((line.id, line.pocket, line.title, line.place, line.code), start=2):
        book.put(page, row, column, text)
    book.put(page, row, 9, line.unit)
    book.put(page, row, 10, line.unit_cost_idr, form=RUPIAH, fill_in=True)
    if line.withheld or line.volume is None:
        book.put(page, row, 7, "disembunyikan (data kecil)" if line.withheld else "tidak diketahui")
    else:
        book.put(page, row, 7, line.families)
        book.put(page, row, 8, line.volume, form=PLAIN, fill_in=True)
        _amounts(book, page, row, line, budget)
    book.put(page, row, 23, line.year, form=YEAR)
    for column, text in enumerate((line.source, *line.texts), start=24):
        book.put(page, row, column, text)


def _amounts(book: BudgetBook, page: Any, row: int, line: BudgetLine, budget: Budget) -> None:
    value = amounts(line, budget)
    factor = (FACTOR_CELL, budget.region_factor) if line.regional else ("1", 1.0)
    tax = (TAX_CELL, budget.tax_rate) if line.taxed else ("0", 0.0)
    book.formula(page, row, 11, *factor, form=FACTOR)
    book.formula(page, row, 12, f"ROUND(H{row}*J{row}*K{row},0)", value["L"])
    book.put(page, row, 13, line.design_share, form=SHARE, fill_in=True)
    book.formula(page, row, 14, f"ROUND(L{row}*M{row},0)", value["N"])
    book.put(page, row, 15, line.supervision_share, form=SHARE, fill_in=True)
    book.formula(page, row, 16, f"ROUND(L{row}*O{row},0)", value["P"])
    book.formula(page, row, 17, *tax, form=SHARE)
    book.formula(page, row, 18, f"ROUND((L{row}+N{row}+P{row})*Q{row},0)", value["R"])
    book.formula(page, row, 19, f"L{row}+N{row}+P{row}+R{row}", value["S"])
    if line.families:
        book.formula(page, row, 20, f"S{row}/G{row}", value["S"] / line.families)
    book.put(page, row, 21, line.maintenance_share, form=SHARE, fill_in=True)
    book.formula(page, row, 22, f"ROUND(L{row}*U{row},0)", value["V"])


def _recapitulation(
    book: BudgetBook, page: Any, budget: Budget, ends: Mapping[int, tuple[int, dict[str, float]]]
) -> None:
    book.title(page, 1, budget.title, size=14)
    for row, fact in enumerate(budget.facts, start=2):
        book.title(page, row, fact)
    head = len(budget.facts) + 3
    book.heading(page, head, [
        "Strategi", "Usulan", "Pekerjaan (Rp)", "Perencanaan (Rp)", "Pengawasan (Rp)", "PPN (Rp)", "Jumlah (Rp)",
        "Pemeliharaan per tahun (Rp)", "Keluarga terdaftar dijangkau (masing-masing sekali)",
    ])  # fmt: skip
    first = head + 1
    for row, (number, (end, values)) in enumerate(ends.items(), start=first):
        sheet = f"'{STRATEGIES[number]}'"
        book.put(page, row, 1, STRATEGIES[number])
        lines = _of(budget, number)
        book.formula(
            page, row, 2, f"SUM({sheet}!A{HEAD_ROW + 1}:A{HEAD_ROW + len(lines)})",
            float(sum(line.counted and not line.withheld for line in lines)), form=PLAIN,
        )  # fmt: skip
        for column, letter in enumerate(_SUMS, start=3):
            book.formula(page, row, column, f"{sheet}!{letter}{end}", values[letter])
        book.put(page, row, 9, _once(budget, str(number)))
    if ends:
        _total(book, page, first, budget, ends)
    else:
        book.put(page, first, 1, "Belum ada usulan pada hasil ini.")


def _total(
    book: BudgetBook, page: Any, first: int, budget: Budget, ends: Mapping[int, tuple[int, dict[str, float]]]
) -> None:
    """Write the last row; families of all strategies are not the sum of the rows above."""
    last = first + len(ends) - 1
    book.put(page, last + 1, 1, "Semua strategi (berdampingan, bukan peringkat)", bold=True)
    count = sum(line.counted and not line.withheld for line in budget.lines)
    totals = [float(count), *(sum(values[letter] for _, values in ends.values()) for letter in _SUMS)]
    for column, value in enumerate(totals, start=2):
        letter = get_column_letter(column)
        form = PLAIN if column == 2 else RUPIAH
        book.formula(page, last + 1, column, f"SUM({letter}{first}:{letter}{last})", value, form=form, bold=True)
    book.put(page, last + 1, 9, _once(budget, "all"), bold=True)


def _once(budget: Budget, scope: str) -> int | str:
    value = budget.once.get(scope)
    return "tidak ditampilkan" if value is None else value


def _notes(book: BudgetBook, budget: Budget) -> None:
    page = book.sheet(NOTES, widths=[120])
    book.title(page, 1, "Catatan", size=13)
    for row, note in enumerate(budget.notes, start=2):
        book.put(page, row, 1, note)
