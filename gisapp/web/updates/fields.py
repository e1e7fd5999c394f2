"""Fields of the updates forms: what was typed stays, and each has one message of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from gisapp.registry.forms import Form
from gisapp.registry.rules import YES_NO, answer_key
from gisapp.registry.sealing import clean_nik
from gisapp.registry.updates.answers import answer_word
from gisapp.registry.updates.judging import askable
from gisapp.registry.variables import load_variables
from gisapp.web.texts import Texts
from gisapp.web.updates.words import word

Kind = Literal["text", "digits", "number", "date", "choice", "area"]

#: Questions by block, in the order of the form of 2022; a form asks those of them that it has.
BLOCKS: dict[str, tuple[str, ...]] = {
    "members": ("persons", "children_0_5", "children_7_12", "children_13_15", "school_participation",
                "child_out_of_school", "adult_diploma", "adult_works"),
    "housing": ("floor", "floor_area_m2", "wall", "roof", "water", "water_distance", "light", "fuel", "toilet",
                "closet", "disposal"),
    "aid": ("receives_pkh", "receives_bpnt", "receives_pbi"),
}  # fmt: skip
_WHOLE = ("persons", "children_0_5", "children_7_12", "children_13_15")
_ANSWER = "answer-"
#: Questions that a form with a row per person asks of each member, and so many members fit on the page.
_OF_A_PERSON = ("age", "school_participation", "child_out_of_school", "adult_diploma", "adult_works")
MEMBER_ROWS = 8


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form as the page shows it."""

    name: str
    label: str
    kind: Kind = "text"
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = False
    hint: str = ""
    blank: str = ""
    error: str = ""
    group: str = ""
    longest: int = 200

    @property
    def id(self) -> str:
        """Its id in the page."""
        return f"field-{self.name}"


@dataclass(frozen=True, kw_only=True)
class Block:
    """Questions that belong together."""

    title: str
    fields: tuple[Field, ...]


def filled(fields: tuple[Field, ...], typed: Mapping[str, str], t: Texts) -> tuple[Field, ...]:
    """The fields with what was typed, each checked."""
    return tuple(checked(replace(one, value=typed.get(one.name, "").strip()), t) for one in fields)


def checked(field: Field, t: Texts) -> Field:
    """The field with the message of what is wrong with it, if anything is."""
    if not field.value:
        return replace(field, error=t("u_wrong_missing")) if field.required else field
    if len(field.value) > max(field.longest, 2000 if field.kind == "area" else 0):
        return replace(field, error=t("u_wrong_long", n=field.longest))
    return replace(field, error=_CHECKS.get(field.name.removeprefix(_ANSWER), _by_kind)(field, t))


def _by_kind(field: Field, t: Texts) -> str:
    if field.kind == "choice" and field.value not in {code for code, _ in field.options}:
        return t("u_wrong_choice")
    if field.kind == "date":
        return _day(field, t)
    return ""


def _day(field: Field, t: Texts) -> str:
    try:
        date.fromisoformat(field.value)
    except ValueError:
        return t("u_wrong_date")
    return ""


def _nik(field: Field, t: Texts) -> str:
    return "" if clean_nik(field.value) else t("u_wrong_nik")


def _family_number(field: Field, t: Texts) -> str:
    return "" if clean_nik(field.value.replace(" ", "")) else t("u_wrong_kk")


def _whole(field: Field, t: Texts) -> str:
    least = 1 if field.name == f"{_ANSWER}persons" else 0
    good = field.value.isascii() and field.value.isdigit() and least <= int(field.value[:6]) <= 99
    return "" if good else t("u_wrong_count", low=least)


def _area(field: Field, t: Texts) -> str:
    text = field.value.replace(",", ".", 1)
    good = text.replace(".", "", 1).isdigit() and text.isascii() and 0 < float(text) <= 2000
    return "" if good else t("u_wrong_floor")


