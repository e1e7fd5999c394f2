"""One file on its way in: rows typed and checked chunk by chunk, what is accepted kept, what is not put aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from gisapp.registry.area_codes import (
    CodeTally,
    Flags,
    Texts,
    bare_codes,
    decide_translation,
    dotted_codes,
    join_parts,
    refuse_other,
)
from gisapp.registry.families import AcceptedRows, build_families, disagreements
from gisapp.registry.forms import CODE_PARTS, Form
from gisapp.registry.ground import Ground
from gisapp.registry.names import differing
from gisapp.registry.positions import STATUSES, judge_positions, mark_stacked
from gisapp.registry.reasons import Sets, add, carries, counted
from gisapp.registry.typed import Repeats, TypedRows, read_rows

#: A row cut off after this many cells, none of them a code or a number of a person, is a footnote with commas in it.
_CELLS_OF_A_NOTE, _CELLS_OF_A_ROW = 3, 6
_LIKE_A_CODE = r"[\d.]{6,}"
#: How many row numbers the report names for each reason and warning.
NAMED_ROWS = 5

#: Numbers that are kept in full; the others are whole and small.
_EXACT = ("longitude", "latitude", "floor_area_m2", "expenditure_idr")
_TOTALS = r"(?i)\s*(?:jumlah|(?:sub|grand)?[ -]?total)\b.*"


class Identities(Protocol):
    """Where the identities of accepted rows go while a file is taken in; asked once per chunk."""

    def add(
        self,
        frame: pd.DataFrame,
        columns: Mapping[str, str],
        numbers: npt.NDArray[np.int64],
        good: Flags,
        codes: Texts,
        family_keys: npt.NDArray[np.uint64] | None,
    ) -> None:
        """Take a chunk: rows as text, source column by variable, row numbers, which rows are accepted, desa codes.

        Everything is aligned with ``frame``. ``family_keys`` joins the rows of a family where a row is a person (its
        ``family_id`` is made of the number of the first accepted row that has the key); 0 or None where unknown.
        """


class Rejected(Protocol):
    """Where rejected rows go."""

    def add(self, rejected: pd.DataFrame, reasons: Sets) -> None:
        """Take rows whole, as text; ``reasons`` is aligned with them."""


@dataclass
class Intake:
    """Collects the accepted rows of a file; ``finish`` makes families of them.

    ``translate``: whether codes go through the crosswalk; told from the first rows where None. In a file that is
    ``correcting`` an earlier one, rows that are still of the other system are put aside again instead of refusing all.
    """

    form: Form
    columns: dict[str, str]
    ground: Ground
    quarantine: Rejected
    repeats: Repeats
    declared: str | None = None
    correcting: bool = False
    rows: int = 0
    accepted: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)
    tally: CodeTally = field(default_factory=CodeTally)
    translate: bool | None = None
    identities: Identities | None = None
    named_rows: int = NAMED_ROWS
    first_reasons: dict[str, list[int]] = field(default_factory=dict)
    first_warnings: dict[str, list[int]] = field(default_factory=dict)
    _kept: list[_Kept] = field(default_factory=list)

    def take(self, frame: pd.DataFrame) -> None:
        """Type and check one chunk of text rows; rejected ones go to the quarantine, whole."""
        frame, notes = without_notes(frame, self.columns, first=self.rows == 0)
        self.warnings["note_row"] += notes
        if frame.empty:
            return
        typed = read_rows(frame, self.columns, self.form)
        codes, strange = self._area_codes(frame)
        add(typed.reasons, "area_unknown", pd.isna(codes))
        add(typed.reasons, "code_system", strange)
        self._compare_names(typed, frame, codes)
        self.repeats.mark(typed, frame, self.columns)
        good = typed.reasons == 0
        self.quarantine.add(frame[~good], typed.reasons[~good])
        self.rows += len(frame)
        self.accepted += int(good.sum())
        self.reasons += counted(typed.reasons)
        self.warnings += Counter({code: int((mark & good).sum()) for code, mark in typed.marks.items()})
        numbers = frame.index.to_numpy()
        for code in counted(typed.reasons):
            _name_rows(self.first_reasons, code, numbers[carries(typed.reasons, code)], self.named_rows)
        for code, mark in typed.marks.items():
            _name_rows(self.first_warnings, code, numbers[mark & good], self.named_rows)
        if self.identities is not None:
            keys = typed.family.key if typed.family is not None else None
            self.identities.add(frame, self.columns, numbers.astype(np.int64), good, codes, keys)
        self._kept.append(_keep(frame, typed, codes, good))

    def _compare_names(self, typed: TypedRows, frame: pd.DataFrame, codes: Texts) -> None:
        """Doubt, and only doubt, a code whose area has another name on the boundary."""
        for variable, known in (("village_name", self.ground.villages), ("district_name", self.ground.districts)):
            if variable in self.columns and known:
                mark = typed.marks.setdefault("area_name_differs", np.zeros(len(frame), dtype=bool))
                mark |= differing(codes, frame[self.columns[variable]], known)

    def _area_codes(self, frame: pd.DataFrame) -> tuple[Texts, Flags]:
        last = frame[self.columns.get("code_village", self.columns.get("code", ""))]
        if all(part in self.columns for part in CODE_PARTS[:-1]):
            system = self.declared or self.form.parts_system or self.ground.book.system
            text = join_parts([*(frame[self.columns[part]] for part in CODE_PARTS[:-1]), last], system)
        else:
            text = frame[self.columns["code"]]
        bare = bare_codes(text)
        if self.translate is None:
            self.translate = decide_translation(self.ground.book, bare, self.declared)
        numbers = frame.index.to_numpy()
        return self.ground.book.look_up(bare, dotted_codes(text), numbers, self.tally, translate=self.translate)

    def finish(self, *, stack_threshold: int, id_prefix: str = "") -> pd.DataFrame:
        """Families of the accepted rows in the columns of SNAPSHOT; RegistryError where the file's codes are wrong."""
        if not self.correcting:
            refuse_other(self.ground.book, self.tally, translate=bool(self.translate))
        accepted = _joined(self._kept, self.form)
        self._kept.clear()
        families = build_families(accepted, self.form, id_prefix=id_prefix)
        doubts = disagreements(accepted) if self.form.unit == "person" else {}
        del accepted
        longitude, latitude = families["longitude"].to_numpy(), families["latitude"].to_numpy()
        status = judge_positions(longitude, latitude, self.ground.district)
        status = mark_stacked(status, longitude, latitude, threshold=stack_threshold)
        families["coordinate_status"] = status
        families[["longitude", "latitude"]] = families[["longitude", "latitude"]].where(pd.Series(status == "ok"))
        marks = {f"coordinate_{name}": status == name for name in STATUSES[1:]}
        marks |= doubts | {"decile_missing": families["decile"].isna().to_numpy(dtype=bool)}
        for code, mark in marks.items():
            self.warnings[code] += int(mark.sum())
            first = families["family_id"].to_numpy()[np.flatnonzero(mark)[: self.named_rows]]
            numbers = [int(str(one).removeprefix(id_prefix)) for one in first]
            _name_rows(self.first_warnings, code, numbers, self.named_rows)
        return families


