"""Synthetic household files in each form, as a district would hold them: CSV and XLSX, with known defects.

They are for trying an intake out and for testing it. Same arguments, same bytes. Every number starts with 99, which no
province has, and every file says in its first row that it is synthetic.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

from gisapp.analysis.codes import digits, guess_system
from gisapp.demo.defects import Defects
from gisapp.demo.files import synthetic_source
from gisapp.demo.profiles import parameters, stream
from gisapp.demo.sample_defects import EXTRA, Places, Planted, plant
from gisapp.demo.sample_forms import SampleForm, sample_form, sample_forms
from gisapp.demo.sample_people import Record, make_records
from gisapp.errors import InvalidParameterError
from gisapp.writers import raw

_PARTS = {"kemendagri": (2, 2, 2, 4), "bps": (2, 2, 3, 3)}
_PART_FIELDS = ("code_province", "code_regency", "code_district", "code_village")
_NUMBERS = ("decile", "percentile", "persons", "age", "floor_area", "latitude", "longitude", "member", "row_number")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One form's file in both formats, and what an intake must say about it.

    ``mapping`` is the vocabulary that goes with it where the form's code lists are not public (``--mapping``),
    ``codes`` what must be declared (``--codes``). Rows that are not ``accepted`` carry one planted reason each, but
    for a code of the other system, which is an unknown area as well.
    ``probable`` are pairs of NIKs that are one person.
    """

    form: str
    csv: Path
    xlsx: Path
    mapping: Path | None
    codes: str | None
    rows: int
    accepted: int
    families: int
    defects: Defects
    probable: tuple[tuple[str, str], ...]


def make_samples(
    folder: Path,
    areas: gpd.GeoDataFrame,
    *,
    seed: int,
    families: int | None = None,
    forms: tuple[str, ...] | None = None,
) -> tuple[Sample, ...]:
    """Write a sample of each form into ``folder`` and say what is in it.

    Parameters
    ----------
    areas
        Desa in EPSG:4326: code, name, geometry; ``bps`` where the other system's codes are known (a crosswalk).
    families
        Families of each file, at least 300; 400 by default.
    forms
        Names of the forms; all by default.
    """
    given = parameters()["samples"]
    wanted = int(given["families"]) if families is None else families
    if wanted < given["fewest_families"]:
        raise InvalidParameterError(
            f"A sample needs at least {given['fewest_families']} families, not {wanted}.",
            f"Berkas contoh memerlukan sedikitnya {given['fewest_families']} keluarga, bukan {wanted}.",
        )
    chosen = [sample_form(name) for name in forms or tuple(sample_forms())]
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_make(folder, form, areas, wanted, seed) for form in chosen)


def _make(folder: Path, form: SampleForm, areas: gpd.GeoDataFrame, families: int, seed: int) -> Sample:
    coded, codes, places = _coded(form, areas)
    records = make_records(coded, families, seed=seed)
    for family in records:
        for one in family:
            one |= _code_fields(form, one["code"], codes)
    planted = plant(records, form.fields, form.unit, places, rng=stream(seed, f"sample {form.name}"))
    stem = folder / f"contoh-{form.name}"
    paths = {kind: stem.with_suffix(f".{kind}") for kind in ("csv", "xlsx", "toml")}
    _write_csv(form, planted, paths["csv"])
    _write_xlsx(form, planted, paths["xlsx"])
    mapping = form.mapping_toml()
    if mapping:
        paths["toml"].write_text(mapping, encoding="utf-8")
    rejected = sum(planted.reasons.values())
    reasons = dict(planted.reasons)
    if "code_system" in reasons:  # such a code is not in the boundary either
        reasons["area_unknown"] += reasons["code_system"]
    return Sample(
        form=form.name, csv=paths["csv"], xlsx=paths["xlsx"], mapping=paths["toml"] if mapping else None, codes=codes,
        rows=len(planted.rows), accepted=len(planted.rows) - rejected, families=planted.families,
        defects=Defects(reasons=reasons, warnings={**dict(sorted(planted.warnings.items())), "note_row": 1}),
        probable=tuple(planted.probable),
    )  # fmt: skip


