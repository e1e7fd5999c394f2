"""Answers of a proposal on the way of an intake: judged by the same rules, and laid over the family that stands.

A deprivation is judged again only where its question was answered; everything else stays as it was. The decile is never
touched: it is national, and the district does not set it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gisapp.columns import DEPRIVATIONS, SNAPSHOT
from gisapp.errors import RegistryError
from gisapp.registry.deprivations import NOT, judge_below
from gisapp.registry.families import AcceptedRows, build_families
from gisapp.registry.forms import CODE_PARTS, IDENTITIES, Form, load_form, load_mapping
from gisapp.registry.positions import District, judge_positions
from gisapp.registry.reasons import REASONS, listed
from gisapp.registry.rules import load_rules
from gisapp.registry.typed import TypedRows, read_rows
from gisapp.workspace.folder import Workspace

#: What a person of a proposal may carry besides answers; it stays sealed and is never judged.
PERSON_IDENTITY = ("name", "nik", "birth_date", "relation")
DECILE = ("decile", "percentile")

_COUNTS = ("persons", "children_0_5", "children_7_12", "children_13_15")
_AGED = _COUNTS[1:]
_PROGRAMMES = ("receives_pkh", "receives_bpnt", "receives_pbi")
_FED_BY = {"floor_area_per_person_m2": ("floor_area_m2",), "water": ("water", "water_distance")}
_LONGEST_ANSWER = 200
_MAPPING = "mapping:"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The family as its answers alone would make it, and which variables were answered.

    ``counted``: the members were listed, so that their number is known. ``well``: variables judged as not deprived.
    """

    row: Mapping[str, Any]
    answered: frozenset[str]
    counted: bool
    well: frozenset[str]
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]


def form_of(ws: Workspace, name: str) -> Form:
    """Vocabulary of a form of origin; a district's own mapping is looked for among the saved ones."""
    if not name.startswith(_MAPPING):
        return load_form(name)
    saved: Path = ws.root / "mappings" / f"{name.removeprefix(_MAPPING)}.toml"
    if not saved.is_file():
        raise RegistryError(
            f"The registry was taken in with a mapping of your own that was not saved ({saved.name}), so answers "
            "cannot be read. Save it: gisapp ingest FILE --save-mapping NAME.",
            f"Data terpadu diterima dengan pemetaan sendiri yang tidak disimpan ({saved.name}), jadi jawaban tidak "
            "dapat dibaca. Simpan dahulu: gisapp ingest BERKAS --save-mapping NAMA.",
            code="mapping_missing",
        )
    return load_mapping(saved)


def askable(form: Form) -> tuple[str, ...]:
    """Variables that a proposal may answer on this form, in the form's order."""
    never = (*IDENTITIES, "code", *CODE_PARTS, *DECILE)
    known = (*_COUNTS, "age", "floor_area_m2", "longitude", "latitude", *_judged_variables())
    return tuple(name for name in form.columns if name in known and name not in never)


def _judged_variables() -> tuple[str, ...]:
    return (*load_rules().judge, *_PROGRAMMES)


def check_answers(form: Form, answers: Mapping[str, str], persons: tuple[Mapping[str, str], ...]) -> None:
    """Refuse answers that no such form holds: a decile (``decile_not_yours``), an unknown variable, an endless text."""
    open_to = askable(form)
    everybody = [answers, *({k: v for k, v in one.items() if k not in PERSON_IDENTITY} for one in persons)]
    for name, text in (pair for one in everybody for pair in one.items()):
        if name in DECILE:
            raise RegistryError(
                "The district never sets the decile: it is national and comes from above. Leave it out.",
                "Kabupaten tidak menetapkan desil: desil bersifat nasional dan datang dari pusat. Kosongkan.",
                code="decile_not_yours",
            )
        if name not in open_to:
            shown = ", ".join(open_to)
            raise RegistryError(
                f"Form {form.name} has no answer {name!r} to change. It has: {shown}.",
                f"Formulir {form.name} tidak punya jawaban {name!r} untuk diubah. Yang ada: {shown}.",
                code="answer_unknown",
            )
        if len(str(text)) > _LONGEST_ANSWER:
            raise RegistryError(
                f"The answer to {name} is longer than {_LONGEST_ANSWER} characters.",
                f"Jawaban {name} lebih dari {_LONGEST_ANSWER} karakter.",
                code="answer_too_long",
            )


def judge(
    form: Form,
    answers: Mapping[str, str],
    persons: tuple[Mapping[str, str], ...],
    *,
    area: str,
    district: District | None = None,
    stands: Mapping[str, Any] | None = None,
) -> Judged:
    """Judge one family's answers as an intake would. ``stands`` lends the number of persons where it was not asked."""
    check_answers(form, answers, persons)
    frame, columns, counted = _frame(form, answers, persons, stands)
    typed = read_rows(frame, columns, form)
    row = _one_family(typed, form, area, district) if columns else dict.fromkeys(SNAPSHOT, pd.NA)
    answered = frozenset(name for name, column in columns.items() if (frame[column].str.strip() != "").any())
    lent = frozenset() if counted or "persons" in answers else frozenset({"persons"})
    reasons = tuple(sorted({code for bits in typed.reasons.tolist() for code in listed(int(bits))}))
    warnings = tuple(sorted(code for code, mark in typed.marks.items() if mark.any()))
    return Judged(
        row=row, answered=answered - lent, counted=counted, well=_well(typed), reasons=reasons, warnings=warnings
    )