def _name_rows(named: dict[str, list[int]], code: str, numbers: Iterable[int], most: int) -> None:
    """Remember the first rows of a reason or a warning by their number in the file."""
    known = named.setdefault(code, [])
    known.extend(int(number) for number in islice(numbers, most - len(known)))


@dataclass
class _Kept:
    """The accepted rows of one chunk."""

    number: npt.NDArray[np.int64]
    code: Texts
    typed: TypedRows
    family_key: npt.NDArray[np.uint64] | None


def _keep(frame: pd.DataFrame, typed: TypedRows, codes: Texts, good: npt.NDArray[np.bool_]) -> _Kept:
    typed.numbers = {
        name: values[good] if name in _EXACT else values[good].astype(np.float32)
        for name, values in typed.numbers.items()
    }
    typed.judged = {name: values[good] for name, values in typed.judged.items()}
    key = typed.family.key[good] if typed.family is not None else None
    typed.nik, typed.family = None, None
    typed.marks, typed.strange, typed.unreadable = {}, {}, {}
    return _Kept(frame.index.to_numpy()[good].astype(np.int64), codes[good], typed, key)


def _joined(kept: list[_Kept], form: Form) -> AcceptedRows:
    number = np.concatenate([part.number for part in kept])
    if form.unit == "person":
        keys = np.concatenate([part.family_key for part in kept if part.family_key is not None])
        family, unique = pd.factorize(keys)
        families = len(unique)
    else:
        family, families = np.arange(len(number)), len(number)
    first = kept[0].typed
    return AcceptedRows(
        number=number,
        code=np.concatenate([part.code for part in kept]),
        numbers={name: np.concatenate([k.typed.numbers[name] for k in kept]) for name in first.numbers}
        if first
        else {},
        judged={name: np.concatenate([k.typed.judged[name] for k in kept]) for name in first.judged},
        family=family.astype(np.intp),
        families=families,
    )


def without_notes(frame: pd.DataFrame, columns: dict[str, str], *, first: bool) -> tuple[pd.DataFrame, int]:
    """Drop rows that are no data: footnotes, totals without a code, a row of column numbers, the headings again.

    A footnote fills one cell, or a few of a row that is too short where it holds separators.
    """
    filled = (frame != "").to_numpy().sum(axis=1)
    note = filled <= 1
    if frame.shape[1] >= _CELLS_OF_A_ROW:
        short = frame.index.isin(frame.attrs.get("ragged", [])) & (filled <= _CELLS_OF_A_NOTE)
        for row in np.flatnonzero(short):
            note[row] = not frame.iloc[row].str.strip().str.fullmatch(_LIKE_A_CODE).any()
    code = columns.get("code", columns.get("code_village"))
    if code is not None:
        blank = ~frame[code].str.contains(r"\d").to_numpy(dtype=bool)
        if blank.any():
            head = frame[blank].replace("", pd.NA).bfill(axis=1).iloc[:, 0].fillna("").astype("str")
            note[np.flatnonzero(blank)[head.str.fullmatch(_TOTALS).to_numpy(dtype=bool)]] = True
            note |= blank & (frame == list(frame.columns)).all(axis=1).to_numpy()
    if first and len(frame) and _is_numbering(frame.iloc[0].tolist()):
        note[0] = True
    if not note.any():
        return frame, 0
    kept = frame[~note]
    kept.attrs = frame.attrs
    return kept, int(note.sum())


def _is_numbering(cells: Iterable[str]) -> bool:
    numbers = [(place, cell.strip(" ()")) for place, cell in enumerate(cells, start=1) if cell.strip()]
    return len(numbers) >= 3 and all(text == str(place) for place, text in numbers)