_CHECKS = {"nik": _nik, "family_number": _family_number, "floor_area_m2": _area} | dict.fromkeys(_WHOLE, _whole)


def questions(form: Form, t: Texts, typed: Mapping[str, str] | None = None) -> tuple[Block, ...]:
    """The questions that a form asks of a family, block by block, with what was typed."""
    asked = askable(form)
    blocks = []
    for name, variables in BLOCKS.items():
        personal = _OF_A_PERSON if form.unit == "person" else ()
        fields = tuple(_question(form, one, t) for one in variables if one in asked and one not in personal)
        if fields:
            shown = filled(fields, typed, t) if typed is not None else fields
            blocks.append(Block(title=word("groups", name, t), fields=shown))
    return tuple(blocks)


def _question(form: Form, variable: str, t: Texts) -> Field:
    title = load_variables()[variable]
    options = answers(form, variable, t)
    kind: Kind = "choice" if options else "digits" if variable in _WHOLE else "number"
    if not options and variable not in (*_WHOLE, "floor_area_m2"):
        return Field(name=_ANSWER + variable, label=t.pick((title.id, title.en)), hint=t("u_no_code_list"))
    return Field(name=_ANSWER + variable, label=t.pick((title.id, title.en)), kind=kind, options=options)


def members(form: Form, t: Texts, typed: Mapping[str, str] | None = None) -> tuple[tuple[Field, ...], ...]:
    """Rows for the members, where the form has a row per person; none where it has one per family."""
    if form.unit != "person":
        return ()
    asked = [_question(form, name, t) for name in _OF_A_PERSON if name in askable(form)]
    columns = [Field(name="name", label=t("u_member_name")), *asked]
    rows = []
    for number in range(1, MEMBER_ROWS + 1):
        named = [replace(one, name=f"person-{number}-{one.name.removeprefix(_ANSWER)}") for one in columns]
        rows.append(filled(tuple(named), typed, t) if typed is not None else tuple(named))
    return tuple(rows)


def persons(rows: tuple[tuple[Field, ...], ...]) -> tuple[dict[str, str], ...]:
    """Members that were written down, each by variable."""
    found = [{one.name.split("-", 2)[2]: one.value for one in row if one.value} for row in rows]
    return tuple(one for one in found if one)


def answers(form: Form, variable: str, t: Texts) -> tuple[tuple[str, str], ...]:
    """Answers of a question by the form's own code list; empty where the form has none."""
    codes = form.codes.get("yes_no" if variable in YES_NO else variable, {})
    if variable in YES_NO and not codes:
        codes = {"ya": "yes", "tidak": "no"}
    titles: dict[str, str] = {}
    for code, found in sorted(codes.items(), key=lambda pair: not pair[0].isdigit()):
        title = t.pick(answer_word(form.name, variable, code, found))
        better = title in titles and not code.isdigit() and _many(codes, found)
        if title not in titles or better:
            titles[title] = code
    return tuple((code, title) for title, code in titles.items())


def _many(codes: Mapping[str, str], found: str) -> bool:
    """Whether several numbers mean one class: then a text says it better than any of the numbers."""
    return sum(1 for code, one in codes.items() if one == found and code.isdigit()) > 1


def said(form: Form, variable: str, answer: str, t: Texts) -> str:
    """An answer in words; one that no list knows stays as it was given."""
    codes = form.codes.get("yes_no" if variable in YES_NO else variable, {})
    found = codes.get(answer_key(answer))
    return t.pick(answer_word(form.name, variable, answer_key(answer), found)) if found else answer


def answered(blocks: tuple[Block, ...]) -> dict[str, str]:
    """Answers that were given, by variable."""
    return {one.name.removeprefix(_ANSWER): one.value for block in blocks for one in block.fields if one.value}


def wrong(*groups: tuple[Field, ...]) -> bool:
    """Whether any field has a message."""
    return any(one.error for group in groups for one in group)