def _well(typed: TypedRows) -> frozenset[str]:
    """Variables whose answer alone is good, over every row."""
    well = {name for name, verdict in typed.judged.items() if (verdict == NOT).all()}
    numbers = typed.numbers
    if "floor_area_m2" in numbers and "persons" in numbers:
        space = judge_below("floor_area_per_person_m2", numbers["floor_area_m2"] / numbers["persons"])
        well |= {"floor_area_m2"} if (space == NOT).all() else set()
    return frozenset(well)


def require_readable(judged: Judged) -> None:
    """Refuse answers that an intake would put aside; the sentence names why."""
    if not judged.reasons:
        return
    id = "; ".join(REASONS[code][0] for code in judged.reasons)
    en = "; ".join(REASONS[code][1] for code in judged.reasons)
    raise RegistryError(f"The answers cannot be taken: {en}.", f"Jawaban tidak dapat diterima: {id}.", code="answers")


def _frame(
    form: Form, answers: Mapping[str, str], persons: tuple[Mapping[str, str], ...], stands: Mapping[str, Any] | None
) -> tuple[pd.DataFrame, dict[str, str], bool]:
    """Rows of the form's own file, its column of each variable, and whether the members were counted."""
    given = dict(answers)
    counted = bool(persons) and (form.unit == "person" or "persons" not in given)
    if form.unit == "family":
        if counted:
            given["persons"] = str(len(persons))
        elif "persons" not in given and stands is not None and not pd.isna(stands["persons"]):
            given["persons"] = str(int(stands["persons"]))
        rows = [given]
    else:
        people = [{k: v for k, v in one.items() if k not in PERSON_IDENTITY} for one in persons] or [{}]
        rows = [{**given, **person} for person in people]
    names = sorted({name for row in rows for name in row if form.columns.get(name)})
    columns = {name: form.columns[name][0] for name in names}
    cells = {column: [str(row.get(name, "")) for row in rows] for name, column in columns.items()}
    index = pd.RangeIndex(1, len(rows) + 1)
    return pd.DataFrame(cells, index=index, dtype="str"), columns, counted


def _one_family(typed: TypedRows, form: Form, area: str, district: District | None) -> dict[str, Any]:
    rows = typed.rows
    accepted = AcceptedRows(
        number=np.arange(1, rows + 1), code=np.full(rows, area, dtype=object), numbers=typed.numbers,
        judged=typed.judged, family=np.zeros(rows, dtype=np.intp), families=1,
    )  # fmt: skip
    family = build_families(accepted, form)
    if district is not None:
        longitude, latitude = family["longitude"].to_numpy(), family["latitude"].to_numpy()
        family["coordinate_status"] = judge_positions(longitude, latitude, district)
    row: dict[str, Any] = {str(name): value for name, value in family.iloc[0].items()}
    if row["coordinate_status"] != "ok":
        row["longitude"] = row["latitude"] = float("nan")
    return row


def changes(stands: Mapping[str, Any], judged: Judged) -> dict[str, Any]:
    """Columns of a snapshot that the answers set, with their values; a column without an answer is left out."""
    result: dict[str, Any] = {}
    answered, row = judged.answered, judged.row
    if {"longitude", "latitude"} <= answered:
        result |= {name: row[name] for name in ("longitude", "latitude", "coordinate_status")}
    for name in _COUNTS:
        if name in answered or (judged.counted and (name == "persons" or (name in _AGED and "age" in answered))):
            result[name] = row[name]
    for name in DEPRIVATIONS:
        found = _deprivation(name, stands[name], row[name], judged)
        if found is not None:
            result[name] = found[0]
    result |= {name: row[name] for name in _PROGRAMMES if name in answered}
    return result


def _deprivation(name: str, stands: Any, found: Any, judged: Judged) -> tuple[Any] | None:
    """New value of one deprivation (in a tuple), or None where it stays.

    Part of a question answered well leaves "not deprived" as it stands; what stood as deprived becomes unknown, since
    nobody can say whether it stood for the part that has become good.
    """
    indicator = load_rules().indicators[name]
    parts = [feeder for part in indicator.parts for feeder in _FED_BY.get(part, (part,))]
    if not judged.answered & {*parts, *indicator.none_if_zero}:
        return None
    if not pd.isna(found):
        return (bool(found),)
    asked = [part for part in parts if part in judged.answered]
    if not asked or (_is_false(stands) and judged.well.issuperset(asked)):
        return None
    return (pd.NA,)


def _is_false(value: Any) -> bool:
    return not pd.isna(value) and not bool(value)
