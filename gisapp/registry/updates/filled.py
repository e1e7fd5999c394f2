"""A verification list that came back filled in: every row becomes a visit, or is handed back with its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from gisapp.access.actors import Actor
from gisapp.access.permissions import require
from gisapp.errors import GisappError, RegistryError
from gisapp.readers.table import read_text_table
from gisapp.registry.ground import read_ground
from gisapp.registry.updates.answers import Question, code_of, questions
from gisapp.registry.updates.judging import form_of
from gisapp.registry.updates.ledger import find_case, require_version
from gisapp.registry.updates.model import BatchReport, RowRefused
from gisapp.registry.updates.sealing import unseal
from gisapp.registry.updates.states import RESULTS
from gisapp.registry.updates.tables import CaseRow
from gisapp.registry.updates.visits import Findings
from gisapp.store.database import session
from gisapp.store.vault import Vault, open_vault
from gisapp.workspace.folder import Workspace
from gisapp.writers.form_sheet import HEADER_ROW, cell_name

#: Word of a visit's result, as the list offers it -> code.
RESULT_WORDS = {words[0]: code for code, words in RESULTS.items()}
#: Columns of the list besides those of the form, and how to fill them in.
STATIC = {
    "no_usulan": "Nomor usulan. Jangan diubah.",
    "versi": "Dipakai untuk mengenali perubahan oleh orang lain. Jangan diubah.",
    "jenis": "Jenis usulan.",
    "nama": "Nama kepala keluarga.",
    "nik": "NIK, sebagai teks.",
    "no_kk": "Nomor Kartu Keluarga, sebagai teks.",
    "alamat": "Alamat.",
    "hasil": f"Hasil kunjungan: {', '.join(RESULT_WORDS)}. Kosong: belum dikunjungi.",
    "tanggal": "Tanggal kunjungan, mis. 2026-03-02 atau 2/3/2026.",
    "catatan": "Catatan petugas.",
}
_NUMBER = re.compile(r"MPM-0*(\d{1,9})")
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")


@dataclass(frozen=True, kw_only=True)
class _Line:
    row: int
    case_id: int
    version: int
    cells: Mapping[str, str]


class _BadCellError(Exception):
    def __init__(self, column: str, id: str, en: str) -> None:
        super().__init__(en)
        self.column, self.id, self.en = column, id, en


def read_visit_list(ws: Workspace, actor: Actor, xlsx_path: Path) -> BatchReport:
    """Record the visits of a filled list; a row without a result was not visited and changes nothing.

    A row that cannot be recorded is handed back with its cell; one that was recorded before, as it stands, is
    ``unchanged``. Rows of cases that others have changed since the list was written are handed back, too.
    """
    require(actor, "updates.visit")
    frame = read_text_table(xlsx_path, header_row=HEADER_ROW)
    missing = [name for name in ("no_usulan", "versi", "hasil") if name not in frame.columns]
    if missing:
        raise RegistryError(
            f"{xlsx_path.name}: this is no verification list; these columns are missing: {', '.join(missing)}.",
            f"{xlsx_path.name}: ini bukan daftar verifikasi; kolom ini tidak ada: {', '.join(missing)}.",
            code="column_missing",
        )
    reader = _Reader(ws, actor, [str(name) for name in frame.columns])
    formulas = {row for row, _ in frame.attrs.get("formula_cells", [])}
    with session(ws.database) as db:
        for row, cells in zip(frame.index.tolist(), frame.to_dict("records"), strict=True):
            texts = {str(name): str(cell).strip() for name, cell in cells.items()}
            reader.take(db, int(row), texts, formula=row in formulas)
    return reader.report(xlsx_path.name)


class _Reader:
    def __init__(self, ws: Workspace, actor: Actor, header: list[str]) -> None:
        self.ws, self.actor, self.header = ws, actor, header
        self.vault: Vault = open_vault(ws.root)
        self.district = read_ground(ws).district
        self.rows, self.unchanged = 0, 0
        self.done: list[int] = []
        self.refused: list[RowRefused] = []
        self._questions: dict[str, dict[str, Question]] = {}

    def report(self, file: str) -> BatchReport:
        return BatchReport(file=file, rows=self.rows, registered=tuple(self.done), unchanged=self.unchanged,
                           refused=tuple(self.refused))  # fmt: skip

    def take(self, db: Session, row: int, texts: dict[str, str], *, formula: bool) -> None:
        if not any(texts.values()):
            return
        self.rows += 1
        try:
            if formula:
                raise _BadCellError("", "baris berisi rumus", "the row holds a formula")
            self._record(db, self._line(row, texts))
        except _BadCellError as error:
            self._refuse(row, error.column, "cell", error.id, error.en)
        except GisappError as error:
            self._refuse(row, "no_usulan", error.code, error.id, error.en)

    def _refuse(self, row: int, column: str, code: str, id: str, en: str) -> None:
        cell = cell_name(row, self.header.index(column) + 1) if column in self.header else ""
        self.refused.append(RowRefused(row=row, column=column, cell=cell, code=code, reason_id=id, reason_en=en))

    def _line(self, row: int, texts: dict[str, str]) -> _Line:
        number, version = _NUMBER.fullmatch(texts["no_usulan"]), texts["versi"]
        if number is None:
            raise _BadCellError("no_usulan", "nomor usulan tidak terbaca", "the number of the case cannot be read")
        if not version.isdecimal():
            raise _BadCellError("versi", "versi tidak terbaca", "the version cannot be read")
        return _Line(row=row, case_id=int(number[1]), version=int(version), cells=texts)

    def _record(self, db: Session, line: _Line) -> None:
        if not line.cells["hasil"]:
            self.unchanged += 1
            return
        row = find_case(db, self.actor, line.case_id, "updates.visit")
        findings = self._findings(row, line.cells)
        findings.check()
        if self._recorded_before(row, findings):
            self.unchanged += 1
            return
        require_version(row, line.version)
        findings.record(self.ws, db, self.vault, row, self.actor, self.district)
        self.done.append(row.id)

    def _findings(self, row: CaseRow, cells: Mapping[str, str]) -> Findings:
        result = RESULT_WORDS.get(cells["hasil"].casefold(), cells["hasil"].casefold())
        if result not in RESULTS:
            known = ", ".join(RESULT_WORDS)
            raise _BadCellError("hasil", f"hasil harus salah satu: {known}", f"the result must be one of: {known}")
        answers = {
            question.variable: code_of(question, cells[column])
            for column, question in self._columns(row.form).items()
            if cells.get(column)
        }
        for column, question in self._columns(row.form).items():
            said = answers.get(question.variable)
            if said and question.codes and said not in question.codes:
                shown = ", ".join(question.codes)
                raise _BadCellError(column, f"pilih salah satu kode: {shown}", f"choose one of the codes: {shown}")
        return Findings(result=result, answers=answers, persons=(), visited_on=_day(cells.get("tanggal", "")),
                        note=cells.get("catatan", ""))  # fmt: skip

    def _columns(self, form: str) -> dict[str, Question]:
        if form not in self._questions:
            asked = questions(form_of(self.ws, form), family_only=True)
            self._questions[form] = {question.column: question for question in asked}
        return self._questions[form]

    def _recorded_before(self, row: CaseRow, findings: Findings) -> bool:
        if row.result != findings.result or row.sealed is None:
            return False
        if findings.visited_on is not None and row.visited_on != findings.visited_on.isoformat():
            return False
        return findings.contents(self.vault, row) == unseal(self.vault, row)


def _day(text: str) -> date | None:
    if not text:
        return None
    found: Any = _DAY.fullmatch(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(text[:10])
    except ValueError as error:
        raise _BadCellError(
            "tanggal", "tanggal tidak terbaca; tulis 2026-03-02", "the date cannot be read; write 2026-03-02"
        ) from error
