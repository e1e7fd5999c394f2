"""What a person says about a household file: form, period, code system, where it came from, what each column is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from gisapp.access.actors import Actor
from gisapp.errors import InvalidParameterError
from gisapp.registry.forms import VARIABLES, Unit, known_forms, load_form
from gisapp.registry.mappings import compose_mapping, save_mapping, saved_mappings
from gisapp.registry.preview import Preview
from gisapp.registry.uploads import Upload
from gisapp.registry.variables import load_variables
from gisapp.web.texts import Texts
from gisapp.workspace.folder import Workspace

USES: Final = ("full", "end_user")
CODES: Final = ("kemendagri", "bps")

_PERIOD = re.compile(r"\d{4}[0-9A-Za-z._-]{0,15}")
#: Longest name that a workbook gives a sheet.
_LONGEST_SHEET = 31
_LONGEST = {"bast_number": 200, "received_from": 300, "purpose": 300}
_PLACE = re.compile(r"(?i)/vsi|://|^\s*[a-z]{2,}:/|^(pg|mem|mysql|geojson|gpkg|csv|wfs):")
_LONG_NUMBER = re.compile(r"\d{15,}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]+")


def offered(ws: Workspace) -> dict[str, Any]:
    """What the form lets one choose from."""
    return {
        "forms": [(name, load_form(name).title) for name in known_forms()],
        "mappings": saved_mappings(ws),
        "codes": CODES,
        "uses": USES,
    }


def read(form: Mapping[str, str]) -> dict[str, Any]:
    """What a sent form says, checked; InvalidParameterError names the field that is wrong."""
    period = form.get("period", "").strip()
    if not _PERIOD.fullmatch(period):
        raise InvalidParameterError(
            "The period must begin with a year: 2025 or 2025-06.", "Periode harus diawali tahun: 2025 atau 2025-06."
        )
    kind, _, name = form.get("form", "").partition(":")
    if kind not in ("", "form", "mapping"):
        raise _unknown("form", "formulir")
    return {
        "period": period,
        "form": name if kind == "form" else None,
        "mapping": name if kind == "mapping" else None,
        "sheet": _text(form.get("sheet", ""), _LONGEST_SHEET) or None,
        "codes": _one_of(form.get("codes", ""), ("", *CODES), "code system", "sistem kode") or None,
        "permitted_use": _one_of(form.get("permitted_use", "full"), USES, "permitted use", "izin pemakaian"),
        "expires_on": _day(form.get("expires_on", "")),
        **{field: _text(form.get(field, ""), longest) for field, longest in _LONGEST.items()},
    }


def _one_of(value: str, known: tuple[str, ...], en: str, id: str) -> str:
    if value not in known:
        raise _unknown(en, id)
    return value


def _unknown(en: str, id: str) -> InvalidParameterError:
    return InvalidParameterError(f"Unknown {en}: choose one of the list.", f"Pilihan {id} tidak dikenal.")


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text.strip()).isoformat() if text.strip() else None
    except ValueError as error:
        raise InvalidParameterError(
            "The expiry must be a date, like 2027-12-31.", "Masa berlaku harus berupa tanggal, misalnya 2027-12-31."
        ) from error


def _text(text: str, longest: int) -> str:
    """A text about a file as it may be kept: no address of another place, no number of a person."""
    plain = " ".join(_CONTROL.sub(" ", text).split())
    if _PLACE.search(plain):
        raise InvalidParameterError(
            "Write plain words: a text here must not be an address or a connection.",
            "Tulis kata biasa: isian ini tidak boleh berupa alamat atau sambungan.",
        )
    if _LONG_NUMBER.search(plain):
        raise InvalidParameterError(
            "A text about a file must not hold a NIK or KK number.", "Keterangan berkas tidak boleh memuat NIK atau KK."
        )
    if len(plain) > longest:
        raise InvalidParameterError(f"At most {longest} characters.", f"Paling banyak {longest} huruf.")
    return plain


@dataclass(frozen=True, kw_only=True)
class MappingRow:
    """One column of the file in the mapping editor; ``variable`` is "" for a column that is not read."""

    number: int
    source: str
    variable: str


@dataclass(frozen=True, kw_only=True)
class MappingEditor:
    """The columns of a file, and the variables that a column can be: name and title, by group."""

    rows: list[MappingRow]
    variables: list[tuple[str, str]]


def editor(ws: Workspace, upload: Upload, seen: Preview, t: Texts) -> dict[str, Any]:
    """What the preview's page needs to change how a file is read."""
    titles = {name: t.pick((one.id, one.en)) for name, one in load_variables().items()}
    saved = saved_mappings(ws)
    mapping = MappingEditor(
        rows=[
            MappingRow(number=number, source=column.source, variable=column.variable or "")
            for number, column in enumerate(seen.columns)
        ],
        variables=[(name, titles[name]) for name in VARIABLES if name in titles],
    )
    base = next((one.base for one in saved if one.name == upload.choices.get("mapping")), None)
    return {"choices": offered(ws), "mapping": mapping, "base": base, "titles": titles}


def keep_mapping(ws: Workspace, form: Mapping[str, str], seen: Preview, actor: Actor) -> str:
    """Save what the editor says as a mapping of the office; returns its name."""
    name = form.get("name", "").strip().casefold()
    base = form.get("base", "").removeprefix("form:") or None
    columns: dict[str, list[str]] = {}
    for number, column in enumerate(seen.columns):
        variable = form.get(f"column_{number}", "")
        if variable and variable not in VARIABLES:
            raise _unknown("variable", "peubah")
        if variable:
            columns.setdefault(variable, []).append(column.source)
        elif base and column.variable:
            raise _stays(column.source, base)
    twice = [variable for variable, sources in columns.items() if len(sources) > 1]
    if twice:
        raise _twice(columns[twice[0]])
    unit: Unit = "person" if form.get("unit") == "person" else "family"
    save_mapping(ws, name, compose_mapping(base, unit, columns), actor)
    return name


def _stays(source: str, base: str) -> InvalidParameterError:
    return InvalidParameterError(
        f"Column {source} belongs to form {base} and is always read with it. Choose what it is, or base the mapping on "
        "no form.",
        f"Kolom {source} milik formulir {base} dan selalu dibaca bersamanya. Pilih artinya, atau jangan pakai dasar "
        "formulir.",
    )


def _twice(sources: list[str]) -> InvalidParameterError:
    listed = ", ".join(sources)
    return InvalidParameterError(
        f"These columns are mapped to the same thing: {listed}. Choose one of them.",
        f"Kolom ini dipetakan ke hal yang sama: {listed}. Pilih salah satu.",
    )
