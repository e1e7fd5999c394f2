"""What is wrong in which cell of the first rows of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gisapp.errors import Severity
from gisapp.registry.deprivations import code_list
from gisapp.registry.forms import CODED, NUMBERS
from gisapp.registry.intake import Intake
from gisapp.registry.masking import mask
from gisapp.registry.reasons import REASONS, WARNINGS
from gisapp.registry.recognise import Recognised
from gisapp.registry.rules import YES_NO, answer_key
from gisapp.registry.typed import NOT_FINITE, read_rows

#: An answer that no list holds is shown as it stands from this many rows on; a rarer one could be a name.
COMMON_ROWS = 3

_VARIABLES = {
    "area_unknown": ("code", "code_village"),
    "code_system": ("code", "code_village"),
    "area_name_differs": ("village_name", "district_name"),
    "nik_damaged": ("nik",),
    "nik_duplicate": ("nik",),
    "nik_unknown": ("nik",),
    "kk_damaged": ("family_number",),
    "kk_missing": ("family_number",),
    "kk_duplicate": ("family_number",),
    "decile_invalid": ("decile", "percentile"),
    "decile_missing": ("decile", "percentile"),
    "persons_invalid": ("persons",),
    "family_area_differs": ("code", "code_village"),
    "family_decile_differs": ("decile", "percentile"),
    "family_large": ("family_number",),
    "coordinate_missing": ("longitude", "latitude"),
    "coordinate_zero": ("longitude", "latitude"),
    "coordinate_swapped": ("longitude", "latitude"),
    "coordinate_outside": ("longitude", "latitude"),
    "coordinate_stacked": ("longitude", "latitude"),
}


@dataclass(frozen=True, kw_only=True)
class RowProblem:
    """One bad cell (``column`` is empty where the whole row is meant); ``value`` is masked."""

    row: int
    column: str
    value: str
    code: str
    reason_id: str
    reason_en: str
    severity: Severity


def row_problems(frame: pd.DataFrame, known: Recognised, intake: Intake) -> tuple[RowProblem, ...]:
    """Cells behind the first rows of every reason and warning, by row."""
    cells = _Cells(frame, known)
    found: list[RowProblem] = []
    for named, words, severity in (
        (intake.first_reasons, REASONS, "error"),
        (intake.first_warnings, WARNINGS, "warning"),
    ):
        for code, rows in named.items():
            id, en = words[code]
            for row in rows:
                found.extend(
                    RowProblem(
                        row=row, column=column, value=value, code=code, reason_id=id, reason_en=en,
                        severity="error" if severity == "error" else "warning",
                    )
                    for column, value in cells.behind(code, row)
                )  # fmt: skip
    return tuple(sorted(found, key=lambda problem: problem.row))


def common_answers(frame: pd.DataFrame, known: Recognised) -> dict[str, set[str]]:
    """Texts of the coded columns that may be shown: those that a code list holds, and those of several rows."""
    common = {}
    for variable in (*CODED, *YES_NO):
        if variable in known.columns:
            counts = frame[known.columns[variable]].value_counts()
            listed = code_list(known.form, variable)
            common[known.columns[variable]] = {
                str(text) for text, n in counts.items() if n >= COMMON_ROWS or answer_key(str(text)) in listed
            }
    return common


class _Cells:
    """Finds the cells that a reason or a warning is about."""

    def __init__(self, frame: pd.DataFrame, known: Recognised) -> None:
        self._frame, self._columns = frame, known.columns
        self._by_source = {source: variable for variable, source in known.columns.items()}
        self._typed = read_rows(frame, known.columns, known.form)
        self._common = common_answers(frame, known)
        self._ragged = set(frame.attrs.get("ragged", ()))
        self._formulas = {(row, column) for row, column in frame.attrs.get("formula_cells", ())}

    def behind(self, code: str, row: int) -> Iterator[tuple[str, str]]:
        """Column and masked text of each cell behind a code in a row; one blank pair where it is the whole row."""
        place = int(np.flatnonzero(self._frame.index == row)[0])
        variables = [name for name in self._candidates(code, row, place) if name in self._columns]
        if not variables:
            yield "", ""
        for variable in variables:
            source = self._columns[variable]
            text = str(self._frame[source].iloc[place])
            shown = None if row in self._ragged else variable
            yield source, mask(shown, text, listed=text in self._common.get(source, ()))

    def _candidates(self, code: str, row: int, place: int) -> Iterable[str]:
        if code == "form_code_unknown":
            return [name for name, mark in self._typed.strange.items() if mark[place]]
        if code == "number_unreadable":
            return [name for name, mark in self._typed.unreadable.items() if mark[place]]
        if code == "not_finite":
            texts = self._frame.iloc[[place]]
            mapped = [name for name in NUMBERS if name in self._columns]
            return [name for name in mapped if texts[self._columns[name]].str.fullmatch(NOT_FINITE).any()]
        if code == "formula_cell":
            cells = self._frame.iloc[place]
            return [
                name
                for name, source in self._columns.items()
                if (row, source) in self._formulas or str(cells[source]).startswith("=")
            ]
        if code.startswith("decile_"):
            return [next((name for name in _VARIABLES[code] if name in self._columns), "")]
        return _VARIABLES.get(code, ())
