"""What the file of each form looks like, from forms.toml: headings, answers, and the mapping that a district writes."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gisapp.errors import InvalidParameterError

_FILE = Path(__file__).with_name("forms.toml")

#: Questions on which the answers of a record are Regsosek codes until they are written in a form.
QUESTIONS = (
    "school", "diploma", "floor", "wall", "roof", "water", "water_distance", "light", "power", "fuel", "toilet",
    "closet", "disposal",
)  # fmt: skip
_YES_NO = ("works", "pkh", "bpnt", "pbi", "child_out_of_school")
_DECIMALS = ("latitude", "longitude", "floor_area")
_DATES = ("birth_date", "visited_on")


@dataclass(frozen=True, kw_only=True)
class SampleForm:
    """How one form writes a record; ``columns`` are (sheet group, heading, field)."""

    name: str
    title: str
    unit: str
    columns: tuple[tuple[str, str, str], ...]
    separator: str
    encoding: str
    decimal: str
    date_format: str
    yes_no: tuple[str, str]
    sexes: tuple[str, str]
    relations: tuple[str, ...]
    words: dict[str, dict[str, str]]
    classes: dict[str, dict[str, str]]

    @property
    def fields(self) -> set[str]:
        """Fields of a record that this form asks for."""
        return {field for _, _, field in self.columns if field}

    def cells(self, record: dict[str, Any]) -> list[str]:
        """One row of the file, in the form's own words."""
        return [self._text(field, record.get(field, "")) if field else "" for _, _, field in self.columns]

    def _text(self, field: str, value: Any) -> str:
        if isinstance(value, str):  # as it is: texts, blanks and planted defects
            return value.replace(".", self.decimal) if field in _DECIMALS else value
        if field in QUESTIONS:
            return self.words.get(field, {}).get(str(value), "" if self._silent(field) else str(value))
        if field in _YES_NO:
            return self.yes_no[0 if value else 1]
        if field == "sex":
            return self.sexes[1 if value else 0]
        if field == "relation":
            return self.relations[int(value)]
        if field in _DATES and isinstance(value, dt.date):
            return value.strftime(self.date_format)
        return str(value).replace(".", self.decimal) if field in _DECIMALS else str(value)

    def _silent(self, field: str) -> bool:
        """Whether the form answers a question in words, so that a code without a word stays blank."""
        return field in self.words

    def mapping_toml(self) -> str:
        """The district's own mapping for a form whose code lists nobody published; empty where none is needed."""
        if not self.classes:
            return ""
        lines = [f'base = "{self.name}"', f'title = "{self.title}"', 'source = "Kode buatan untuk berkas contoh"']
        for variable, answers in self.classes.items():
            lines += ["", f"[codes.{variable}]"]
            lines += [
                f"{json.dumps(answer, ensure_ascii=False)} = {json.dumps(name)}" for answer, name in answers.items()
            ]
        return "\n".join(lines) + "\n"


@cache
def sample_forms() -> dict[str, SampleForm]:
    """Every form of forms.toml by its name."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return {name: _built(name, table) for name, table in tables.items() if isinstance(table, dict)}


def sample_form(name: str) -> SampleForm:
    """One form; an unknown name is refused with the names that exist."""
    known = sample_forms()
    if name not in known:
        names = ", ".join(known)
        raise InvalidParameterError(
            f"There is no sample of form {name!r}; choose one of: {names}.",
            f"Contoh formulir {name!r} tidak ada; pilih salah satu: {names}.",
        )
    return known[name]


def _built(name: str, table: dict[str, Any]) -> SampleForm:
    return SampleForm(
        name=name, title=table["title"], unit=table["unit"], separator=table["separator"],
        columns=tuple((group, heading, field) for group, heading, field in table["columns"]),
        encoding=table["encoding"], decimal=table["decimal"], date_format=table["date_format"],
        yes_no=tuple(table["yes_no"]), sexes=tuple(table["sexes"]), relations=tuple(table.get("relations", ())),
        words=table.get("words", {}), classes=table.get("classes", {}),
    )  # fmt: skip
