"""The budget table: formulas that give the amounts, texts that nothing runs, the same bytes each time."""

import io
from dataclasses import replace

import openpyxl
import pytest
from sheet_formulas import computed

from gisapp.writers.budget import HEAD_ROW, TEXTS, Budget, BudgetLine, amounts, write_budget

LINE = BudgetLine(
    id="i-1",
    strategy=2,
    pocket="A · Desa Contoh",
    title="Sumur bor komunal",
    place="indikasi lokasi: permukiman",
    code="12.05.01.2001",
    families=40,
    volume=2.0,
    unit="unit",
    unit_cost_idr=100_000_000.0,
    regional=True,
    design_share=0.04,
    supervision_share=0.03,
    taxed=True,
    maintenance_share=0.02,
    year=2026,
    source="HSPK 2026",
    texts=("HSPK/AHSP", "Dinas PUPR", "kabupaten", "Pamsimas", "lahan bersih", "HGU", "", "ya"),
)
BUDGET = Budget(
    title="RAB contoh",
    facts=["Hasil hitung x"],
    lines=[
        LINE,
        replace(LINE, id="i-2", families=3, withheld=True, volume=None),
        replace(LINE, id="i-3", counted=False),
        replace(LINE, id="i-4", strategy=5, regional=False, taxed=False, volume=1.5, families=None),
    ],
    region_factor=1.1,
    region_source="indeks kemahalan 2026",
    tax_rate=0.11,
    tax_source="PMK 131/2024",
    once={"2": 40, "5": None, "all": 40},
    notes=["Catatan satu"],
)


def written(budget=BUDGET):
    out = io.BytesIO()
    write_budget(out, budget)
    return out.getvalue()


def book_of(content, **how):
    return openpyxl.load_workbook(io.BytesIO(content), **how)


def test_sheets_recapitulation_parameters_strategies_notes():
    assert book_of(written()).sheetnames == [
        "Rekapitulasi", "Parameter", "2 Layanan dasar", "5 Infrastruktur", "Catatan",
    ]  # fmt: skip


def test_the_amounts_of_a_line_by_hand():
    """2 × 100 m × 1.1 = 220 m; 8.8 m; 6.6 m; 11 % of 235.4 m = 25.894 m; upkeep 4.4 m."""
    assert amounts(LINE, BUDGET) == {
        "L": 220_000_000, "N": 8_800_000, "P": 6_600_000, "R": 25_894_000, "S": 261_294_000, "V": 4_400_000,
    }  # fmt: skip


def test_every_formula_gives_the_value_that_stands_beside_it():
    formulas, values = book_of(written()), book_of(written(), data_only=True)
    count = 0
    for sheet in formulas.sheetnames:
        for row in formulas[sheet].iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    count += 1
                    carried = values[sheet][cell.coordinate].value
                    assert computed(formulas, sheet, cell.coordinate) == pytest.approx(carried), (
                        sheet,
                        cell.coordinate,
                    )
    assert count > 50


def test_a_corrected_price_volume_factor_or_tax_recomputes_everything():
    book = book_of(written())
    row = HEAD_ROW + 1
    before = computed(book, "Rekapitulasi", "G7")
    book["2 Layanan dasar"][f"J{row}"].value = 200_000_000
    assert computed(book, "2 Layanan dasar", f"S{row}") == 2 * 261_294_000
    assert computed(book, "Rekapitulasi", "G7") == before + 261_294_000
    book["Parameter"]["B4"].value = 0.0
    assert computed(book, "2 Layanan dasar", f"R{row}") == 0
    book["Parameter"]["B3"].value = 1.0
    assert computed(book, "2 Layanan dasar", f"L{row}") == 400_000_000
    book["2 Layanan dasar"][f"A{row}"].value = 0
    assert computed(book, "2 Layanan dasar", f"S{HEAD_ROW + 4}") == 0


def test_what_is_withheld_has_no_number_and_what_is_funded_is_not_added():
    book = book_of(written(), data_only=True)
    page = book["2 Layanan dasar"]
    assert page[f"G{HEAD_ROW + 2}"].value == "disembunyikan (data kecil)"
    assert [page[f"{column}{HEAD_ROW + 2}"].value for column in "HKLNPRSV"] == [None] * 8
    assert page[f"A{HEAD_ROW + 3}"].value == 0
    assert page[f"S{HEAD_ROW + 4}"].value == 261_294_000


def test_families_count_once_and_what_may_not_be_told_is_words():
    page = book_of(written(), data_only=True)["Rekapitulasi"]
    told = {row[0].value: row[8].value for row in page.iter_rows(min_row=5, max_col=9)}
    assert told["2 Layanan dasar"] == 40
    assert told["5 Infrastruktur"] == "tidak ditampilkan"
    assert told["Semua strategi (berdampingan, bukan peringkat)"] == 40


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-2+3", "@x", "\t=1", "'=1"])
def test_no_text_of_others_is_run(text):
    line = replace(LINE, title=text, place=text, pocket=text, source=text, texts=(text,) * len(TEXTS))
    book = book_of(written(replace(BUDGET, lines=[line], facts=[text], notes=[text], region_source=text)))
    for sheet in book.sheetnames:
        for row in book[sheet].iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.strip("\t'") == text.strip("\t'"):
                    assert cell.data_type == "s"
                    assert cell.quotePrefix


def test_the_same_budget_gives_the_same_bytes():
    assert written() == written()


def test_a_plan_without_suggestions_says_so():
    book = book_of(written(replace(BUDGET, lines=[])))
    assert "Belum ada usulan pada hasil ini." in [cell.value for cell in book["Rekapitulasi"]["A"]]


def test_every_cost_stands_with_year_and_source():
    page = book_of(written(), data_only=True)["2 Layanan dasar"]
    heads = [cell.value for cell in page[HEAD_ROW]]
    for row in range(HEAD_ROW + 1, HEAD_ROW + 4):
        assert page.cell(row, heads.index("Tahun harga") + 1).value == 2026
        assert page.cell(row, heads.index("Sumber harga") + 1).value == "HSPK 2026"


def test_rows_are_as_high_as_their_longest_text_and_titles_are_one_line():
    long = "gambut, sempadan sungai dan kawasan hutan belum diperiksa di lapangan oleh siapa pun"
    book = book_of(written(replace(BUDGET, lines=[LINE, replace(LINE, id="i-2", place=long)])))
    page = book["2 Layanan dasar"]
    heights = [page.row_dimensions[HEAD_ROW + row].height for row in (1, 2)]
    assert heights[1] == 3 * heights[0]
    assert page.row_dimensions[1].height is None


def test_a_strategy_prints_on_three_pages_that_repeat_what_each_line_is():
    page = book_of(written())["2 Layanan dasar"]
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (3, 0)
    assert page.print_title_cols == "$B:$D"
    assert page.print_title_rows == f"${HEAD_ROW}:${HEAD_ROW}"