def _coded(form: SampleForm, areas: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, str | None, Places]:
    """Areas with the codes that the form writes, what must be declared, and codes that no row should carry."""
    own = [str(code) for code in areas["code"]]
    other = [str(code) for code in areas["bps"]] if "bps" in areas.columns else None
    system = guess_system(own) or "kemendagri"
    codes: str | None = None
    if "code_village" in form.fields:
        if any(len(digits(code)) != 10 for code in own):
            raise InvalidParameterError(
                f"Form {form.name} writes desa codes in parts, which needs codes of ten digits, not {own[0]!r}.",
                f"Formulir {form.name} menulis kode desa per bagian, jadi perlu kode 10 angka, bukan {own[0]!r}.",
            )
        own = [digits(code) for code in own]
        if other is not None:
            own, other, system = other, own, "bps"
        codes = system
    strange = digits(other[0]) if other else _foreign(digits(own[0]), system)
    absent = _absent(own)
    places = Places.of(areas, absent=_code_fields(form, absent, codes), strange=_whole(form, strange))
    return areas.assign(code=own), codes, places


def _code_fields(form: SampleForm, code: str, codes: str | None) -> Record:
    """The fields that say a code: whole, and in its parts where the form asks for them."""
    if "code_village" not in form.fields:
        return {"code": code}
    bare, fields, start = digits(code), {"code": code}, 0
    for name, width in zip(_PART_FIELDS, _PARTS[codes or "kemendagri"], strict=True):
        fields[name], start = bare[start : start + width], start + width
    return fields


def _whole(form: SampleForm, code: str) -> Record:
    """A code of the other system as people enter it: whole, also where the form wants its last part."""
    return {"code_village": code} if "code_village" in form.fields else {"code": code}


def _foreign(code: str, system: str) -> str:
    """How the other system would write a code: another number of the district, another seventh digit."""
    if len(code) != 10:
        return code[:6] + "0001"
    district = f"{code[:2]}{(int(code[2:4]) + 8) % 100:02d}"
    return f"{district}0{code[5]}0{code[-3:]}" if system == "kemendagri" else f"{district}{code[4:6]}2{code[-3:]}"


def _absent(codes: list[str]) -> str:
    """A code of the same form that no area has."""
    known = set(codes)
    return next(code for n in range(999, -1, -1) if (code := f"{codes[0][:-3]}{n:03d}") not in known)


def _note() -> str:
    return f"Catatan: {synthetic_source()}"


def _cells(form: SampleForm, planted: Planted) -> list[list[str]]:
    return [[*form.cells(row), *([row[EXTRA]] if EXTRA in row else [])] for row in planted.rows]


def _write_csv(form: SampleForm, planted: Planted, path: Path) -> None:
    """Title, headings, rows and a footnote, in the encoding and with the separator that such files come with."""
    with path.open("w", newline="", encoding=form.encoding) as stream:
        sheet = csv.writer(stream, delimiter=form.separator, lineterminator="\r\n")
        sheet.writerow([f"{form.title} (SINTETIS)"])
        sheet.writerow([heading for _, heading, _ in form.columns])
        sheet.writerows(_cells(form, planted))
        sheet.writerow([_note()])
    path.chmod(0o600)


def _write_xlsx(form: SampleForm, planted: Planted, path: Path) -> None:
    """The same rows under a merged title and, where the real form has them, merged groups of columns."""
    fields = [field for _, _, field in form.columns]
    rows: list[list[Any]] = [[heading for _, heading, _ in form.columns]]
    for record, cells in zip(planted.rows, _cells(form, planted), strict=True):
        typed = [_typed(field, record, cell) for field, cell in zip(fields, cells, strict=False)]
        rows.append([*typed, *cells[len(fields) :]])
    rows.append([_note()])
    starts = [(place, group) for place, (group, _, _) in enumerate(form.columns, 1) if group]
    ends = [*(place - 1 for place, _ in starts[1:]), len(fields)][: len(starts)]
    groups = [(place, end, group) for (place, group), end in zip(starts, ends, strict=True)]
    raw.write_workbook_rows(path, rows, title=f"{form.title} (SINTETIS)", groups=groups, widths=[18] * len(fields))
    path.chmod(0o600)


def _typed(field: str, record: Record, text: str) -> Any:
    """A cell as a spreadsheet holds it: dates and numbers as such, ids and codes as text."""
    value = record.get(field, "")
    if isinstance(value, dt.date):
        return value
    if field in _NUMBERS and text:
        try:
            number = float(str(value))
        except ValueError:
            return text
        return (int(number) if number == int(number) else number) if np.isfinite(number) else text
    return text
