"""What `gisapp ingest --preview` shows: the columns, the first rows and the bad cells, everybody masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

    from gisapp.registry.preview import Preview

#: More columns of first rows than this make a terminal unreadable; --json and the page show all.
_HEAD_COLUMNS = 8
_HEAD_ROWS = 5
_PROBLEMS = 40

_TREATMENTS = {
    "stored": "disimpan / stored",
    "checked": "diperiksa / checked",
    "encrypted": "dienkripsi / encrypted",
    "ignored": "tidak dibaca / not read",
}


def show_preview(seen: Preview) -> None:
    """Print a preview for people on stdout."""
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    for part in (*_summary(seen), *_tables(seen), *_closing(seen)):
        console.print(part)


def _summary(seen: Preview) -> list[str]:
    part = "" if seen.complete else " (hanya bagian awal berkas / only the beginning of the file)"
    lines = [
        f"Pratinjau / preview {seen.file}: formulir / form {seen.form or '-'}, kode / codes {seen.codes or '-'}",
        f"{seen.rows_read} baris dibaca / rows read{part}; {seen.accepted} diterima / accepted; "
        f"{seen.families} keluarga / families. Tidak ada yang disimpan / nothing was stored.",
    ]
    if len(seen.sheets) > 1:
        others = ", ".join(name for name in seen.sheets if name != seen.sheet)
        lines.append(f"Lembar / sheet: {seen.sheet}; lainnya / others (--sheet): {others}")
    return lines


def _tables(seen: Preview) -> list[RenderableType]:
    from rich.table import Table

    tables = []
    if seen.columns:
        columns = Table("kolom / column", "menjadi / becomes", "perlakuan / treatment", "catatan / note")
        for column in seen.columns:
            becomes = f"{column.title_id} / {column.title_en} [{column.variable}]" if column.variable else "-"
            columns.add_row(column.source, becomes, _TREATMENTS[column.treatment], column.note_id)
        tables.append(columns)
    shown = [at for at, column in enumerate(seen.columns) if column.variable][:_HEAD_COLUMNS]
    if shown and seen.head:
        head = Table(*(seen.columns[at].source for at in shown), title="baris awal / first rows")
        for row in seen.head[:_HEAD_ROWS]:
            head.add_row(*(row[at] for at in shown))
        tables.append(head)
    if seen.problems:
        problems = Table("baris / row", "kolom / column", "isi / value", "masalah / problem", "kode / code")
        for problem in seen.problems[:_PROBLEMS]:
            said = f"{problem.reason_id} / {problem.reason_en}"
            problems.add_row(str(problem.row), problem.column, problem.value, said, problem.code)
        tables.append(problems)
    return list(tables)


def _closing(seen: Preview) -> list[str]:
    from gisapp.registry.reasons import REASONS, WARNINGS

    lines = []
    for label, counts, words in (
        ("karantina / quarantined", seen.reasons, REASONS),
        ("peringatan / warning", seen.warnings, WARNINGS),
    ):
        for code, count in counts.items():
            id, en = words[code]
            lines.append(f"  {label}: {id} / {en} [{code}]: {count}")
    if seen.refusal is not None:
        en, id, code = seen.refusal
        lines += [f"Berkas akan ditolak / the file would be refused [{code}]:", id, en]
    return lines
